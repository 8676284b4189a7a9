// What the panel formats share: reading factors of neighbouring rows, and codes out of words.
//
// Layouts are those of kernels/schemes/panel_*.py: 16 rows side by side, a vector of 64 bytes
// being [16 rows][4 k]. A word is four k of one row. N is how many neighbouring rows a lane
// takes: 4 (loads of 16 bytes) or 1.
//
// A quantized format F has groups of kGroup k, each kVectors vectors behind an optional one of
// upper bits (kPlane). A vector holds kPerVector k-steps (of 4 k). value = s · (code - kOffset)
// - m, with m only where kMinimum; codes are bytes that dot_bytes takes.
#pragma once
#include "ptx.h"

namespace pk {

constexpr int kRows = 16;
constexpr int kVector = 64;
constexpr uint32_t kNibbles = 0x0f0f0f0fu;
constexpr uint32_t kTopBits = 0x80808080u;

// N words at `at`, of weights' headers: other lanes read them too.
template <int N>
DEVICE void read_words(const uint8_t* at, uint32_t (&out)[N]) {
  if constexpr (N == 4) {
    const Words4 v = load_128(at);
    UNROLL for (int i = 0; i < 4; i++) out[i] = v.w[i];
  } else {
    out[0] = *reinterpret_cast<const uint32_t*>(at);
  }
}

// N words of codes, read once.
template <int N>
DEVICE void stream_words(const uint8_t* at, uint32_t (&out)[N]) {
  if constexpr (N == 4) {
    const Words4 v = load_streaming_128(at);
    UNROLL for (int i = 0; i < 4; i++) out[i] = v.w[i];
  } else {
    out[0] = load_streaming_32(at);
  }
}

template <int N>
DEVICE void read_floats(const uint8_t* at, float (&out)[N]) {
  uint32_t words[N];
  read_words(at, words);
  UNROLL for (int i = 0; i < N; i++) out[i] = __uint_as_float(words[i]);
}

DEVICE float half_of(uint32_t bits) {
  Half h;
  h.bits = static_cast<uint16_t>(bits);
  return to_float(h);
}

template <int N>
DEVICE void read_halves(const uint8_t* at, float (&out)[N]) {
  if constexpr (N == 4) {
    uint32_t low, high;
    load_64(at, low, high);
    out[0] = half_of(low & 0xffffu), out[1] = half_of(low >> 16);
    out[2] = half_of(high & 0xffffu), out[3] = half_of(high >> 16);
  } else {
    out[0] = to_float(*reinterpret_cast<const Half*>(at));
  }
}

template <int N>
DEVICE void read_bytes(const uint8_t* at, uint32_t (&out)[N]) {
  if constexpr (N == 4) {
    const uint32_t word = *reinterpret_cast<const uint32_t*>(at);
    UNROLL for (int i = 0; i < 4; i++) out[i] = word >> 8 * i & 0xffu;
  } else {
    out[0] = *at;
  }
}

// Scales and minima of N rows; `m` stays unset where a format has none.
template <int N>
struct Factors {
  float s[N], m[N];
};

// A vector of nibbles: k-step 2i in the low ones, 2i + 1 in the high ones.
template <int kGroupK>
struct NibbleCodes {
  static constexpr int kGroup = kGroupK, kPerVector = 2, kVectors = kGroupK / 8;
  static constexpr bool kPlane = false;
  DEVICE static void unpack(uint32_t word, uint32_t, int, uint32_t (&steps)[2]) {
    steps[0] = word & kNibbles;
    steps[1] = word >> 4 & kNibbles;
  }
};

// The same with kBits upper bits of each code in a plane: field s of a byte is k-step s's.
template <int kGroupK, int kBits>
struct PlaneCodes {
  static constexpr int kGroup = kGroupK, kPerVector = 2, kVectors = kGroupK / 8;
  static constexpr bool kPlane = true;
  DEVICE static void unpack(uint32_t word, uint32_t plane, int vector, uint32_t (&steps)[2]) {
    constexpr uint32_t kField = ((1u << kBits) - 1) * 0x01010101u;
    const uint32_t even = plane >> 2 * vector * kBits, odd = even >> kBits;
    steps[0] = (word & kNibbles) | (even & kField) << 4;
    steps[1] = (word >> 4 & kNibbles) | (odd & kField) << 4;
  }
};

// Bytes stored with their top bit turned.
template <int kGroupK>
struct ByteCodes {
  static constexpr int kGroup = kGroupK, kPerVector = 1, kVectors = kGroupK / 4;
  static constexpr bool kPlane = false;
  DEVICE static void unpack(uint32_t word, uint32_t, int, uint32_t (&steps)[1]) {
    steps[0] = word ^ kTopBits;
  }
};

// Nibbles that are places in a table of 16 signed bytes, four to a word of `T::kTable`.
template <class T>
struct TableCodes {
  static constexpr int kGroup = 32, kPerVector = 2, kVectors = 4;
  static constexpr bool kPlane = false;

  // The bytes at four places: nibbles of the low half of `places`, in order.
  DEVICE static uint32_t four(uint32_t places) {
    const uint32_t within = places & 0x7777u;
    const uint32_t first = __byte_perm(T::word(0), T::word(1), within);
    const uint32_t second = __byte_perm(T::word(2), T::word(3), within);
    return __byte_perm(first, second, 0x3210u | (places & 0x8888u) >> 1);
  }
  DEVICE static void unpack(uint32_t word, uint32_t, int, uint32_t (&steps)[2]) {
    const uint32_t low = four(word & 0xffffu), high = four(word >> 16);
    steps[0] = __byte_perm(low, high, 0x6420u);
    steps[1] = __byte_perm(low, high, 0x7531u);
  }
};

}  // namespace pk
