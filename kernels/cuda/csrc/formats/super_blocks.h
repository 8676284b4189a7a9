// Q4_K, Q5_K and Q6_K in panels (kernels/schemes/panel_k.py).
#pragma once
#include "formats/base.h"

namespace pk {

// 256 of scales, then 8 groups of 32: d, dmin f16, three planes of 6-bit scales and minima.
template <class Codes, int kGroupBytes>
struct SuperBlock45 : Codes {
  static constexpr bool kMinimum = true;
  static constexpr int kOffset = 0;
  static constexpr int kBlockBytes = 256 + 8 * kGroupBytes;

  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return panel + int64_t{g / 8} * kBlockBytes + 256 + g % 8 * kGroupBytes;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    const uint8_t* header = panel + int64_t{g / 8} * kBlockBytes;
    read_halves(header + 2 * row, f.s);
    read_halves(header + 32 + 2 * row, f.m);
    uint32_t planes[3][N];
    UNROLL for (int p = 0; p < 3; p++) read_words(header + 64 * (p + 1) + 4 * row, planes[p]);
    const int shift = g % 4 * 8;
    const bool upper = g % 8 >= 4;
    UNROLL for (int i = 0; i < N; i++) {
      const uint32_t a = planes[0][i] >> shift, b = planes[1][i] >> shift, c = planes[2][i] >> shift;
      const uint32_t fourth = (a >> 6 & 3) | (b >> 6 & 3) << 2 | (c >> 6 & 3) << 4;
      f.s[i] = times(f.s[i], static_cast<float>((upper ? b : a) & 63));
      f.m[i] = times(f.m[i], static_cast<float>(upper ? fourth : c & 63));
    }
  }
};
using Q4_K = SuperBlock45<NibbleCodes<32>, 256>;
using Q5_K = SuperBlock45<PlaneCodes<32, 1>, 320>;

// Pairs of super-blocks behind d[2][16]; of each, int8 scales [16 groups][16 rows], then groups.
struct Q6_K : PlaneCodes<16, 2> {
  static constexpr bool kMinimum = false;
  static constexpr int kOffset = 32;
  static constexpr int kBlockBytes = 256 + 16 * 192;

  DEVICE static const uint8_t* pair_of(const uint8_t* panel, int g) {
    return panel + int64_t{g / 32} * (64 + 2 * kBlockBytes);
  }
  DEVICE static const uint8_t* block_of(const uint8_t* panel, int g) {
    return pair_of(panel, g) + 64 + g / 16 % 2 * kBlockBytes;
  }
  DEVICE static const uint8_t* group(const uint8_t* panel, int g) {
    return block_of(panel, g) + 256 + g % 16 * 192;
  }
  template <int N>
  DEVICE static void factors(const uint8_t* panel, int g, int row, Factors<N>& f) {
    read_halves(pair_of(panel, g) + g / 16 % 2 * 32 + 2 * row, f.s);
    uint32_t scales[N];
    read_bytes(block_of(panel, g) + g % 16 * 16 + row, scales);
    UNROLL for (int i = 0; i < N; i++)
      f.s[i] = times(f.s[i], static_cast<float>(static_cast<int8_t>(scales[i])));
  }
};

}  // namespace pk
