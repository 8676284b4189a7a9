// A product on tensor cores, behind a name, with a twin in C++: what attention multiplies by.
//
// For: attention.h. PTX ISA, mma.m16n8k8 and mma.m16n8k16 with .f16 operands and .f32 sums.
#pragma once
#include "device.h"

namespace pk {

// Two values as one register holds them: the first in the low half.
DEVICE uint32_t pair_of(Half low, Half high) {
  return static_cast<uint32_t>(low.bits) | static_cast<uint32_t>(high.bits) << 16;
}

// c [16][8] += a [16][16] · b [16][8]. With g = lane / 4 and t = lane % 4 a lane holds
// a: rows g, g + 8, then the same of k + 8, each k = 2t and 2t + 1; b: column g, k = 2t and
// 2t + 1, then k + 8; c: row g, columns 2t and 2t + 1, then row g + 8.
DEVICE void mma_16x8x16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#ifdef __CUDACC__
#if __CUDA_ARCH__ >= 800
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  UNROLL for (int half = 0; half < 2; half++)
    asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 "
        "{%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[2 * half]), "r"(a[2 * half + 1]), "r"(b[half]));
#endif
#else
  struct Mine {
    uint32_t a[4], b[2];
  };
  const int lane = static_cast<int>(threadIdx.x % 32), row = lane / 4, column = lane % 4 * 2;
  const auto half_at = [](uint32_t pair, int i) {
    return shim::float_of_half(static_cast<uint16_t>(pair >> (16 * i)));
  };
  shim::meet("mma", ~0u, Mine{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}}, [&](const auto& of) {
    for (int t = 0; t < 4; t++) {
      const Mine left = of(row * 4 + t);
      for (int n = 0; n < 2; n++) {
        const Mine right = of((column + n) * 4 + t);
        for (int k = 0; k < 2; k++)
          for (int i = 0; i < 2; i++)
            for (int m = 0; m < 2; m++)
              c[2 * m + n] += half_at(left.a[2 * k + m], i) * half_at(right.b[k], i);
      }
    }
  });
#endif
}

}  // namespace pk
