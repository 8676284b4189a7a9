// Prefill's products on tensor cores: panels times many rows, in whole numbers as decode's.
//
// A warp has a panel, a block four neighbouring ones and 64 rows. mma.m8n8k16 takes a word of a
// panel as it lies (four k of one row a lane), so codes go from memory through registers into the
// tensor core. Which k a lane has is the same on both sides, in an order that suits the panel.
#include "every_format.h"
#include "formats/groups.h"
#include "formats/super_blocks.h"
#include "activations.h"

namespace pk {

constexpr int kTileTokens = 64;
constexpr int kTileWarps = 4;
constexpr int kTileK = 64;
// Bytes between tokens in shared memory: lanes of a warp then meet in no bank.
constexpr int kTileStride = 96;

struct Tile {
  alignas(16) int8_t x[2][2][kTileTokens * kTileStride];  // [buffer][part]
  float dx[kTileK / 16][kTileTokens];
  int32_t of_x[kTileK / 16][kTileTokens];
  int32_t in[kTileTokens];   // rows of the activations
  int32_t out[kTileTokens];  // rows of the result; -1: there is none
};

// Codes of one row's group as lane `j` of four has them: steps 2j, 2j + 1 of 32 k, or j of 16.
template <class F>
DEVICE void read_fragment(const uint8_t* group, int row, int j, uint32_t (&a)[F::kGroup / 16]) {
  constexpr int kMmas = F::kGroup / 16, kPlaneBytes = F::kPlane ? kVector : 0;
  uint32_t plane[1] = {}, word[1], steps[F::kPerVector];
  if constexpr (F::kPlane) read_words(group + 4 * row, plane);
  const uint8_t* codes = group + kPlaneBytes + 4 * row;
  if constexpr (F::kPerVector == 2) {
    const int vector = kMmas == 2 ? j : j / 2;
    stream_words(codes + vector * kVector, word);
    F::unpack(word[0], plane[0], vector, steps);
    if constexpr (kMmas == 2) a[0] = steps[0], a[1] = steps[1];
    else a[0] = j % 2 ? steps[1] : steps[0];
  } else {
    UNROLL for (int m = 0; m < kMmas; m++) {
      stream_words(codes + (j * kMmas + m) * kVector, word);
      F::unpack(word[0], 0, 0, steps);
      a[m] = steps[0];
    }
  }
}

// The same k of a token in shared memory.
template <int kMmas>
DEVICE void read_token(const int8_t* x, int j, uint32_t (&b)[kMmas]) {
  if constexpr (kMmas == 2) load_64(x + 8 * j, b[0], b[1]);
  else b[0] = *reinterpret_cast<const uint32_t*>(x + 4 * j);
}

// 64 tokens' next kTileK codes, on their way into `buffer`.
DEVICE void fetch(Tile& tile, int buffer, const Activations& a, int at) {
  constexpr int kPieces = kTileK / 16;
  const int parts = a.to_low ? 2 : 1;
  for (int i = threadIdx.x; i < kTileTokens * kPieces * parts; i += blockDim.x) {
    const int piece = i % kPieces, token = i / kPieces % kTileTokens, part = i / kPieces / kTileTokens;
    const int k = at + 16 * piece;
    if (k < a.k)
      copy_async_16(&tile.x[buffer][part][token * kTileStride + 16 * piece],
                    a.row(tile.in[token]) + (part ? a.to_low : 0) + k);
  }
  commit_copies();
}

template <int kGroup>
DEVICE void fetch_factors(Tile& tile, const Activations& a, int at) {
  for (int i = threadIdx.x; i < kTileK / kGroup * kTileTokens; i += blockDim.x) {
    const int g = i / kTileTokens, token = i % kTileTokens, k = at + g * kGroup;
    if (k >= a.k) continue;
    const int64_t row = tile.in[token];
    const int32_t* sums = a.sums + row * (a.k / 16) + k / 16;
    tile.dx[g][token] = a.dx[row * (a.k / a.block) + k / a.block];
    tile.of_x[g][token] = kGroup == 32 ? sums[0] + sums[1] : sums[0];
  }
}

using TileSums = float[2][kTileTokens / 8][2];  // [half of the panel][eight tokens][token]

// One group of a panel: its products with all tokens, scaled.
template <class F>
DEVICE void add_group(const Tile& tile, int buffer, const uint8_t* panel, int g, int within,
                      bool low, TileSums& sum) {
  constexpr int kMmas = F::kGroup / 16;
  const int lane = threadIdx.x % 32, j = lane % 4;
  uint32_t a[2][kMmas];
  Factors<1> f[2];
  UNROLL for (int half = 0; half < 2; half++) {
    read_fragment<F>(F::group(panel, g), half * 8 + lane / 4, j, a[half]);
    F::factors(panel, g, half * 8 + lane / 4, f[half]);
  }
  UNROLL for (int eight = 0; eight < kTileTokens / 8; eight++) {
    const int at = (eight * 8 + lane / 4) * kTileStride + within * F::kGroup;
    uint32_t high[kMmas], rest[kMmas];
    read_token(tile.x[buffer][0] + at, j, high);
    if (low) read_token(tile.x[buffer][1] + at, j, rest);
    UNROLL for (int half = 0; half < 2; half++) {
      int32_t c[2] = {};
      UNROLL for (int m = 0; m < kMmas; m++) mma_8x8x16(c, a[half][m], high[m]);
      if (low) {
        UNROLL for (int i = 0; i < 2; i++) c[i] *= 128;
        UNROLL for (int m = 0; m < kMmas; m++) mma_8x8x16(c, a[half][m], rest[m]);
      }
      UNROLL for (int i = 0; i < 2; i++) {
        const int token = eight * 8 + 2 * j + i;
        const int32_t of_x = tile.of_x[within][token];
        float part = times(static_cast<float>(c[i] - F::kOffset * of_x), f[half].s[0]);
        if constexpr (F::kMinimum) part = fused(-f[half].m[0], static_cast<float>(of_x), part);
        sum[half][eight][i] = fused(part, tile.dx[within][token], sum[half][eight][i]);
      }
    }
  }
}

// This warp's panel times the tile's tokens; `busy`: there is such a panel. tile.in is written.
template <class F>
DEVICE void multiply(Tile& tile, const uint8_t* panel, bool busy, const Activations& a,
                     TileSums& sum) {
  const int chunks = (a.k + kTileK - 1) / kTileK;
  fetch(tile, 0, a, 0);
  for (int c = 0; c < chunks; c++) {
    const int at = c * kTileK;
    if (c + 1 < chunks) {
      fetch(tile, (c + 1) % 2, a, at + kTileK);
      await_copies<1>();
    } else {
      await_copies<0>();
    }
    fetch_factors<F::kGroup>(tile, a, at);
    __syncthreads();
    if (busy)
      for (int g = 0; g < kTileK / F::kGroup && at + g * F::kGroup < a.k; g++)
        add_group<F>(tile, c % 2, panel, at / F::kGroup + g, g, a.to_low != 0, sum);
    __syncthreads();
  }
}

// out [tokens][out_features] of four panels (x) and what `tile` names.
template <class F>
DEVICE void many(Tile& tile, const uint8_t* panels, int64_t panel_bytes, int32_t out_features,
                 const Activations& a, const float* bias, bool has_bias, float* out,
                 int64_t out_stride) {
  const int lane = threadIdx.x % 32;
  const int panel = blockIdx.x * kTileWarps + threadIdx.x / 32;
  TileSums sum = {};
  multiply<F>(tile, panels + panel * panel_bytes, panel * kRows < out_features, a, sum);
  UNROLL for (int half = 0; half < 2; half++) {
    const int row = panel * kRows + half * 8 + lane / 4;
    if (row >= out_features) continue;
    UNROLL for (int eight = 0; eight < kTileTokens / 8; eight++)
      UNROLL for (int i = 0; i < 2; i++) {
        const int32_t to = tile.out[eight * 8 + lane % 4 * 2 + i];
        const float value = sum[half][eight][i];
        if (to >= 0) out[to * out_stride + row] = has_bias ? plus(value, bias[row]) : value;
      }
  }
}

// Rows 64 · y and the next of all.
template <class F>
DEVICE void linear_many(const uint8_t* panels, int64_t panel_bytes, int32_t out_features,
                        const Activations& a, int32_t rows, const float* bias, bool has_bias,
                        float* out, int64_t out_stride) {
  SHARED(Tile, tile, );
  for (int i = threadIdx.x; i < kTileTokens; i += blockDim.x) {
    const int row = static_cast<int>(blockIdx.y) * kTileTokens + i;
    tile.in[i] = min(row, rows - 1);
    tile.out[i] = row < rows ? row : -1;
  }
  __syncthreads();
  many<F>(tile, panels, panel_bytes, out_features, a, bias, has_bias, out, out_stride);
}

// List y of pairs (experts.cu): in [pair / divide], out [pair].
template <class F>
DEVICE void expert_many(const int64_t* tables, int64_t panel_bytes, int32_t out_features,
                        int32_t divide, const int32_t* expert, const int32_t* count,
                        const int32_t* pairs, const int32_t* lists, const Activations& a, float* out) {
  SHARED(Tile, tile, );
  const int list = blockIdx.y;
  if (list >= *lists) return;
  const int own = count[list];
  for (int i = threadIdx.x; i < kTileTokens; i += blockDim.x) {
    const int32_t pair = pairs[list * kTileTokens + min(i, own - 1)];
    tile.in[i] = pair / divide;
    tile.out[i] = i < own ? pair : -1;
  }
  __syncthreads();
  many<F>(tile, reinterpret_cast<const uint8_t*>(tables[expert[list]]), panel_bytes, out_features, a,
          nullptr, false, out, out_features);
}

}  // namespace pk

// What ptxas makes of them for sm_100 spills two to four registers where it is left to choose.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ / 10 == 100
#define PK_MANY_BOUNDS 128, 3
#else
#define PK_MANY_BOUNDS 128
#endif

#define PK_MANY(name, F)                                                                           \
  extern "C" __global__ void __launch_bounds__(PK_MANY_BOUNDS)                                     \
  pk_linear_many_##name(const uint8_t* panels, int64_t panel_bytes, int32_t out_features,          \
                        const int8_t* codes, const float* dx, const int32_t* sums, int32_t rows,   \
                        int32_t k, int32_t block, int32_t parts, const float* bias,                \
                        int32_t has_bias, float* out, int64_t out_stride) {                        \
    const int64_t to_low = parts == 2 ? int64_t{rows} * k : 0;                                     \
    pk::linear_many<F>(panels, panel_bytes, out_features, {codes, to_low, dx, sums, k, block},     \
                       rows, bias, has_bias != 0, out, out_stride);                                \
  }                                                                                                \
  EXPORT_KERNEL(pk_linear_many_##name)                                                             \
  extern "C" __global__ void __launch_bounds__(PK_MANY_BOUNDS)                                     \
  pk_expert_many_##name(const int64_t* tables, int64_t panel_bytes, int32_t out_features,          \
                        int32_t divide, const int32_t* expert, const int32_t* count,               \
                        const int32_t* pairs, const int32_t* lists, const int8_t* codes,           \
                        const float* dx, const int32_t* sums, int32_t rows, int32_t k,             \
                        int32_t block, int32_t parts, float* out) {                                \
    const int64_t to_low = parts == 2 ? int64_t{rows} * k : 0;                                     \
    pk::expert_many<F>(tables, panel_bytes, out_features, divide, expert, count, pairs, lists,     \
                       {codes, to_low, dx, sums, k, block}, out);                                  \
  }                                                                                                \
  EXPORT_KERNEL(pk_expert_many_##name)

PK_QUANTIZED(PK_MANY)
