// A packed panel's values as float, [k][16 rows]: for products that run across the panel.
#pragma once
#include "body/formats.h"

namespace pk {
namespace PK_LEVEL {

// One k-step: out [4][16] = scale · (code - offset) - minimum.
PK_INLINE void step_values(U8 codes, float offset, F32 scale, F32 minimum, float* out) {
  pk::unroll<4>([&](auto j) PK_LAMBDA_INLINE {
    const F32 code = sub(byte_to_f32<decltype(j)::value>(codes), set1(offset));
    store(out + 16 * decltype(j)::value, fnma(set1(1.0f), minimum, mul(code, scale)));
  });
}

template <bool kHighBit>
inline void super_block_values(const uint8_t* w, int64_t k, float* out) {
  constexpr int32_t kLow = 1, kHigh = 1 << 16;
  constexpr int kPair[8] = {0, 1, 0, 1, 2, 3, 2, 3};  // minima: (0,2) (1,3) (4,6) (5,7)
  for (int64_t at = 0; at < k; at += 256) {
    F32 scales[8];
    I32 minima[4];
    const F32 d = load_f16(w), dmin = load_f16(w + 32);
    load_scales_minima(w + 64, scales, minima);
    w += 256;
    for (int g = 0; g < 8; g++) {
      I32 low = zero_i32();
      dot_pair(low, minima[kPair[g]], g % 4 < 2 ? &kLow : &kHigh);
      const F32 scale = mul(d, scales[g]), minimum = mul(dmin, to_f32(low));
      pk::unroll<8>([&](auto s) PK_LAMBDA_INLINE {
        constexpr int step = decltype(s)::value;
        U8 codes = nibbles_of<step>(w + (kHighBit ? 64 : 0));
        if constexpr (kHighBit) codes = with_bit4<step>(codes, load_u8(w));
        step_values(codes, 0.0f, scale, minimum, out + 64 * step);
      });
      w += kHighBit ? 320 : 256;
      out += 32 * 16;
    }
  }
}

inline void super_block_6_values(const uint8_t* w, int64_t k, float* out) {
  const uint8_t* header = w;
  for (int64_t block = 0; block < k / 256; block++) {
    if (block % 2 == 0) {
      header = w;
      w += 64;
    }
    const F32 d = load_f16(header + 32 * (block % 2));
    const uint8_t* scales = w;
    w += 256;
    for (int g = 0; g < 16; g++, w += 192, out += 16 * 16) {
      const F32 scale = mul(d, load_i8(scales + 16 * g));
      pk::unroll<4>([&](auto s) PK_LAMBDA_INLINE {
        constexpr int step = decltype(s)::value;
        step_values(with_bits45<step>(nibbles_of<step>(w + 64), load_u8(w)), 32.0f, scale,
                    zero_f32(), out + 64 * step);
      });
    }
  }
}

// What a format's unsigned codes are above its values.
template <class G>
constexpr float kAbove = 128.0f;
template <>
inline constexpr float kAbove<Q4_0Group> = 8.0f;
template <>
inline constexpr float kAbove<Q5_0Group> = 16.0f;
template <>
inline constexpr float kAbove<MXFP4Group> = 12.0f;

template <class G>
inline void symmetric_values(const uint8_t* w, int64_t k, float* out) {
  const uint8_t* header = w;
  for (int64_t g = 0; g < k / 32; g++, w += G::kBytes, out += 32 * 16) {
    if (g % G::kHeaderGroups == 0) {
      header = w;
      w += 64;
    }
    const F32 scale = G::scale(header, static_cast<int>(g % G::kHeaderGroups));
    pk::unroll<8>([&](auto s) PK_LAMBDA_INLINE {
      constexpr int step = decltype(s)::value;
      U8 codes = G::template codes<step>(w);
      if constexpr (!G::kOffsetInSums) codes = flip_top_bit(codes);  // unsigned again
      step_values(codes, kAbove<G>, scale, zero_f32(), out + 64 * step);
    });
  }
}

inline void affine_32_values(const uint8_t* w, int64_t k, float* out) {
  for (int64_t g = 0; g < k / 32; g++, w += 320, out += 32 * 16) {
    const F32 scale = load_f16(w), minimum = sub(zero_f32(), load_f16(w + 32));
    pk::unroll<8>([&](auto s) PK_LAMBDA_INLINE {
      constexpr int step = decltype(s)::value;
      step_values(nibbles_of<step>(w + 64), 0.0f, scale, minimum, out + 64 * step);
    });
  }
}

template <bool kAffine>
inline void carrier_values(const uint8_t* w, int64_t k, float* out) {
  constexpr int kHeader = kAffine ? 128 : 64;
  for (int64_t g = 0; g < k / 16; g++, w += kHeader + 256, out += 16 * 16) {
    const auto* floats = reinterpret_cast<const float*>(w);
    const F32 scale = load(floats), minimum = kAffine ? load(floats + 16) : zero_f32();
    for (int step = 0; step < 4; step++)
      step_values(load_u8(w + kHeader + 64 * step), kAffine ? 0.0f : 128.0f, scale, minimum,
                  out + 64 * step);
  }
}

inline void float_values(int32_t format, const uint8_t* w, int64_t k, float* out) {
  for (int64_t i = 0; i < k; i++) {
    F32 value;
    if (format == kF32) value = load(reinterpret_cast<const float*>(w + i * 64));
    else if (format == kF16) value = load_f16(w + i * 32);
    else value = bf16_of_pair(load_pairs(w + i / 2 * 64), i % 2 != 0);
    store(out + 16 * i, value);
  }
}

inline void panel_values(int32_t format, const uint8_t* w, int64_t k, float* out) {
  switch (format) {
    case kQ4_K: return super_block_values<false>(w, k, out);
    case kQ5_K: return super_block_values<true>(w, k, out);
    case kQ6_K: return super_block_6_values(w, k, out);
    case kQ4_0: return symmetric_values<Q4_0Group>(w, k, out);
    case kQ4_1: return affine_32_values(w, k, out);
    case kQ5_0: return symmetric_values<Q5_0Group>(w, k, out);
    case kQ8_0: return symmetric_values<Q8_0Group>(w, k, out);
    case kMXFP4: return symmetric_values<MXFP4Group>(w, k, out);
    case kIQ4_NL: return symmetric_values<IQ4_NLGroup>(w, k, out);
    case kS8G16: return carrier_values<false>(w, k, out);
    case kA8G16: return carrier_values<true>(w, k, out);
    default: return float_values(format, w, k, out);
  }
}

}  // namespace PK_LEVEL
}  // namespace pk
