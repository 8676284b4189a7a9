// The row-wise ops of one instruction set against naive double arithmetic. Exit code 0: right.
//
// Built for AVX-512 by default; -DPK_LEVEL=… -DPK_SIMD='"simd/….h"' … builds another level.
// Link with core/dequantize.cpp.
#include "driver/router_test.h"
#include "driver/testing.h"

namespace {

using namespace driver;

// ---------------------------------------------------------------------------- exp, silu

double ulps(float got, double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e30;
  const auto rounded = static_cast<float>(want);
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : 1e30;
  const float next = std::nextafter(std::fabs(rounded), kInf);
  return std::fabs(got - want) / (double(next) - std::fabs(rounded));
}

void test_math() {
  Floats x = random_values(1 << 16, 3, 30.0f);
  for (int i = -4000; i <= 4000; i++) x.push_back(i * 0.0222f);
  const float near_limits[] = {88.72283f, 88.722839f, 88.8f,   -87.33654f,
                               -87.4f,    -103.0f,    -103.9f, -104.5f};
  const float special[] = {0.0f, -0.0f, kInf, -kInf, kNaN, 1e30f, -1e30f, 1e-40f, -1e-10f};
  x.insert(x.end(), std::begin(near_limits), std::end(near_limits));
  x.insert(x.end(), std::begin(special), std::end(special));
  while (x.size() % 16) x.push_back(1.0f);
  double worst_exp = 0, worst_silu = 0;
  for (size_t at = 0; at < x.size(); at += 16) {
    float e[16], s[16];
    store(e, pk::PK_LEVEL::exp(load(&x[at])));
    store(s, silu(load(&x[at])));
    for (int i = 0; i < 16; i++) {
      const double v = x[at + i], exact = std::exp(v);
      // Subnormal results may be flushed.
      const double off =
          exact < 1.2e-38 && std::fabs(e[i] - exact) < 1.2e-38 ? 0 : ulps(e[i], exact);
      worst_exp = std::max(worst_exp, off);
      const double want = v == -INFINITY ? 0 : v / (1 + std::exp(-v));
      const double silu_off = std::fabs(s[i] - want) < 1e-36 ? 0 : ulps(s[i], want);
      worst_silu = std::max(worst_silu, silu_off);
      expect(off <= 1.1, "exp(%g) is %g, not %g", v, e[i], exact);
      expect(silu_off <= 2.5, "silu(%g) is %g, not %g", v, s[i], want);
    }
  }
  std::printf("exp within %.3f ulp, silu within %.3f\n", worst_exp, worst_silu);
}

// ---------------------------------------------------------------------------- quantizing

// A quantized row against what its values should have become.
void check_quantized(const std::vector<int32_t>& got, const Activations& a, const float* values,
                     const char* what) {
  const auto* codes = reinterpret_cast<const int8_t*>(got.data());
  const auto* dx = reinterpret_cast<const float*>(got.data() + a.k / 4);
  for (int64_t at = 0; at < a.k; at += a.block) {
    double most = 0;
    bool finite = true;
    for (int i = 0; i < a.block; i++) {
      finite = finite && std::isfinite(values[at + i]);
      most = std::max(most, std::fabs(double(values[at + i])));
    }
    const float scale = dx[at / a.block];
    if (!finite) {
      expect(std::isnan(scale), "%s: dx %g of a block that is not finite", what, scale);
    } else if (most < 1e-36) {
      expect(scale == 0, "%s: dx %g of a block of zeros", what, scale);
    } else {
      expect(std::fabs(scale - most / 127) <= most / 127 * 1.2e-7, "%s: dx %g, not %g", what, scale,
             most / 127);
    }
    for (int i = 0; i < a.block; i++) {
      const double exact = finite && most >= 1e-36 ? values[at + i] * 127.0 / most : 0;
      const int code = codes[at + i];
      expect(std::fabs(code - exact) <= 0.5 + 4e-5, "%s: code %d at %d, not %g", what, code,
             int(at + i), exact);
    }
  }
  const int32_t* sums = got.data() + a.k / 4 + a.k / a.block;
  const auto sum = [&](int64_t from, int count) {
    int total = 0;
    for (int i = 0; i < count; i++) total += codes[from + i];
    return total;
  };
  constexpr int kFactors[kSumKinds] = {0, -8, -16, -128, -12, -32, -128, 1, 1};
  for (int kind = 0; kind < kSumKinds; kind++) {
    if (!(a.needs >> kind & 1)) continue;
    const int64_t count = sums_per_token(kind, a.k);
    const int size = kind == 5 || kind == 6 || kind == 8 ? 16 : 32;
    for (int64_t i = 0; i < count; i++) {
      if (kind == 0) {
        constexpr int kPairs[4][2] = {{0, 2}, {1, 3}, {4, 6}, {5, 7}};
        const int64_t block = i / 4 * 256;
        const int low = sum(block + kPairs[i % 4][0] * 32, 32),
                  high = sum(block + kPairs[i % 4][1] * 32, 32);
        expect(static_cast<int16_t>(sums[i]) == low && sums[i] >> 16 == high, "%s: pair %d", what,
               int(i));
      } else if (kind >= 7) {
        float value;
        std::memcpy(&value, sums + i, 4);
        expect(value == float(sum(i * size, size)), "%s: float sum %d of kind %d", what, int(i),
               kind);
      } else if (PK_WORD_SUMS && (kWordSums >> kind & 1)) {
        int of[2] = {0, 0};
        for (int j = 0; j < size; j++) of[j % 4 / 2] += codes[i * size + j];
        const int factor = kind == sum_index(kSums32x128) ? -8 : kFactors[kind];
        expect(static_cast<int16_t>(sums[i]) == factor * of[0] && sums[i] >> 16 == factor * of[1],
               "%s: words %d of kind %d", what, int(i), kind);
      } else {
        expect(sums[i] == kFactors[kind] * sum(i * size, size), "%s: sum %d of kind %d", what,
               int(i), kind);
      }
    }
    sums += count;
  }
}

void test_quantizing() {
  for (int k : {16, 48, 96, 576, 1408, 2048, 10944}) {
    Floats values = random_values(k, k, 3.0f);
    for (const char* what : {"plain", "zeros", "tiny", "huge", "one NaN", "one inf", "ties"}) {
      Floats x = values;
      if (what == std::string("zeros")) std::fill(x.begin(), x.end(), -0.0f);
      if (what == std::string("tiny"))
        for (float& v : x) v *= 1e-38f;
      if (what == std::string("huge"))
        for (float& v : x) v *= 1e37f;
      if (what == std::string("one NaN")) x[k / 2] = kNaN;
      if (what == std::string("one inf")) x[k - 1] = -kInf;
      if (what == std::string("ties"))
        for (int i = 0; i < k; i++) x[i] = i % 16 ? (i % 253 - 126) * 0.5f : 127.0f;
      OwnedActivations q(k, kCapacity, all_needs(k));
      for (int stride : {1, kTile}) {
        quantize_token(x.data(), q.a, 1, stride - 1, stride);
        std::vector<int32_t> got;
        const auto take = [&](const int32_t* from, int64_t count) {
          for (int64_t i = 0; i < count; i++)
            got.push_back(from[(count + i) * stride + stride - 1]);
        };
        take(q.a.x, k / 4);
        take(reinterpret_cast<const int32_t*>(q.a.dx), k / q.a.block);
        for (int kind = 0; kind < kSumKinds; kind++)
          if (q.a.needs >> kind & 1) take(q.a.sums[kind], sums_per_token(kind, k));
        check_quantized(got, q.a, x.data(), what);
        if (what != std::string("ties")) continue;
        const auto* codes = reinterpret_cast<const int8_t*>(got.data());
        for (int i = 0; i < k; i++)
          expect(codes[i] == std::nearbyint(x[i]), "tie %g became %d", x[i], codes[i]);
      }
    }
  }
}

// ---------------------------------------------------------------------------- the norm

struct NormCase {
  int rows, width;
  bool weighted, quantized;
  int first_wanted = -1;  // with `rows` of a longer step wanted
};

// Runs a norm over rows of `x` and returns y; quantized rows are left in `q`.
Floats run_norm(const NormCase& c, const Floats& x, const Floats& weight, OwnedActivations* q,
                bool direct) {
  NormArgs args{};
  const int64_t x_stride = c.width + 16, y_stride = c.width + 32;
  Floats y(size_t(c.rows) * y_stride, 12345.0f);
  args.x = x.data();
  args.weight = c.weighted ? weight.data() : nullptr;
  args.y = y.data();
  args.q = q ? &q->a : nullptr;
  args.x_stride = x_stride;
  args.y_stride = y_stride;
  args.width = c.width;
  args.eps = 1e-6f;
  Step step;
  step.rows = c.rows;
  if (c.first_wanted >= 0) {
    args.wanted_only = 1;
    step.rows = c.first_wanted + c.rows + 1;
    step.first_wanted = c.first_wanted;
    step.wanted = c.rows;
  }
  run<Norm>(&args, step, direct, !direct);
  return y;
}

void check_norm(const NormCase& c) {
  const int64_t x_stride = c.width + 16, y_stride = c.width + 32;
  const int start = std::max(c.first_wanted, 0);
  Floats x = random_values(size_t(c.rows + start + 1) * x_stride, c.rows * 7 + c.width, 2.0f);
  const Floats weight = random_values(c.width, 5);
  OwnedActivations q(c.width, kCapacity, c.quantized ? all_needs(c.width) : 0);
  OwnedActivations* to = c.quantized ? &q : nullptr;
  for (bool direct : {true, false}) {
    const Floats y = run_norm(c, x, weight, to, direct);
    for (int row = 0; row < c.rows; row++) {
      const float* from = x.data() + (start + row) * x_stride;
      const float* got = y.data() + row * y_stride;
      double squares = 0;
      for (int i = 0; i < c.width; i++) squares += double(from[i]) * from[i];
      const double scale = c.weighted ? 1 / std::sqrt(squares / c.width + 1e-6) : 1;
      for (int i = 0; i < c.width; i++) {
        const double want = from[i] * scale * (c.weighted ? weight[i] : 1);
        expect(std::fabs(got[i] - want) <= std::fabs(want) * 1e-6,
               "norm %dx%d row %d at %d: %g, not %g", c.rows, c.width, row, i, got[i], want);
      }
      for (int i = c.width; i < y_stride; i++)
        expect(got[i] == 12345.0f, "norm wrote beyond its width");
      if (c.quantized) check_quantized(q.row(row, c.rows), q.a, got, "norm");
    }
  }
}

void test_norm() {
  for (int width : {16, 48, 576, 2048, 10944})
    for (int rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 25})
      for (bool weighted : {true, false}) check_norm({rows, width, weighted, true});
  for (int width : {1, 15, 17, 40, 100}) check_norm({3, width, true, false});
  for (int rows : {1, 8, 9}) check_norm({rows, 576, true, true, 3});
}

// Bits of a row do not depend on its neighbours, a NaN among them included.
void test_norm_rows_alone() {
  for (int width : {16, 48, 576, 2048, 10944}) {
    const int64_t stride = width + 16;
    Floats x = random_values(size_t(8) * stride, 11);
    x[3 * stride + width / 3] = kNaN;
    x[5 * stride + width - 1] = kInf;
    const Floats weight = random_values(width, 5);
    std::vector<std::vector<int32_t>> alone;
    std::vector<Floats> alone_y;
    for (int row = 0; row < 8; row++) {
      OwnedActivations q(width, kCapacity, all_needs(width));
      const Floats one(x.begin() + row * stride, x.begin() + (row + 1) * stride);
      alone_y.push_back(run_norm({1, width, true, true}, one, weight, &q, true));
      alone.push_back(q.row(0, 1));
    }
    for (int rows = 1; rows <= 8; rows++) {
      OwnedActivations q(width, kCapacity, all_needs(width));
      const Floats y = run_norm({rows, width, true, true}, x, weight, &q, false);
      for (int row = 0; row < rows; row++) {
        expect(q.row(row, rows) == alone[row], "width %d: row %d of %d has other bits", width, row,
               rows);
        expect(same_bits(&y[row * (width + 32)], alone_y[row].data(), size_t(width) * 4),
               "width %d: y of row %d of %d has other bits", width, row, rows);
      }
    }
    for (float v : {alone_y[3][0], alone_y[5][width - 1]})
      expect(std::isnan(v), "a NaN row gave %g", v);
  }
}

}  // namespace

int main() {
  test_math();
  test_quantizing();
  test_norm();
  test_norm_rows_alone();
  test_router();
  std::printf("%d failures\n", failures);
  return failures != 0;
}
