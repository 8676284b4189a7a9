// Products whose activations stay as they are: float weights, routers, and a matrix for each head,
// read either way round.
#include "dots.h"
#include "every_format.h"

namespace pk {

// Where each head's panels lie: `apart` from one to the next, or by a table of addresses.
struct Heads {
  const uint8_t* first;
  int64_t apart;
  const int64_t* table;  // null: there is none

  DEVICE const uint8_t* of(int head) const {
    return table ? reinterpret_cast<const uint8_t*>(table[head]) : first + head * apart;
  }
};

// out[:, h] = x[:, h] · W_hᵀ: a block has one panel (x), one head (y) and R rows (z).
template <class F, int R>
DEVICE void exact(const Heads& heads, int64_t panel_bytes, int32_t out_features, int32_t k,
                  const float* x, int64_t x_stride, int64_t x_head, int32_t rows, const float* bias,
                  int32_t has_bias, float* out, int64_t out_stride, int64_t out_head) {
  SHARED(float, parts, [kMostWarps * R * kRows]);
  SHARED(float, found, [R * kRows]);
  const int first = blockIdx.z * R, head = blockIdx.y;
  const float* own[R];
  UNROLL for (int t = 0; t < R; t++) own[t] = x + min(first + t, rows - 1) * x_stride + head * x_head;
  const uint8_t* panels = heads.of(head);
  Sums<R> sum;
  clear(sum);
  dot_values<F>(panels + blockIdx.x * panel_bytes, k, own, sum);
  add_up(sum, parts, found);
  for (int at = threadIdx.x; at < min(R, rows - first) * kRows; at += blockDim.x) {
    const int token = first + at / kRows, row = static_cast<int>(blockIdx.x) * kRows + at % kRows;
    if (row < out_features)
      out[token * out_stride + head * out_head + row] =
          has_bias ? plus(found[at], bias[row]) : found[at];
  }
}

// out[:, h] = x[:, h] · W_h, W_h [in][out]: a block has 8 chunks of columns (x), one head (y) and
// R rows (z). A lane has a chunk (lane / 4) and every fourth four of W's rows; warps take panels in turns.
template <class F, int R>
DEVICE void across(const Heads& heads, int64_t panel_bytes, int32_t in_features, int32_t columns,
                   const float* x, int64_t x_stride, int64_t x_head, int32_t rows, float* out,
                   int64_t out_stride, int64_t out_head) {
  using V = Values<F>;
  SHARED(float, parts, [kMostWarps * R * 8 * V::kChunk]);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  const int first = blockIdx.z * R, head = blockIdx.y, row = lane % 4 * 4;
  const int chunks = (columns + V::kChunk - 1) / V::kChunk;
  const int chunk = blockIdx.x * 8 + lane / 4;
  const uint8_t* panels = heads.of(head);
  float sum[R][V::kChunk] = {};
  for (int p = warp; p * kRows < in_features && chunk < chunks; p += warps) {
    float values[4][V::kChunk];
    V::read(panels + p * panel_bytes, chunk, row, values);
    UNROLL for (int t = 0; t < R; t++) {
      const float* own = x + min(first + t, rows - 1) * x_stride + head * x_head;
      UNROLL for (int i = 0; i < 4; i++) {
        const int at = p * kRows + row + i;
        if (at >= in_features) continue;
        UNROLL for (int j = 0; j < V::kChunk; j++) sum[t][j] = fused(values[i][j], own[at], sum[t][j]);
      }
    }
  }
  UNROLL for (int t = 0; t < R; t++)
    UNROLL for (int j = 0; j < V::kChunk; j++) {
      UNROLL for (int by = 1; by < 4; by *= 2)
        sum[t][j] = plus(sum[t][j], __shfl_xor_sync(~0u, sum[t][j], by));
      if (lane % 4 == 0) parts[((warp * R + t) * 8 + lane / 4) * V::kChunk + j] = sum[t][j];
    }
  __syncthreads();
  constexpr int kWidth = 8 * V::kChunk;
  for (int at = threadIdx.x; at < min(R, rows - first) * kWidth; at += blockDim.x) {
    const int column = static_cast<int>(blockIdx.x) * kWidth + at % kWidth;
    float total = parts[at];
    for (int w = 1; w < warps; w++) total = plus(total, parts[w * R * kWidth + at]);
    if (column < columns) out[(first + at / kWidth) * out_stride + head * out_head + column] = total;
  }
}

}  // namespace pk

#define PK_EXACT(name, F, R)                                                                        \
  extern "C" __global__ void __launch_bounds__(256)                                                 \
  pk_exact_##name##_r##R(const uint8_t* panels, int64_t head_bytes, const int64_t* tables,          \
                         int32_t has_tables, int64_t panel_bytes, int32_t out_features, int32_t k,  \
                         const float* x, int64_t x_stride, int64_t x_head, int32_t rows,            \
                         const float* bias, int32_t has_bias, float* out, int64_t out_stride,       \
                         int64_t out_head) {                                                        \
    pk::exact<F, R>({panels, head_bytes, has_tables ? tables : nullptr}, panel_bytes, out_features, \
                    k, x, x_stride, x_head, rows, bias, has_bias, out, out_stride, out_head);       \
  }                                                                                                 \
  EXPORT_KERNEL(pk_exact_##name##_r##R)                                                             \
  extern "C" __global__ void __launch_bounds__(256)                                                 \
  pk_across_##name##_r##R(const uint8_t* panels, int64_t head_bytes, const int64_t* tables,         \
                          int32_t has_tables, int64_t panel_bytes, int32_t in_features,             \
                          int32_t columns, const float* x, int64_t x_stride, int64_t x_head,        \
                          int32_t rows, float* out, int64_t out_stride, int64_t out_head) {         \
    pk::across<F, R>({panels, head_bytes, has_tables ? tables : nullptr}, panel_bytes, in_features, \
                     columns, x, x_stride, x_head, rows, out, out_stride, out_head);                \
  }                                                                                                 \
  EXPORT_KERNEL(pk_across_##name##_r##R)
#define PK_EXACTS(name, F) PK_EXACT(name, F, 1) PK_EXACT(name, F, 4)

PK_FORMATS(PK_EXACTS)
