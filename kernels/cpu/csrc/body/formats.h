// One kernel a format: a panel of 16 rows times N tokens (layouts: kernels/schemes/panels.py).
//
// Bytes are read strictly in order: a header behind its block costs 15 % of the bandwidth,
// separate planes half of it. sum[t] lanes are the panel's rows. Order of every reduction is
// fixed by the format alone, so a row's bits are its own.
#pragma once
#include "body/level.h"

namespace pk {
namespace PK_LEVEL {

template <int N>
PK_INLINE void clear(F32 (&a)[N]) {
  PK_UNROLL for (int t = 0; t < N; t++) a[t] = zero_f32();
}

// Asks for bytes that will be read soon, but not in an order that the processor foresees.
PK_INLINE void prefetch(const void* from, int64_t bytes) {
  const auto* at = static_cast<const char*>(from);
  for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch(at + i, 0, 2);
}

// Lines that are read next, asked for while these are used. With many tokens those of the next panel:
// the processor's own prefetching stops at the end of a page, and an expert's first tile would wait for
// memory. With few, lines a little further on (kFewAhead): Zen 5 alone follows Q4_K at half of what its
// memory gives one thread, and so at nine tenths.
template <int N, int kBytes>
PK_INLINE void fetch_ahead(const uint8_t* w, int64_t ahead) {
  constexpr int kLevel = N >= 8 ? 2 : 3;  // the second cache, or the first
  pk::unroll<(kBytes + 63) / 64>([&](auto i) PK_LAMBDA_INLINE { __builtin_prefetch(w + ahead + 64 * i, 0, kLevel); });
}

// Accumulators at the group's offset: -offset · Σx, or zero where codes are made signed.
template <bool kOffsetInSums, int N>
PK_INLINE void start(I32 (&acc)[N], const int32_t* sums) {
  PK_UNROLL for (int t = 0; t < N; t++) acc[t] = kOffsetInSums ? set1_i32(sums[t]) : zero_i32();
}

// Σ over a group of codes · activations, offsets included. Activations of two parts are
// 128 · high + low: the codes meet the high part first, are shifted, and meet the low one.
template <int kMaxCode, int kSteps, bool kOffsetInSums, int kParts, int N, class Codes>
PK_INLINE void dot_group(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t to_low, int64_t stride,
                         const int32_t* sums) {
  start<kOffsetInSums && kParts == 1>(acc, sums);
  dot_steps<kMaxCode, kSteps>(acc, codes, x, stride);
  if constexpr (kParts == 2) {
    PK_UNROLL for (int t = 0; t < N; t++)
      acc[t] = shift_7_add(acc[t], kOffsetInSums ? set1_i32(sums[t]) : zero_i32());
    dot_steps<kMaxCode, kSteps>(acc, codes, x + to_low, stride);
  }
}

template <int N>
PK_INLINE void add_scaled(F32 (&part)[N], const I32 (&acc)[N], F32 scale) {
  PK_UNROLL for (int t = 0; t < N; t++) part[t] = fma(to_f32(acc[t]), scale, part[t]);
}

// part += scale · Σ of one group. Where the tokens' sums don't fit in registers all at once
// (kAtOnce), the codes are unpacked once, and the tokens go by in blocks.
template <int kMaxCode, int kSteps, bool kOffsetInSums, int kParts, int N, class Codes>
PK_INLINE void add_group(F32 (&part)[N], F32 scale, Codes codes, const int32_t* x, int64_t to_low,
                         int64_t stride, const int32_t* sums) {
  if constexpr (N <= kAtOnce) {
    I32 acc[N];
    dot_group<kMaxCode, kSteps, kOffsetInSums, kParts>(acc, codes, x, to_low, stride, sums);
    add_scaled(part, acc, scale);
  } else {
    static_assert(N % kAtOnce == 0);
    U8 unpacked[kSteps];
    pk::unroll<kSteps>([&](auto s) PK_LAMBDA_INLINE { unpacked[s] = codes(s); });
#pragma GCC unroll 1
    for (int first = 0; first < N; first += kAtOnce) {
      I32 acc[kAtOnce];
      dot_group<kMaxCode, kSteps, kOffsetInSums, kParts>(
          acc, [&](auto s) PK_LAMBDA_INLINE { return unpacked[s]; }, x + first, to_low, stride,
          kOffsetInSums ? sums + first : nullptr);
      PK_UNROLL for (int t = 0; t < kAtOnce; t++)
        part[first + t] = fma(to_f32(acc[t]), scale, part[first + t]);
    }
  }
}

template <int N>
PK_INLINE void add_block(F32 (&sum)[N], const F32 (&part)[N], const float* dx) {
  PK_UNROLL for (int t = 0; t < N; t++) sum[t] = fma(part[t], set1(dx[t]), sum[t]);
}

// Four vectors of nibbles, k-steps 2i low and 2i+1 high.
template <int step>
PK_INLINE U8 nibbles_of(const uint8_t* codes) {
  const U8 both = load_u8(codes + (step / 2) * 64);
  return step % 2 ? high_nibbles(both) : low_nibbles(both);
}

// Q4_K and Q5_K: super-blocks of 256 with 6-bit scales and minima.
template <bool kHighBit>
struct SuperBlock45 {
  static constexpr int kGroupBytes = kHighBit ? 320 : 256;

  // Σ minima · Σx over a super-block: pairs of int16, or floats where sums outgrow 16 bits.
  template <int kParts, int N>
  PK_INLINE static void lowered(F32 (&low)[N], const I32 (&minima)[4], const int32_t* sums, int64_t stride) {
    if constexpr (kParts == 1) {
      I32 acc[N];
      start<false>(acc, nullptr);
      PK_UNROLL for (int j = 0; j < 4; j++)
        PK_UNROLL for (int t = 0; t < N; t++) dot_pair(acc[t], minima[j], sums + j * stride + t);
      PK_UNROLL for (int t = 0; t < N; t++) low[t] = to_f32(acc[t]);
    } else {
      clear(low);
      constexpr int kFirst[4] = {0, 1, 4, 5};
      const float* floats = reinterpret_cast<const float*>(sums);
      PK_UNROLL for (int j = 0; j < 4; j++) {
        F32 first, second;
        pair_to_f32(minima[j], first, second);
        PK_UNROLL for (int t = 0; t < N; t++) {
          low[t] = fma(first, set1(floats[kFirst[j] * stride + t]), low[t]);
          low[t] = fma(second, set1(floats[(kFirst[j] + 2) * stride + t]), low[t]);
        }
      }
    }
  }

  template <int N, int kParts>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    const int32_t* x = a.x;
    const int32_t* sums = a.sums;
    const float* dx = a.dx;
    const int64_t stride = a.stride, to_low = a.to_low, ahead = a.ahead;
    for (int64_t at = 0; at < k; at += 256) {
      F32 scales[8];
      I32 minima[4];
      const F32 d = load_f16(w), dmin = load_f16(w + 32);
      load_scales_minima(w + 64, scales, minima);
      fetch_ahead<N, 256>(w, ahead);
      w += 256;
      F32 part[N];
      clear(part);
#pragma GCC unroll 1  // eight in a row spill: on ARM a super-block was twice as many instructions
      for (int g = 0; g < 8; g++) {
        settle(w);
        fetch_ahead<N, kGroupBytes>(w, ahead);
        if constexpr (kHighBit) {
          const U8 plane = load_u8(w);
          const uint8_t* codes = w + 64;
          add_group<31, 8, false, kParts>(part, scales[g], [&](auto s) PK_LAMBDA_INLINE {
            return with_bit4<decltype(s)::value>(nibbles_of<decltype(s)::value>(codes), plane);
          }, x, to_low, stride, nullptr);
        } else {
          const uint8_t* codes = w;
          add_group<15, 8, false, kParts>(part, scales[g], [&](auto s) PK_LAMBDA_INLINE {
            return nibbles_of<decltype(s)::value>(codes);
          }, x, to_low, stride, nullptr);
        }
        w += kGroupBytes;
        x += 8 * stride;
      }
      F32 low[N];
      lowered<kParts>(low, minima, sums, stride);
      PK_UNROLL for (int t = 0; t < N; t++) {
        const F32 block = fnma(low[t], dmin, mul(part[t], d));
        sum[t] = fma(block, set1(dx[t]), sum[t]);
      }
      sums += (kParts == 1 ? 4 : 8) * stride;
      dx += stride;
    }
  }
};

// Q6_K: pairs of super-blocks share a header of d; 16 groups of 16.
struct SuperBlock6 {
  template <int N, int kParts>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    const int32_t* x = a.x;
    const int32_t* sums = a.sums;
    const float* dx = a.dx;
    const int64_t stride = a.stride, to_low = a.to_low, ahead = a.ahead;
    const uint8_t* header = w;
    for (int64_t block = 0; block < k / 256; block++) {
      if (block % 2 == 0) {
        header = w;
        w += 64;
      }
      const F32 d = load_f16(header + 32 * (block % 2));
      const uint8_t* scales = w;
      w += 256;
      F32 part[N];
      clear(part);
      fetch_ahead<N, 256>(scales, ahead);
      for (int g = 0; g < 16; g++) {
        settle(w);
        fetch_ahead<N, 192>(w, ahead);
        const U8 plane = load_u8(w);
        const uint8_t* codes = w + 64;
        const F32 scale = mul(d, load_i8(scales + 16 * g));
        add_group<63, 4, true, kParts>(part, scale, [&](auto s) PK_LAMBDA_INLINE {
          return with_bits45<decltype(s)::value>(nibbles_of<decltype(s)::value>(codes), plane);
        }, x, to_low, stride, sums);
        w += 192;
        x += 4 * stride;
        sums += stride;
      }
      add_block(sum, part, dx);
      dx += stride;
    }
  }
};

// What the formats with groups of 32 differ in. A header holds the scales of kHeaderGroups
// groups; `codes` gives one k-step.
struct Q4_0Group {
  static constexpr uint32_t kSums = kSums32x8;  // names the offset of its codes
  static constexpr int kHeaderGroups = 2, kBytes = 256, kMaxCode = 15;
  static constexpr bool kOffsetInSums = true;
  PK_INLINE static F32 scale(const uint8_t* header, int index) { return load_f16(header + 32 * index); }
  template <int s> PK_INLINE static U8 codes(const uint8_t* w) { return nibbles_of<s>(w); }
};
struct Q5_0Group {
  static constexpr uint32_t kSums = kSums32x16;  // names the offset of its codes
  static constexpr int kHeaderGroups = 2, kBytes = 320, kMaxCode = 31;
  static constexpr bool kOffsetInSums = true;
  PK_INLINE static F32 scale(const uint8_t* header, int index) { return load_f16(header + 32 * index); }
  template <int s> PK_INLINE static U8 codes(const uint8_t* w) {
    return with_bit4<s>(nibbles_of<s>(w + 64), load_u8(w));
  }
};
struct Q8_0Group {
  static constexpr uint32_t kSums = kSums32x128;  // names the offset of its codes
  static constexpr int kHeaderGroups = 2, kBytes = 512, kMaxCode = 255;
  static constexpr bool kOffsetInSums = !kSignedCodes;
  PK_INLINE static F32 scale(const uint8_t* header, int index) { return load_f16(header + 32 * index); }
  template <int s> PK_INLINE static U8 codes(const uint8_t* w) {
    const U8 c = load_u8(w + s * 64);
    return kSignedCodes ? flip_top_bit(c) : c;
  }
};
// E2M1's magnitudes doubled, and 12 added so that none is negative.
alignas(16) constexpr uint8_t kE2M1[16] = {12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0};
struct MXFP4Group {
  static constexpr uint32_t kSums = kSums32x12;  // names the offset of its codes
  static constexpr int kHeaderGroups = 4, kBytes = 256, kMaxCode = 24;
  static constexpr bool kOffsetInSums = true;
  PK_INLINE static F32 scale(const uint8_t* header, int index) {
    return load_e8m0_half(header + 16 * index);
  }
  template <int s> PK_INLINE static U8 codes(const uint8_t* w) { return look_up(nibbles_of<s>(w), kE2M1); }
};
// IQ4_NL's table with 128 added (ggml's docs, kvalues_iq4nl).
alignas(16) constexpr uint8_t kIQ4[16] = {1,   24,  45,  63,  79,  93,  106, 118,
                                          129, 141, 153, 166, 181, 197, 217, 241};
struct IQ4_NLGroup {
  static constexpr uint32_t kSums = kSums32x128;  // names the offset of its codes
  static constexpr int kHeaderGroups = 2, kBytes = 256, kMaxCode = 255;
  static constexpr bool kOffsetInSums = !kSignedCodes;
  PK_INLINE static F32 scale(const uint8_t* header, int index) { return load_f16(header + 32 * index); }
  template <int s> PK_INLINE static U8 codes(const uint8_t* w) {
    const U8 c = look_up(nibbles_of<s>(w), kIQ4);
    return kSignedCodes ? flip_top_bit(c) : c;
  }
};

// Groups of 32 with one scale each.
template <class G>
struct Symmetric32 {
  template <int N, int kParts>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    const int32_t* x = a.x;
    const int32_t* sums = a.sums;
    const float* dx = a.dx;
    const int64_t stride = a.stride, to_low = a.to_low, ahead = a.ahead;
    const int groups_a_block = a.block / 32;
    const int64_t groups = k / 32;
    const uint8_t* header = w;
    for (int64_t g = 0; g < groups;) {
      F32 part[N];
      clear(part);
      for (int i = 0; i < groups_a_block; i++, g++) {
        if (g % G::kHeaderGroups == 0) {
          header = w;
          w += 64;
        }
        const F32 scale = G::scale(header, static_cast<int>(g % G::kHeaderGroups));
        settle(w);
        fetch_ahead<N, G::kBytes>(w, ahead);
        add_group<G::kMaxCode, 8, G::kOffsetInSums, kParts>(part, scale, [&](auto s) PK_LAMBDA_INLINE {
          return G::template codes<decltype(s)::value>(w);
        }, x, to_low, stride, sums);
        w += G::kBytes;
        x += 8 * stride;
        sums += stride;
      }
      add_block(sum, part, dx);
      dx += stride;
    }
  }
};

// Q4_1: a scale and a minimum for each group of 32; the float sums hold Σx.
struct Affine32 {
  template <int N, int kParts>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    const int32_t* x = a.x;
    const float* sums = reinterpret_cast<const float*>(a.sums);
    const float* dx = a.dx;
    const int64_t stride = a.stride, to_low = a.to_low, ahead = a.ahead;
    const int groups_a_block = a.block / 32;
    for (int64_t at = 0; at < k; at += a.block) {
      F32 part[N];
      clear(part);
      for (int i = 0; i < groups_a_block; i++) {
        const F32 d = load_f16(w), m = load_f16(w + 32);
        settle(w);
        fetch_ahead<N, 320>(w, ahead);
        add_group<15, 8, false, kParts>(part, d, [&](auto s) PK_LAMBDA_INLINE {
          return nibbles_of<decltype(s)::value>(w + 64);
        }, x, to_low, stride, nullptr);
        PK_UNROLL for (int t = 0; t < N; t++) part[t] = fma(m, set1(sums[t]), part[t]);
        w += 320;
        x += 8 * stride;
        sums += stride;
      }
      add_block(sum, part, dx);
      dx += stride;
    }
  }
};

// The carriers: float32 scales of groups of 16, with minima or with an offset of 128.
template <bool kAffine>
struct Carrier16 {
  template <int N, int kParts>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    const int32_t* x = a.x;
    const int32_t* sums = a.sums;
    const float* dx = a.dx;
    const int64_t stride = a.stride, to_low = a.to_low, ahead = a.ahead;
    const int groups_a_block = a.block / 16;
    for (int64_t at = 0; at < k; at += a.block) {
      F32 part[N];
      clear(part);
      for (int i = 0; i < groups_a_block; i++) {
        const F32 scale = load(reinterpret_cast<const float*>(w));
        const uint8_t* codes = w + (kAffine ? 128 : 64);
        settle(codes);
        fetch_ahead<N, (kAffine ? 384 : 320)>(w, ahead);
        add_group<kAffine ? 31 : 255, 4, !kAffine && !kSignedCodes, kParts>(
            part, scale, [&](auto s) PK_LAMBDA_INLINE {
              const U8 c = load_u8(codes + decltype(s)::value * 64);
              return !kAffine && kSignedCodes ? flip_top_bit(c) : c;
            }, x, to_low, stride, sums);
        if constexpr (kAffine) {
          const F32 low = load(reinterpret_cast<const float*>(w + 64));
          PK_UNROLL for (int t = 0; t < N; t++)
            part[t] = fnma(low, set1(reinterpret_cast<const float*>(sums)[t]), part[t]);
        }
        w = codes + 256;
        x += 4 * stride;
        sums += stride;
      }
      add_block(sum, part, dx);
      dx += stride;
    }
  }
};

// Unquantized weights times float activations, rows `stride` floats apart.
template <int32_t format, int N>
PK_INLINE void float_panel(const uint8_t* w, int64_t k, const float* x, int64_t stride, F32 (&sum)[N]) {
  clear(sum);
  for (int64_t at = 0; at < k; at++) {
    F32 value;
    if constexpr (format == kF32) {
      value = load(reinterpret_cast<const float*>(w + at * 64));
    } else if constexpr (format == kF16) {
      value = load_f16(w + at * 32);
    } else {
      value = bf16_of_pair(load_pairs(w + (at / 2) * 64), at % 2 != 0);
    }
    PK_UNROLL for (int t = 0; t < N; t++) sum[t] = fma(value, set1(x[t * stride + at]), sum[t]);
  }
}

}  // namespace PK_LEVEL
}  // namespace pk
