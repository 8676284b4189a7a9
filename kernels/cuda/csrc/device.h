// What every kernel file includes first: CUDA's words under nvcc, their twins under a C++ compiler.
//
// For: all of csrc/. Under nvcc it adds a few macros and conversions; else `host_cuda.h` of
// ../shim brings threadIdx, __syncthreads, shuffles and the rest for a processor. NVIDIA's
// cuda_fp16.h is not used: it needs the CCCL headers, and 16-bit floats here only travel.
#pragma once
#include <cstdint>

#ifdef __CUDACC__

// Shared memory of a block: SHARED(float, tile, [32][33]); declares `tile`.
#define SHARED(type, name, ...) __shared__ type name __VA_ARGS__
// The launch's dynamic shared memory as `unsigned char name[]`, aligned to 16 bytes.
#define DYNAMIC_SHARED(name) extern __shared__ __align__(16) unsigned char name[]
// After a kernel: tells the shim of it. A kernel's name is unique and extern "C".
#define EXPORT_KERNEL(name)
#define DEVICE __device__ __forceinline__
#define UNROLL _Pragma("unroll")
// A wait for other blocks: call it in every turn of a loop that polls global memory.
DEVICE void poll_pause() { __nanosleep(32); }

#else
#include "host_cuda.h"
#endif

// 16-bit floats as they lie in memory. A parameter `const Half*` is a torch.float16 tensor.
struct alignas(2) Half {
  uint16_t bits;
};
struct alignas(2) Brain {
  uint16_t bits;
};

DEVICE float to_float(float x) { return x; }

DEVICE float to_float(Brain x) {
#ifdef __CUDACC__
  return __uint_as_float(uint32_t{x.bits} << 16);
#else
  return shim::float_of(uint32_t{x.bits} << 16);
#endif
}

DEVICE float to_float(Half x) {
#ifdef __CUDACC__
  float y;
  asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
  return y;
#else
  return shim::float_of_half(x.bits);
#endif
}

// To the nearest, ties to even.
DEVICE Half to_half(float x) {
  Half y;
#ifdef __CUDACC__
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
#else
  y.bits = shim::half_of_float(x);
#endif
  return y;
}
