// Products of bytes added up in 16 bits, where there is no VNNI; and for body/word_panels.h: scales
// as words, and sums of codes in words.

// acc + by · pairs of neighbouring words.
PK_INLINE void add_words(I32& acc, const __m256i (&sum)[2], int by) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    const __m256i pairs = _mm256_madd_epi16(sum[h], _mm256_set1_epi16(static_cast<int16_t>(by)));
    acc.v[h] = _mm256_add_epi32(acc.v[h], pairs);
    pin(acc.v[h]);
  }
}
// acc[t] += by · Σ over kCount k-steps of codes(step) · x[…], added up in 16 bits.
template <int kCount, int N, class Codes>
PK_INLINE void add_run(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride, int by) {
  asm("" : "+r"(x));  // or broadcasts of an earlier run are kept, in memory
  __m256i sum[N][2];
  pk::unroll<kCount>([&](auto i) PK_LAMBDA_INLINE {
    U8 a = codes(i);
    pin(a);
    PK_UNROLL for (int t = 0; t < N; t++) {
      const __m256i b = _mm256_set1_epi32(x[t]);
      PK_UNROLL for (int h = 0; h < 2; h++) {
        const __m256i product = _mm256_maddubs_epi16(a.v[h], b);
        sum[t][h] = i == 0 ? product : _mm256_add_epi16(sum[t][h], product);
        pin(sum[t][h]);
      }
    }
    x += stride;
  });
  PK_UNROLL for (int t = 0; t < N; t++) add_words(acc[t], sum[t], by);
}
// Of two k-steps: the tokens one by one, so that sums die young.
template <int N>
PK_INLINE void add_two(I32 (&acc)[N], U8 first, U8 second, const int32_t* x, int64_t stride) {
  pin(first);
  pin(second);
  PK_UNROLL for (int t = 0; t < N; t++) {
    const __m256i a = _mm256_set1_epi32(x[t]), b = _mm256_set1_epi32(x[stride + t]);
    __m256i sum[2];
    PK_UNROLL for (int h = 0; h < 2; h++)
      sum[h] = _mm256_add_epi16(_mm256_maddubs_epi16(first.v[h], a), _mm256_maddubs_epi16(second.v[h], b));
    add_words(acc[t], sum, 1);
  }
}
// acc[t] += Σ over kSteps k-steps of codes(step) · x[step·stride + t]; codes at most kMaxCode.
// Products of bytes are added up in 16 bits for as long as they can't overflow: |x| is at most
// 127, so a k-step gives two products of at most kMaxCode · 127 a word. Codes of 8 bits go as
// two nibbles: `psignb` and a sum in 32 bits at every step would be as many operations, and
// more of them on the ports that multiply.
template <int kMaxCode, int kSteps, int N, class Codes>
PK_INLINE void dot_steps(I32 (&acc)[N], Codes codes, const int32_t* x, int64_t stride) {
  if constexpr (kMaxCode > 127) {
    static_assert(kSteps <= 8);
    add_run<kSteps>(acc, [&](auto i) PK_LAMBDA_INLINE { return low_nibbles(codes(i)); }, x, stride, 1);
    add_run<kSteps>(acc, [&](auto i) PK_LAMBDA_INLINE { return high_nibbles(codes(i)); }, x, stride, 16);
  } else {
    constexpr int kFitting = 32767 / (kMaxCode * 254);
    constexpr int kRun = kFitting >= 8 && kSteps >= 8 ? 8 : kFitting >= 4 ? 4 : 2;
    static_assert(kSteps % kRun == 0 && kFitting >= 2);
    pk::unroll<kSteps / kRun>([&](auto run) PK_LAMBDA_INLINE {
      const auto of_run = [&](auto i) PK_LAMBDA_INLINE {
        return codes(std::integral_constant<int, decltype(run)::value * kRun + decltype(i)::value>{});
      };
      if constexpr (kRun == 2) {
        add_two(acc, of_run(std::integral_constant<int, 0>{}), of_run(std::integral_constant<int, 1>{}), x, stride);
      } else {
        add_run<kRun>(acc, of_run, x, stride, 1);
      }
      x += kRun * stride;
    });
  }
}

// Q4_K's and Q5_K's scales as pairs of equal words, and four pairs of minima.
PK_INLINE void load_word_scales_minima(const uint8_t* p, I32 (&scales)[8], I32 (&minima)[4]) {
  PK_UNROLL for (int h = 0; h < 2; h++) {
    __m256i s[2];
    load_planes(p, s, minima, h);
    PK_UNROLL for (int g = 0; g < 8; g++) {
      const __m256i lanes = _mm256_setr_epi32(0, 0x40004, 0x80008, 0xc000c, 0, 0x40004, 0x80008, 0xc000c);
      const __m256i order = _mm256_add_epi32(lanes, _mm256_set1_epi32(static_cast<int>(0x80008000u + 0x10001u * (g % 4))));
      scales[g].v[h] = _mm256_shuffle_epi8(s[g / 4], order);
    }
  }
}
// 16 int8 as pairs of equal words.
PK_INLINE I32 load_i8_words(const void* p) {
  // Words 0-3 8-11 | 4-7 12-15, so that unpacking within 128 bits gives lanes 0-7 and 8-15.
  const __m256i words = _mm256_permute4x64_epi64(_mm256_cvtepi8_epi16(load_128(p, 0)), 0xd8);
  return {{_mm256_unpacklo_epi16(words, words), _mm256_unpackhi_epi16(words, words)}};
}
// Of 256 codes, for each 16 of them: sums of codes 0, 1 and of codes 2, 3 of every four, as a pair of words.
PK_INLINE void word_sums_of_16(const int8_t* codes, int32_t* pairs) {
  const __m256i ones = _mm256_set1_epi8(1);
  const auto two = [&](int at) PK_LAMBDA_INLINE {  // of 16 codes each: two half sums
    const __m256i a = _mm256_maddubs_epi16(ones, load_256(codes + at));
    const __m256i b = _mm256_maddubs_epi16(ones, load_256(codes + at + 32));
    return _mm256_castsi256_ps(_mm256_add_epi16(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b)));
  };
  for (int i = 0; i < 256; i += 128) {
    const __m256 a = two(i), b = two(i + 64);
    const __m256i all = _mm256_add_epi16(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)),
                                         _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd)));
    const __m256i order = _mm256_permutevar8x32_epi32(all, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(pairs + i / 16), order);
  }
}
// sums[i] = pairs[2i] + pairs[2i + 1], by words; 8 of them (and 8 zeros).
PK_INLINE void add_word_pairs(const int32_t* pairs, int32_t* sums) {
  const __m256 a = _mm256_loadu_ps(reinterpret_cast<const float*>(pairs));
  const __m256 b = _mm256_loadu_ps(reinterpret_cast<const float*>(pairs + 8));
  const __m256i all = _mm256_add_epi16(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)),
                                       _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums), _mm256_permute4x64_epi64(all, 0xd8));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + 8), _mm256_setzero_si256());
}
// 16 pairs of words times `factor`.
PK_INLINE void multiply_words(const int32_t* pairs, int factor, int32_t* out) {
  const __m256i by = _mm256_set1_epi16(static_cast<int16_t>(factor));
  PK_UNROLL for (int h = 0; h < 2; h++)
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + h, _mm256_mullo_epi16(load_256(pairs + 8 * h), by));
}
