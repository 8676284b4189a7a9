// Q4_0, Q4_1, Q5_0, Q8_0, MXFP4, IQ4_NL and the carriers in panels (kernels/schemes/panel_legacy.py,
// panel_carriers.py).
#pragma once
#include "formats/base.h"

namespace pk {

// Groups of 32 in pairs behind d[2][16] f16.
template <class Codes, int kBytes, int kCodeOffset>
struct PairedGroups : Codes {
  static constexpr bool kMinimum = false;
  static constexpr int kOffset = kCodeOffset;

  DEVICE static const uint8_t* pair_of(const uint8_t* panel, int g) {
    return panel + int64_t{g / 2} * (64 + 2 * kBytes);
  }
  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return pair_of(panel, g) + 64 + g % 2 * kBytes;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    read_halves(pair_of(panel, g) + g % 2 * 32 + 2 * row, f.s);
  }
};

// IQ4_NL's curve: -127 -104 -83 -65, -49 -35 -22 -10, 1 13 25 38, 53 69 89 113.
struct Iq4Curve {
  DEVICE static constexpr uint32_t word(int i) {
    return i == 0 ? 0xbfad9881u : i == 1 ? 0xf6eaddcfu : i == 2 ? 0x26190d01u : 0x71594535u;
  }
};
// E2M1's values doubled: 0 1 2 3, 4 6 8 12, and the same below zero.
struct DoubledE2M1 {
  DEVICE static constexpr uint32_t word(int i) {
    return i == 0 ? 0x03020100u : i == 1 ? 0x0c080604u : i == 2 ? 0xfdfeff00u : 0xf4f8fafcu;
  }
};

using Q4_0 = PairedGroups<NibbleCodes<32>, 256, 8>;
using Q5_0 = PairedGroups<PlaneCodes<32, 1>, 320, 16>;
using Q8_0 = PairedGroups<ByteCodes<32>, 512, 0>;
using IQ4_NL = PairedGroups<TableCodes<Iq4Curve>, 256, 0>;

// d[16], m[16] f16, then nibbles; what is stored is added: value = d · code + m.
struct Q4_1 : NibbleCodes<32> {
  static constexpr bool kMinimum = true;
  static constexpr int kOffset = 0;

  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return panel + int64_t{g} * 320 + 64;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    const uint8_t* header = panel + int64_t{g} * 320;
    read_halves(header + 2 * row, f.s);
    read_halves(header + 32 + 2 * row, f.m);
    UNROLL for (int i = 0; i < N; i++) f.m[i] = -f.m[i];
  }
};

// Groups in fours behind exponent bytes [4][16]: 2^(e - 128), subnormal below e = 2.
struct MXFP4 : TableCodes<DoubledE2M1> {
  static constexpr bool kMinimum = false;
  static constexpr int kOffset = 0;

  DEVICE static const uint8_t* four_of(const uint8_t* panel, int g) {
    return panel + int64_t{g / 4} * (64 + 4 * 256);
  }
  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return four_of(panel, g) + 64 + g % 4 * 256;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    uint32_t exponents[N];
    read_bytes(four_of(panel, g) + g % 4 * 16 + row, exponents);
    UNROLL for (int i = 0; i < N; i++) {
      const uint32_t e = exponents[i];
      f.s[i] = __uint_as_float(e < 2 ? 0x00200000u << e : (e - 1) << 23);
    }
  }
};

// s[16] f32, then bytes.
struct S8G16 : ByteCodes<16> {
  static constexpr bool kMinimum = false;
  static constexpr int kOffset = 0;

  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return panel + int64_t{g} * 320 + 64;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    read_floats(panel + int64_t{g} * 320 + 4 * row, f.s);
  }
};

// s[16], m[16] f32, then bytes as they are: 128 more than dot_bytes' codes.
struct A8G16 : ByteCodes<16> {
  static constexpr bool kMinimum = true;
  static constexpr int kOffset = -128;

  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return panel + int64_t{g} * 384 + 128;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    const uint8_t* header = panel + int64_t{g} * 384;
    read_floats(header + 4 * row, f.s);
    read_floats(header + 64 + 4 * row, f.m);
  }
};

}  // namespace pk
