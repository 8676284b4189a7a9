// Panels times tokens on levels that sum products in 16 bits: AVX2 without VNNI.
//
// Words are added up modulo 2^16, so a run of k-steps may be as long as its true sum, offset
// included, fits: 8 k-steps · 2 products · 16 · 127 = 32,512 for codes of -16 … 15. Symmetric
// formats begin with -offset · Σx of the words' own activations (body/quantize_rows.h); codes of
// 8 bits go as two nibbles. K-quants' scales multiply words as whole numbers, and floats come in
// once a super-block. Whole numbers are exact whatever the order, so few tokens (sums in
// registers) and many (simd/avx2_runs.h) have the same bits.
#pragma once
#include "body/formats.h"

namespace pk {
namespace PK_LEVEL {

// Tokens of a group: dwords of a k-step `stride` apart, and the pairs of words to start from.
// `codes`: where a group's codes are unpacked for many tokens, each `apart` vectors from the last.
struct Group {
  const int32_t* x;
  int64_t stride;
  const int32_t* start;
  U8* codes;
  int64_t apart;
  bool filled;

  // `local` serves where nobody keeps codes.
  PK_INLINE Group(const Tile& a, const int32_t* first, U8* local, int vectors)
      : x(a.x), stride(a.stride), start(first), codes(a.unpacked ? reinterpret_cast<U8*>(a.unpacked) : local),
        apart(a.unpacked ? vectors : 0), filled(a.unpacked && a.filled) {}

  template <int kSteps, bool kStart>
  PK_INLINE void move_on() {
    x += kSteps * stride;
    if (kStart) start += stride;
    codes += apart;
  }
};

// Up to 4 tokens keep their sums in registers, and codes are unpacked as they are used.
template <int N>
constexpr bool kInRegisters = N <= 4;
template <int N>
constexpr int kTogether = N % 6 == 0 ? 6 : 4;

template <int N, class F>
PK_INLINE void each_token(F f) {
  if constexpr (kInRegisters<N>) {
    PK_UNROLL for (int t = 0; t < N; t++) f(t);
  } else {
#pragma GCC unroll 1
    for (int t = 0; t < N; t++) f(t);
  }
}

template <int kSteps, bool kStart, int N, class Codes>
PK_INLINE void sum_words(__m256i (&sum)[N][2], Codes codes, const Group& g) {
  const int32_t* x = g.x;
  asm("" : "+r"(x));  // or broadcasts of an earlier run are kept, in memory
  if constexpr (kStart)
    PK_UNROLL for (int t = 0; t < N; t++) sum[t][0] = sum[t][1] = _mm256_set1_epi32(g.start[t]);
  pk::unroll<kSteps>([&](auto i) PK_LAMBDA_INLINE {
    U8 a = codes(i);
    pin(a);
    PK_UNROLL for (int t = 0; t < N; t++) {
      const __m256i b = _mm256_set1_epi32(x[t]);
      PK_UNROLL for (int h = 0; h < 2; h++) {
        const __m256i product = _mm256_maddubs_epi16(a.v[h], b);
        sum[t][h] = !kStart && i == 0 ? product : _mm256_add_epi16(sum[t][h], product);
        pin(sum[t][h]);
      }
    }
    x += g.stride;
  });
}

// The many tokens' way: codes unpacked once, kTogether tokens at a time.
template <End kEnd, int kSteps, bool kStart, int N>
PK_INLINE void add_runs(const U8* codes, const void* scale, const Group& g, void* part,
                        void* kept = nullptr, int by = 1) {
  constexpr int T = kTogether<N>;
#pragma GCC unroll 1
  for (int first = 0; first < N; first += T)
    add_run_to<kEnd, kSteps, kStart, T>(
        {codes, g.x + first, g.stride, kStart ? g.start + first : nullptr, scale},
        static_cast<char*>(part) + 64 * first, static_cast<char*>(kept) + 64 * first, by);
}

// part += scale · Σ, whole numbers; `scale` is a pair of equal words in each lane.
template <int kSteps, bool kStart, int N, class Codes>
PK_INLINE void add_whole(I32 (&part)[N], const I32& scale, Codes codes, const Group& g) {
  if constexpr (kInRegisters<N>) {
    __m256i sum[N][2];
    sum_words<kSteps, kStart>(sum, codes, g);
    PK_UNROLL for (int t = 0; t < N; t++)
      PK_UNROLL for (int h = 0; h < 2; h++)
        part[t].v[h] = _mm256_add_epi32(part[t].v[h], _mm256_madd_epi16(sum[t][h], scale.v[h]));
  } else {
    if (!g.filled) pk::unroll<kSteps>([&](auto s) PK_LAMBDA_INLINE { g.codes[s] = codes(s); });
    add_runs<End::kWhole, kSteps, kStart, N>(g.codes, &scale, g, part);
  }
}

// part += scale · Σ, floats.
template <int kSteps, bool kStart, int N, class Codes>
PK_INLINE void add_float(F32 (&part)[N], const F32& scale, Codes codes, const Group& g) {
  if constexpr (kInRegisters<N>) {
    __m256i sum[N][2];
    sum_words<kSteps, kStart>(sum, codes, g);
    PK_UNROLL for (int t = 0; t < N; t++) {
      I32 acc = zero_i32();
      add_words(acc, sum[t], 1);
      part[t] = fma(to_f32(acc), scale, part[t]);
    }
  } else {
    if (!g.filled) pk::unroll<kSteps>([&](auto s) PK_LAMBDA_INLINE { g.codes[s] = codes(s); });
    add_runs<End::kFloat, kSteps, kStart, N>(g.codes, &scale, g, part);
  }
}

// The same for codes of 8 bits with an offset of 128, which is 8 of the high nibble.
template <int kSteps, int N, class Codes>
PK_INLINE void add_bytes(F32 (&part)[N], const F32& scale, Codes codes, const Group& g) {
  const auto low_of = [&](auto s) PK_LAMBDA_INLINE { return low_nibbles(codes(s)); };
  const auto high_of = [&](auto s) PK_LAMBDA_INLINE { return high_nibbles(codes(s)); };
  if constexpr (kInRegisters<N>) {
    I32 acc[N];
    PK_UNROLL for (int t = 0; t < N; t++) acc[t] = zero_i32();
    __m256i sum[N][2];
    sum_words<kSteps, false>(sum, low_of, g);
    PK_UNROLL for (int t = 0; t < N; t++) add_words(acc[t], sum[t], 1);
    sum_words<kSteps, true>(sum, high_of, g);
    PK_UNROLL for (int t = 0; t < N; t++) {
      add_words(acc[t], sum[t], 16);
      part[t] = fma(to_f32(acc[t]), scale, part[t]);
    }
  } else {
    alignas(64) I32 kept[N];
    if (!g.filled)
      pk::unroll<kSteps>([&](auto s) PK_LAMBDA_INLINE {
        g.codes[s] = low_of(s);
        g.codes[kSteps + s] = high_of(s);
      });
    add_runs<End::kKeep, kSteps, false, N>(g.codes, &scale, g, part, kept);
    add_runs<End::kAdded, kSteps, true, N>(g.codes + kSteps, &scale, g, part, kept, 16);
  }
}

template <int N>
PK_INLINE void clear_whole(I32 (&a)[N]) {
  PK_UNROLL for (int t = 0; t < N; t++) a[t] = zero_i32();
}

// A format's panel, where there is one of this kind.
template <class F>
struct WordPanel {
  static constexpr bool kKnown = false;
};

template <bool kHighBit>
struct WordPanel<SuperBlock45<kHighBit>> {
  static constexpr bool kKnown = true;

  template <int N>
  PK_INLINE static void group(I32 (&part)[N], const I32& scale, const uint8_t* w, const Group& g) {
    if constexpr (kHighBit) {  // 8 k-steps of 31 · 127 could overflow
      const U8 plane = load_u8(w);
      pk::unroll<2>([&](auto half) PK_LAMBDA_INLINE {
        const auto codes = [&](auto s) PK_LAMBDA_INLINE {
          constexpr int step = 4 * decltype(half)::value + decltype(s)::value;
          return with_bit4<step>(nibbles_of<step>(w + 64), plane);
        };
        Group quarter = g;
        quarter.x += 4 * half * g.stride;
        quarter.codes += 4 * half;
        add_whole<4, false>(part, scale, codes, quarter);
      });
    } else {
      const auto codes = [&](auto s) PK_LAMBDA_INLINE { return nibbles_of<decltype(s)::value>(w); };
      add_whole<8, false>(part, scale, codes, g);
    }
  }

  template <int N>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    constexpr int kGroupBytes = SuperBlock45<kHighBit>::kGroupBytes;
    clear(sum);
    alignas(64) U8 local[8];
    Group g(a, nullptr, local, 8);
    const int32_t* sums = a.sums;
    const float* dx = a.dx;
    const int64_t ahead = a.ahead;
    for (int64_t at = 0; at < k; at += 256) {
      I32 scales[8], minima[4];
      const F32 d = load_f16(w), dmin = load_f16(w + 32);
      load_word_scales_minima(w + 64, scales, minima);
      if (!g.filled) fetch_ahead<N, 256>(w, ahead);
      w += 256;
      I32 part[N];
      clear_whole(part);
#pragma GCC unroll 1
      for (int i = 0; i < 8; i++) {
        if (!g.filled) fetch_ahead<N, kGroupBytes>(w, ahead);
        group(part, scales[i], w, g);
        w += kGroupBytes;
        g.template move_on<8, false>();
      }
      each_token<N>([&](int t) PK_LAMBDA_INLINE {
        I32 low = zero_i32();
        PK_UNROLL for (int j = 0; j < 4; j++) dot_pair(low, minima[j], sums + j * g.stride + t);
        const F32 block = fnma(to_f32(low), dmin, mul(to_f32(part[t]), d));
        sum[t] = fma(block, set1(dx[t]), sum[t]);
      });
      sums += 4 * g.stride;
      dx += g.stride;
    }
  }
};

template <>
struct WordPanel<SuperBlock6> {
  static constexpr bool kKnown = true;

  template <int N>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    alignas(64) U8 local[4];
    Group g(a, a.sums, local, 4);
    const float* dx = a.dx;
    const int64_t ahead = a.ahead;
    const uint8_t* header = w;
    for (int64_t block = 0; block < k / 256; block++) {
      if (block % 2 == 0) {
        header = w;
        w += 64;
      }
      const F32 d = load_f16(header + 32 * (block % 2));
      const uint8_t* scales = w;
      if (!g.filled) fetch_ahead<N, 256>(w, ahead);
      w += 256;
      I32 part[N];
      clear_whole(part);
#pragma GCC unroll 1
      for (int i = 0; i < 16; i++) {
        if (!g.filled) fetch_ahead<N, 192>(w, ahead);
        const U8 plane = load_u8(w);
        const auto codes = [&](auto s) PK_LAMBDA_INLINE {
          return with_bits45<decltype(s)::value>(nibbles_of<decltype(s)::value>(w + 64), plane);
        };
        const I32 scale = load_i8_words(scales + 16 * i);
        add_whole<4, true>(part, scale, codes, g);
        w += 192;
        g.template move_on<4, true>();
      }
      each_token<N>([&](int t) PK_LAMBDA_INLINE {
        sum[t] = fma(mul(to_f32(part[t]), d), set1(dx[t]), sum[t]);
      });
      dx += g.stride;
    }
  }
};

template <class G>
struct WordPanel<Symmetric32<G>> {
  static constexpr bool kKnown = true;

  template <int N>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    constexpr int kVectors = G::kMaxCode > 127 ? 16 : 8;
    alignas(64) U8 local[kVectors];
    Group g(a, a.sums, local, kVectors);
    const float* dx = a.dx;
    const int64_t ahead = a.ahead, groups = k / 32;
    const int groups_a_block = a.block / 32;
    const uint8_t* header = w;
    for (int64_t at = 0; at < groups;) {
      F32 part[N];
      clear(part);
      for (int i = 0; i < groups_a_block; i++, at++) {
        if (at % G::kHeaderGroups == 0) {
          header = w;
          w += 64;
        }
        const F32 scale = G::scale(header, static_cast<int>(at % G::kHeaderGroups));
        if (!g.filled) fetch_ahead<N, G::kBytes>(w, ahead);
        const auto codes = [&](auto s) PK_LAMBDA_INLINE { return G::template codes<decltype(s)::value>(w); };
        if constexpr (G::kMaxCode > 127) add_bytes<8>(part, scale, codes, g);
        else add_float<8, true>(part, scale, codes, g);
        w += G::kBytes;
        g.template move_on<8, true>();
      }
      each_token<N>([&](int t) PK_LAMBDA_INLINE { sum[t] = fma(part[t], set1(dx[t]), sum[t]); });
      dx += g.stride;
    }
  }
};

template <>
struct WordPanel<Affine32> {
  static constexpr bool kKnown = true;

  template <int N>
  PK_INLINE static void panel(const uint8_t* w, int64_t k, const Tile& a, F32 (&sum)[N]) {
    clear(sum);
    alignas(64) U8 local[8];
    Group g(a, nullptr, local, 8);
    const float* sums = reinterpret_cast<const float*>(a.sums);
    const float* dx = a.dx;
    const int64_t ahead = a.ahead;
    const int groups_a_block = a.block / 32;
    for (int64_t at = 0; at < k; at += a.block) {
      F32 part[N];
      clear(part);
      for (int i = 0; i < groups_a_block; i++) {
        const F32 d = load_f16(w), m = load_f16(w + 32);
        if (!g.filled) fetch_ahead<N, 320>(w, ahead);
        const auto codes = [&](auto s) PK_LAMBDA_INLINE { return nibbles_of<decltype(s)::value>(w + 64); };
        add_float<8, false>(part, d, codes, g);
        each_token<N>([&](int t) PK_LAMBDA_INLINE { part[t] = fma(m, set1(sums[t]), part[t]); });
        w += 320;
        g.template move_on<8, false>();
        sums += g.stride;
      }
      each_token<N>([&](int t) PK_LAMBDA_INLINE { sum[t] = fma(part[t], set1(dx[t]), sum[t]); });
      dx += g.stride;
    }
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
