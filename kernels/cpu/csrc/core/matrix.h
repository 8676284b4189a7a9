// Packed matrices and quantized activations, as every op sees them.
#pragma once
#include <cstdint>

#include "core/step.h"

namespace pk {

// Numbers are part of the C interface and of the prepared model's manifest (layout version 1).
enum Format : int32_t {
  kQ4_K = 0,
  kQ5_K = 1,
  kQ6_K = 2,
  kQ4_0 = 3,
  kQ4_1 = 4,
  kQ5_0 = 5,
  kQ8_0 = 6,
  kMXFP4 = 7,
  kIQ4_NL = 8,
  kS8G16 = 9,
  kA8G16 = 10,
  kF32 = 11,
  kBF16 = 12,
  kF16 = 13,
  kFormats = 14,
};

PK_INLINE bool is_float(int32_t format) { return format >= kF32; }

// Bytes of a panel of 16 rows over `k` columns (the table in kernels/schemes/panels.py).
int64_t panel_bytes(int32_t format, int64_t k);

// A matrix [out, in] in panels of 16 rows, `panel_stride` bytes apart.
struct Matrix {
  const uint8_t* panels;
  int64_t panel_stride;
  int32_t out, in;
  int32_t format;
  int32_t padding;

  PK_INLINE int panel_count() const { return static_cast<int>(ceil_div(out, kPanelRows)); }
  PK_INLINE const uint8_t* panel(int64_t index) const { return panels + index * panel_stride; }
};

// Which sums over groups of activations a format needs beside the codes. Symmetric formats
// store codes as unsigned: value = scale · (code - offset), so their accumulators start at
// -offset · Σx of the group.
enum Sums : uint32_t {
  kSumsMinima = 1u << 0,   // pairs of int16 Σ over groups of 32, (0,2) (1,3) (4,6) (5,7) of 256
  kSums32x8 = 1u << 1,     // -8 · Σ over 32
  kSums32x16 = 1u << 2,    // -16 · Σ
  kSums32x128 = 1u << 3,   // -128 · Σ
  kSums32x12 = 1u << 4,    // -12 · Σ
  kSums16x32 = 1u << 5,    // -32 · Σ over 16
  kSums16x128 = 1u << 6,   // -128 · Σ over 16
  kSumsFloat32 = 1u << 7,  // Σ over 32 as float
  kSumsFloat16 = 1u << 8,  // Σ over 16 as float
};
constexpr int kSumKinds = 9;
// A level that adds up products in 16 bits (LevelTable.word_sums) has, with one part, pairs of
// int16 in these: what its words begin with, the sums over codes 0, 1 and 2, 3 of every four.
// Codes of 8 bits go there as two nibbles, of which the high one has an offset of 8.
constexpr uint32_t kWordSums = kSums32x8 | kSums32x16 | kSums32x128 | kSums32x12 | kSums16x32;

PK_INLINE int sum_index(uint32_t bit) { return __builtin_ctz(bit); }
// Elements of a sum array for one token.
PK_INLINE int64_t sums_per_token(int kind, int64_t k) {
  if (kind == 0) return k / 64;  // four pairs for 256
  return (1u << kind) & (kSums16x32 | kSums16x128 | kSumsFloat16) ? k / 16 : k / 32;
}

// Which sums `format` reads, with activations of one part or two.
PK_INLINE uint32_t sums_of(int32_t format, int32_t parts) {
  switch (format) {
    case kQ4_K: case kQ5_K: return parts == 1 ? kSumsMinima : kSumsFloat32;
    case kQ6_K: return kSums16x32;
    case kQ4_0: return kSums32x8;
    case kQ4_1: return kSumsFloat32;
    case kQ5_0: return kSums32x16;
    case kQ8_0: case kIQ4_NL: return kSums32x128;
    case kMXFP4: return kSums32x12;
    case kS8G16: return kSums16x128;
    case kA8G16: return kSumsFloat16;
    default: return 0;
  }
}

// Values that share one activation scale.
PK_INLINE int32_t activation_block(int64_t k) {
  for (int32_t block = 256; block > 16; block /= 2)
    if (k % block == 0) return block;
  return 16;
}

// Rows quantized to int8, or to 14 bits as two int8 (128 · x + x_low), in tiles: x [tile][k/4][tokens] dwords, dx [tile][k/block][tokens],
// sums [tile][…][tokens]. `tokens` (the stride) is the level's tile with many rows and
// padded_few(rows) with few, where there is one tile.
struct Activations {
  int32_t k;
  int32_t block;
  uint32_t needs;
  int32_t capacity;  // tokens, a multiple of every level's tile
  int32_t* x;
  float* dx;
  int32_t* sums[kSumKinds];  // float kinds: the same bytes read as float
  int32_t* x_low;            // behind x in the same memory; null with one part

  PK_INLINE int32_t parts() const { return x_low ? 2 : 1; }
};

// Bytes of a panel's codes as Tile.unpacked holds them: one each, two of those with 8 bits.
PK_INLINE int64_t unpacked_bytes(int32_t format, int64_t k) {
  return k * kPanelRows * (format == kQ8_0 || format == kIQ4_NL ? 2 : 1);
}

// One tile as a kernel reads it.
struct Tile {
  const int32_t* x;
  const float* dx;
  const int32_t* sums;
  int64_t to_low;  // dwords from x to the low part; 0: there is none
  int32_t stride;
  int32_t block;
  int64_t ahead;   // bytes from what is read to what is asked for meanwhile
  // Where a level with word_sums keeps a panel's codes for its next tiles (64-byte aligned), or
  // null; they are there once more than 4 tokens were multiplied.
  uint8_t* unpacked;
  bool filled;
};

// As a matrix of `format` reads it.
PK_INLINE Tile tile_of(const Activations& a, int64_t tile, int tokens, int32_t format) {
  const uint32_t sums = sums_of(format, a.parts());
  Tile t{};
  t.to_low = a.x_low ? a.x_low - a.x : 0;
  t.x = a.x + tile * tokens * (a.k / 4);
  t.dx = a.dx + tile * tokens * (a.k / a.block);
  const int kind = sums ? sum_index(sums) : 0;
  t.sums = sums ? a.sums[kind] + tile * tokens * sums_per_token(kind, a.k) : nullptr;
  t.stride = tokens;
  t.block = a.block;
  return t;
}

}  // namespace pk
