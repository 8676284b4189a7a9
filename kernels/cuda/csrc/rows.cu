// Ops that go row by row: RMSNorm and rope.
//
// For: kernels/cuda/rows.py. The order of every sum follows from the row's width alone.
#include "ptx.h"

namespace pk {

DEVICE float warp_sum(float x) {
  UNROLL for (int by = 16; by; by /= 2) x = plus(x, __shfl_xor_sync(~0u, x, by));
  return x;
}

// y = x / sqrt(mean(x²) + eps) · weight; y may be x: a thread writes only what it alone reads.
template <int kThreads, class Total>
DEVICE void normalise(const float* x, const float* weight, float* y, int width, float eps,
                      int thread, Total total) {
  float squares = 0.0f;
  for (int i = thread; i < width; i += kThreads) squares = fused(x[i], x[i], squares);
  const float mean = __fdiv_rn(total(squares), static_cast<float>(width));
  const float factor = __fdiv_rn(1.0f, __fsqrt_rn(plus(mean, eps)));
  for (int i = thread; i < width; i += kThreads) y[i] = times(times(x[i], factor), weight[i]);
}

}  // namespace pk

#define ROW_OPERANDS                                                                          \
  const float *x, const float *weight, float *y, int64_t x_outer, int64_t x_inner,            \
      int64_t y_outer, int64_t y_inner, int32_t rows, int32_t inner, int32_t width, float eps

// Rows are [outer][inner]. A warp a row: heads, and other narrow ones.
extern "C" __global__ void __launch_bounds__(256) pk_rms_norm_narrow(ROW_OPERANDS) {
  const int row = blockIdx.x * 8 + threadIdx.x / 32;
  if (row >= rows) return;  // the whole warp; there is no barrier of the block
  pk::normalise<32>(x + row / inner * x_outer + row % inner * x_inner, weight,
                    y + row / inner * y_outer + row % inner * y_inner, width, eps,
                    threadIdx.x % 32, [](float mine) { return pk::warp_sum(mine); });
}
EXPORT_KERNEL(pk_rms_norm_narrow)

// A block a row: hidden_size and the like.
extern "C" __global__ void __launch_bounds__(256) pk_rms_norm_wide(ROW_OPERANDS) {
  SHARED(float, parts, [8]);
  const int row = blockIdx.x, thread = threadIdx.x;
  (void)rows;
  pk::normalise<256>(x + row / inner * x_outer + row % inner * x_inner, weight,
                     y + row / inner * y_outer + row % inner * y_inner, width, eps, thread,
                     [&](float mine) {
                       const float of_warp = pk::warp_sum(mine);
                       if (thread % 32 == 0) parts[thread / 32] = of_warp;
                       __syncthreads();
                       float sum = 0.0f;
                       UNROLL for (int i = 0; i < 8; i++) sum = pk::plus(sum, parts[i]);
                       return sum;
                     });
}
EXPORT_KERNEL(pk_rms_norm_wide)

// Turns pairs of x [rows][heads][2 · half] in place. A thread a pair.
extern "C" __global__ void __launch_bounds__(256)
    pk_rope(float* x, const float* cos, const float* sin, int64_t x_row, int64_t x_head,
            int64_t cos_row, int64_t sin_row, int32_t rows, int32_t heads, int32_t half,
            int32_t interleaved) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * 256 + threadIdx.x;
  if (at >= static_cast<int64_t>(rows) * heads * half) return;
  const int pair = static_cast<int>(at % half);
  const int64_t head = at / half % heads, row = at / half / heads;
  float* first = x + row * x_row + head * x_head + (interleaved ? 2 * pair : pair);
  float* second = first + (interleaved ? 1 : half);
  const float a = *first, b = *second, c = cos[row * cos_row + pair], s = sin[row * sin_row + pair];
  *first = pk::fused(a, c, pk::times(-b, s));
  *second = pk::fused(a, s, pk::times(b, c));
}
EXPORT_KERNEL(pk_rope)
