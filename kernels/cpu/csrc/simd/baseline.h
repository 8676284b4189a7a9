// Vectors of 16 lanes in four 128-bit registers, with SSE2 alone: every 64-bit x86 processor.
//
// Slow but right: for processors without AVX2, and they say so. The vocabulary is that of
// simd/avx512.h. One difference: there is no fused multiply-add, so `fma` and `fnma` round
// twice here, and results differ from the other levels' in the last bits.

struct U8 { __m128i v[4]; };  // 64 codes: byte lane·4 + j
struct I32 { __m128i v[4]; };
struct F32 { __m128 v[4]; };

constexpr int kTile = 4;
constexpr int kAtOnce = kTile;
constexpr bool kSignedCodes = false;  // products are made in 16 bits, where 255 fits

// f(0) … f(3), one register each.
template <class F>
PK_INLINE U8 each_u8(F f) { return {{f(0), f(1), f(2), f(3)}}; }
template <class F>
PK_INLINE I32 each_i32(F f) { return {{f(0), f(1), f(2), f(3)}}; }
template <class F>
PK_INLINE F32 each_f32(F f) { return {{f(0), f(1), f(2), f(3)}}; }
#define PK_EACH [&](int q) PK_LAMBDA_INLINE

PK_INLINE __m128i load_128(const void* p, int index) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p) + index);
}
PK_INLINE void store_128(void* p, int index, __m128i a) {
  _mm_storeu_si128(static_cast<__m128i*>(p) + index, a);
}
PK_INLINE __m128i select(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

PK_INLINE U8 load_u8(const uint8_t* p) { return each_u8(PK_EACH { return load_128(p, q); }); }
PK_INLINE U8 low_nibbles(U8 a) {
  return each_u8(PK_EACH { return _mm_and_si128(a.v[q], _mm_set1_epi8(15)); });
}
PK_INLINE U8 high_nibbles(U8 a) {
  return each_u8(PK_EACH { return _mm_and_si128(_mm_srli_epi16(a.v[q], 4), _mm_set1_epi8(15)); });
}
// a << n, or a >> -n; bits that cross into the neighbouring byte are for the caller to mask.
template <int n>
PK_INLINE __m128i shifted(__m128i a) {
  if constexpr (n >= 0) return _mm_slli_epi16(a, n);
  else return _mm_srli_epi16(a, -n);
}
// nibble | bit `s` of `plane` as bit 4.
template <int s>
PK_INLINE U8 with_bit4(U8 nibble, U8 plane) {
  return each_u8(PK_EACH {
    return _mm_or_si128(nibble.v[q], _mm_and_si128(shifted<4 - s>(plane.v[q]), _mm_set1_epi8(16)));
  });
}
// nibble | bits 2s, 2s+1 of `plane` as bits 4, 5.
template <int s>
PK_INLINE U8 with_bits45(U8 nibble, U8 plane) {
  return each_u8(PK_EACH {
    return _mm_or_si128(nibble.v[q], _mm_and_si128(shifted<4 - 2 * s>(plane.v[q]), _mm_set1_epi8(48)));
  });
}
// A table of 16 bytes at each code (codes below 16); there is no byte shuffle in SSE2.
PK_INLINE U8 look_up(U8 codes, const uint8_t* table) {
  alignas(16) uint8_t at[64];
  for (int q = 0; q < 4; q++) store_128(at, q, codes.v[q]);
  for (int i = 0; i < 64; i++) at[i] = table[at[i]];
  return load_u8(at);
}
PK_INLINE U8 flip_top_bit(U8 a) {
  return each_u8(PK_EACH { return _mm_xor_si128(a.v[q], _mm_set1_epi8(-128)); });
}

PK_INLINE I32 zero_i32() { return each_i32([](int) { return _mm_setzero_si128(); }); }
PK_INLINE I32 set1_i32(int32_t x) { return each_i32([=](int) { return _mm_set1_epi32(x); }); }
PK_INLINE F32 zero_f32() { return each_f32([](int) { return _mm_setzero_ps(); }); }
PK_INLINE F32 set1(float x) { return each_f32([=](int) { return _mm_set1_ps(x); }); }
PK_INLINE F32 load(const float* p) { return each_f32(PK_EACH { return _mm_loadu_ps(p + 4 * q); }); }
PK_INLINE void store(float* p, F32 a) {
  PK_UNROLL for (int q = 0; q < 4; q++) _mm_storeu_ps(p + 4 * q, a.v[q]);
}
// Words of a vector as dwords: four from the low half, or four from the high half.
PK_INLINE __m128i widen_u16(__m128i a, bool high) {
  const __m128i zero = _mm_setzero_si128();
  return high ? _mm_unpackhi_epi16(a, zero) : _mm_unpacklo_epi16(a, zero);
}
// One float16 in each lane's low half → float; subnormals by a product, the rest by its bits.
PK_INLINE __m128 f16_to_f32(__m128i h) {
  const __m128i magnitude = _mm_and_si128(h, _mm_set1_epi32(0x7fff)), shift = _mm_set1_epi32(112 << 23);
  const __m128i special = _mm_cmpgt_epi32(magnitude, _mm_set1_epi32(0x7bff));  // infinity, NaN
  __m128i bits = _mm_add_epi32(_mm_slli_epi32(magnitude, 13), shift);
  bits = _mm_add_epi32(bits, _mm_and_si128(special, shift));
  const __m128 tiny = _mm_mul_ps(_mm_cvtepi32_ps(magnitude), _mm_set1_ps(0x1p-24f));
  bits = select(_mm_cmplt_epi32(magnitude, _mm_set1_epi32(0x400)), _mm_castps_si128(tiny), bits);
  return _mm_castsi128_ps(_mm_or_si128(bits, _mm_slli_epi32(_mm_sub_epi32(h, magnitude), 16)));
}
PK_INLINE F32 load_f16(const void* p) {
  return each_f32(PK_EACH { return f16_to_f32(widen_u16(load_128(p, q / 2), q % 2)); });
}
// 16 bfloat16 values → float.
PK_INLINE F32 load_bf16(const void* p) {
  return each_f32(PK_EACH {
    return _mm_castsi128_ps(_mm_slli_epi32(widen_u16(load_128(p, q / 2), q % 2), 16));
  });
}
// The upper half of each float, rounded to nearest even, in the upper half of each lane; the
// lower holds what was cut off.
PK_INLINE __m128i round_to_bf16(__m128 a) {
  const __m128i bits = _mm_castps_si128(a);
  const __m128i odd = _mm_and_si128(_mm_srli_epi32(bits, 16), _mm_set1_epi32(1));
  return _mm_add_epi32(bits, _mm_add_epi32(odd, _mm_set1_epi32(0x7fff)));
}
PK_INLINE void store_bf16(void* p, F32 a) {
  const I32 r = each_i32(PK_EACH { return _mm_srai_epi32(round_to_bf16(a.v[q]), 16); });
  store_128(p, 0, _mm_packs_epi32(r.v[0], r.v[1]));
  store_128(p, 1, _mm_packs_epi32(r.v[2], r.v[3]));
}
// Bytes in the top of each lane, by fours.
PK_INLINE __m128i bytes_on_top(const void* p, int q) {
  const __m128i zero = _mm_setzero_si128(), a = load_128(p, 0);
  const __m128i words = q < 2 ? _mm_unpacklo_epi8(zero, a) : _mm_unpackhi_epi8(zero, a);
  return q % 2 ? _mm_unpackhi_epi16(zero, words) : _mm_unpacklo_epi16(zero, words);
}
PK_INLINE F32 load_i8(const void* p) {
  return each_f32(PK_EACH { return _mm_cvtepi32_ps(_mm_srai_epi32(bytes_on_top(p, q), 24)); });
}
// E8M0 exponents of MXFP4, halved as its table holds doubled values: 2^(e - 128).
PK_INLINE F32 load_e8m0_half(const void* p) {
  return each_f32(PK_EACH {
    const __m128i e = _mm_srli_epi32(bytes_on_top(p, q), 24), one = _mm_set1_epi32(1);
    const __m128i normal = _mm_slli_epi32(_mm_sub_epi32(e, one), 23);
    const __m128i tiny = _mm_slli_epi32(_mm_add_epi32(e, one), 21);  // e < 2: subnormal
    return _mm_castsi128_ps(select(_mm_cmplt_epi32(e, _mm_set1_epi32(2)), tiny, normal));
  });
}
PK_INLINE F32 to_f32(I32 a) { return each_f32(PK_EACH { return _mm_cvtepi32_ps(a.v[q]); }); }
PK_INLINE F32 add(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_add_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 sub(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_sub_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 mul(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_mul_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 div(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_div_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 max(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_max_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 min(F32 a, F32 b) { return each_f32(PK_EACH { return _mm_min_ps(a.v[q], b.v[q]); }); }
PK_INLINE F32 abs(F32 a) {
  return each_f32(PK_EACH { return _mm_andnot_ps(_mm_set1_ps(-0.0f), a.v[q]); });
}
// a·b + c and c - a·b, rounded twice.
PK_INLINE F32 fma(F32 a, F32 b, F32 c) { return add(mul(a, b), c); }
PK_INLINE F32 fnma(F32 a, F32 b, F32 c) { return sub(c, mul(a, b)); }
// To nearest even; from 2^23 on all floats are whole, and NaN stays.
PK_INLINE F32 round(F32 a) {
  return each_f32(PK_EACH {
    const __m128 sign = _mm_and_ps(a.v[q], _mm_set1_ps(-0.0f)), size = _mm_xor_ps(a.v[q], sign);
    const __m128 whole = _mm_or_ps(_mm_cvtepi32_ps(_mm_cvtps_epi32(a.v[q])), sign);
    const __m128 small = _mm_cmplt_ps(size, _mm_set1_ps(8388608.0f));
    return _mm_or_ps(_mm_and_ps(small, whole), _mm_andnot_ps(small, a.v[q]));
  });
}
// a · 2^n, n whole. In two halves, so that a result below the smallest normal is rounded once.
PK_INLINE F32 scale_by_power(F32 a, F32 n) {
  return each_f32(PK_EACH {
    const __m128 bounded = _mm_max_ps(_mm_min_ps(n.v[q], _mm_set1_ps(252.0f)), _mm_set1_ps(-252.0f));
    const __m128i whole = _mm_cvtps_epi32(bounded), half = _mm_srai_epi32(whole, 1);
    const __m128i bias = _mm_set1_epi32(127);
    const __m128i first = _mm_slli_epi32(_mm_add_epi32(half, bias), 23);
    const __m128i second = _mm_slli_epi32(_mm_add_epi32(_mm_sub_epi32(whole, half), bias), 23);
    return _mm_mul_ps(_mm_mul_ps(a.v[q], _mm_castsi128_ps(first)), _mm_castsi128_ps(second));
  });
}
// Lanes i and i + 8, then i + 4, i + 2, i + 1: the order of AVX-512's reduction.
PK_INLINE float sum_lanes(F32 a) {
  const __m128 four = _mm_add_ps(_mm_add_ps(a.v[0], a.v[2]), _mm_add_ps(a.v[1], a.v[3]));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
PK_INLINE float max_lanes(F32 a) {
  const __m128 four = _mm_max_ps(_mm_max_ps(a.v[0], a.v[2]), _mm_max_ps(a.v[1], a.v[3]));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}
// 16 floats rounded to nearest even, as int8 (they fit).
PK_INLINE void store_i8(int8_t* p, F32 a) {
  const I32 r = each_i32(PK_EACH { return _mm_and_si128(_mm_cvtps_epi32(a.v[q]), _mm_set1_epi32(255)); });
  store_128(p, 0, _mm_packus_epi16(_mm_packs_epi32(r.v[0], r.v[1]), _mm_packs_epi32(r.v[2], r.v[3])));
}
PK_INLINE int32_t sum_rounded(F32 a) {
  const I32 r = each_i32(PK_EACH { return _mm_cvtps_epi32(a.v[q]); });
  __m128i s = _mm_add_epi32(_mm_add_epi32(r.v[0], r.v[1]), _mm_add_epi32(r.v[2], r.v[3]));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
}

// acc + a pair of int16 in each lane times the pair at x.
PK_INLINE void dot_pair(I32& acc, I32 pairs, const int32_t* x) {
  PK_UNROLL for (int q = 0; q < 4; q++)
    acc.v[q] = _mm_add_epi32(acc.v[q], _mm_madd_epi16(pairs.v[q], _mm_set1_epi32(*x)));
}

// acc[t] += Σ over kSteps k-steps of codes(step) · x[step·stride + t]; codes at most kMaxCode.
// In 16 bits: two halves of each row's four products, added up at the end.
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
  const __m128i zero = _mm_setzero_si128();
  __m128i half[N][8];
  for (int t = 0; t < N; t++)
    for (int i = 0; i < 8; i++) half[t][i] = zero;
  pk::unroll<kSteps>([&](auto step) PK_LAMBDA_INLINE {
    const U8 c = codes(step);
    for (int t = 0; t < N; t++) {
      const __m128i bytes = _mm_set1_epi32(x[step * stride + t]);
      const __m128i b = _mm_srai_epi16(_mm_unpacklo_epi8(zero, bytes), 8);
      PK_UNROLL for (int q = 0; q < 4; q++) {
        const __m128i low = _mm_unpacklo_epi8(c.v[q], zero), high = _mm_unpackhi_epi8(c.v[q], zero);
        half[t][2 * q] = _mm_add_epi32(half[t][2 * q], _mm_madd_epi16(low, b));
        half[t][2 * q + 1] = _mm_add_epi32(half[t][2 * q + 1], _mm_madd_epi16(high, b));
      }
    }
  });
  for (int t = 0; t < N; t++) {
    PK_UNROLL for (int q = 0; q < 4; q++) {
      const __m128 a = _mm_castsi128_ps(half[t][2 * q]), b = _mm_castsi128_ps(half[t][2 * q + 1]);
      const __m128i even = _mm_castps_si128(_mm_shuffle_ps(a, b, 0x88));
      const __m128i odd = _mm_castps_si128(_mm_shuffle_ps(a, b, 0xdd));
      acc[t].v[q] = _mm_add_epi32(acc[t].v[q], _mm_add_epi32(even, odd));
    }
  }
}

// Q4_K's and Q5_K's 6-bit planes (layout version 1): eight scales as float, four pairs of minima.
PK_INLINE void load_scales_minima(const uint8_t* p, F32 (&scales)[8], I32 (&minima)[4]) {
  const __m128i k63 = _mm_set1_epi8(63), k3 = _mm_set1_epi8(3), ff = _mm_set1_epi32(255);
  const __m128i k12 = _mm_set1_epi8(12), k48 = _mm_set1_epi8(48), low = _mm_set1_epi16(255);
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const __m128i a = load_128(p, q), b = load_128(p, 4 + q), c = load_128(p, 8 + q);
    const __m128i s0 = _mm_and_si128(a, k63), s1 = _mm_and_si128(b, k63), m0 = _mm_and_si128(c, k63);
    const __m128i m1 = _mm_or_si128(_mm_and_si128(_mm_srli_epi16(a, 6), k3),
                                    _mm_or_si128(_mm_and_si128(_mm_srli_epi16(b, 4), k12),
                                                 _mm_and_si128(_mm_srli_epi16(c, 2), k48)));
    PK_UNROLL for (int g = 0; g < 4; g++) {
      scales[g].v[q] = _mm_cvtepi32_ps(_mm_and_si128(_mm_srli_epi32(s0, 8 * g), ff));
      scales[4 + g].v[q] = _mm_cvtepi32_ps(_mm_and_si128(_mm_srli_epi32(s1, 8 * g), ff));
    }
    minima[0].v[q] = _mm_and_si128(m0, low);
    minima[1].v[q] = _mm_srli_epi16(m0, 8);
    minima[2].v[q] = _mm_and_si128(m1, low);
    minima[3].v[q] = _mm_srli_epi16(m1, 8);
  }
}

// acc + Σ of two bfloat16 products in each lane; x: one pair, the same for every lane.
struct BF16Pairs { __m128i v[4]; };
PK_INLINE BF16Pairs load_pairs(const void* p) {
  return {{load_128(p, 0), load_128(p, 1), load_128(p, 2), load_128(p, 3)}};
}
PK_INLINE __m128 low_bf16(__m128i pairs) { return _mm_castsi128_ps(_mm_slli_epi32(pairs, 16)); }
PK_INLINE __m128 high_bf16(__m128i pairs) {
  return _mm_castsi128_ps(_mm_and_si128(pairs, _mm_set1_epi32(static_cast<int>(0xffff0000))));
}
PK_INLINE void add_products(F32& acc, BF16Pairs a, __m128i b) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    acc.v[q] = _mm_add_ps(acc.v[q], _mm_mul_ps(low_bf16(a.v[q]), low_bf16(b)));
    acc.v[q] = _mm_add_ps(acc.v[q], _mm_mul_ps(high_bf16(a.v[q]), high_bf16(b)));
  }
}
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, const int32_t* x) { add_products(acc, a, _mm_set1_epi32(*x)); }
// The pair at x for all lanes, for several products.
struct SamePairs { __m128i v; };
PK_INLINE SamePairs same_pairs(const int32_t* x) { return {_mm_set1_epi32(*x)}; }
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, SamePairs b) { add_products(acc, a, b.v); }
// Two rows of bfloat16 [32] as pairs (a[i], b[i]): lanes 0-15, then 16-31.
PK_INLINE void zip_pairs(const uint16_t* a, const uint16_t* b, BF16Pairs& first, BF16Pairs& second) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const __m128i x = load_128(a, q), y = load_128(b, q);
    BF16Pairs& to = q < 2 ? first : second;
    to.v[q % 2 * 2] = _mm_unpacklo_epi16(x, y);
    to.v[q % 2 * 2 + 1] = _mm_unpackhi_epi16(x, y);
  }
}
// Two floats as a pair of bfloat16 in each lane (a low, b high), rounded to nearest even.
PK_INLINE void store_pairs(int32_t* p, F32 a, F32 b) {
  const __m128i high = _mm_set1_epi32(static_cast<int>(0xffff0000));
  PK_UNROLL for (int q = 0; q < 4; q++)
    store_128(p, q, _mm_or_si128(_mm_srli_epi32(round_to_bf16(a.v[q]), 16),
                                 _mm_and_si128(round_to_bf16(b.v[q]), high)));
}
// The first or second value of each pair as float.
PK_INLINE F32 bf16_of_pair(BF16Pairs a, bool second) {
  return each_f32(PK_EACH { return second ? high_bf16(a.v[q]) : low_bf16(a.v[q]); });
}
// Sums of 16 neighbouring int8, for 256 of them.
PK_INLINE void sums_of_16(const int8_t* codes, int32_t* sums) {
  const __m128i flip = _mm_set1_epi8(-128), zero = _mm_setzero_si128();
  for (int i = 0; i < 16; i++) {
    const __m128i halves = _mm_sad_epu8(_mm_xor_si128(load_128(codes, i), flip), zero);
    sums[i] = _mm_cvtsi128_si32(_mm_add_epi32(halves, _mm_srli_si128(halves, 8))) - 16 * 128;
  }
}
// Byte j of each lane's four codes, unsigned.
template <int j>
PK_INLINE F32 byte_to_f32(U8 a) {
  return each_f32(PK_EACH {
    return _mm_cvtepi32_ps(_mm_and_si128(_mm_srli_epi32(a.v[q], 8 * j), _mm_set1_epi32(255)));
  });
}
// acc + Σ of two products in each lane, where lane i takes pair i % kWide of the kWide (1, 2, 4)
// at x: so kWide lanes share a row's dot product, and `fold_lanes` adds them up.
template <int kWide>
PK_INLINE void dot_bf16_wide(F32& acc, BF16Pairs a, const int32_t* x) {
  add_products(acc, a, _mm_setr_epi32(x[0], x[1 % kWide], x[2 % kWide], x[3 % kWide]));
}
// Each lane becomes the sum of its kWide (1, 2, 4) neighbours, the same for all of them.
template <int kWide>
PK_INLINE F32 fold_lanes(F32 a) {
  return each_f32(PK_EACH {
    __m128 r = a.v[q];
    if constexpr (kWide >= 2) r = _mm_add_ps(r, _mm_shuffle_ps(r, r, 0xb1));
    if constexpr (kWide >= 4) r = _mm_add_ps(r, _mm_shuffle_ps(r, r, 0x4e));
    return r;
  });
}
// a · 128 + b.
PK_INLINE I32 shift_7_add(I32 a, I32 b) {
  return each_i32(PK_EACH { return _mm_add_epi32(_mm_slli_epi32(a.v[q], 7), b.v[q]); });
}
// The low and the high int16 of each lane as floats; neither is negative.
PK_INLINE void pair_to_f32(I32 pairs, F32& low, F32& high) {
  low = each_f32(PK_EACH { return _mm_cvtepi32_ps(_mm_and_si128(pairs.v[q], _mm_set1_epi32(0xffff))); });
  high = each_f32(PK_EACH { return _mm_cvtepi32_ps(_mm_srli_epi32(pairs.v[q], 16)); });
}
#undef PK_EACH
