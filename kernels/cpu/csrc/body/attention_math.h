// Small parts that both attentions share: powers of two, rope, norms, quantizing a few rows.
#pragma once
#include "body/linear.h"
#include "body/quantize_rows.h"
#include "core/attention_args.h"

namespace pk {
namespace PK_LEVEL {

constexpr float kLog2E = 1.44269504088896340736f;  // scores are kept in powers of two
constexpr float kHidden = -1e30f;                  // the score of a position not to be seen

// 2^x for x <= 0, relative error below 3e-6 (minimax on [-1/2, 1/2]); about 2^-126 at the least.
PK_INLINE F32 exp2_of(F32 x) {
  x = max(set1(-126.0f), x);  // NaN is handed on
  const F32 n = round(x);
  const F32 f = sub(x, n);
  F32 p = set1(0.00958274308f);
  p = fma(p, f, set1(0.0559062828f));
  p = fma(p, f, set1(0.240240996f));
  p = fma(p, f, set1(0.693124211f));
  p = fma(p, f, set1(1.0f));
  return scale_by_power(p, n);
}

inline uint32_t bf16_bits(float x) {  // rounded to nearest even
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  return (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}
inline int32_t bf16_pair(float low, float high) {
  return static_cast<int32_t>(bf16_bits(low) | bf16_bits(high) << 16);
}

// y = x turned by a position's cos and sin [dim / 2] (Su et al. 2021); y may not be x.
inline void rotate(const float* x, const float* cos, const float* sin, int dim, bool interleaved,
                   float* y) {
  const int half = dim / 2;
  if (interleaved) {
    for (int i = 0; i < half; i++) {
      y[2 * i] = x[2 * i] * cos[i] - x[2 * i + 1] * sin[i];
      y[2 * i + 1] = x[2 * i] * sin[i] + x[2 * i + 1] * cos[i];
    }
  } else {
    for (int i = 0; i < half; i++) {
      y[i] = x[i] * cos[i] - x[i + half] * sin[i];
      y[i + half] = x[i] * sin[i] + x[i + half] * cos[i];
    }
  }
}

// 1 / sqrt(mean(x²) + eps) of `width` values, whatever the width.
inline float inverse_rms(const float* x, int width, float eps) {
  F32 sum = zero_f32();
  int i = 0;
  for (; i + 16 <= width; i += 16) sum = fma(load(x + i), load(x + i), sum);
  if (i < width) {
    alignas(64) float rest[16] = {};
    for (int j = 0; i + j < width; j++) rest[j] = x[i + j];
    sum = fma(load(rest), load(rest), sum);
  }
  return 1.0f / std::sqrt(sum_lanes(sum) / static_cast<float>(width) + eps);
}

#ifndef PK_MULTIPLY  // a test under sanitizers brings one that it can afford to build
#define PK_MULTIPLY multiply
#endif

// A matrix times some rows, whether it is quantized or not: the rows are prepared once.
class Multiplier {
 public:
  // For matrices like `shape`, and `tokens` rows at most: padded_few(rows), or kTile. Rows are
  // quantized to one int8 or to two.
  Multiplier(Worker& worker, const Matrix& shape, int tokens, bool two_parts) : tokens_(tokens) {
    block_ = worker.scratch<float>(16 * 16);
    if (is_float(shape.format)) return;
    const int64_t k = shape.in;
    const int parts = two_parts ? 2 : 1;
    a_.k = shape.in;
    a_.block = activation_block(k);
    a_.needs = sums_of(shape.format, parts);
    a_.capacity = tokens;
    a_.x = zeros<int32_t>(worker, parts * tokens * k / 4);
    if (parts == 2) a_.x_low = a_.x + tokens * k / 4;
    a_.dx = zeros<float>(worker, tokens * k / a_.block);
    if (!a_.needs) return;
    const int kind = sum_index(a_.needs);
    a_.sums[kind] = zeros<int32_t>(worker, tokens * sums_per_token(kind, k));
  }
  // `rows` rows of floats, `stride` apart; float weights read them again.
  void prepare(const Matrix& m, const float* x, int64_t stride, int rows) {
    x_ = x;
    x_stride_ = stride;
    rows_ = rows;
    if (is_float(m.format)) return;
    for (int t = 0; t < rows; t++) quantize_token(x + t * stride, a_, 0, t, tokens_);
  }
  // [rows][16] of one panel.
  const float* panel(const Matrix& m, int64_t index) {
    if (is_float(m.format)) multiply_float(m, m.panel(index), x_, x_stride_, rows_, block_);
    else PK_MULTIPLY(m, m.panel(index), tile_of(a_, 0, tokens_, m.format), rows_, block_);
    return block_;
  }

 private:
  template <class T>
  static T* zeros(Worker& worker, int64_t count) {
    T* data = worker.scratch<T>(count);
    std::memset(data, 0, static_cast<size_t>(count) * sizeof(T));
    return data;
  }

  Activations a_{};
  int tokens_;
  float* block_;
  const float* x_ = nullptr;
  int64_t x_stride_ = 0;
  int rows_ = 0;
};

}  // namespace PK_LEVEL
}  // namespace pk
