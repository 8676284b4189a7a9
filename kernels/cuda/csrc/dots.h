// A panel of 16 rows times R tokens, by the warps of a block: the inner loops of decode.
//
// A lane has four neighbouring rows (lane % 4) and one of eight groups (lane / 4): of each
// vector a group's four lanes read 64 bytes, and a group's scale is decoded once for all its
// vectors. Warps take eights of groups in turns. What lanes and warps found is added in an order
// that the width and the number of warps decide, never R: a token's bits are its own.
#pragma once
#include "activations.h"
#include "formats/values.h"

namespace pk {

constexpr int kMostWarps = 8;
// Rows of one call that share a reading of the weights.
constexpr int kMostTokens = 8;

// Sums of 4 rows and R tokens.
template <int R>
using Sums = float[R][4];

// One group of 4 rows as codes: [k-step][row].
template <class F>
struct GroupCodes {
  static constexpr int kSteps = F::kGroup / 4;
  uint32_t steps[kSteps][4];

  DEVICE void read(const uint8_t* group, int row) {
    uint32_t words[F::kVectors][4], planes[4] = {};
    if constexpr (F::kPlane) stream_words(group + 4 * row, planes);
    UNROLL for (int v = 0; v < F::kVectors; v++)
      stream_words(group + ((F::kPlane ? 1 : 0) + v) * kVector + 4 * row, words[v]);
    UNROLL for (int v = 0; v < F::kVectors; v++)
      UNROLL for (int i = 0; i < 4; i++) {
        uint32_t found[F::kPerVector];
        F::unpack(words[v][i], planes[i], v, found);
        UNROLL for (int j = 0; j < F::kPerVector; j++) steps[v * F::kPerVector + j][i] = found[j];
      }
  }

  // acc[row] += Σ codes · x.
  DEVICE void dot(const int8_t* x, int32_t (&acc)[4]) const {
    UNROLL for (int s = 0; s < kSteps; s += 4) {
      const Words4 some = load_128(x + 4 * s);
      UNROLL for (int j = 0; j < 4; j++)
        UNROLL for (int i = 0; i < 4; i++) acc[i] = dot_bytes(steps[s + j][i], some.w[j], acc[i]);
    }
  }
};

// sum[token][row] += this lane's groups of the panel. `tokens`: which rows of `a`.
template <class F, int R>
DEVICE void dot_groups(const uint8_t* panel, const Activations& a, const int32_t (&tokens)[R],
                       Sums<R>& sum) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  const int row = lane % 4 * 4, groups = a.k / F::kGroup;
  ROLLED for (int g = warp * 8 + lane / 4; g < groups; g += warps * 8) {
    GroupCodes<F> codes;
    codes.read(F::group(panel, g), row);
    Factors<4> f;
    F::factors(panel, g, row, f);
    const int at = g * F::kGroup;
    UNROLL for (int t = 0; t < R; t++) {
      const int8_t* x = a.row(tokens[t]) + at;
      int32_t acc[4] = {};
      codes.dot(x, acc);
      if (a.to_low) {
        UNROLL for (int i = 0; i < 4; i++) acc[i] *= 128;
        codes.dot(x + a.to_low, acc);
      }
      const float dx = a.dx[tokens[t] * (a.k / a.block) + at / a.block];
      int32_t of_x = 0;
      if constexpr (F::kOffset != 0 || F::kMinimum) {
        const int32_t* sums = a.sums + tokens[t] * (a.k / 16) + at / 16;
        of_x = F::kGroup == 32 ? sums[0] + sums[1] : sums[0];
      }
      UNROLL for (int i = 0; i < 4; i++) {
        float part = times(static_cast<float>(acc[i] - F::kOffset * of_x), f.s[i]);
        if constexpr (F::kMinimum) part = fused(-f.m[i], static_cast<float>(of_x), part);
        sum[t][i] = fused(part, dx, sum[t][i]);
      }
    }
  }
}

// The same with activations that are not rounded: x of token t at x[t], each k long.
template <class F, int R>
DEVICE void dot_values(const uint8_t* panel, int k, const float* const (&x)[R], Sums<R>& sum) {
  using V = Values<F>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  const int row = lane % 4 * 4, chunks = (k + V::kChunk - 1) / V::kChunk;
  for (int c = warp * 8 + lane / 4; c < chunks; c += warps * 8) {
    float values[4][V::kChunk];
    V::read(panel, c, row, values);
    UNROLL for (int t = 0; t < R; t++)
      UNROLL for (int j = 0; j < V::kChunk; j++) {
        const int at = c * V::kChunk + j;
        const float own = at < k ? x[t][at] : 0.0f;
        UNROLL for (int i = 0; i < 4; i++) sum[t][i] = fused(values[i][j], own, sum[t][i]);
      }
  }
}

// What the block's lanes found, added up: `to` [R][16] in shared memory. `parts`: shared memory
// for [warps][R][16]. Ends with a barrier; begins with one for who still reads `parts` or `to`.
template <int R>
DEVICE void add_up(Sums<R>& sum, float* parts, float* to) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  UNROLL for (int t = 0; t < R; t++)
    UNROLL for (int i = 0; i < 4; i++)
      UNROLL for (int by = 4; by < 32; by *= 2)
        sum[t][i] = plus(sum[t][i], __shfl_xor_sync(~0u, sum[t][i], by));
  __syncthreads();
  if (lane < 4)
    UNROLL for (int t = 0; t < R; t++)
      UNROLL for (int i = 0; i < 4; i++) parts[(warp * R + t) * kRows + lane * 4 + i] = sum[t][i];
  __syncthreads();
  for (int at = threadIdx.x; at < R * kRows; at += blockDim.x) {
    float total = parts[at];
    for (int w = 1; w < warps; w++) total = plus(total, parts[w * R * kRows + at]);
    to[at] = total;
  }
  __syncthreads();
}

template <int R>
DEVICE void clear(Sums<R>& sum) {
  UNROLL for (int t = 0; t < R; t++)
    UNROLL for (int i = 0; i < 4; i++) sum[t][i] = 0.0f;
}

}  // namespace pk
