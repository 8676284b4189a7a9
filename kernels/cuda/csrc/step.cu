// What a decode step needs beside its ops so that it is launches and nothing else: sums of two
// vectors, and a cache's next position, whose number lies in the card's memory.
//
// For: kernels/cuda/stepping.py. A thread has one value.
#include "ptx.h"

// out = x + y, `count` values. `out` may be either of them.
extern "C" __global__ void __launch_bounds__(256)
    pk_add(const float* x, const float* y, float* out, int32_t count) {
  const int at = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
  if (at < count) out[at] = pk::plus(x[at], y[at]);
}
EXPORT_KERNEL(pk_add)

// Position seen[0] - 1 of each head of a cache [heads][positions][width] becomes that head's row.
extern "C" __global__ void __launch_bounds__(256)
    pk_append(const float* rows, int64_t row_head, float* cache, int64_t cache_head,
              int64_t cache_position, const int32_t* seen, int32_t heads, int32_t width) {
  const int at = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
  if (at >= heads * width) return;
  const int64_t head = at / width, column = at % width, position = seen[0] - 1;
  cache[head * cache_head + position * cache_position + column] = rows[head * row_head + column];
}
EXPORT_KERNEL(pk_append)
