// What each op of a plan is told once, when the plan is built. Plain C: Python fills these.
#pragma once
#include <cstdint>

#include "core/matrix.h"

namespace pk {

// y [rows, out] = x · wᵀ + bias + residual. `residual` may not be `out`: chunks are idempotent.
struct LinearPart {
  Matrix weight;
  float* out;
  const float* bias;      // [out] or null
  const float* residual;  // rows `residual_stride` apart, or null
  int64_t out_stride;     // floats, at least out rounded up to 16
  int64_t residual_stride;
};

constexpr int kMaxParts = 8;

// Several products of one input; quantized weights read `x`, float weights `x_float`.
struct LinearArgs {
  const Activations* x;
  const float* x_float;
  int64_t x_stride;
  int32_t count;
  int32_t wanted_only;  // rows first_wanted … of the step alone (the head)
  LinearPart parts[kMaxParts];
};

// hidden [rows, hidden] = rows of a packed table; raises nothing: ids were checked.
struct EmbeddingArgs {
  Matrix table;
  float* out;
  int64_t out_stride;
};

// y = x / sqrt(mean(x²) + eps) · weight, as float, quantized, or both; weight null: no norm.
struct NormArgs {
  const float* x;
  const float* weight;
  float* y;         // or null
  Activations* q;   // or null
  int64_t x_stride;
  int64_t y_stride;
  int32_t width;
  float eps;
  int32_t wanted_only;
  int32_t padding;
};

// Chosen experts and their weights a row (DeepSeek-V3 report, section 2.1.2).
struct RouterArgs {
  const float* logits;
  const float* bias;  // [experts] or null
  int32_t* chosen;    // [rows, top_k], by score
  float* weights;     // [rows, top_k]
  int64_t logits_stride;
  int32_t num_experts, top_k;
  int32_t num_groups, top_groups;
  int32_t sigmoid;     // else softmax
  int32_t sum_two;     // a group's score: its two best, else its best
  int32_t normalise;
  float scaling_factor;
};

struct ExpertWeights {
  Matrix gate, up, down;
};

// out [rows, hidden] = residual + Σ weights · down(silu(gate x) · up x) over the chosen experts,
// plus `always` experts that every row uses with weight 1 (shared ones, or a dense MLP).
struct ExpertsArgs {
  const Activations* x;
  const ExpertWeights* experts;  // [num_experts]
  const ExpertWeights* always;   // [num_always]
  const int32_t* chosen;         // [rows, top_k]
  const float* weights;          // [rows, top_k]
  const float* residual;
  float* out;
  int64_t residual_stride, out_stride;
  int32_t num_experts, num_always, top_k;
  int32_t hidden, width, always_width;
  int32_t parts;         // of what is quantized between up and down, and of gathered rows
  int32_t padding;
  // Work space, for `capacity` rows.
  const float* x_float;    // the rows before quantization, gathered again with many rows
  int64_t x_float_stride;
  struct ExpertsWork* work;
};

}  // namespace pk
