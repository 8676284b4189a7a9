// Dequantized rows against the kernels' own decoding, embeddings, and the sampling helpers.
// Exit code 0: right.
//
// Levels as in rows_test.cpp. Link with core/dequantize.cpp, core/matrix.cpp, core/sampling.cpp.
#include "driver/testing.h"

#include "body/linear.h"
#include "core/sampling.h"

namespace {

using namespace driver;

// ---------------------------------------------------------------------------- dequantizing

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
  OwnedActivations q(k, kCapacity, is_float(format) ? 0 : sums_of(format, 1));
  Floats unit(k, 0.0f);
  for (int column = 0; column < k; column += k > 600 ? 7 : 1) {
    unit[column] = 1.0f;
    for (int panel = 0; panel < 2; panel++) {
      float out[16];
      if (is_float(format)) {
        multiply_float(m, m.panel(panel), unit.data(), k, 1, out);
      } else {
        quantize_token(unit.data(), q.a, 0, 0, 1);
        multiply(m, m.panel(panel), tile_of(q.a, 0, 1, format), 1, out);
      }
      for (int r = 0; r < 16; r++) {
        const float want = rows[panel * 16 + r][column];
        expect(std::fabs(out[r] - want) <= 2e-4 * (std::fabs(want) + 0.01),
               "format %d, k %d: value (%d, %d) is %g, its product %g", format, k, panel * 16 + r,
               column, want, out[r]);
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
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return logits[a] > logits[b]; });
  Floats values(k, 12345.0f);
  const auto count = int64_t(logits.size());
  const int64_t got = pk_top_k(logits.data(), count, k, ids.data(), values.data());
  expect(got == std::min(k, count), "top %d of %d: %d", int(k), int(count), int(got));
  for (int64_t i = 0; i < std::min(k, count); i++)
    expect(ids[i] == order[i] && same_bits(&values[i], &logits[order[i]], 4),
           "top %d of %d: place %d is %d, not %d", int(k), int(count), int(i), int(ids[i]),
           int(order[i]));
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
      expect(pk_top_k(logits.data(), 99, 1, &id, &value) == kNotANumber, "top_k took %g at %d", bad,
             at);
    }
  }
  const Floats none(40, -kInf);
  expect(pk_top_k(none.data(), 40, 1, &id, &value) == kNotANumber, "the greatest of only -inf");
  expect(pk_top_k(none.data(), 0, 1, &id, &value) == kBadCount, "the greatest of no logits");
  expect(pk_top_k(none.data(), 40, 0, &id, &value) == kBadCount, "top 0");
  expect(pk_top_k(none.data(), 40, 1025, &id, &value) == kBadCount, "top 1025");
  expect(id == -7 && value == 12345.0f, "a refused top_k wrote");
}

}  // namespace

int main() {
  test_dequantizing();
  test_sampling();
  std::printf("%d failures\n", failures);
  return failures != 0;
}
