// Small kernels that show what the shim does, and faults that it must find: test_shim.py.
#include "device.h"

// out[i] = x of the opposite thread, through shared memory.
template <bool kWaits>
DEVICE void turn_round(const int32_t* x, int32_t* out) {
  SHARED(int32_t, held, [64]);
  held[threadIdx.x] = x[blockIdx.x * 64 + threadIdx.x];
  if (kWaits) __syncthreads();
  out[blockIdx.x * 64 + threadIdx.x] = held[63 - threadIdx.x];
}
extern "C" __global__ void __launch_bounds__(64) t_turn(const int32_t* x, int32_t* out) {
  turn_round<true>(x, out);
}
EXPORT_KERNEL(t_turn)
extern "C" __global__ void __launch_bounds__(64) t_turn_early(const int32_t* x, int32_t* out) {
  turn_round<false>(x, out);
}
EXPORT_KERNEL(t_turn_early)

// Lane 0's sum of what the other lanes left in shared memory, which is not waited for.
extern "C" __global__ void t_warp_early(const int32_t* x, int32_t* out) {
  SHARED(int32_t, held, [32]);
  held[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 0) {
    int32_t sum = 0;
    for (int i = 0; i < 32; i++) sum += held[i];
    out[0] = sum;
  }
}
EXPORT_KERNEL(t_warp_early)

extern "C" __global__ void t_warp_words(const int32_t* x, int32_t* out) {
  const int lane = threadIdx.x;
  const int32_t v = x[lane];
  out[lane] = __shfl_sync(~0u, v, 5);
  out[32 + lane] = __shfl_xor_sync(~0u, v, 3);
  out[64 + lane] = __shfl_down_sync(~0u, v, 4);
  out[96 + lane] = __shfl_up_sync(~0u, v, 4);
  out[128 + lane] = static_cast<int32_t>(__ballot_sync(~0u, v > 10));
  out[160 + lane] = __shfl_xor_sync(~0u, v, 1, 8);
  // The halves of a warp, each by itself, a different number of times.
  int32_t sum = v;
  if (lane < 16)
    for (int by = 8; by; by /= 2) sum += __shfl_xor_sync(0xffffu, sum, by);
  else
    sum = __shfl_sync(0xffff0000u, sum, 16);
  out[192 + lane] = sum;
  out[224 + lane] = __any_sync(~0u, v > 30) + 2 * __all_sync(~0u, v > 30);
}
EXPORT_KERNEL(t_warp_words)

extern "C" __global__ void t_numbers(const float* x, const Half* h, const Brain* b, float* out,
                                     Half* halves) {
  const int i = threadIdx.x;
  out[3 * i] = to_float(h[i]);
  out[3 * i + 1] = to_float(b[i]);
  out[3 * i + 2] = __uint_as_float(__float_as_uint(x[i]));
  halves[i] = to_half(x[i]);
}
EXPORT_KERNEL(t_numbers)

extern "C" __global__ void t_bits(const int32_t* x, int32_t* out, int64_t add, float scale) {
  out[0] = __dp4a(x[0], x[1], 5);
  out[1] = static_cast<int32_t>(__byte_perm(x[0], x[1], 0x7a14));
  out[2] = __popc(x[0]) + 100 * __clz(x[2]) + 10000 * __ffs(x[2]);
  out[3] = static_cast<int32_t>(__funnelshift_r(x[0], x[1], 8));
  out[4] = static_cast<int32_t>(add) + static_cast<int32_t>(scale * 8.0f);
  out[5] = __float2int_rn(2.5f) + 10 * __float2int_rn(-3.5f);
}
EXPORT_KERNEL(t_bits)

// Every block counts itself and waits for all, then writes what the others have left.
extern "C" __global__ void t_grid_barrier(int32_t* count, int32_t* left, int32_t* out) {
  const int blocks = gridDim.x;
  if (threadIdx.x == 0) {
    left[blockIdx.x] = static_cast<int32_t>(blockIdx.x) + 1;
    __threadfence();
    atomicAdd(count, 1);
    while (*static_cast<volatile int32_t*>(count) < blocks) poll_pause();
  }
  __syncthreads();
  int32_t sum = 0;
  for (int i = 0; i < blocks; i++) sum += left[i];
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
EXPORT_KERNEL(t_grid_barrier)

extern "C" __global__ void t_block_words(const int32_t* x, int32_t* out) {
  const int i = threadIdx.x;
  const int many = __syncthreads_count(x[i] > 10), any = __syncthreads_or(x[i] > 90);
  out[i] = many + 1000 * any + 2000 * __syncthreads_and(x[i] >= 0);
}
EXPORT_KERNEL(t_block_words)

extern "C" __global__ void t_late_copy(const uint8_t* from, int32_t* out, int32_t waits) {
#ifndef __CUDACC__
  DYNAMIC_SHARED(held);
  auto* words = reinterpret_cast<int32_t*>(held);
  shim::copy_later(held, from, 16);
  shim::commit_copies();
  shim::copy_later(held + 16, from + 16, 16);
  shim::commit_copies();
  shim::await_copies(1);
  out[0] = words[0];
  if (waits) shim::await_copies(0);
  out[1] = words[4];
  shim::await_copies(0);
#endif
}
EXPORT_KERNEL(t_late_copy)

// ---- faults

extern "C" __global__ void t_half_at_barrier(int32_t* out) {
  if (threadIdx.x < 16) return;
  __syncthreads();
  out[threadIdx.x] = 1;
}
EXPORT_KERNEL(t_half_at_barrier)
extern "C" __global__ void t_lanes_apart(int32_t* out) {
  if (threadIdx.x < 16) out[threadIdx.x] = __shfl_sync(~0u, 1, 0);
}
EXPORT_KERNEL(t_lanes_apart)
extern "C" __global__ void t_different_ways(int32_t* out) {
  if (threadIdx.x < 16) out[threadIdx.x] = __shfl_sync(~0u, 1, 0);
  else out[threadIdx.x] = __shfl_xor_sync(~0u, 1, 1);
}
EXPORT_KERNEL(t_different_ways)
extern "C" __global__ void t_outside_mask(int32_t* out) {
  out[threadIdx.x] = __shfl_sync(0xffffu, 1, 0);
}
EXPORT_KERNEL(t_outside_mask)
extern "C" __global__ void t_polls(const int32_t* flag) {
  while (*static_cast<const volatile int32_t*>(flag) == 0) poll_pause();
}
EXPORT_KERNEL(t_polls)
extern "C" __global__ void t_large(float* out) {
  SHARED(float, held, [20000]);
  held[threadIdx.x] = 0.0f;
  out[0] = held[threadIdx.x];
}
EXPORT_KERNEL(t_large)
extern "C" __global__ void t_beyond_shared(int32_t* out, int32_t at) {
  DYNAMIC_SHARED(memory);
  auto* held = reinterpret_cast<int32_t*>(memory);
  held[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = held[static_cast<int32_t>(threadIdx.x) + at];
}
EXPORT_KERNEL(t_beyond_shared)
