// CUDA's words for a C++ compiler: types, thread indices, intrinsics, what synchronises.
//
// For: csrc/device.h where nvcc is not the compiler. What is here behaves as the CUDA C++
// Programming Guide has it; what is missing does not compile. Not here: scheduling (runtime.cpp).
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "kernel_table.h"
#include "synchronising.h"
#include "vectors.h"

#define __global__
#define __device__
#define __host__
#define __constant__ const
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define __forceinline__ inline __attribute__((always_inline))
#define __shared__ SHARED_is_the_macro_to_use
#define DEVICE inline __attribute__((always_inline))
#define UNROLL
#define EXPORT_KERNEL(name) static const shim::Registered shim_registered_##name{#name, name};
#define SHARED(type, name, ...)       \
  using shim_type_##name = type __VA_ARGS__; \
  static const char shim_site_##name = 0;    \
  auto& name = *static_cast<shim_type_##name*>(  \
      shim::shared_at(&shim_site_##name, sizeof(shim_type_##name)))
#define DYNAMIC_SHARED(name) unsigned char* const name = shim::dynamic_shared()

#define threadIdx (shim::now->index)
#define blockIdx (shim::now->block_index)
#define blockDim (shim::now->launch->block)
#define gridDim (shim::now->launch->grid)
constexpr int warpSize = 32;

using std::max;
using std::min;

inline void poll_pause() { shim::spin(); }
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __syncthreads() { shim::barrier(0); }
inline int __syncthreads_count(int x) { return shim::barrier(x != 0); }
inline int __syncthreads_or(int x) { return shim::barrier(x != 0) != 0; }
inline int __syncthreads_and(int x) {
  return shim::barrier(x != 0) == static_cast<int>(blockDim.x * blockDim.y * blockDim.z);
}
inline void __syncwarp(unsigned mask = ~0u) {
  shim::meet("__syncwarp", mask, 0, [](const auto&) { return 0; });
}

// ---- among the lanes of a warp

inline int shim_lane() { return shim::now->lane; }
// The lane that is read: one outside the part of `width` lanes is the reader itself.
template <class T>
T shim_shuffle(const char* what, unsigned mask, T mine, int from, int width) {
  const int lane = shim_lane(), first = lane / width * width;
  if (from < first || from >= first + width) from = lane;
  return shim::meet(what, mask, mine, [&](const auto& of) { return of(from); });
}
template <class T>
T __shfl_sync(unsigned mask, T x, int from, int width = 32) {
  const int lane = shim_lane(), first = lane / width * width;
  return shim_shuffle("__shfl_sync", mask, x, first + (from & (width - 1)), width);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T x, int bits, int width = 32) {
  return shim_shuffle("__shfl_xor_sync", mask, x, shim_lane() ^ bits, width);
}
template <class T>
T __shfl_down_sync(unsigned mask, T x, unsigned by, int width = 32) {
  return shim_shuffle("__shfl_down_sync", mask, x, shim_lane() + static_cast<int>(by), width);
}
template <class T>
T __shfl_up_sync(unsigned mask, T x, unsigned by, int width = 32) {
  return shim_shuffle("__shfl_up_sync", mask, x, shim_lane() - static_cast<int>(by), width);
}
inline unsigned __ballot_sync(unsigned mask, int x) {
  return shim::meet("__ballot_sync", mask, x != 0, [&](const auto& of) {
    unsigned bits = 0;
    for (unsigned lane = 0; lane < 32; lane++)
      if (mask >> lane & 1 && of(lane)) bits |= 1u << lane;
    return bits;
  });
}
inline int __any_sync(unsigned mask, int x) { return __ballot_sync(mask, x) != 0; }
inline int __all_sync(unsigned mask, int x) { return __ballot_sync(mask, x) == mask; }

// ---- atomics; orders that are random switch at them

template <class T>
T shim_exchange(T* at, T next) {
  const T before = *at;
  *at = next;
  shim::perhaps_switch();
  return before;
}
template <class T>
T atomicAdd(T* at, T x) { return shim_exchange<T>(at, static_cast<T>(*at + x)); }
template <class T>
T atomicMax(T* at, T x) { return shim_exchange<T>(at, std::max(*at, x)); }
template <class T>
T atomicExch(T* at, T x) { return shim_exchange<T>(at, x); }
template <class T>
T atomicCAS(T* at, T if_is, T x) { return shim_exchange<T>(at, *at == if_is ? x : *at); }
// Float sums in the order of arrival are no sums of ours: a row's bits must be its own.
float atomicAdd(float*, float) = delete;

// ---- memory and bits

template <class T>
T __ldg(const T* at) { return *at; }
template <class T>
T __ldcs(const T* at) { return *at; }
template <class T>
T __ldcg(const T* at) { return *at; }
template <class T>
void __stcs(T* at, T x) { *at = x; }
template <class T>
void __stcg(T* at, T x) { *at = x; }

inline uint32_t __float_as_uint(float x) { return shim::copied<uint32_t>(x); }
inline int32_t __float_as_int(float x) { return shim::copied<int32_t>(x); }
inline float __uint_as_float(uint32_t x) { return shim::copied<float>(x); }
inline float __int_as_float(int32_t x) { return shim::copied<float>(x); }
inline int __popc(uint32_t x) { return __builtin_popcount(x); }
inline int __popcll(uint64_t x) { return __builtin_popcountll(x); }
inline int __clz(int32_t x) { return x ? __builtin_clz(static_cast<uint32_t>(x)) : 32; }
inline int __ffs(int32_t x) { return __builtin_ffs(x); }
inline uint32_t __brev(uint32_t x) {
  uint32_t y = 0;
  for (int i = 0; i < 32; i++) y |= (x >> i & 1) << (31 - i);
  return y;
}
inline uint32_t __byte_perm(uint32_t x, uint32_t y, uint32_t selector) {
  const uint64_t both = uint64_t{y} << 32 | x;
  uint32_t out = 0;
  for (int i = 0; i < 4; i++) {
    const uint32_t pick = selector >> (4 * i) & 15;
    const auto byte = static_cast<uint8_t>(both >> (8 * (pick & 7)));
    out |= uint32_t{pick & 8 ? static_cast<uint8_t>(byte & 0x80 ? 255 : 0) : byte} << (8 * i);
  }
  return out;
}
inline uint32_t __funnelshift_r(uint32_t low, uint32_t high, uint32_t by) {
  return static_cast<uint32_t>((uint64_t{high} << 32 | low) >> (by & 31));
}
inline int32_t __dp4a(int32_t a, int32_t b, int32_t sum) {
  int64_t total = sum;
  for (int i = 0; i < 4; i++)
    total += int32_t{static_cast<int8_t>(a >> (8 * i))} * static_cast<int8_t>(b >> (8 * i));
  return static_cast<int32_t>(total);  // wraps, as the instruction does
}
inline uint32_t __dp4a(uint32_t a, uint32_t b, uint32_t sum) {
  for (int i = 0; i < 4; i++)
    sum += uint32_t{static_cast<uint8_t>(a >> (8 * i))} * static_cast<uint8_t>(b >> (8 * i));
  return sum;
}
inline int32_t __mul24(int32_t a, int32_t b) { return a * b; }

// ---- numbers. Approximations are the exact function here, and on a GPU within its bounds.

inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline float __exp2f(float x) { return std::exp2(x); }
inline float __logf(float x) { return std::log(x); }
inline float __fdividef(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __int2float_rn(int32_t x) { return static_cast<float>(x); }
inline int32_t __float2int_rn(float x) { return static_cast<int32_t>(std::nearbyint(x)); }
