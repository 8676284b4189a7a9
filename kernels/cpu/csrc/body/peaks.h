// What the arithmetic units do at most: loops of independent products in registers, to set
// measured speeds against.
#pragma once
#include "body/level.h"

namespace pk {
namespace PK_LEVEL {

// Multiply-adds of int8, two operations each, of `rounds` rounds over kTile accumulators.
__attribute__((noinline)) inline double int8_peak(int64_t rounds) {
  I32 acc[kTile];
  PK_UNROLL for (int t = 0; t < kTile; t++) acc[t] = set1_i32(t);
  alignas(64) uint8_t codes[64];
  alignas(64) int32_t x[kTile];
  std::memset(codes, 3, sizeof codes);
  std::memset(x, 5, sizeof x);
  const U8 c = load_u8(codes);
  for (int64_t i = 0; i < rounds; i++) {
    asm volatile("" : : "r"(x) : "memory");
    dot_steps<15, 8>(acc, [&](auto) PK_LAMBDA_INLINE { return c; }, x, 0);
  }
  float sum = 0;
  PK_UNROLL for (int t = 0; t < kTile; t++) sum += sum_lanes(to_f32(acc[t]));
  asm volatile("" : : "r"(&sum) : "memory");
  return static_cast<double>(rounds) * 8 * kTile * 64 * 2;
}

// The same with pairs of bfloat16. A product takes 6 cycles on Zen 5, which begins two in each: 12
// accumulators reach nine tenths of what 16 do.
__attribute__((noinline)) inline double bf16_peak(int64_t rounds) {
  constexpr int kChains = kAtOnce >= 12 ? 16 : kTile;
  F32 acc[kChains];
  PK_UNROLL for (int t = 0; t < kChains; t++) acc[t] = set1(static_cast<float>(t));
  alignas(64) int32_t pairs[16], x[kChains];
  std::memset(pairs, 0, sizeof pairs);
  std::memset(x, 0, sizeof x);
  const BF16Pairs p = load_pairs(pairs);
  for (int64_t i = 0; i < rounds; i++) {
    asm volatile("" : : "r"(x) : "memory");
    PK_UNROLL for (int t = 0; t < kChains; t++) dot_bf16(acc[t], p, x + t);
  }
  float sum = 0;
  PK_UNROLL for (int t = 0; t < kChains; t++) sum += sum_lanes(acc[t]);
  asm volatile("" : : "r"(&sum) : "memory");
  return static_cast<double>(rounds) * kChains * 32 * 2;
}

}  // namespace PK_LEVEL
}  // namespace pk
