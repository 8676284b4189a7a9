// Scores as whole numbers that order them: greater for a greater score, then for a lower index.
//
// For: the router and the likeliest tokens.
#pragma once
#include "device.h"

namespace pk {

// Never 0. NaN is the greatest; -0 is 0.
DEVICE uint64_t key_of(float score, int index) {
  const float plain = score + 0.0f;
  uint32_t bits = __float_as_uint(plain);
  bits = score != score ? ~0u : bits >> 31 ? ~bits : bits | 0x80000000u;
  return static_cast<uint64_t>(bits) << 32 | static_cast<uint32_t>(~index);
}

DEVICE int index_of(uint64_t key) { return ~static_cast<int>(static_cast<uint32_t>(key)); }

// The score again; NaN for NaN.
DEVICE float value_of(uint64_t key) {
  const auto bits = static_cast<uint32_t>(key >> 32);
  return __uint_as_float(bits >> 31 ? bits & 0x7fffffffu : ~bits);
}

}  // namespace pk
