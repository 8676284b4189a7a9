// Vectors of 16 lanes in two 256-bit registers: AVX2, FMA, F16C, and VNNI where there is it.
//
// The vocabulary is that of simd/avx512.h, and so are the bits of every element-wise result.
// With PK_VNNI, `vpdpbusd` is taken in its VEX form (AVX-VNNI, -mavxvnni) or, where a machine
// has AVX-512 instead, in its EVEX form (-mavx512vnni -mavx512vl): the same body, so that an
// AVX-512 machine tests what an Alder Lake runs.

struct U8 { __m256i v[2]; };  // 64 codes: byte lane·4 + j
struct I32 { __m256i v[2]; };
struct F32 { __m256 v[2]; };

constexpr int kTile = 12;      // tokens of a tile: codes are unpacked once for all of them
constexpr int kAtOnce = 4;     // tokens whose sums are in registers: 8 of 16 registers
constexpr bool kSignedCodes = false;
#define PK_WORD_SUMS !PK_VNNI  // products are added up in 16 bits

PK_INLINE __m256i load_256(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

PK_INLINE U8 load_u8(const uint8_t* p) { return {{load_256(p), load_256(p + 32)}}; }
PK_INLINE __m256i low_nibbles(__m256i a) { return _mm256_and_si256(a, _mm256_set1_epi8(15)); }
PK_INLINE __m256i high_nibbles(__m256i a) { return low_nibbles(_mm256_srli_epi16(a, 4)); }
PK_INLINE U8 low_nibbles(U8 a) { return {{low_nibbles(a.v[0]), low_nibbles(a.v[1])}}; }
PK_INLINE U8 high_nibbles(U8 a) { return {{high_nibbles(a.v[0]), high_nibbles(a.v[1])}}; }
// a << n, or a >> -n; bits that cross into the neighbouring byte are for the caller to mask.
template <int n>
PK_INLINE __m256i shifted(__m256i a) {
  if constexpr (n >= 0) return _mm256_slli_epi16(a, n);
  else return _mm256_srli_epi16(a, -n);
}
// nibble | bit `s` of `plane` as bit 4.
template <int s>
PK_INLINE U8 with_bit4(U8 nibble, U8 plane) {
  const __m256i bit = _mm256_set1_epi8(16);
  return {{_mm256_or_si256(nibble.v[0], _mm256_and_si256(shifted<4 - s>(plane.v[0]), bit)),
           _mm256_or_si256(nibble.v[1], _mm256_and_si256(shifted<4 - s>(plane.v[1]), bit))}};
}
// nibble | bits 2s, 2s+1 of `plane` as bits 4, 5.
template <int s>
PK_INLINE U8 with_bits45(U8 nibble, U8 plane) {
  const __m256i bits = _mm256_set1_epi8(48);
  return {{_mm256_or_si256(nibble.v[0], _mm256_and_si256(shifted<4 - 2 * s>(plane.v[0]), bits)),
           _mm256_or_si256(nibble.v[1], _mm256_and_si256(shifted<4 - 2 * s>(plane.v[1]), bits))}};
}
// A table of 16 bytes at each code (codes below 16).
PK_INLINE U8 look_up(U8 codes, const uint8_t* table) {
  const __m256i t = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table)));
  return {{_mm256_shuffle_epi8(t, codes.v[0]), _mm256_shuffle_epi8(t, codes.v[1])}};
}
PK_INLINE U8 flip_top_bit(U8 a) {
  const __m256i top = _mm256_set1_epi8(-128);
  return {{_mm256_xor_si256(a.v[0], top), _mm256_xor_si256(a.v[1], top)}};
}

PK_INLINE I32 zero_i32() { return {{_mm256_setzero_si256(), _mm256_setzero_si256()}}; }
PK_INLINE I32 set1_i32(int32_t x) { return {{_mm256_set1_epi32(x), _mm256_set1_epi32(x)}}; }
PK_INLINE F32 zero_f32() { return {{_mm256_setzero_ps(), _mm256_setzero_ps()}}; }
PK_INLINE F32 set1(float x) { return {{_mm256_set1_ps(x), _mm256_set1_ps(x)}}; }
PK_INLINE F32 load(const float* p) { return {{_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}}; }
PK_INLINE void store(float* p, F32 a) {
  _mm256_storeu_ps(p, a.v[0]);
  _mm256_storeu_ps(p + 8, a.v[1]);
}
PK_INLINE __m128i load_128(const void* p, int index) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p) + index);
}
PK_INLINE F32 load_f16(const void* p) {
  return {{_mm256_cvtph_ps(load_128(p, 0)), _mm256_cvtph_ps(load_128(p, 1))}};
}
// 16 bfloat16 values → float.
PK_INLINE __m256 bf16_to_f32(__m128i a) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(a), 16));
}
PK_INLINE F32 load_bf16(const void* p) {
  return {{bf16_to_f32(load_128(p, 0)), bf16_to_f32(load_128(p, 1))}};
}
// The upper half of each float, rounded to nearest even, in the upper half of each lane; the
// lower holds what was cut off.
PK_INLINE __m256i round_to_bf16(__m256 a) {
  const __m256i bits = _mm256_castps_si256(a);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  return _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
}
PK_INLINE void store_bf16(void* p, F32 a) {
  const __m256i packed = _mm256_packus_epi32(_mm256_srli_epi32(round_to_bf16(a.v[0]), 16),
                                             _mm256_srli_epi32(round_to_bf16(a.v[1]), 16));
  _mm256_storeu_si256(static_cast<__m256i*>(p), _mm256_permute4x64_epi64(packed, 0xd8));
}
PK_INLINE F32 load_i8(const void* p) {
  const __m128i a = load_128(p, 0);
  return {{_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(a)),
           _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(a, 8)))}};
}
// E8M0 exponents of MXFP4, halved as its table holds doubled values: 2^(e - 128).
PK_INLINE __m256 e8m0_half(__m128i bytes) {
  const __m256i e = _mm256_cvtepu8_epi32(bytes);
  const __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23);
  const __m256i tiny = _mm256_sllv_epi32(_mm256_set1_epi32(0x00200000), e);  // e < 2: subnormal
  const __m256i small = _mm256_cmpgt_epi32(_mm256_set1_epi32(2), e);
  return _mm256_castsi256_ps(_mm256_blendv_epi8(normal, tiny, small));
}
PK_INLINE F32 load_e8m0_half(const void* p) {
  const __m128i a = load_128(p, 0);
  return {{e8m0_half(a), e8m0_half(_mm_srli_si128(a, 8))}};
}
PK_INLINE F32 to_f32(I32 a) { return {{_mm256_cvtepi32_ps(a.v[0]), _mm256_cvtepi32_ps(a.v[1])}}; }
PK_INLINE F32 add(F32 a, F32 b) { return {{_mm256_add_ps(a.v[0], b.v[0]), _mm256_add_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 sub(F32 a, F32 b) { return {{_mm256_sub_ps(a.v[0], b.v[0]), _mm256_sub_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 mul(F32 a, F32 b) { return {{_mm256_mul_ps(a.v[0], b.v[0]), _mm256_mul_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 div(F32 a, F32 b) { return {{_mm256_div_ps(a.v[0], b.v[0]), _mm256_div_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 max(F32 a, F32 b) { return {{_mm256_max_ps(a.v[0], b.v[0]), _mm256_max_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 min(F32 a, F32 b) { return {{_mm256_min_ps(a.v[0], b.v[0]), _mm256_min_ps(a.v[1], b.v[1])}}; }
PK_INLINE F32 abs(F32 a) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return {{_mm256_andnot_ps(sign, a.v[0]), _mm256_andnot_ps(sign, a.v[1])}};
}
// a·b + c and c - a·b, rounded once.
PK_INLINE F32 fma(F32 a, F32 b, F32 c) {
  return {{_mm256_fmadd_ps(a.v[0], b.v[0], c.v[0]), _mm256_fmadd_ps(a.v[1], b.v[1], c.v[1])}};
}
PK_INLINE F32 fnma(F32 a, F32 b, F32 c) {
  return {{_mm256_fnmadd_ps(a.v[0], b.v[0], c.v[0]), _mm256_fnmadd_ps(a.v[1], b.v[1], c.v[1])}};
}
PK_INLINE F32 round(F32 a) {
  constexpr int kEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {{_mm256_round_ps(a.v[0], kEven), _mm256_round_ps(a.v[1], kEven)}};
}
// a · 2^n, n whole. In two halves, so that a result below the smallest normal is rounded once.
PK_INLINE __m256 scale_by_power(__m256 a, __m256 n) {
  n = _mm256_max_ps(_mm256_min_ps(n, _mm256_set1_ps(252.0f)), _mm256_set1_ps(-252.0f));
  const __m256i whole = _mm256_cvtps_epi32(n), half = _mm256_srai_epi32(whole, 1);
  const __m256i bias = _mm256_set1_epi32(127);
  const __m256i first = _mm256_slli_epi32(_mm256_add_epi32(half, bias), 23);
  const __m256i second = _mm256_slli_epi32(_mm256_add_epi32(_mm256_sub_epi32(whole, half), bias), 23);
  return _mm256_mul_ps(_mm256_mul_ps(a, _mm256_castsi256_ps(first)), _mm256_castsi256_ps(second));
}
PK_INLINE F32 scale_by_power(F32 a, F32 n) {
  return {{scale_by_power(a.v[0], n.v[0]), scale_by_power(a.v[1], n.v[1])}};
}
// Lanes i and i + 8, then i + 4, i + 2, i + 1: the order of AVX-512's reduction.
PK_INLINE float sum_lanes(F32 a) {
  const __m256 eight = _mm256_add_ps(a.v[0], a.v[1]);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
PK_INLINE float max_lanes(F32 a) {
  const __m256 eight = _mm256_max_ps(a.v[0], a.v[1]);
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
// 16 floats rounded to nearest even, as int8 (they fit).
PK_INLINE void store_i8(int8_t* p, F32 a) {
  const __m256i byte = _mm256_set1_epi32(255);
  const __m256i words = _mm256_packus_epi32(_mm256_and_si256(_mm256_cvtps_epi32(a.v[0]), byte),
                                            _mm256_and_si256(_mm256_cvtps_epi32(a.v[1]), byte));
  const __m256i order = _mm256_permute4x64_epi64(words, 0xd8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                   _mm_packus_epi16(_mm256_castsi256_si128(order), _mm256_extracti128_si256(order, 1)));
}
PK_INLINE int32_t sum_rounded(F32 a) {
  const __m256i eight = _mm256_add_epi32(_mm256_cvtps_epi32(a.v[0]), _mm256_cvtps_epi32(a.v[1]));
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
}

// acc + a pair of int16 in each lane times the pair at x.
PK_INLINE void dot_pair(I32& acc, I32 pairs, const int32_t* x) {
  const __m256i b = _mm256_set1_epi32(*x);
  PK_UNROLL for (int h = 0; h < 2; h++)
    acc.v[h] = _mm256_add_epi32(acc.v[h], _mm256_madd_epi16(pairs.v[h], b));
}

// Q4_K's and Q5_K's 6-bit planes (layout version 1), one half of the rows: scales 0 to 3 and 4 to
// 7 of each row in the bytes of a lane, and four pairs of minima.
PK_INLINE void load_planes(const uint8_t* p, __m256i (&scales)[2], I32 (&minima)[4], int h) {
  const __m256i k63 = _mm256_set1_epi8(63), k3 = _mm256_set1_epi8(3), low = _mm256_set1_epi16(255);
  const __m256i k12 = _mm256_set1_epi8(12), k48 = _mm256_set1_epi8(48);
  const __m256i a = load_256(p + 32 * h), b = load_256(p + 64 + 32 * h), c = load_256(p + 128 + 32 * h);
  const __m256i m0 = _mm256_and_si256(c, k63);
  const __m256i m1 = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(a, 6), k3),
                                     _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(b, 4), k12),
                                                     _mm256_and_si256(_mm256_srli_epi16(c, 2), k48)));
  scales[0] = _mm256_and_si256(a, k63);
  scales[1] = _mm256_and_si256(b, k63);
  minima[0].v[h] = _mm256_and_si256(m0, low);
  minima[1].v[h] = _mm256_srli_epi16(m0, 8);
  minima[2].v[h] = _mm256_and_si256(m1, low);
  minima[3].v[h] = _mm256_srli_epi16(m1, 8);
}
// Eight scales as float, four pairs of minima.
PK_INLINE void load_scales_minima(const uint8_t* p, F32 (&scales)[8], I32 (&minima)[4]) {
  const __m256i ff = _mm256_set1_epi32(255);
  PK_UNROLL for (int h = 0; h < 2; h++) {
    __m256i s[2];
    load_planes(p, s, minima, h);
    PK_UNROLL for (int g = 0; g < 8; g++)
      scales[g].v[h] = _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(s[g / 4], 8 * (g % 4)), ff));
  }
}
// Keeps gcc from turning a sum in order into a tree of twice as many live registers, all of
// them spilled: Q4_K went from 165 to 250 GOPS.
PK_INLINE void pin(__m256i& a) { asm("" : "+x"(a)); }
// And from reading a vector of codes anew for every token.
PK_INLINE void pin(U8& a) {
  pin(a.v[0]);
  pin(a.v[1]);
}

#if PK_VNNI
PK_INLINE __m256i dot_step(__m256i acc, __m256i codes, __m256i x) {
#if defined(__AVXVNNI__)
  return _mm256_dpbusd_avx_epi32(acc, codes, x);
#else
  return _mm256_dpbusd_epi32(acc, codes, x);
#endif
}
// acc[t] += Σ over kSteps k-steps of codes(step) · x[step·stride + t]; codes at most kMaxCode.
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
  pk::unroll<kSteps>([&](auto step) PK_LAMBDA_INLINE {
    U8 a = codes(step);
    pin(a);
    PK_UNROLL for (int t = 0; t < N; t++) {
      const __m256i b = _mm256_set1_epi32(x[t]);
      PK_UNROLL for (int h = 0; h < 2; h++) acc[t].v[h] = dot_step(acc[t].v[h], a.v[h], b);
    }
    x += stride;
  });
}
#else
#include "simd/avx2_words.h"
#include "simd/avx2_runs.h"
#endif

// acc + Σ of two bfloat16 products in each lane; x: one pair, the same for every lane.
struct BF16Pairs { __m256i v[2]; };
PK_INLINE BF16Pairs load_pairs(const void* p) {
  return {{load_256(p), load_256(static_cast<const char*>(p) + 32)}};
}
PK_INLINE __m256 low_bf16(__m256i pairs) { return _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16)); }
PK_INLINE __m256 high_bf16(__m256i pairs) {
  return _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xffff0000))));
}
PK_INLINE void add_products(F32& acc, BF16Pairs a, __m256i b) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    acc.v[h] = _mm256_fmadd_ps(low_bf16(a.v[h]), low_bf16(b), acc.v[h]);
    acc.v[h] = _mm256_fmadd_ps(high_bf16(a.v[h]), high_bf16(b), acc.v[h]);
  }
}
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, const int32_t* x) {
  add_products(acc, a, _mm256_set1_epi32(*x));
}
// The pair at x for all lanes, for several products.
struct SamePairs { __m256i v; };
PK_INLINE SamePairs same_pairs(const int32_t* x) { return {_mm256_set1_epi32(*x)}; }
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, SamePairs b) { add_products(acc, a, b.v); }
// Two rows of bfloat16 [32] as pairs (a[i], b[i]): lanes 0-15, then 16-31.
PK_INLINE void zip_pairs(const uint16_t* a, const uint16_t* b, BF16Pairs& first, BF16Pairs& second) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    const __m256i x = load_256(a + 16 * h), y = load_256(b + 16 * h);
    const __m256i lo = _mm256_unpacklo_epi16(x, y), hi = _mm256_unpackhi_epi16(x, y);
    BF16Pairs& to = h ? second : first;
    to.v[0] = _mm256_permute2x128_si256(lo, hi, 0x20);
    to.v[1] = _mm256_permute2x128_si256(lo, hi, 0x31);
  }
}
// Two floats as a pair of bfloat16 in each lane (a low, b high), rounded to nearest even.
PK_INLINE void store_pairs(int32_t* p, F32 a, F32 b) {
  const __m256i high = _mm256_set1_epi32(static_cast<int>(0xffff0000));
  PK_UNROLL for (int h = 0; h < 2; h++) {
    const __m256i low = _mm256_srli_epi32(round_to_bf16(a.v[h]), 16);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p) + h,
                        _mm256_or_si256(low, _mm256_and_si256(round_to_bf16(b.v[h]), high)));
  }
}
// The first or second value of each pair as float.
PK_INLINE F32 bf16_of_pair(BF16Pairs a, bool second) {
  return {{second ? high_bf16(a.v[0]) : low_bf16(a.v[0]), second ? high_bf16(a.v[1]) : low_bf16(a.v[1])}};
}
// Sums of 16 neighbouring int8, for 256 of them.
PK_INLINE void sums_of_16(const int8_t* codes, int32_t* sums) {
  const __m256i flip = _mm256_set1_epi8(-128), zero = _mm256_setzero_si256();
  PK_UNROLL for (int i = 0; i < 256; i += 64) {
    // Σ (code + 128) of 8 in each 64-bit lane; 0, 2, 1, 3 after the packing by 128-bit lanes.
    const __m256i a = _mm256_sad_epu8(_mm256_xor_si256(load_256(codes + i), flip), zero);
    const __m256i b = _mm256_sad_epu8(_mm256_xor_si256(load_256(codes + i + 32), flip), zero);
    const __m256i both = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    const __m256i order = _mm256_permutevar8x32_epi32(both, _mm256_setr_epi32(0, 4, 2, 6, 0, 0, 0, 0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(sums + i / 16),
                     _mm_sub_epi32(_mm256_castsi256_si128(order), _mm_set1_epi32(16 * 128)));
  }
}
// Byte j of each lane's four codes, unsigned.
template <int j>
PK_INLINE F32 byte_to_f32(U8 a) {
  const __m256i ff = _mm256_set1_epi32(255);
  return {{_mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(a.v[0], 8 * j), ff)),
           _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(a.v[1], 8 * j), ff))}};
}
// acc + Σ of two products in each lane, where lane i takes pair i % kWide of the kWide (1, 2, 4)
// at x: so kWide lanes share a row's dot product, and `fold_lanes` adds them up.
template <int kWide>
PK_INLINE void dot_bf16_wide(F32& acc, BF16Pairs a, const int32_t* x) {
  __m256i b;
  if constexpr (kWide == 1) {
    b = _mm256_set1_epi32(*x);
  } else if constexpr (kWide == 2) {
    int64_t both;
    std::memcpy(&both, x, 8);
    b = _mm256_set1_epi64x(both);
  } else {
    b = _mm256_broadcastsi128_si256(load_128(x, 0));
  }
  add_products(acc, a, b);
}
// Each lane becomes the sum of its kWide (1, 2, 4) neighbours, the same for all of them.
template <int kWide>
PK_INLINE F32 fold_lanes(F32 a) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    if constexpr (kWide >= 2) a.v[h] = _mm256_add_ps(a.v[h], _mm256_permute_ps(a.v[h], 0xb1));
    if constexpr (kWide >= 4) a.v[h] = _mm256_add_ps(a.v[h], _mm256_permute_ps(a.v[h], 0x4e));
  }
  return a;
}
// a · 128 + b.
PK_INLINE I32 shift_7_add(I32 a, I32 b) {
  return {{_mm256_add_epi32(_mm256_slli_epi32(a.v[0], 7), b.v[0]),
           _mm256_add_epi32(_mm256_slli_epi32(a.v[1], 7), b.v[1])}};
}
// The low and the high int16 of each lane as floats; neither is negative.
PK_INLINE void pair_to_f32(I32 pairs, F32& low, F32& high) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    low.v[h] = _mm256_cvtepi32_ps(_mm256_and_si256(pairs.v[h], _mm256_set1_epi32(0xffff)));
    high.v[h] = _mm256_cvtepi32_ps(_mm256_srli_epi32(pairs.v[h], 16));
  }
}
