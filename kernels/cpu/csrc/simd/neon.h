// Vectors of 16 lanes in four 128-bit registers of 64-bit ARM.
//
// The vocabulary is that of simd/avx512.h, and so are the bits of every element-wise result
// (NaN payloads aside). Products of bytes are sums of four where the processor has dotprod
// (`sdot`; with i8mm `usdot`, which spares making codes signed), else they go by 16 bits.

struct U8 { uint8x16_t v[4]; };  // 64 codes: byte lane·4 + j
struct I32 { int32x4_t v[4]; };
struct F32 { float32x4_t v[4]; };

constexpr int kTile = 4;  // 16 of the 32 registers are accumulators
constexpr int kAtOnce = kTile;
#if defined(__ARM_FEATURE_MATMUL_INT8)
constexpr bool kSignedCodes = false;
#else
constexpr bool kSignedCodes = true;
#endif

// f(0) … f(3), one register each.
template <class F>
PK_INLINE U8 each_u8(F f) { return {{f(0), f(1), f(2), f(3)}}; }
template <class F>
PK_INLINE I32 each_i32(F f) { return {{f(0), f(1), f(2), f(3)}}; }
template <class F>
PK_INLINE F32 each_f32(F f) { return {{f(0), f(1), f(2), f(3)}}; }
#define PK_EACH [&](int q) PK_LAMBDA_INLINE

PK_INLINE U8 load_u8(const uint8_t* p) { return each_u8(PK_EACH { return vld1q_u8(p + 16 * q); }); }
PK_INLINE U8 low_nibbles(U8 a) { return each_u8(PK_EACH { return vandq_u8(a.v[q], vdupq_n_u8(15)); }); }
PK_INLINE U8 high_nibbles(U8 a) { return each_u8(PK_EACH { return vshrq_n_u8(a.v[q], 4); }); }
// a << n, or a >> -n, in each byte.
template <int n>
PK_INLINE uint8x16_t shifted(uint8x16_t a) {
  if constexpr (n >= 0) return vshlq_n_u8(a, n);
  else return vshrq_n_u8(a, -n);
}
// nibble | bit `s` of `plane` as bit 4.
template <int s>
PK_INLINE U8 with_bit4(U8 nibble, U8 plane) {
  return each_u8(PK_EACH {
    return vorrq_u8(nibble.v[q], vandq_u8(shifted<4 - s>(plane.v[q]), vdupq_n_u8(16)));
  });
}
// nibble | bits 2s, 2s+1 of `plane` as bits 4, 5.
template <int s>
PK_INLINE U8 with_bits45(U8 nibble, U8 plane) {
  return each_u8(PK_EACH {
    return vorrq_u8(nibble.v[q], vandq_u8(shifted<4 - 2 * s>(plane.v[q]), vdupq_n_u8(48)));
  });
}
// A table of 16 bytes at each code (codes below 16).
PK_INLINE U8 look_up(U8 codes, const uint8_t* table) {
  const uint8x16_t t = vld1q_u8(table);
  return each_u8(PK_EACH { return vqtbl1q_u8(t, codes.v[q]); });
}
PK_INLINE U8 flip_top_bit(U8 a) { return each_u8(PK_EACH { return veorq_u8(a.v[q], vdupq_n_u8(128)); }); }

PK_INLINE I32 zero_i32() { return each_i32([](int) { return vdupq_n_s32(0); }); }
PK_INLINE I32 set1_i32(int32_t x) { return each_i32([=](int) { return vdupq_n_s32(x); }); }
PK_INLINE F32 zero_f32() { return each_f32([](int) { return vdupq_n_f32(0.0f); }); }
PK_INLINE F32 set1(float x) { return each_f32([=](int) { return vdupq_n_f32(x); }); }
PK_INLINE F32 load(const float* p) { return each_f32(PK_EACH { return vld1q_f32(p + 4 * q); }); }
PK_INLINE void store(float* p, F32 a) {
  PK_UNROLL for (int q = 0; q < 4; q++) vst1q_f32(p + 4 * q, a.v[q]);
}
PK_INLINE uint16x4_t load_words(const void* p, int q) {
  uint16x4_t a;
  std::memcpy(&a, static_cast<const char*>(p) + 8 * q, 8);
  return a;
}
PK_INLINE F32 load_f16(const void* p) {
  return each_f32(PK_EACH { return vcvt_f32_f16(vreinterpret_f16_u16(load_words(p, q))); });
}
// 16 bfloat16 values → float.
PK_INLINE F32 load_bf16(const void* p) {
  return each_f32(PK_EACH { return vreinterpretq_f32_u32(vshll_n_u16(load_words(p, q), 16)); });
}
// The upper half of each float, rounded to nearest even, in the upper half of each lane; the
// lower holds what was cut off.
PK_INLINE uint32x4_t round_to_bf16(float32x4_t a) {
  const uint32x4_t bits = vreinterpretq_u32_f32(a);
  const uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
  return vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
}
PK_INLINE void store_bf16(void* p, F32 a) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const uint16x4_t r = vshrn_n_u32(round_to_bf16(a.v[q]), 16);
    std::memcpy(static_cast<char*>(p) + 8 * q, &r, 8);
  }
}
PK_INLINE F32 load_i8(const void* p) {
  const int8x16_t a = vld1q_s8(static_cast<const int8_t*>(p));
  const int16x8_t words[2] = {vmovl_s8(vget_low_s8(a)), vmovl_high_s8(a)};
  return each_f32(PK_EACH {
    const int16x8_t w = words[q / 2];
    return vcvtq_f32_s32(q % 2 ? vmovl_high_s16(w) : vmovl_s16(vget_low_s16(w)));
  });
}
// E8M0 exponents of MXFP4, halved as its table holds doubled values: 2^(e - 128).
PK_INLINE F32 load_e8m0_half(const void* p) {
  const uint8x16_t a = vld1q_u8(static_cast<const uint8_t*>(p));
  const uint16x8_t words[2] = {vmovl_u8(vget_low_u8(a)), vmovl_high_u8(a)};
  return each_f32(PK_EACH {
    const uint16x8_t w = words[q / 2];
    const uint32x4_t e = q % 2 ? vmovl_high_u16(w) : vmovl_u16(vget_low_u16(w)), one = vdupq_n_u32(1);
    const uint32x4_t normal = vshlq_n_u32(vsubq_u32(e, one), 23);
    const uint32x4_t tiny = vshlq_n_u32(vaddq_u32(e, one), 21);  // e < 2: subnormal
    return vreinterpretq_f32_u32(vbslq_u32(vcltq_u32(e, vdupq_n_u32(2)), tiny, normal));
  });
}
PK_INLINE F32 to_f32(I32 a) { return each_f32(PK_EACH { return vcvtq_f32_s32(a.v[q]); }); }
PK_INLINE F32 add(F32 a, F32 b) { return each_f32(PK_EACH { return vaddq_f32(a.v[q], b.v[q]); }); }
PK_INLINE F32 sub(F32 a, F32 b) { return each_f32(PK_EACH { return vsubq_f32(a.v[q], b.v[q]); }); }
PK_INLINE F32 mul(F32 a, F32 b) { return each_f32(PK_EACH { return vmulq_f32(a.v[q], b.v[q]); }); }
PK_INLINE F32 div(F32 a, F32 b) { return each_f32(PK_EACH { return vdivq_f32(a.v[q], b.v[q]); }); }
// As x86's: the second operand where one is NaN.
PK_INLINE float32x4_t max(float32x4_t a, float32x4_t b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
PK_INLINE float32x4_t min(float32x4_t a, float32x4_t b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
PK_INLINE F32 max(F32 a, F32 b) { return each_f32(PK_EACH { return max(a.v[q], b.v[q]); }); }
PK_INLINE F32 min(F32 a, F32 b) { return each_f32(PK_EACH { return min(a.v[q], b.v[q]); }); }
PK_INLINE F32 abs(F32 a) { return each_f32(PK_EACH { return vabsq_f32(a.v[q]); }); }
// a·b + c and c - a·b, rounded once.
PK_INLINE F32 fma(F32 a, F32 b, F32 c) { return each_f32(PK_EACH { return vfmaq_f32(c.v[q], a.v[q], b.v[q]); }); }
PK_INLINE F32 fnma(F32 a, F32 b, F32 c) { return each_f32(PK_EACH { return vfmsq_f32(c.v[q], a.v[q], b.v[q]); }); }
PK_INLINE F32 round(F32 a) { return each_f32(PK_EACH { return vrndnq_f32(a.v[q]); }); }
// a · 2^n, n whole. In two halves, so that a result below the smallest normal is rounded once.
PK_INLINE F32 scale_by_power(F32 a, F32 n) {
  return each_f32(PK_EACH {
    const float32x4_t bounded = max(min(n.v[q], vdupq_n_f32(252.0f)), vdupq_n_f32(-252.0f));
    const int32x4_t whole = vcvtnq_s32_f32(bounded), half = vshrq_n_s32(whole, 1), bias = vdupq_n_s32(127);
    const int32x4_t first = vshlq_n_s32(vaddq_s32(half, bias), 23);
    const int32x4_t second = vshlq_n_s32(vaddq_s32(vsubq_s32(whole, half), bias), 23);
    return vmulq_f32(vmulq_f32(a.v[q], vreinterpretq_f32_s32(first)), vreinterpretq_f32_s32(second));
  });
}
// Lanes i and i + 8, then i + 4, i + 2, i + 1: the order of AVX-512's reduction.
PK_INLINE float sum_lanes(F32 a) {
  const float32x4_t four = vaddq_f32(vaddq_f32(a.v[0], a.v[2]), vaddq_f32(a.v[1], a.v[3]));
  const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
PK_INLINE float max_lanes(F32 a) {
  const float32x4_t four = max(max(a.v[0], a.v[2]), max(a.v[1], a.v[3]));
  const float32x4_t two = max(four, vextq_f32(four, four, 2));
  return vgetq_lane_f32(max(two, vextq_f32(two, two, 1)), 0);
}
// 16 floats rounded to nearest even, as int8 (they fit).
PK_INLINE void store_i8(int8_t* p, F32 a) {
  const I32 r = each_i32(PK_EACH { return vcvtnq_s32_f32(a.v[q]); });
  const int16x8_t low = vmovn_high_s32(vmovn_s32(r.v[0]), r.v[1]), high = vmovn_high_s32(vmovn_s32(r.v[2]), r.v[3]);
  vst1q_s8(p, vmovn_high_s16(vmovn_s16(low), high));
}
PK_INLINE int32_t sum_rounded(F32 a) {
  const I32 r = each_i32(PK_EACH { return vcvtnq_s32_f32(a.v[q]); });
  return vaddvq_s32(vaddq_s32(vaddq_s32(r.v[0], r.v[1]), vaddq_s32(r.v[2], r.v[3])));
}

// acc + a pair of int16 in each lane times the pair at x.
PK_INLINE void dot_pair(I32& acc, I32 pairs, const int32_t* x) {
  const int16x8_t b = vreinterpretq_s16_s32(vdupq_n_s32(*x));
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const int16x8_t a = vreinterpretq_s16_s32(pairs.v[q]);
    const int32x4_t low = vmull_s16(vget_low_s16(a), vget_low_s16(b)), high = vmull_high_s16(a, b);
    acc.v[q] = vaddq_s32(acc.v[q], vpaddq_s32(low, high));
  }
}

// acc[t] += Σ over kSteps k-steps of codes(step) · x[step·stride + t]; codes at most kMaxCode,
// or made signed.
#if defined(__ARM_FEATURE_DOTPROD)
// x: the dwords of four tokens, of which lane `token`.
template <int token>
PK_INLINE void dot_step(I32& acc, const U8& codes, int8x16_t x) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
#if defined(__ARM_FEATURE_MATMUL_INT8)
    acc.v[q] = vusdotq_laneq_s32(acc.v[q], codes.v[q], x, token);
#else
    acc.v[q] = vdotq_laneq_s32(acc.v[q], vreinterpretq_s8_u8(codes.v[q]), x, token);
#endif
  }
}
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
  static_assert(N <= 4);
  pk::unroll<kSteps>([&](auto step) PK_LAMBDA_INLINE {
    const U8 c = codes(step);
    settle(x);
    int32x4_t tokens;
    if constexpr (N == 4) tokens = vld1q_s32(x);
    else tokens = vcombine_s32(N == 1 ? vld1_dup_s32(x) : vld1_s32(x), vdup_n_s32(0));
    x += stride;
    const int8x16_t b = vreinterpretq_s8_s32(tokens);
    pk::unroll<N>([&](auto t) PK_LAMBDA_INLINE { dot_step<decltype(t)::value>(acc[t], c, b); });
  });
}
#else
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
  int32x4_t half[N][8];  // two halves of each row's four products
  PK_UNROLL for (int t = 0; t < N; t++)
    PK_UNROLL for (int i = 0; i < 8; i++) half[t][i] = vdupq_n_s32(0);
  pk::unroll<kSteps>([&](auto step) PK_LAMBDA_INLINE {
    const U8 c = codes(step);
    settle(x);
    PK_UNROLL for (int t = 0; t < N; t++) {
      const int8x16_t b = vreinterpretq_s8_s32(vdupq_n_s32(x[t]));
      PK_UNROLL for (int q = 0; q < 4; q++) {
        const int8x16_t a = vreinterpretq_s8_u8(c.v[q]);
        half[t][2 * q] = vpadalq_s16(half[t][2 * q], vmull_s8(vget_low_s8(a), vget_low_s8(b)));
        half[t][2 * q + 1] = vpadalq_s16(half[t][2 * q + 1], vmull_high_s8(a, b));
      }
    }
    x += stride;
  });
  PK_UNROLL for (int t = 0; t < N; t++)
    PK_UNROLL for (int q = 0; q < 4; q++)
      acc[t].v[q] = vaddq_s32(acc[t].v[q], vpaddq_s32(half[t][2 * q], half[t][2 * q + 1]));
}
#endif

// Q4_K's and Q5_K's 6-bit planes (layout version 1): eight scales as float, four pairs of minima.
PK_INLINE void load_scales_minima(const uint8_t* p, F32 (&scales)[8], I32 (&minima)[4]) {
  const uint8x16_t k63 = vdupq_n_u8(63);
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const uint8x16_t a = vld1q_u8(p + 16 * q), b = vld1q_u8(p + 64 + 16 * q), c = vld1q_u8(p + 128 + 16 * q);
    const uint8x16_t m1 = vorrq_u8(vshrq_n_u8(a, 6), vorrq_u8(vandq_u8(vshrq_n_u8(b, 4), vdupq_n_u8(12)),
                                                              vandq_u8(vshrq_n_u8(c, 2), vdupq_n_u8(48))));
    const uint32x4_t s0 = vreinterpretq_u32_u8(vandq_u8(a, k63)), s1 = vreinterpretq_u32_u8(vandq_u8(b, k63));
    pk::unroll<4>([&](auto g) PK_LAMBDA_INLINE {
      const int32x4_t down = vdupq_n_s32(-8 * g);
      const uint32x4_t ff = vdupq_n_u32(255);
      scales[g].v[q] = vcvtq_f32_u32(vandq_u32(vshlq_u32(s0, down), ff));
      scales[4 + g].v[q] = vcvtq_f32_u32(vandq_u32(vshlq_u32(s1, down), ff));
    });
    const uint16x8_t m[2] = {vreinterpretq_u16_u8(vandq_u8(c, k63)), vreinterpretq_u16_u8(m1)};
    PK_UNROLL for (int i = 0; i < 2; i++) {
      minima[2 * i].v[q] = vreinterpretq_s32_u16(vandq_u16(m[i], vdupq_n_u16(255)));
      minima[2 * i + 1].v[q] = vreinterpretq_s32_u16(vshrq_n_u16(m[i], 8));
    }
  }
}

// acc + Σ of two bfloat16 products in each lane; x: one pair, the same for every lane.
struct BF16Pairs { uint32x4_t v[4]; };
PK_INLINE BF16Pairs load_pairs(const void* p) {
  BF16Pairs a;
  std::memcpy(&a, p, 64);
  return a;
}
PK_INLINE float32x4_t low_bf16(uint32x4_t pairs) { return vreinterpretq_f32_u32(vshlq_n_u32(pairs, 16)); }
PK_INLINE float32x4_t high_bf16(uint32x4_t pairs) {
  return vreinterpretq_f32_u32(vandq_u32(pairs, vdupq_n_u32(0xffff0000u)));
}
PK_INLINE void add_products(F32& acc, BF16Pairs a, uint32x4_t b) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    acc.v[q] = vfmaq_f32(acc.v[q], low_bf16(a.v[q]), low_bf16(b));
    acc.v[q] = vfmaq_f32(acc.v[q], high_bf16(a.v[q]), high_bf16(b));
  }
}
// The pair at x for all lanes, for several products.
struct SamePairs { uint32x4_t v; };
PK_INLINE SamePairs same_pairs(const int32_t* x) { return {vreinterpretq_u32_s32(vdupq_n_s32(*x))}; }
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, SamePairs b) { add_products(acc, a, b.v); }
PK_INLINE void dot_bf16(F32& acc, BF16Pairs a, const int32_t* x) { dot_bf16(acc, a, same_pairs(x)); }
// Two rows of bfloat16 [32] as pairs (a[i], b[i]): lanes 0-15, then 16-31.
PK_INLINE void zip_pairs(const uint16_t* a, const uint16_t* b, BF16Pairs& first, BF16Pairs& second) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const uint16x8_t x = vld1q_u16(a + 8 * q), y = vld1q_u16(b + 8 * q);
    BF16Pairs& to = q < 2 ? first : second;
    to.v[q % 2 * 2] = vreinterpretq_u32_u16(vzip1q_u16(x, y));
    to.v[q % 2 * 2 + 1] = vreinterpretq_u32_u16(vzip2q_u16(x, y));
  }
}
// Two floats as a pair of bfloat16 in each lane (a low, b high), rounded to nearest even.
PK_INLINE void store_pairs(int32_t* p, F32 a, F32 b) {
  PK_UNROLL for (int q = 0; q < 4; q++) {
    const uint32x4_t high = vandq_u32(round_to_bf16(b.v[q]), vdupq_n_u32(0xffff0000u));
    vst1q_s32(p + 4 * q, vreinterpretq_s32_u32(vorrq_u32(vshrq_n_u32(round_to_bf16(a.v[q]), 16), high)));
  }
}
// The first or second value of each pair as float.
PK_INLINE F32 bf16_of_pair(BF16Pairs a, bool second) {
  return each_f32(PK_EACH { return second ? high_bf16(a.v[q]) : low_bf16(a.v[q]); });
}
// Sums of 16 neighbouring int8, for 256 of them.
PK_INLINE void sums_of_16(const int8_t* codes, int32_t* sums) {
  PK_UNROLL for (int i = 0; i < 16; i++) sums[i] = vaddlvq_s8(vld1q_s8(codes + 16 * i));
}
// Byte j of each lane's four codes, unsigned.
template <int j>
PK_INLINE F32 byte_to_f32(U8 a) {
  return each_f32(PK_EACH {
    const uint32x4_t moved = vshlq_u32(vreinterpretq_u32_u8(a.v[q]), vdupq_n_s32(-8 * j));
    return vcvtq_f32_u32(vandq_u32(moved, vdupq_n_u32(255)));
  });
}
// acc + Σ of two products in each lane, where lane i takes pair i % kWide of the kWide (1, 2, 4)
// at x: so kWide lanes share a row's dot product, and `fold_lanes` adds them up.
template <int kWide>
PK_INLINE void dot_bf16_wide(F32& acc, BF16Pairs a, const int32_t* x) {
  int32x4_t b;
  if constexpr (kWide == 1) b = vdupq_n_s32(*x);
  else if constexpr (kWide == 2) b = vcombine_s32(vld1_s32(x), vld1_s32(x));
  else b = vld1q_s32(x);
  add_products(acc, a, vreinterpretq_u32_s32(b));
}
// Each lane becomes the sum of its kWide (1, 2, 4) neighbours, the same for all of them.
template <int kWide>
PK_INLINE F32 fold_lanes(F32 a) {
  return each_f32(PK_EACH {
    float32x4_t r = a.v[q];
    if constexpr (kWide >= 2) r = vaddq_f32(r, vrev64q_f32(r));
    if constexpr (kWide >= 4) r = vaddq_f32(r, vextq_f32(r, r, 2));
    return r;
  });
}
// a · 128 + b.
PK_INLINE I32 shift_7_add(I32 a, I32 b) {
  return each_i32(PK_EACH { return vaddq_s32(vshlq_n_s32(a.v[q], 7), b.v[q]); });
}
// The low and the high int16 of each lane as floats; neither is negative.
PK_INLINE void pair_to_f32(I32 pairs, F32& low, F32& high) {
  low = each_f32(PK_EACH {
    return vcvtq_f32_u32(vandq_u32(vreinterpretq_u32_s32(pairs.v[q]), vdupq_n_u32(0xffff)));
  });
  high = each_f32(PK_EACH { return vcvtq_f32_u32(vshrq_n_u32(vreinterpretq_u32_s32(pairs.v[q]), 16)); });
}
#undef PK_EACH
