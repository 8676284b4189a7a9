// Decode's products: activations are rounded, then each block multiplies one panel by up to eight
// rows, so that the weights are read once.
#include "dots.h"
#include "every_format.h"

namespace pk {

// out [rows][out_features] (rows `out_stride` apart) of one panel. `bias` counts if `has_bias`.
template <class F, int R>
DEVICE void linear(const uint8_t* panels, int64_t panel_bytes, int32_t out_features,
                   const Activations& a, int32_t rows, const float* bias, int32_t has_bias,
                   float* out, int64_t out_stride) {
  SHARED(float, parts, [kMostWarps * R * kRows]);
  SHARED(float, found, [R * kRows]);
  int32_t tokens[R];
  UNROLL for (int t = 0; t < R; t++) tokens[t] = min(t, rows - 1);
  Sums<R> sum;
  clear(sum);
  dot_groups<F>(panels + blockIdx.x * panel_bytes, a, tokens, sum);
  add_up(sum, parts, found);
  for (int at = threadIdx.x; at < rows * kRows; at += blockDim.x) {
    const int token = at / kRows, row = static_cast<int>(blockIdx.x) * kRows + at % kRows;
    if (row < out_features)
      out[token * out_stride + row] = has_bias ? plus(found[at], bias[row]) : found[at];
  }
}

}  // namespace pk

extern "C" __global__ void __launch_bounds__(256)
pk_quantize(const float* x, int64_t x_stride, int32_t rows, int32_t k, int32_t block, int32_t parts,
            int8_t* codes, float* dx, int32_t* sums) {
  const int64_t warp = (int64_t{blockIdx.x} * blockDim.x + threadIdx.x) / 32;
  pk::quantize_rows(x, x_stride, rows, pk::activations_in(codes, dx, sums, rows, k, block, parts),
                    warp, int64_t{gridDim.x} * blockDim.x / 32);
}
EXPORT_KERNEL(pk_quantize)

#define PK_LINEAR(name, F, R, ...)                                                                 \
  extern "C" __global__ void __launch_bounds__(__VA_ARGS__)                                        \
  pk_linear_##name##_r##R(const uint8_t* panels, int64_t panel_bytes, int32_t out_features,        \
                          const int8_t* codes, const float* dx, const int32_t* sums, int32_t rows, \
                          int32_t k, int32_t block, int32_t parts, const float* bias,              \
                          int32_t has_bias, float* out, int64_t out_stride) {                      \
    const int64_t to_low = parts == 2 ? int64_t{rows} * k : 0;                                     \
    pk::linear<F, R>(panels, panel_bytes, out_features, {codes, to_low, dx, sums, k, block}, rows, \
                     bias, has_bias, out, out_stride);                                             \
  }                                                                                                \
  EXPORT_KERNEL(pk_linear_##name##_r##R)
// Two blocks a multiprocessor; said of four rows alone, as ptxas would else spill one of them (and
// of eight it would spill then).
#define PK_LINEARS(name, F) \
  PK_LINEAR(name, F, 1, 256) PK_LINEAR(name, F, 4, 256, 2) PK_LINEAR(name, F, 8, 256)

PK_QUANTIZED(PK_LINEARS)
