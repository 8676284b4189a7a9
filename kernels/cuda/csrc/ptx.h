// Instructions that CUDA C++ has no word for, each behind a name, with an exact twin in C++.
//
// For: the kernels beside this file. PTX ISA 9.0 describes each. Floats go through `fused`,
// `times` and `plus`, so that a compiler can't contract one instance of a kernel otherwise than
// another: a row's bits must be the same in all of them.
#pragma once
#include "device.h"

// A loop that is better small.
#define ROLLED _Pragma("GCC unroll 1")
#ifdef __CUDACC__
#undef ROLLED
#define ROLLED _Pragma("unroll 1")
#endif

namespace pk {

struct Words4 {
  uint32_t w[4];
};

DEVICE float fused(float a, float b, float c) {
#ifdef __CUDACC__
  return __fmaf_rn(a, b, c);
#else
  return fmaf(a, b, c);
#endif
}

DEVICE float times(float a, float b) {
#ifdef __CUDACC__
  return __fmul_rn(a, b);
#else
  return a * b;
#endif
}

DEVICE float plus(float a, float b) {
#ifdef __CUDACC__
  return __fadd_rn(a, b);
#else
  return a + b;
#endif
}

// 16 bytes of weights: read once, so they take no room in L1 from what is read again.
DEVICE Words4 load_streaming_128(const void* at) {
  Words4 v;
#ifdef __CUDACC__
  asm("ld.global.nc.L1::no_allocate.L2::128B.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(v.w[0]), "=r"(v.w[1]), "=r"(v.w[2]), "=r"(v.w[3])
               : "l"(at));
#else
  v = *static_cast<const Words4*>(__builtin_assume_aligned(at, 16));
#endif
  return v;
}

// The same of 4 bytes, where lanes read neighbours of one vector.
DEVICE uint32_t load_streaming_32(const void* at) {
#ifdef __CUDACC__
  uint32_t v;
  asm("ld.global.nc.L1::no_allocate.u32 %0, [%1];" : "=r"(v) : "l"(at));
  return v;
#else
  return *static_cast<const uint32_t*>(at);
#endif
}

// 16 bytes that other lanes read too, and that this launch may have written: plain loads.
DEVICE Words4 load_128(const void* at) {
  Words4 v;
#ifdef __CUDACC__
  const uint4 u = *static_cast<const uint4*>(at);
  v.w[0] = u.x, v.w[1] = u.y, v.w[2] = u.z, v.w[3] = u.w;
#else
  v = *static_cast<const Words4*>(__builtin_assume_aligned(at, 16));
#endif
  return v;
}

DEVICE void load_64(const void* at, uint32_t& low, uint32_t& high) {
#ifdef __CUDACC__
  const uint2 u = *static_cast<const uint2*>(at);
  low = u.x, high = u.y;
#else
  const auto* words = static_cast<const uint32_t*>(__builtin_assume_aligned(at, 8));
  low = words[0], high = words[1];
#endif
}

// c + Σ of four products of signed bytes.
DEVICE int32_t dot_bytes(uint32_t a, uint32_t b, int32_t c) {
  return __dp4a(static_cast<int32_t>(a), static_cast<int32_t>(b), c);
}

// Line `at` into L2.
DEVICE void prefetch_l2(const void* at) {
#ifdef __CUDACC__
  asm volatile("prefetch.global.L2 [%0];" ::"l"(at));
#else
  (void)at;
#endif
}

// 16 bytes from global to shared memory, arriving when they are awaited; sm_75 copies at once.
DEVICE void copy_async_16(void* to, const void* from) {
#ifdef __CUDACC__
#if __CUDA_ARCH__ >= 800
  const auto shared = static_cast<uint32_t>(__cvta_generic_to_shared(to));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared), "l"(from) : "memory");
#else
  *static_cast<uint4*>(to) = *static_cast<const uint4*>(from);
#endif
#else
  shim::copy_later(to, from, 16);
#endif
}

// What was copied since the last one is a batch.
DEVICE void commit_copies() {
#ifdef __CUDACC__
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
#else
  shim::commit_copies();
#endif
}

// Waits until at most `kPending` batches of this thread are on their way.
template <int kPending>
DEVICE void await_copies() {
#ifdef __CUDACC__
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
#endif
#else
  shim::await_copies(kPending);
#endif
}

// c [8][8] += a [8 rows][16 k] · b [16 k][8 columns], signed bytes. A lane holds of `a` four k of
// row lane / 4, of `b` the same k of column lane / 4, each from 4 · (lane % 4) on; of `c` row
// lane / 4, columns 2 · (lane % 4) and the next (PTX ISA, mma.m8n8k16).
DEVICE void mma_8x8x16(int32_t (&c)[2], uint32_t a, uint32_t b) {
#ifdef __CUDACC__
  asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+r"(c[0]), "+r"(c[1])
               : "r"(a), "r"(b));
#else
  struct Mine {
    uint32_t a, b;
  };
  const int lane = static_cast<int>(threadIdx.x % 32);
  shim::meet("mma", ~0u, Mine{a, b}, [&](const auto& of) {
    for (int j = 0; j < 4; j++) {
      const uint32_t row = of(lane / 4 * 4 + j).a;
      for (int i = 0; i < 2; i++)
        c[i] = dot_bytes(row, of((lane % 4 * 2 + i) * 4 + j).b, c[i]);
    }
  });
#endif
}

DEVICE float warp_max(float v) {
  UNROLL for (int by = 16; by; by /= 2) v = fmaxf(v, __shfl_xor_sync(~0u, v, by));
  return v;
}

}  // namespace pk
