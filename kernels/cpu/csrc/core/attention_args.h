// What the attention ops are told once, the layouts of their caches, and the work space they
// need. Plain C: Python fills these.
#pragma once
#include <cstdint>

#include "core/matrix.h"

namespace pk {

// The positions that one chunk of a decode step reads: fixed by the row's own position, so
// that a row's bits do not depend on its neighbours. Never more than kMostBlocks of them.
constexpr int kMostBlocks = 32;
PK_INLINE int64_t position_block(int64_t visible) {
  if (visible <= 2048) return 128;
  if (visible <= 256 * kMostBlocks) return 256;
  return round_up(ceil_div(visible, kMostBlocks), 128);
}
PK_INLINE int64_t position_blocks(int64_t visible) {
  return ceil_div(visible, position_block(visible));
}

// Bytes that one group of heads may use for keys and values made from the latents.
constexpr int64_t kExpandedBytes = int64_t{64} << 20;
constexpr int64_t kSlackBytes = 64;  // whole vectors may be read behind the last value

// ------------------------------------------------------------------ latent attention (MLA)

// Latent attention of one layer (DeepSeek-V2 report, section 2.1). The cache holds bfloat16
// [capacity][latent + rope]: normalised latents and rotated keys, one position after another.
struct MlaArgs {
  const float* q;             // [rows][heads · (nope + rope)], not yet rotated
  const float* kv;            // [rows][latent + rope], before the norm and not yet rotated
  const float* latent_norm;   // [latent]
  const float* cos;           // [capacity][rope / 2], a row a position
  const float* sin;
  const Matrix* k_b;          // [heads], one format: [latent, nope]; [nope, latent] if by nope
  const Matrix* v_b;          // [heads]: [value, latent]
  uint16_t* cache;            // mla_cache_bytes
  float* out;                 // [rows][heads · value]
  uint8_t* work;              // mla_work_bytes, 64-byte aligned; may be shared by layers
  int64_t q_stride, kv_stride, out_stride;
  int64_t capacity;           // positions
  int32_t max_rows;           // of a step
  int32_t heads, nope, rope, latent, value;  // nope and latent multiples of 16, rope even
  int32_t interleaved;        // rope turns (2i, 2i + 1), else (i, i + rope / 2)
  int32_t keys_by_nope;
  float eps;
  float scale;                // of the scores
  int32_t parts;              // int8 a value becomes before k_b and v_b: 1 or 2
  int32_t form;               // of many rows: 0, whichever is less work; to time both, 1 absorbed, 2 expanded

  PK_INLINE int64_t cache_row() const { return int64_t{latent} + rope; }
  PK_INLINE int groups() const { return static_cast<int>(ceil_div(heads, 16)); }
  PK_INLINE int heads_of(int group) const {
    return heads - 16 * group < 16 ? heads - 16 * group : 16;
  }
  PK_INLINE int64_t value_padded() const { return round_up(value, 16); }
  PK_INLINE int64_t positions_padded() const { return round_up(capacity, 16); }
};

PK_INLINE int64_t mla_position_bytes(const MlaArgs& a) { return 2 * a.cache_row(); }
PK_INLINE int64_t mla_cache_bytes(const MlaArgs& a) {
  return a.capacity * mla_position_bytes(a) + kSlackBytes;
}

// Queries in the latent space, 16 heads as the lanes, pairs of bfloat16: dwords of one group.
PK_INLINE int64_t mla_query_size(const MlaArgs& a) { return a.cache_row() / 2 * 16; }
// A block's maxima [16], sums [16] and mixed latents [heads][latent], in floats; room is for 16 heads.
PK_INLINE int64_t mla_partial_size(const MlaArgs& a, int heads = 16) { return 32 + heads * int64_t{a.latent}; }

// Rows that are attended in the latent space at most, as their work space has a limit.
PK_INLINE int64_t mla_most_absorbed(const MlaArgs& a) {
  const int64_t row = a.groups() * mla_query_size(a) * 4 + int64_t{a.heads} * a.latent * 4;
  const int64_t fitting = kExpandedBytes / row;
  const int64_t most = fitting < 8 * kFewRows ? 8 * kFewRows : fitting;
  return most < a.max_rows ? most : a.max_rows;
}

// Whether keys and values of their own are made for every head: work a head and row in the
// latent space against work a head and position for expanding, both in products. Where the two
// take as long was measured to be where they are as much work (`attention_test forms`).
PK_INLINE bool mla_expands(const MlaArgs& a, const Step& step) {
  if (step.rows <= kFewRows) return false;
  if (step.rows > mla_most_absorbed(a)) return true;
  if (a.form) return a.form == 2;
  const double scores = static_cast<double>(step.rows) * (step.past + 0.5 * step.rows);
  const double matrices = static_cast<double>(a.latent) * (a.nope + a.value);
  const double absorbed = scores * (2.0 * a.latent + a.rope) + step.rows * matrices;
  const double expanded = scores * (a.nope + a.rope + a.value) + (step.past + step.rows) * matrices;
  return expanded < absorbed;
}

// Heads whose keys and values exist at once.
PK_INLINE int mla_heads_at_once(const MlaArgs& a) {
  const int64_t head = a.positions_padded() * (a.nope + a.value_padded()) * 2;
  const int64_t fitting = kExpandedBytes / head;
  return static_cast<int>(fitting < 1 ? 1 : fitting > a.heads ? a.heads : fitting);
}
PK_INLINE int mla_head_groups(const MlaArgs& a) {
  return static_cast<int>(ceil_div(a.heads, mla_heads_at_once(a)));
}

// Where the parts of the work space lie, in bytes. Paths exclude one another, so they overlap.
struct MlaWork {
  int64_t queries;          // few and absorbed: [row][group][mla_query_size] dwords
  int64_t partials;         // few: [row][group][block][mla_partial_size] floats
  int64_t mixed;            // absorbed: [row][heads][latent] floats
  int64_t rope_keys;        // expanded: [panel of 16 positions][rope / 2][16] dwords
  int64_t keys;             // expanded: [head at once][panel][nope / 2][16] dwords
  int64_t values;           // expanded: [head at once][pair of positions][value padded] dwords
  int64_t bytes;
};

PK_INLINE MlaWork mla_work(const MlaArgs& a) {
  MlaWork w{};
  const int64_t few = kFewRows < a.max_rows ? kFewRows : a.max_rows;
  const int64_t query_bytes = a.groups() * mla_query_size(a) * 4;
  w.partials = round_up(few * query_bytes, 64);
  const int64_t blocks = a.capacity <= 2048 ? ceil_div(a.capacity, 128) : kMostBlocks;
  const int64_t few_bytes = w.partials + few * a.groups() * blocks * mla_partial_size(a) * 4;
  const int64_t absorbed = mla_most_absorbed(a);
  w.mixed = round_up(absorbed * query_bytes, 64);
  const int64_t absorbed_bytes = w.mixed + absorbed * a.heads * a.latent * 4;
  w.keys = round_up(a.positions_padded() * a.rope * 2, 64);
  w.values = w.keys + mla_heads_at_once(a) * a.positions_padded() * a.nope * 2;
  int64_t expanded_bytes =
      w.values + mla_heads_at_once(a) * a.positions_padded() * a.value_padded() * 2;
  if (a.max_rows <= kFewRows) expanded_bytes = 0;
  w.bytes = few_bytes > absorbed_bytes ? few_bytes : absorbed_bytes;
  if (w.bytes < expanded_bytes) w.bytes = expanded_bytes;
  w.bytes = round_up(w.bytes, 64) + kSlackBytes;
  return w;
}
PK_INLINE int64_t mla_work_bytes(const MlaArgs& a) { return mla_work(a).bytes; }

// ------------------------------------------------------------------ grouped-query attention

// Grouped-query attention of one layer (Ainslie et al. 2023). Keys are cached in panels of 16
// positions [kv_heads][panel][head_dim / 2][16] and values as pairs of positions
// [kv_heads][pair][dim padded to 16], both as pairs of bfloat16.
struct GqaArgs {
  const float* q;             // [rows][heads · head_dim], not yet rotated
  const float* k;             // [rows][kv_heads · head_dim]
  const float* v;
  const float* q_norm;        // [head_dim] or null
  const float* k_norm;
  const float* cos;           // [capacity][rope_dim / 2], a row a position
  const float* sin;
  int32_t* keys;              // gqa_keys_bytes
  int32_t* values;            // gqa_values_bytes
  float* out;                 // [rows][heads · head_dim]
  uint8_t* work;              // gqa_work_bytes, 64-byte aligned; may be shared by layers
  int64_t q_stride, k_stride, v_stride, out_stride;
  int64_t capacity;           // positions
  int32_t max_rows;
  int32_t heads, kv_heads;    // heads a multiple of kv_heads
  int32_t head_dim;           // even, at most 256
  int32_t rope_dim;           // even, at most head_dim; the first values of a head
  int32_t interleaved;
  float eps;                  // of the norms
  float scale;                // of the scores

  PK_INLINE int heads_a_kv() const { return heads / kv_heads; }
  PK_INLINE int pairs() const { return head_dim / 2; }
  PK_INLINE int64_t dim_padded() const { return round_up(head_dim, 16); }
  PK_INLINE int64_t positions_padded() const { return round_up(capacity, 16); }
  PK_INLINE int64_t keys_a_head() const { return positions_padded() * pairs(); }           // dwords
  PK_INLINE int64_t values_a_head() const { return positions_padded() / 2 * dim_padded(); }
};

PK_INLINE int64_t gqa_keys_bytes(const GqaArgs& a) { return a.kv_heads * a.keys_a_head() * 4; }
PK_INLINE int64_t gqa_values_bytes(const GqaArgs& a) { return a.kv_heads * a.values_a_head() * 4; }
PK_INLINE int64_t gqa_position_bytes(const GqaArgs& a) {
  return int64_t{a.kv_heads} * (2 * a.head_dim + 2 * a.dim_padded());
}
// A block's maxima [heads], sums [heads] and mixed values [heads][dim padded] of one kv head.
PK_INLINE int64_t gqa_partial_size(const GqaArgs& a) {
  return a.heads_a_kv() * (2 + a.dim_padded());
}
PK_INLINE int64_t gqa_work_bytes(const GqaArgs& a) {
  const int64_t rows = kFewRows < a.max_rows ? kFewRows : a.max_rows;
  const int64_t blocks = a.capacity <= 2048 ? ceil_div(a.capacity, 128) : kMostBlocks;
  return rows * a.kv_heads * blocks * gqa_partial_size(a) * 4 + kSlackBytes;
}

}  // namespace pk
