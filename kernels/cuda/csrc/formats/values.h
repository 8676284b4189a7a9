// A format's values as floats, a chunk of kChunk neighbouring k of N rows at a time.
//
// For: products whose activations are not rounded, products across a panel, and embeddings. The
// values are the reference's bit for bit. Quantized formats: a chunk is a vector of codes.
#pragma once
#include "formats/groups.h"
#include "formats/super_blocks.h"

namespace pk {

// Whether `F` is multiplied by rounded activations.
template <class F>
struct Values {
  static constexpr bool kQuantized = true;
  static constexpr int kChunk = 4 * F::kPerVector;

  template <int N>
  DEVICE static void read(const uint8_t* panel, int chunk, int row, float (&out)[N][kChunk]) {
    const int g = chunk / F::kVectors, vector = chunk % F::kVectors;
    const uint8_t* group = F::group(panel, g);
    uint32_t words[N], planes[N] = {};
    if constexpr (F::kPlane) read_words(group + 4 * row, planes);
    stream_words(group + (F::kPlane ? kVector : 0) + vector * kVector + 4 * row, words);
    Factors<N> f;
    F::factors(panel, g, row, f);
    UNROLL for (int i = 0; i < N; i++) {
      uint32_t steps[F::kPerVector];
      F::unpack(words[i], planes[i], vector, steps);
      UNROLL for (int j = 0; j < kChunk; j++) {
        const auto code = static_cast<int8_t>(steps[j / 4] >> j % 4 * 8);
        const float value = times(static_cast<float>(code - F::kOffset), f.s[i]);
        out[i][j] = F::kMinimum ? plus(value, -f.m[i]) : value;
      }
    }
  }
};

struct F32 {};
struct F16 {};
struct BF16 {};

// [k][16 rows]
template <>
struct Values<F32> {
  static constexpr bool kQuantized = false;
  static constexpr int kChunk = 1;
  template <int N>
  DEVICE static void read(const uint8_t* panel, int chunk, int row, float (&out)[N][1]) {
    uint32_t words[N];
    stream_words(panel + int64_t{chunk} * 64 + 4 * row, words);
    UNROLL for (int i = 0; i < N; i++) out[i][0] = __uint_as_float(words[i]);
  }
};

// [k][16 rows]
template <>
struct Values<F16> {
  static constexpr bool kQuantized = false;
  static constexpr int kChunk = 1;
  template <int N>
  DEVICE static void read(const uint8_t* panel, int chunk, int row, float (&out)[N][1]) {
    float values[N];
    read_halves(panel + int64_t{chunk} * 32 + 2 * row, values);
    UNROLL for (int i = 0; i < N; i++) out[i][0] = values[i];
  }
};

// [pairs of k][16 rows][2], the last pair padded
template <>
struct Values<BF16> {
  static constexpr bool kQuantized = false;
  static constexpr int kChunk = 2;
  template <int N>
  DEVICE static void read(const uint8_t* panel, int chunk, int row, float (&out)[N][2]) {
    uint32_t words[N];
    stream_words(panel + int64_t{chunk} * 64 + 4 * row, words);
    UNROLL for (int i = 0; i < N; i++) {
      out[i][0] = __uint_as_float(words[i] << 16);
      out[i][1] = __uint_as_float(words[i] & 0xffff0000u);
    }
  }
};

}  // namespace pk
