// Vectors of 16 lanes in one 512-bit register. Included inside the level's namespace.
//
// The names here are the whole vocabulary of the bodies; another instruction set offers the
// same. Lanes are a panel's rows, or 16 neighbouring values.

struct U8 { __m512i v; };    // 64 codes: byte lane·4 + j
struct I32 { __m512i v; };
struct F32 { __m512 v; };

constexpr int kTile = 12;    // tokens of a tile with many rows: 12 accumulators stay in registers
constexpr int kAtOnce = kTile;
#if PK_VNNI
constexpr bool kSignedCodes = false;  // codes with offset 128 stay unsigned; sums carry the offset
#else
constexpr bool kSignedCodes = true;   // they are made signed, and sums are not used
#endif

// Once, whatever becomes of it: gcc reads a plain load anew as the operand of everything that unpacks it.
PK_INLINE U8 load_u8(const uint8_t* p) {
  U8 a;
  asm("vmovdqu64 %1, %0" : "=v"(a.v) : "m"(*reinterpret_cast<const __m512i_u*>(p)));
  return a;
}
PK_INLINE U8 low_nibbles(U8 a) { return {_mm512_and_si512(a.v, _mm512_set1_epi8(15))}; }
PK_INLINE U8 high_nibbles(U8 a) {
  return {_mm512_and_si512(_mm512_srli_epi16(a.v, 4), _mm512_set1_epi8(15))};
}
// nibble | bit `s` of `plane` as bit 4.
template <int s>
PK_INLINE U8 with_bit4(U8 nibble, U8 plane) {
  __m512i moved = s < 4 ? _mm512_slli_epi16(plane.v, s < 4 ? 4 - s : 0)
                        : _mm512_srli_epi16(plane.v, s < 4 ? 0 : s - 4);
  return {_mm512_ternarylogic_epi32(nibble.v, moved, _mm512_set1_epi8(16), 0xf8)};
}
// nibble | bits 2s, 2s+1 of `plane` as bits 4, 5.
template <int s>
PK_INLINE U8 with_bits45(U8 nibble, U8 plane) {
  __m512i moved = s < 2 ? _mm512_slli_epi16(plane.v, s < 2 ? 4 - 2 * s : 0)
                        : _mm512_srli_epi16(plane.v, s < 2 ? 0 : 2 * s - 4);
  return {_mm512_ternarylogic_epi32(nibble.v, moved, _mm512_set1_epi8(48), 0xf8)};
}
// A table of 16 bytes at each code (codes below 16).
PK_INLINE U8 look_up(U8 codes, const uint8_t* table) {
  const __m512i t = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table)));
  return {_mm512_shuffle_epi8(t, codes.v)};
}
PK_INLINE U8 flip_top_bit(U8 a) { return {_mm512_xor_si512(a.v, _mm512_set1_epi8(-128))}; }

PK_INLINE I32 zero_i32() { return {_mm512_setzero_si512()}; }
PK_INLINE I32 set1_i32(int32_t x) { return {_mm512_set1_epi32(x)}; }
PK_INLINE F32 zero_f32() { return {_mm512_setzero_ps()}; }
PK_INLINE F32 set1(float x) { return {_mm512_set1_ps(x)}; }
PK_INLINE F32 load(const float* p) { return {_mm512_loadu_ps(p)}; }
PK_INLINE void store(float* p, F32 a) { _mm512_storeu_ps(p, a.v); }
PK_INLINE F32 load_f16(const void* p) {
  return {_mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(p)))};
}
// 16 bfloat16 values → float.
PK_INLINE F32 load_bf16(const void* p) {
  return {_mm512_castsi512_ps(_mm512_slli_epi32(
      _mm512_cvtepu16_epi32(_mm256_loadu_si256(static_cast<const __m256i*>(p))), 16))};
}
// Rounded to nearest even.
PK_INLINE void store_bf16(void* p, F32 a) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded =
      _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff))), 16);
  _mm256_storeu_si256(static_cast<__m256i*>(p), _mm512_cvtepi32_epi16(rounded));
}
PK_INLINE F32 load_i8(const void* p) {
  return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(static_cast<const __m128i*>(p))))};
}
// E8M0 exponents of MXFP4, halved as its table holds doubled values: 2^(e - 128).
PK_INLINE F32 load_e8m0_half(const void* p) {
  const __m512i e = _mm512_cvtepu8_epi32(_mm_loadu_si128(static_cast<const __m128i*>(p)));
  const __m512i normal = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23);
  const __m512i tiny = _mm512_sllv_epi32(_mm512_set1_epi32(0x00200000), e);  // e < 2: subnormal
  const __mmask16 small = _mm512_cmplt_epi32_mask(e, _mm512_set1_epi32(2));
  return {_mm512_castsi512_ps(_mm512_mask_blend_epi32(small, normal, tiny))};
}
PK_INLINE F32 to_f32(I32 a) { return {_mm512_cvtepi32_ps(a.v)}; }
PK_INLINE F32 add(F32 a, F32 b) { return {_mm512_add_ps(a.v, b.v)}; }
PK_INLINE F32 sub(F32 a, F32 b) { return {_mm512_sub_ps(a.v, b.v)}; }
PK_INLINE F32 mul(F32 a, F32 b) { return {_mm512_mul_ps(a.v, b.v)}; }
PK_INLINE F32 div(F32 a, F32 b) { return {_mm512_div_ps(a.v, b.v)}; }
PK_INLINE F32 max(F32 a, F32 b) { return {_mm512_max_ps(a.v, b.v)}; }
PK_INLINE F32 min(F32 a, F32 b) { return {_mm512_min_ps(a.v, b.v)}; }
PK_INLINE F32 abs(F32 a) { return {_mm512_abs_ps(a.v)}; }
// a·b + c and c - a·b, rounded once.
PK_INLINE F32 fma(F32 a, F32 b, F32 c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
PK_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
PK_INLINE F32 round(F32 a) { return {_mm512_roundscale_ps(a.v, 0)}; }
// a · 2^n, n whole.
PK_INLINE F32 scale_by_power(F32 a, F32 n) { return {_mm512_scalef_ps(a.v, n.v)}; }
PK_INLINE float sum_lanes(F32 a) { return _mm512_reduce_add_ps(a.v); }
PK_INLINE float max_lanes(F32 a) { return _mm512_reduce_max_ps(a.v); }
// 16 floats rounded to nearest even, as int8 (they fit).
PK_INLINE void store_i8(int8_t* p, F32 a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(a.v)));
}
PK_INLINE int32_t sum_rounded(F32 a) { return _mm512_reduce_add_epi32(_mm512_cvtps_epi32(a.v)); }

// acc + codes · x over one k-step; x: four int8 of one token, the same for every lane.
#if PK_VNNI
// gcc 12 loads the broadcast apart where it is written with intrinsics: as a memory operand
// the inner loop went from 381 to 471 GOPS.
PK_INLINE void dot_step(I32& acc, U8 codes, const int32_t* x) {
  asm("vpdpbusd %2%{1to16%}, %1, %0" : "+v"(acc.v) : "v"(codes.v), "m"(*x));
}
// acc + a pair of int16 in each lane times the pair at x.
PK_INLINE void dot_pair(I32& acc, I32 pairs, const int32_t* x) {
  asm("vpdpwssd %2%{1to16%}, %1, %0" : "+v"(acc.v) : "v"(pairs.v), "m"(*x));
}
#else
PK_INLINE void dot_pair(I32& acc, I32 pairs, const int32_t* x) {
  acc.v = _mm512_add_epi32(acc.v, _mm512_madd_epi16(pairs.v, _mm512_set1_epi32(*x)));
}
#endif

// acc[t] += Σ over kSteps k-steps of codes(step) · x[step·stride + t]; codes at most kMaxCode.
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
#if PK_VNNI
  pk::unroll<kSteps>([&](auto step) PK_LAMBDA_INLINE {
    const U8 c = codes(step);
    settle(x);
    PK_UNROLL for (int t = 0; t < N; t++) dot_step(acc[t], c, x + t);
    x += stride;
  });
#else
  // Products of bytes are added up in 16 bits for as long as they can't overflow.
  constexpr bool kIsSigned = kMaxCode > 127;
  constexpr int kRun = kIsSigned ? 1 : 32767 / (kMaxCode * 254) < kSteps ? 32767 / (kMaxCode * 254) : kSteps;
  const __m512i ones = _mm512_set1_epi16(1);
  pk::unroll<(kSteps + kRun - 1) / kRun>([&](auto run) PK_LAMBDA_INLINE {
    __m512i sum[N];
    PK_UNROLL for (int t = 0; t < N; t++) sum[t] = _mm512_setzero_si512();
    pk::unroll<kRun>([&](auto within) PK_LAMBDA_INLINE {
      constexpr int step = decltype(run)::value * kRun + decltype(within)::value;
      if constexpr (step < kSteps) {
        const U8 c = codes(std::integral_constant<int, step>{});
        settle(x);
        PK_UNROLL for (int t = 0; t < N; t++) {
          __m512i b = _mm512_set1_epi32(x[t]);
          __m512i a = c.v;
          if constexpr (kIsSigned) {  // |c| · sign(x, c), as maddubs takes unsigned by signed
            const __mmask64 negative = _mm512_movepi8_mask(a);
            b = _mm512_mask_sub_epi8(b, negative, _mm512_setzero_si512(), b);
            a = _mm512_abs_epi8(a);
          }
          sum[t] = _mm512_add_epi16(sum[t], _mm512_maddubs_epi16(a, b));
        }
        x += stride;
      }
    });
    PK_UNROLL for (int t = 0; t < N; t++)
      acc[t].v = _mm512_add_epi32(acc[t].v, _mm512_madd_epi16(sum[t], ones));
  });
#endif
}

// Q4_K's and Q5_K's 6-bit planes (layout version 1): eight scales as float, four pairs of minima.
PK_INLINE void load_scales_minima(const uint8_t* p, F32 (&scales)[8], I32 (&minima)[4]) {
  const __m512i a = _mm512_loadu_si512(p), b = _mm512_loadu_si512(p + 64), c = _mm512_loadu_si512(p + 128);
  const __m512i k63 = _mm512_set1_epi8(63), k3 = _mm512_set1_epi8(3), ff = _mm512_set1_epi32(255);
  const __m512i s0 = _mm512_and_si512(a, k63), s1 = _mm512_and_si512(b, k63), m0 = _mm512_and_si512(c, k63);
  const __m512i m1 = _mm512_or_si512(
      _mm512_and_si512(_mm512_srli_epi16(a, 6), k3),
      _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(b, 4), _mm512_set1_epi8(12)),
                      _mm512_and_si512(_mm512_srli_epi16(c, 2), _mm512_set1_epi8(48))));
  PK_UNROLL for (int g = 0; g < 4; g++) {
    scales[g].v = _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(s0, 8 * g), ff));
    scales[4 + g].v = _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(s1, 8 * g), ff));
  }
  const __m512i low = _mm512_set1_epi16(255);
  minima[0].v = _mm512_and_si512(m0, low);
  minima[1].v = _mm512_srli_epi16(m0, 8);
  minima[2].v = _mm512_and_si512(m1, low);
  minima[3].v = _mm512_srli_epi16(m1, 8);
}

// acc + Σ of two bfloat16 products in each lane; x: one pair, the same for every lane.
struct BF16Pairs { __m512i v; };
PK_INLINE BF16Pairs load_pairs(const void* p) { return {_mm512_loadu_si512(p)}; }
// The pair at x for all lanes, for several products.
using SamePairs = BF16Pairs;
PK_INLINE SamePairs same_pairs(const int32_t* x) { return {_mm512_set1_epi32(*x)}; }
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, SamePairs b) {
#if PK_BF16
  asm("vdpbf16ps %2, %1, %0" : "+v"(acc.v) : "v"(a.v), "v"(b.v));
#else
  const __m512i high = _mm512_set1_epi32(static_cast<int>(0xffff0000));
  acc.v = _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_slli_epi32(a.v, 16)),
                          _mm512_castsi512_ps(_mm512_slli_epi32(b.v, 16)), acc.v);
  acc.v = _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_and_si512(a.v, high)),
                          _mm512_castsi512_ps(_mm512_and_si512(b.v, high)), acc.v);
#endif
}
#if PK_BF16
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, const int32_t* x) {
  asm("vdpbf16ps %2%{1to16%}, %1, %0" : "+v"(acc.v) : "v"(a.v), "m"(*x));
}
#else
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, const int32_t* x) { dot_bf16(acc, a, same_pairs(x)); }
#endif
// Lanes of two rows of bfloat16 [32] as pairs (a[i], b[i]): first half of each 128-bit lane,
// then the other; `unzip_pairs_order` below gives the order of the 32 values.
PK_INLINE void zip_pairs(const uint16_t* a, const uint16_t* b, BF16Pairs& first, BF16Pairs& second) {
  const __m512i x = _mm512_loadu_si512(a), y = _mm512_loadu_si512(b);
  const __m512i lo = _mm512_unpacklo_epi16(x, y), hi = _mm512_unpackhi_epi16(x, y);
  // Back into natural order: lanes 0-15 and 16-31.
  const __m512i from_lo_hi0 = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const __m512i from_lo_hi1 = _mm512_setr_epi32(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  first.v = _mm512_permutex2var_epi32(lo, from_lo_hi0, hi);
  second.v = _mm512_permutex2var_epi32(lo, from_lo_hi1, hi);
}
// Two floats as a pair of bfloat16 in each lane (a low, b high), rounded to nearest even.
PK_INLINE void store_pairs(int32_t* p, F32 a, F32 b) {
  const __m512i ones = _mm512_set1_epi32(1), half = _mm512_set1_epi32(0x7fff);
  __m512i x = _mm512_castps_si512(a.v), y = _mm512_castps_si512(b.v);
  x = _mm512_add_epi32(x, _mm512_add_epi32(half, _mm512_and_si512(_mm512_srli_epi32(x, 16), ones)));
  y = _mm512_add_epi32(y, _mm512_add_epi32(half, _mm512_and_si512(_mm512_srli_epi32(y, 16), ones)));
  y = _mm512_and_si512(y, _mm512_set1_epi32(static_cast<int>(0xffff0000)));
  _mm512_storeu_si512(p, _mm512_or_si512(_mm512_srli_epi32(x, 16), y));
}
// The first or second value of each pair as float.
PK_INLINE F32 bf16_of_pair(BF16Pairs a, bool second) {
  return {_mm512_castsi512_ps(second ? _mm512_and_si512(a.v, _mm512_set1_epi32(static_cast<int>(0xffff0000)))
                                     : _mm512_slli_epi32(a.v, 16))};
}
// Sums of 16 neighbouring int8, for 256 of them.
PK_INLINE void sums_of_16(const int8_t* codes, int32_t* sums) {
  const __m512i flip = _mm512_set1_epi8(-128), zero = _mm512_setzero_si512();
  __m512i half[4];  // Σ (code + 128) of 8, in each 64-bit lane
  PK_UNROLL for (int i = 0; i < 4; i++)
    half[i] = _mm512_sad_epu8(_mm512_xor_si512(_mm512_loadu_si512(codes + 64 * i), flip), zero);
  const __m512i a = _mm512_add_epi64(_mm512_unpacklo_epi64(half[0], half[1]), _mm512_unpackhi_epi64(half[0], half[1]));
  const __m512i b = _mm512_add_epi64(_mm512_unpacklo_epi64(half[2], half[3]), _mm512_unpackhi_epi64(half[2], half[3]));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 2, 6, 10, 14, 16, 20, 24, 28, 18, 22, 26, 30);
  const __m512i all = _mm512_permutex2var_epi32(a, order, b);
  _mm512_storeu_si512(sums, _mm512_sub_epi32(all, _mm512_set1_epi32(16 * 128)));
}
// Byte j of each lane's four codes, unsigned.
template <int j>
PK_INLINE F32 byte_to_f32(U8 a) {
  return {_mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(a.v, 8 * j), _mm512_set1_epi32(255)))};
}
// acc + Σ of two products in each lane, where lane i takes pair i % kWide of the kWide (1, 2, 4)
// at x: so kWide lanes share a row's dot product, and `fold_lanes` adds them up.
template <int kWide>
PK_INLINE void dot_bf16_wide(F32& acc, BF16Pairs a, const int32_t* x) {
  if constexpr (kWide == 1) {
    dot_bf16(acc, a, x);
  } else {
    BF16Pairs b;
    if constexpr (kWide == 2) {
      int64_t both;
      std::memcpy(&both, x, 8);
      b.v = _mm512_set1_epi64(both);
    } else {
      b.v = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x)));
    }
    dot_bf16(acc, a, b);
  }
}
// Each lane becomes the sum of its kWide (1, 2, 4) neighbours, the same for all of them.
template <int kWide>
PK_INLINE F32 fold_lanes(F32 a) {
  if constexpr (kWide >= 2) a.v = _mm512_add_ps(a.v, _mm512_permute_ps(a.v, 0xb1));
  if constexpr (kWide >= 4) a.v = _mm512_add_ps(a.v, _mm512_permute_ps(a.v, 0x4e));
  return a;
}
// a · 128 + b.
PK_INLINE I32 shift_7_add(I32 a, I32 b) { return {_mm512_add_epi32(_mm512_slli_epi32(a.v, 7), b.v)}; }
// The low and the high int16 of each lane as floats; neither is negative.
PK_INLINE void pair_to_f32(I32 pairs, F32& low, F32& high) {
  low.v = _mm512_cvtepi32_ps(_mm512_and_si512(pairs.v, _mm512_set1_epi32(0xffff)));
  high.v = _mm512_cvtepi32_ps(_mm512_srli_epi32(pairs.v, 16));
}
