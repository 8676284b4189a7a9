// Rows of float32 become int8 activations: codes, a scale a block, sums a group.
//
// Work goes in spans of 256 columns, which no block and no group straddles: a token's bits
// depend neither on its neighbours nor on how columns are cut into chunks. A block that holds
// a NaN or an infinity gets dx = NaN and zeros for codes and sums, so its products are NaN.
#pragma once
#include "body/level.h"

namespace pk {
namespace PK_LEVEL {

constexpr int kSpan = 256;

// Some columns of a tile, from the first of them on: in the tile itself, or in scratch that
// is copied there on commit. Token t of dword i is x[i · stride + t].
struct QuantizedColumns {
  int32_t* x;
  int32_t* x_low;  // null with one part
  float* dx;
  int32_t* sums[kSumKinds];
  int64_t stride;
};

// `first`: a multiple of a.block, and of 256 where the minima's sums are wanted.
inline QuantizedColumns columns_of(const Activations& a, int64_t tile, int64_t stride,
                                   int64_t first) {
  QuantizedColumns c{};
  c.x = a.x + tile * stride * (a.k / 4) + first / 4 * stride;
  if (a.x_low) c.x_low = a.x_low + (c.x - a.x);
  c.dx = a.dx + tile * stride * (a.k / a.block) + first / a.block * stride;
  for (uint32_t needs = a.needs; needs; needs &= needs - 1) {
    const int kind = sum_index(needs);
    const int64_t before = tile * sums_per_token(kind, a.k) + sums_per_token(kind, first);
    c.sums[kind] = a.sums[kind] + stride * before;
  }
  c.stride = stride;
  return c;
}

// The same for `count` columns as a chunk writes them. Tokens beyond `tokens` become zeros:
// kernels compute and drop them, and leftovers that look like subnormals would slow that down.
inline QuantizedColumns output_columns(Worker& worker, const Activations& a, int64_t tile,
                                       int64_t stride, int64_t first, int64_t count, int tokens) {
  QuantizedColumns c = columns_of(a, tile, stride, first);
  const auto output = [&](auto* target, int64_t elements) {
    auto* data = worker.output(target, elements * stride);
    const size_t bytes = static_cast<size_t>(elements * stride) * sizeof(*data);
    if (tokens < stride) std::memset(data, 0, bytes);
    return data;
  };
  c.x = output(c.x, count / 4);
  if (c.x_low) c.x_low = output(c.x_low, count / 4);
  c.dx = output(c.dx, count / a.block);
  for (uint32_t needs = a.needs; needs; needs &= needs - 1) {
    const int kind = sum_index(needs);
    c.sums[kind] = output(c.sums[kind], sums_per_token(kind, count));
  }
  return c;
}

// Codes of one block; returns dx = max |x| / 127, or with two parts, x = dx · (128 · code + low),
// max |x| / (127 · 128).
template <int kBlock, int kParts>
PK_INLINE float quantize_block(const float* x, int8_t* codes, int8_t* low) {
  constexpr float kLargestCode = kParts == 1 ? 127.0f : 127.0f * 128.0f;
  constexpr int kVectors = kBlock / 16, kChains = kVectors < 4 ? kVectors : 4;
  F32 most[kChains], probe[kChains];  // probe: 0, or NaN where a value is not finite
  PK_UNROLL for (int i = 0; i < kVectors; i++) {
    const F32 v = load(x + 16 * i), none = mul(v, zero_f32());
    most[i % kChains] = i < kChains ? abs(v) : max(most[i % kChains], abs(v));
    probe[i % kChains] = i < kChains ? none : add(probe[i % kChains], none);
  }
  PK_UNROLL for (int i = 1; i < kChains; i++) {
    most[0] = max(most[0], most[i]);
    probe[0] = add(probe[0], probe[i]);
  }
  const float largest = max_lanes(most[0]);
  const bool finite = sum_lanes(probe[0]) == 0.0f;
  // Below 1e-36 the inverse would overflow, and nothing that is added to such values sees them.
  if (!finite || largest < 1e-36f) {
    std::memset(codes, 0, kBlock);
    if (kParts == 2) std::memset(low, 0, kBlock);
    return finite ? 0.0f : __builtin_nanf("");
  }
  const F32 inverse = set1(kLargestCode / largest);
  PK_UNROLL for (int i = 0; i < kVectors; i++) {
    const F32 scaled = mul(load(x + 16 * i), inverse);
    if constexpr (kParts == 1) {
      store_i8(codes + 16 * i, scaled);
    } else {  // whole numbers below 2^14: every step is exact
      const F32 whole = round(scaled), high = round(mul(whole, set1(1.0f / 128)));
      store_i8(codes + 16 * i, high);
      store_i8(low + 16 * i, fnma(high, set1(128.0f), whole));
    }
  }
  return largest / kLargestCode;
}

template <int kBlock, int kParts>
PK_INLINE void quantize_blocks(const float* x, int count, int8_t* codes, int8_t* low, float* dx,
                               int64_t stride) {
  for (int at = 0; at < count; at += kBlock, dx += stride)
    *dx = quantize_block<kBlock, kParts>(x + at, codes + at, low + at);
}

template <int kParts>
PK_INLINE void quantize_blocks(int32_t block, const float* x, int count, int8_t* codes, int8_t* low,
                               float* dx, int64_t stride) {
  switch (block) {
    case 256: return quantize_blocks<256, kParts>(x, count, codes, low, dx, stride);
    case 128: return quantize_blocks<128, kParts>(x, count, codes, low, dx, stride);
    case 64: return quantize_blocks<64, kParts>(x, count, codes, low, dx, stride);
    case 32: return quantize_blocks<32, kParts>(x, count, codes, low, dx, stride);
    default: return quantize_blocks<16, kParts>(x, count, codes, low, dx, stride);
  }
}

// `count` codes as the dwords of one token.
PK_INLINE void write_codes(const int8_t* codes, int count, int32_t* to, int64_t stride) {
  if (stride == 1) {
    std::memcpy(to, codes, static_cast<size_t>(count));
  } else {
    for (int i = 0; i < count / 4; i++) std::memcpy(to + i * stride, codes + 4 * i, 4);
  }
}

// Factors of the sum kinds; minima (kind 0) are pairs of int16 and go their own way.
constexpr int32_t kSumFactor[kSumKinds] = {1, -8, -16, -128, -12, -32, -128, 1, 1};

PK_INLINE void write_minima_sums(const int32_t* of_32, int32_t* to, int64_t stride) {
  constexpr int kFirst[4] = {0, 1, 4, 5};
  PK_UNROLL for (int j = 0; j < 4; j++) {
    const auto low = static_cast<uint32_t>(of_32[kFirst[j]]) & 0xffffu;
    const auto high = static_cast<uint32_t>(of_32[kFirst[j] + 2]) << 16;
    to[j * stride] = static_cast<int32_t>(low | high);
  }
}

#if PK_WORD_SUMS
// A kind of kWordSums: the pairs of words of `count` groups, times what they begin with.
PK_INLINE void write_word_sums(int kind, const int32_t* pairs, int count, int32_t* to, int64_t stride) {
  alignas(32) int32_t words[16];
  multiply_words(pairs, kind == sum_index(kSums32x128) ? -8 : kSumFactor[kind], words);
  for (int i = 0; i < count; i++) to[i * stride] = words[i];
}

PK_INLINE void write_word_sums(uint32_t needs, const int8_t* codes, int64_t at, int count,
                               const QuantizedColumns& out, int token) {
  alignas(32) int32_t of_16[16], of_32[16];
  word_sums_of_16(codes, of_16);
  add_word_pairs(of_16, of_32);
  for (needs &= kWordSums; needs; needs &= needs - 1) {
    const int kind = sum_index(needs);
    const bool of_sixteen = kind == sum_index(kSums16x32);
    write_word_sums(kind, of_sixteen ? of_16 : of_32, count / (of_sixteen ? 16 : 32),
                    out.sums[kind] + sums_per_token(kind, at) * out.stride + token, out.stride);
  }
}
#endif

// One kind's sums of `count` groups.
PK_INLINE void write_sums(int kind, const int32_t* sums, int count, int32_t* to, int64_t stride) {
  if ((1u << kind) & (kSumsFloat32 | kSumsFloat16)) {
    auto* floats = reinterpret_cast<float*>(to);
    for (int i = 0; i < count; i++) floats[i * stride] = static_cast<float>(sums[i]);
  } else {
    for (int i = 0; i < count; i++) to[i * stride] = kSumFactor[kind] * sums[i];
  }
}

// Up to 256 columns of one token; `at` is the span's column within `out`.
inline void quantize_span(const float* x, int64_t at, int count, int32_t block, uint32_t needs,
                          const QuantizedColumns& out, int token) {
  alignas(64) int8_t codes[kSpan], low[kSpan];
  const bool two = out.x_low != nullptr;
  if (count < kSpan) {
    std::memset(codes, 0, kSpan);
    std::memset(low, 0, kSpan);
  }
  const int64_t stride = out.stride;
  float* dx = out.dx + at / block * stride + token;
  if (two) quantize_blocks<2>(block, x, count, codes, low, dx, stride);
  else quantize_blocks<1>(block, x, count, codes, low, dx, stride);
  write_codes(codes, count, out.x + at / 4 * stride + token, stride);
  if (two) write_codes(low, count, out.x_low + at / 4 * stride + token, stride);
#if PK_WORD_SUMS
  if (!two && (needs & kWordSums)) {
    write_word_sums(needs, codes, at, count, out, token);
    needs &= ~kWordSums;
  }
#endif
  if (needs == 0) return;
  alignas(64) int32_t of_16[16], low_16[16], of_32[8];
  sums_of_16(codes, of_16);
  if (two) {
    sums_of_16(low, low_16);
    for (int i = 0; i < 16; i++) of_16[i] = 128 * of_16[i] + low_16[i];
  }
  for (int i = 0; i < 8; i++) of_32[i] = of_16[2 * i] + of_16[2 * i + 1];
  for (; needs; needs &= needs - 1) {
    const int kind = sum_index(needs);
    int32_t* sums = out.sums[kind] + sums_per_token(kind, at) * stride + token;
    if (kind == 0) {
      write_minima_sums(of_32, sums, stride);
    } else if ((1u << kind) & (kSums16x32 | kSums16x128 | kSumsFloat16)) {
      write_sums(kind, of_16, count / 16, sums, stride);
    } else {
      write_sums(kind, of_32, count / 32, sums, stride);
    }
  }
}

// `count` columns of one token, from the first of `out` on.
inline void quantize_columns(const float* x, int64_t count, int32_t block, uint32_t needs,
                             const QuantizedColumns& out, int token) {
  for (int64_t at = 0; at < count; at += kSpan) {
    const int here = static_cast<int>(count - at < kSpan ? count - at : kSpan);
    quantize_span(x + at, at, here, block, needs, out, token);
  }
}

// A whole row [a.k] as token `token` of a tile.
inline void quantize_token(const float* x, const Activations& a, int64_t tile, int token,
                           int64_t stride) {
  quantize_columns(x, a.k, a.block, a.needs, columns_of(a, tile, stride, 0), token);
}

}  // namespace PK_LEVEL
}  // namespace pk
