// The row-wise ops of one instruction set against naive double arithmetic. Exit code 0: right.
//
// Built for AVX-512 by default; -DPK_LEVEL=… -DPK_SIMD='"simd/….h"' … builds another level.
// `rows_test speed` prints times instead.
#ifndef PK_LEVEL
#define PK_LEVEL rows_test
#define PK_SIMD "simd/avx512.h"
#define PK_VNNI 1
#define PK_BF16 1
#endif
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "body/linear.h"
#include "body/rows.h"
#include "core/sampling.h"

namespace {

using namespace pk;
using namespace pk::PK_LEVEL;
using Floats = std::vector<float>;

int failures = 0;

void expect(bool right, const char* format, ...) __attribute__((format(printf, 2, 3)));
void expect(bool right, const char* format, ...) {
  if (right || ++failures > 20) return;
  va_list values;
  va_start(values, format);
  std::vprintf(format, values);
  va_end(values);
  std::printf("\n");
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Floats random_values(size_t count, uint32_t seed, float scale = 1.0f) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, scale);
  Floats values(count);
  for (float& v : values) v = normal(random);
  return values;
}

bool same_bits(const void* a, const void* b, size_t bytes) { return std::memcmp(a, b, bytes) == 0; }

// ---------------------------------------------------------------------------- running an op

std::vector<char> scratch_memory(kScratchBytes + 64);
char* scratch() {
  auto at = reinterpret_cast<uintptr_t>(scratch_memory.data());
  return reinterpret_cast<char*>((at + 63) / 64 * 64);
}

// Every chunk, last one first; `twice`: each is computed again and the second result kept.
template <class Op>
void run(const void* args, const Step& step, bool direct, bool twice = false) {
  for (int phase = 0; phase < Op::phases(args, step.few()); phase++)
    for (int chunk = Op::chunks(args, step, phase) - 1; chunk >= 0; chunk--)
      for (int time = 0; time < (twice ? 2 : 1); time++) {
        Worker worker;
        worker.begin(scratch(), direct);
        Op::run(args, step, phase, chunk, worker);
        worker.commit();
      }
}

constexpr int kCapacity = 48;  // a multiple of every tile

// Activations with their memory, filled with what a forgotten write would leave.
struct OwnedActivations {
  Activations a{};
  std::vector<int32_t> memory;
  size_t dwords;

  OwnedActivations(int32_t k, int32_t capacity, uint32_t needs) {
    a.k = k;
    a.block = activation_block(k);
    a.needs = needs;
    a.capacity = capacity;
    dwords = size_t(capacity) * (k / 4 + k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++) dwords += size_t(capacity) * sums_per_token(kind, k);
    memory.assign(dwords + 64, 0x7fc12345);
    int32_t* at = memory.data();
    a.x = at;
    at += size_t(capacity) * (k / 4);
    a.dx = reinterpret_cast<float*>(at);
    at += size_t(capacity) * (k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++) {
      a.sums[kind] = at;
      at += size_t(capacity) * sums_per_token(kind, k);
    }
  }
  OwnedActivations(const OwnedActivations&) = delete;

  static int stride(int rows) { return rows <= kFewRows ? padded_few(rows) : kTile; }

  // One row's dwords, whatever the tile: codes, dx, then the sums it needs.
  std::vector<int32_t> row(int index, int rows) const {
    const int64_t by = stride(rows), tile = index / by, token = index % by;
    std::vector<int32_t> all;
    const auto take = [&](const int32_t* from, int64_t count) {
      for (int64_t i = 0; i < count; i++) all.push_back(from[(tile * count + i) * by + token]);
    };
    take(a.x, a.k / 4);
    take(reinterpret_cast<const int32_t*>(a.dx), a.k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++)
      if (a.needs >> kind & 1) take(a.sums[kind], sums_per_token(kind, a.k));
    return all;
  }
};

// Sums that are defined for k.
uint32_t all_needs(int64_t k) {
  uint32_t needs = kSums16x32 | kSums16x128 | kSumsFloat16;
  if (k % 32 == 0) needs |= kSums32x8 | kSums32x16 | kSums32x128 | kSums32x12 | kSumsFloat32;
  if (k % 256 == 0) needs |= kSumsMinima;
  return needs;
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
      expect(std::fabs(scale - most / 127) <= most / 127 * 1.2e-7, "%s: dx %g, not %g", what, scale, most / 127);
    }
    for (int i = 0; i < a.block; i++) {
      const double exact = finite && most >= 1e-36 ? values[at + i] * 127.0 / most : 0;
      const int code = codes[at + i];
      expect(std::fabs(code - exact) <= 0.5 + 4e-5, "%s: code %d at %d, not %g", what, code, int(at + i), exact);
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
        const int low = sum(block + kPairs[i % 4][0] * 32, 32), high = sum(block + kPairs[i % 4][1] * 32, 32);
        expect(static_cast<int16_t>(sums[i]) == low && sums[i] >> 16 == high, "%s: pair %d", what, int(i));
      } else if (kind >= 7) {
        float value;
        std::memcpy(&value, sums + i, 4);
        expect(value == float(sum(i * size, size)), "%s: float sum %d of kind %d", what, int(i), kind);
      } else {
        expect(sums[i] == kFactors[kind] * sum(i * size, size), "%s: sum %d of kind %d", what, int(i), kind);
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
      if (what == std::string("tiny")) for (float& v : x) v *= 1e-38f;
      if (what == std::string("huge")) for (float& v : x) v *= 1e37f;
      if (what == std::string("one NaN")) x[k / 2] = kNaN;
      if (what == std::string("one inf")) x[k - 1] = -kInf;
      if (what == std::string("ties")) for (int i = 0; i < k; i++) x[i] = i % 16 ? (i % 253 - 126) * 0.5f : 127.0f;
      OwnedActivations q(k, kCapacity, all_needs(k));
      for (int stride : {1, kTile}) {
        quantize_token(x.data(), q.a, 1, stride - 1, stride);
        std::vector<int32_t> got;
        const auto take = [&](const int32_t* from, int64_t count) {
          for (int64_t i = 0; i < count; i++) got.push_back(from[(count + i) * stride + stride - 1]);
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
Floats run_norm(const NormCase& c, const Floats& x, const Floats& weight, OwnedActivations* q, bool direct) {
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
        expect(std::fabs(got[i] - want) <= std::fabs(want) * 1e-6, "norm %dx%d row %d at %d: %g, not %g",
               c.rows, c.width, row, i, got[i], want);
      }
      for (int i = c.width; i < y_stride; i++) expect(got[i] == 12345.0f, "norm wrote beyond its width");
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
        expect(q.row(row, rows) == alone[row], "width %d: row %d of %d has other bits", width, row, rows);
        expect(same_bits(&y[row * (width + 32)], alone_y[row].data(), size_t(width) * 4),
               "width %d: y of row %d of %d has other bits", width, row, rows);
      }
    }
    for (float v : {alone_y[3][0], alone_y[5][width - 1]}) expect(std::isnan(v), "a NaN row gave %g", v);
  }
}

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
  const float near_limits[] = {88.72283f, 88.722839f, 88.8f, -87.33654f, -87.4f, -103.0f, -103.9f, -104.5f};
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
      const double off = exact < 1.2e-38 && std::fabs(e[i] - exact) < 1.2e-38 ? 0 : ulps(e[i], exact);
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

// ---------------------------------------------------------------------------- the router

struct Routed {
  std::vector<int32_t> chosen;
  Floats weights;
};

Routed run_router(RouterArgs args, const Floats& logits, int rows, bool direct) {
  Routed r{std::vector<int32_t>(size_t(rows) * args.top_k, -7), Floats(size_t(rows) * args.top_k, 12345.0f)};
  args.logits = logits.data();
  args.chosen = r.chosen.data();
  args.weights = r.weights.data();
  Step step;
  step.rows = rows;
  run<Router>(&args, step, direct, !direct);
  return r;
}

// Scores, contest and choice of one row in double; ties by lower index.
std::vector<int> naive_choice(const RouterArgs& a, const float* logits, std::vector<double>& scores,
                              std::vector<double>& contest) {
  scores.resize(a.num_experts);
  const double most = *std::max_element(logits, logits + a.num_experts);
  double sum = 0;
  for (int i = 0; i < a.num_experts; i++) {
    scores[i] = a.sigmoid ? 1 / (1 + std::exp(-double(logits[i]))) : std::exp(logits[i] - most);
    sum += scores[i];
  }
  for (double& s : scores) s /= a.sigmoid ? 1 : sum;
  contest = scores;
  for (int i = 0; i < a.num_experts && a.bias; i++) contest[i] += a.bias[i];
  const auto order = [](const std::vector<double>& values) {
    std::vector<int> ids(values.size());
    for (size_t i = 0; i < ids.size(); i++) ids[i] = int(i);
    std::stable_sort(ids.begin(), ids.end(), [&](int x, int y) { return values[x] > values[y]; });
    return ids;
  };
  if (a.num_groups > 1) {
    const int size = a.num_experts / a.num_groups;
    std::vector<double> groups;
    for (int g = 0; g < a.num_groups; g++) {
      std::vector<double> in(contest.begin() + g * size, contest.begin() + (g + 1) * size);
      std::sort(in.rbegin(), in.rend());
      groups.push_back(a.sum_two ? in[0] + in[1] : in[0]);
    }
    const std::vector<int> best = order(groups);
    for (int rank = a.top_groups; rank < a.num_groups; rank++)
      for (int i = 0; i < size; i++) contest[best[rank] * size + i] = -INFINITY;
  }
  std::vector<int> ids = order(contest);
  ids.resize(a.top_k);
  return ids;
}

void check_router(RouterArgs args, int rows, bool biased, bool ties) {
  args.logits_stride = args.num_experts + 3;
  Floats logits = random_values(size_t(rows) * args.logits_stride, args.num_experts + rows, 2.0f);
  if (ties) for (float& v : logits) v = std::round(v);
  const Floats bias = random_values(args.num_experts, 9, 0.1f);
  if (biased) args.bias = bias.data();
  const Routed direct = run_router(args, logits, rows, true), redone = run_router(args, logits, rows, false);
  expect(direct.chosen == redone.chosen && direct.weights == redone.weights, "router: redo gives other bits");
  for (int row = 0; row < rows; row++) {
    std::vector<double> scores, contest;
    const std::vector<int> want = naive_choice(args, logits.data() + row * args.logits_stride, scores, contest);
    double sum = 0;
    for (int i = 0; i < args.top_k; i++) sum += scores[direct.chosen[row * args.top_k + i]];
    for (int i = 0; i < args.top_k; i++) {
      const int got = direct.chosen[row * args.top_k + i];
      // Another id is right where float cannot tell the two apart.
      expect(got == want[i] || std::fabs(contest[got] - contest[want[i]]) < 1e-6,
             "router %d/%d: place %d is %d, not %d", args.num_experts, args.top_k, i, got, want[i]);
      const double weight = scores[got] / (args.normalise ? sum + 1e-20 : 1) * args.scaling_factor;
      expect(std::fabs(direct.weights[row * args.top_k + i] - weight) <= weight * 2e-6 + 1e-30,
             "router: weight %g, not %g", direct.weights[row * args.top_k + i], weight);
    }
    if (rows > kFewRows) continue;
    const Floats one(logits.begin() + row * args.logits_stride, logits.begin() + (row + 1) * args.logits_stride);
    const Routed alone = run_router(args, one, 1, true);
    expect(same_bits(alone.weights.data(), &direct.weights[row * args.top_k], size_t(args.top_k) * 4) &&
               same_bits(alone.chosen.data(), &direct.chosen[row * args.top_k], size_t(args.top_k) * 4),
           "router: row %d of %d has other bits", row, rows);
  }
}

RouterArgs router_args(int experts, int top_k, int groups, int top_groups) {
  RouterArgs args{};
  args.num_experts = experts;
  args.top_k = top_k;
  args.num_groups = groups;
  args.top_groups = top_groups;
  args.scaling_factor = 2.5f;
  return args;
}

void test_router_not_a_number() {
  for (int sigmoid : {0, 1})
    for (const RouterArgs& base : {router_args(64, 6, 1, 1), router_args(256, 8, 8, 4), router_args(20, 20, 4, 1)}) {
      RouterArgs args = base;
      args.sigmoid = sigmoid;
      args.normalise = args.sum_two = 1;
      args.logits_stride = args.num_experts;
      Floats logits = random_values(size_t(5) * args.num_experts, 2);
      const int n = args.num_experts;
      logits[3] = kNaN;
      std::fill(logits.begin() + n, logits.begin() + 2 * n, kNaN);
      std::fill(logits.begin() + 2 * n, logits.begin() + 3 * n, -kInf);
      logits[3 * n + 7] = kInf;
      const Routed r = run_router(args, logits, 5, true);
      for (int row = 0; row < 5; row++) {
        std::vector<int32_t> ids(r.chosen.begin() + row * args.top_k, r.chosen.begin() + (row + 1) * args.top_k);
        std::sort(ids.begin(), ids.end());
        expect(ids.front() >= 0 && ids.back() < n, "router: an id out of range");
        expect(std::adjacent_find(ids.begin(), ids.end()) == ids.end(), "router: an id twice");
      }
      expect(std::isnan(r.weights[0]), "router: a NaN logit gave weight %g", r.weights[0]);
    }
}

void test_router() {
  for (int rows : {1, 3, 8, 9, 25})
    for (int biased : {0, 1})
      for (int ties : {0, 1})
        for (int sigmoid : {0, 1}) {
          for (RouterArgs args : {router_args(8, 2, 1, 1), router_args(64, 6, 1, 1), router_args(66, 66, 1, 1),
                                  router_args(256, 8, 8, 4), router_args(160, 6, 8, 3), router_args(512, 64, 1, 1),
                                  router_args(12, 4, 6, 2), router_args(1, 1, 1, 1)}) {
            args.sigmoid = sigmoid;
            args.sum_two = biased;
            args.normalise = ties;
            check_router(args, rows, biased, ties);
          }
        }
  // Equal scores: the lower ids, in order.
  RouterArgs equal = router_args(64, 6, 8, 2);
  equal.logits_stride = 64;
  const Routed r = run_router(equal, Floats(64, 0.25f), 1, true);
  for (int i = 0; i < 6; i++) expect(r.chosen[i] == i, "router: tie went to %d", r.chosen[i]);
  test_router_not_a_number();
}

// ---------------------------------------------------------------------------- dequantizing

// Random panels whose scales are ordinary numbers.
std::vector<uint8_t> random_panels(int32_t format, int64_t k, int panels) {
  std::vector<uint8_t> bytes(size_t(panel_bytes(format, k)) * panels);
  std::mt19937 random(format * 1000 + uint32_t(k));
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
  const auto halves = [&](size_t at, int count) {
    for (int i = 0; i < count; i++) {
      const uint16_t half = static_cast<uint16_t>(0x2000 | (random() & 0x9fff & ~0x4000));
      std::memcpy(&bytes[at + 2 * i], &half, 2);
    }
  };
  const auto floats = [&](size_t at, int count) {
    for (int i = 0; i < count; i++) {
      const float value = static_cast<float>(random() % 4001) * 0.001f - 2.0f;
      std::memcpy(&bytes[at + 4 * i], &value, 4);
    }
  };
  for (int p = 0; p < panels; p++) {
    size_t at = size_t(panel_bytes(format, k)) * p;
    const int64_t groups = k / 32;
    switch (format) {
      case kQ4_K: for (int64_t b = 0; b < k / 256; b++, at += 2304) halves(at, 32); break;
      case kQ5_K: for (int64_t b = 0; b < k / 256; b++, at += 2816) halves(at, 32); break;
      case kQ6_K:
        for (int64_t b = 0; b < k / 256; b += 2, at += 64 + 2 * 3328) halves(at, 32);
        break;
      case kQ4_0: case kIQ4_NL: case kQ5_0: case kQ8_0: {
        const int size = format == kQ5_0 ? 320 : format == kQ8_0 ? 512 : 256;
        for (int64_t g = 0; g < groups; g += 2, at += 64 + 2 * size) halves(at, 32);
        break;
      }
      case kQ4_1: for (int64_t g = 0; g < groups; g++, at += 320) halves(at, 32); break;
      case kMXFP4:
        for (int64_t g = 0; g < groups; g += 4, at += 64 + 4 * 256)
          for (int i = 0; i < 64; i++) bytes[at + i] = static_cast<uint8_t>(118 + bytes[at + i] % 20);
        break;
      case kS8G16: for (int64_t g = 0; g < k / 16; g++, at += 320) floats(at, 16); break;
      case kA8G16: for (int64_t g = 0; g < k / 16; g++, at += 384) floats(at, 32); break;
      case kF32: floats(at, int(16 * k)); break;
      case kF16: halves(at, int(16 * k)); break;
      default:
        for (int64_t i = 0; i < panel_bytes(format, k) / 2; i++) {
          const uint16_t bits = static_cast<uint16_t>(0x3f00 | (random() & 0x80ff));
          std::memcpy(&bytes[at + 2 * i], &bits, 2);
        }
    }
  }
  return bytes;
}

// The embedding's rows are the dequantized ones, to the bit.
void check_embedding(const Matrix& m, const std::vector<Floats>& rows, int count) {
  std::vector<int64_t> tokens;
  for (int i = 0; i < count; i++) tokens.push_back((i * 7 + 22) % m.out);
  const int64_t stride = m.in + 5;
  for (bool direct : {true, false}) {
    Floats out(size_t(count) * stride, 12345.0f);
    const EmbeddingArgs args{m, out.data(), stride};
    Step step;
    step.rows = count;
    step.tokens = tokens.data();
    run<Embedding>(&args, step, direct, !direct);
    for (int i = 0; i < count; i++)
      expect(same_bits(&out[i * stride], rows[tokens[i]].data(), size_t(m.in) * 4) &&
                 out[i * stride + m.in] == 12345.0f,
             "format %d: embedding of row %d", m.format, i);
  }
}

// Columns of a matrix as products with unit vectors, which the kernels decode on their own.
void check_dequantize(int32_t format, int k) {
  const std::vector<uint8_t> panels = random_panels(format, k, 2);
  const Matrix m{panels.data(), panel_bytes(format, k), 23, k, format, 0};
  std::vector<Floats> rows(32, Floats(k));
  for (int row = 0; row < 32; row++) dequantize_row(m, row, rows[row].data());
  OwnedActivations q(k, kCapacity, is_float(format) ? 0 : sums_of(format));
  Floats unit(k, 0.0f);
  for (int column = 0; column < k; column += k > 600 ? 7 : 1) {
    unit[column] = 1.0f;
    for (int panel = 0; panel < 2; panel++) {
      float out[16];
      if (is_float(format)) {
        multiply_float(m, m.panel(panel), unit.data(), k, 1, out);
      } else {
        quantize_token(unit.data(), q.a, 0, 0, 1);
        multiply(m, m.panel(panel), tile_of(q.a, 0, 1, sums_of(format)), 1, out);
      }
      for (int r = 0; r < 16; r++) {
        const float want = rows[panel * 16 + r][column];
        expect(std::fabs(out[r] - want) <= 2e-4 * (std::fabs(want) + 0.01),
               "format %d, k %d: value (%d, %d) is %g, its product %g", format, k, panel * 16 + r, column, want, out[r]);
      }
    }
    unit[column] = 0.0f;
  }
  for (int count : {1, 5, 9, 30}) check_embedding(m, rows, count);
}

void test_dequantizing() {
  for (int32_t format = 0; format < kFormats; format++) {
    const int unit = format <= kQ6_K ? 256 : format < kS8G16 ? 32 : format <= kA8G16 ? 16 : 1;
    for (int times : {1, 3, 5, 8}) check_dequantize(format, unit * times);
  }
}

// ---------------------------------------------------------------------------- sampling

void check_top_k(const Floats& logits, int64_t k) {
  std::vector<int64_t> order(logits.size()), ids(k, -7);
  for (size_t i = 0; i < order.size(); i++) order[i] = int64_t(i);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return logits[a] > logits[b]; });
  Floats values(k, 12345.0f);
  const auto count = int64_t(logits.size());
  const int64_t got = pk_top_k(logits.data(), count, k, ids.data(), values.data());
  expect(got == std::min(k, count), "top %d of %d: %d", int(k), int(count), int(got));
  for (int64_t i = 0; i < std::min(k, count); i++)
    expect(ids[i] == order[i] && same_bits(&values[i], &logits[order[i]], 4), "top %d of %d: place %d is %d, not %d",
           int(k), int(count), int(i), int(ids[i]), int(order[i]));
  expect(pk_argmax(logits.data(), count) == order[0], "argmax of %d", int(count));
}

void test_sampling() {
  for (int count : {1, 2, 31, 32, 33, 100, 2000, 129280})
    for (int k : {1, 2, 40, 1024}) {
      Floats logits = random_values(count, count + k, 5.0f);
      check_top_k(logits, k);
      for (float& v : logits) v = std::round(v);  // ties
      check_top_k(logits, k);
      for (int i = 0; i < count; i++) logits[i] = i % 3 ? -0.0f : 0.0f;
      check_top_k(logits, k);
      for (int i = 0; i < count; i++) logits[i] = i < count / 2 ? -kInf : float(i);  // worst order
      check_top_k(logits, k);
      for (int i = 0; i < count; i++) logits[i] = i == count / 2 ? -3.0f : -kInf;
      check_top_k(logits, k);
    }
  int64_t id = -7;
  float value = 12345.0f;
  for (float bad : {kNaN, kInf}) {
    for (int at : {0, 31, 32, 98}) {
      Floats logits = random_values(99, 1);
      logits[at] = bad;
      expect(pk_argmax(logits.data(), 99) == kNotANumber, "argmax took %g at %d", bad, at);
      expect(pk_top_k(logits.data(), 99, 1, &id, &value) == kNotANumber, "top_k took %g at %d", bad, at);
    }
  }
  const Floats none(40, -kInf);
  expect(pk_argmax(none.data(), 40) == kNotANumber, "argmax of nothing but -inf");
  expect(pk_argmax(none.data(), 0) == kBadCount, "argmax of no logits");
  expect(pk_top_k(none.data(), 40, 0, &id, &value) == kBadCount, "top 0");
  expect(pk_top_k(none.data(), 40, 1025, &id, &value) == kBadCount, "top 1025");
  expect(id == -7 && value == 12345.0f, "a refused top_k wrote");
}

// ---------------------------------------------------------------------------- speed

template <class F>
void time(const char* what, F work) {
  double best = 1e30;
  for (int round = 0; round < 9; round++) {
    const auto start = std::chrono::steady_clock::now();
    int times = 0;
    double us = 0;
    for (; us < 2000; us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count())
      for (int i = 0; i < 4; i++, times++) work();
    best = std::min(best, us / times);
  }
  std::printf("%-44s %8.2f us\n", what, best);
}

void time_norm(int rows, int width, uint32_t needs, bool direct) {
  const Floats x = random_values(size_t(rows) * width, 1), weight = random_values(width, 2);
  OwnedActivations q(width, int32_t(round_up(rows, 48)), needs);
  NormArgs args{};
  args.x = x.data();
  args.weight = weight.data();
  args.q = &q.a;
  args.x_stride = args.width = width;
  args.eps = 1e-6f;
  Step step;
  step.rows = rows;
  char what[64];
  std::snprintf(what, sizeof what, "norm + quantize %d x %d%s%s", rows, width, needs == all_needs(width) ? ", all sums" : "",
                direct ? "" : ", scratch");
  time(what, [&] { run<Norm>(&args, step, direct); });
}

void speed() {
  for (bool direct : {true, false})
    for (int rows : {1, 2, 4, 8}) time_norm(rows, 2048, kSumsMinima | kSums16x32, direct);
  time_norm(1, 7168, kSumsMinima | kSums16x32, true);
  time_norm(1, 2048, all_needs(2048), true);
  time_norm(1, 10944, kSums32x16 | kSums32x128, true);
  time_norm(48, 2048, kSumsMinima | kSums16x32, true);
  time_norm(512, 2048, kSumsMinima | kSums16x32, true);
  {
    const Floats x = random_values(2048, 1);
    OwnedActivations q(2048, kCapacity, kSumsMinima);
    time("quantize 2048", [&] { quantize_token(x.data(), q.a, 0, 0, 1); });
    time("quantize 2048 into a tile", [&] { quantize_token(x.data(), q.a, 0, 3, kTile); });
  }
  for (int experts : {64, 256}) {
    RouterArgs args = experts == 64 ? router_args(64, 6, 1, 1) : router_args(256, 8, 8, 4);
    args.logits_stride = experts;
    args.sigmoid = args.sum_two = experts == 256;
    const Floats logits = random_values(experts, 1);
    Routed r{std::vector<int32_t>(8), Floats(8)};
    args.logits = logits.data();
    args.chosen = r.chosen.data();
    args.weights = r.weights.data();
    Step step;
    step.rows = 1;
    time(experts == 64 ? "router 6 of 64" : "router 8 of 256 in groups", [&] { run<Router>(&args, step, true); });
  }
  for (int32_t format : {kQ4_K, kQ6_K, kQ8_0}) {
    const std::vector<uint8_t> panels = random_panels(format, 2048, 1);
    const Matrix m{panels.data(), panel_bytes(format, 2048), 16, 2048, format, 0};
    Floats out(2048);
    time("embedding of 2048", [&] { dequantize_row(m, 3, out.data()); });
  }
  const Floats logits = random_values(200000, 1, 4.0f);
  std::vector<int64_t> ids(1024);
  Floats values(1024);
  time("argmax of 200000", [&] { ids[0] = pk_argmax(logits.data(), 200000); });
  for (int k : {40, 1024})
    time(k == 40 ? "top 40 of 200000" : "top 1024 of 200000",
         [&] { pk_top_k(logits.data(), 200000, k, ids.data(), values.data()); });
  Floats gate = random_values(1408, 1), h(1408);
  time("silu of 1408", [&] {
    for (int i = 0; i < 1408; i += 16) store(&h[i], silu(load(&gate[i])));
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && arguments[1] == std::string("speed")) {
    speed();
    return 0;
  }
  test_math();
  test_quantizing();
  test_norm();
  test_norm_rows_alone();
  test_router();
  test_dequantizing();
  test_sampling();
  std::printf("%d failures\n", failures);
  return failures != 0;
}
