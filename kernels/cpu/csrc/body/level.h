// What every body is compiled against: the level's vectors in the level's own namespace.
//
// A file in levels/ defines PK_LEVEL (the namespace) and PK_SIMD_… and includes body/all.h.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "core/matrix.h"
#include "core/step.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define PK_LAMBDA_INLINE __attribute__((always_inline))
// Loops over arrays of registers must be unrolled, their initialisation and last use too, or the
// arrays spill and the rate more than halves. A level that spills anyway says PK_PLAIN: it
// compiles in a quarter of the time.
#if PK_PLAIN
#define PK_UNROLL
#else
#define PK_UNROLL _Pragma("GCC unroll 32")
#endif

namespace pk {
namespace detail {
template <class F, int... I>
PK_INLINE void unroll(F&& f, std::integer_sequence<int, I...>) {
  (f(std::integral_constant<int, I>{}), ...);
}
}  // namespace detail
// f(0), f(1), … f(n - 1) with constants, so that shifts and offsets are immediates.
template <int n, class F>
PK_INLINE void unroll(F&& f) {
  detail::unroll(std::forward<F>(f), std::make_integer_sequence<int, n>{});
}

// Makes gcc take a pointer as it is, with what is added to it as a constant of the instruction. Else
// it works out the address of every token of every k-step before a loop and keeps all in memory, so that
// each product waits for two reads: a tile of Q4_K came to 0.56 of the int8 peak of Zen 5, and to 0.67 so.
template <class T>
PK_INLINE void settle(T*& pointer) {
  asm("" : "+r"(pointer));
}

namespace PK_LEVEL {
#include PK_SIMD
}  // namespace PK_LEVEL
}  // namespace pk

// Products are added up in 16 bits: body/word_panels.h has the panels, and sums are as kWordSums says.
#ifndef PK_WORD_SUMS
#define PK_WORD_SUMS 0
#endif
