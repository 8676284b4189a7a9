// Attention whose keys have positions as lanes: for the grouped-query cache, and for latents
// that were expanded into keys and values of their own. Online softmax over blocks of 128
// positions (Milakov & Gimelshein 2018), probabilities rounded to bfloat16, sums in float32.
#pragma once
#include "body/attention_math.h"

namespace pk {
namespace PK_LEVEL {

constexpr int kSpanPositions = 128;              // of one softmax step
constexpr int kAttendRows = kTile >= 12 ? 12 : 4;  // queries whose accumulators stay in registers

// Keys of one head in panels of 16 positions [pairs][16]. Some dimensions may be shared by all
// heads and lie elsewhere; they come last in a query.
struct KeyPanels {
  const int32_t* own;
  const int32_t* shared;  // or null
  int64_t own_pairs, shared_pairs;

  int64_t pairs() const { return own_pairs + shared_pairs; }
};

// acc[…][r] + vectors times the pair at x, which is read once for all of them.
template <int kRows, int kVectors>
PK_INLINE void dot_all(F32 (&acc)[kVectors][kRows], const BF16Pairs (&a)[kVectors], int r, const int32_t* x) {
  if constexpr (kVectors == 1) {
    dot_bf16(acc[0][r], a[0], x);
  } else {
    const SamePairs b = same_pairs(x);
    PK_UNROLL for (int i = 0; i < kVectors; i++) dot_bf16(acc[i][r], a[i], b);
  }
}

// s [kRows][128] from `panel` on: kPanels panels times the queries q [pairs][kRows].
template <int kRows, int kPanels>
PK_INLINE void score_segment(F32 (&acc)[kPanels][kRows], const int32_t* keys, int64_t pairs,
                             const int32_t* q) {
  for (int64_t p = 0; p < pairs; p++) {
    BF16Pairs k[kPanels];
    PK_UNROLL for (int i = 0; i < kPanels; i++) k[i] = load_pairs(keys + (i * pairs + p) * 16);
    PK_UNROLL for (int r = 0; r < kRows; r++) dot_all<kRows>(acc, k, r, q + p * kRows + r);
  }
}

template <int kRows, int kPanels>
PK_INLINE void score(const KeyPanels& keys, int64_t panel, const int32_t* q, float* s) {
  F32 acc[kPanels][kRows];
  PK_UNROLL for (int i = 0; i < kPanels; i++)
    PK_UNROLL for (int r = 0; r < kRows; r++) acc[i][r] = zero_f32();
  score_segment<kRows, kPanels>(acc, keys.own + panel * keys.own_pairs * 16, keys.own_pairs, q);
  if (keys.shared)
    score_segment<kRows, kPanels>(acc, keys.shared + panel * keys.shared_pairs * 16,
                                  keys.shared_pairs, q + keys.own_pairs * kRows);
  PK_UNROLL for (int i = 0; i < kPanels; i++)
    PK_UNROLL for (int r = 0; r < kRows; r++) store(s + r * kSpanPositions + 16 * i, acc[i][r]);
}

// o [kRows][16 · kVectors] = o · factor + Σ p · v over pairs of positions.
template <int kRows, int kVectors>
PK_INLINE void mix(const int32_t* v, int64_t v_stride, int pairs, const int32_t* p,
                   const float* factor, float* o, int64_t o_stride) {
  F32 acc[kVectors][kRows];
  PK_UNROLL for (int r = 0; r < kRows; r++)
    PK_UNROLL for (int i = 0; i < kVectors; i++)
      acc[i][r] = mul(load(o + r * o_stride + 16 * i), set1(factor[r]));
  for (int t = 0; t < pairs; t++) {
    BF16Pairs x[kVectors];
    PK_UNROLL for (int i = 0; i < kVectors; i++) x[i] = load_pairs(v + t * v_stride + 16 * i);
    PK_UNROLL for (int r = 0; r < kRows; r++) dot_all<kRows>(acc, x, r, p + r * (kSpanPositions / 2) + t);
  }
  PK_UNROLL for (int r = 0; r < kRows; r++)
    PK_UNROLL for (int i = 0; i < kVectors; i++) store(o + r * o_stride + 16 * i, acc[i][r]);
}

// kRows queries and what they have gathered so far. Scores are in powers of two: queries come
// multiplied by the softmax scale and log2 e.
template <int kRows>
struct Queries {
  const int32_t* q;        // [pairs][kRows]
  int64_t visible[kRows];  // row r sees positions 0 … visible[r] - 1
  float* o;                // [kRows][width], width a multiple of 16
  int64_t width;
  alignas(64) float most[16];
  alignas(64) float sums[kRows][16];  // of probabilities, a lane a position

  void begin() {
    PK_UNROLL for (int r = 0; r < 16; r++) most[r] = kHidden;
    PK_UNROLL for (int r = 0; r < kRows; r++) store(sums[r], zero_f32());
    std::memset(o, 0, static_cast<size_t>(kRows * width) * sizeof(float));
  }
  float sum(int row) const { return sum_lanes(load(sums[row])); }
  int64_t last() const {
    int64_t most_visible = 0;
    for (int r = 0; r < kRows; r++)
      most_visible = visible[r] > most_visible ? visible[r] : most_visible;
    return most_visible;
  }
};

constexpr int kFewVectors = kTile >= 12 ? 4 : 2;
template <int kRows>
constexpr int kScorePanels = kRows == 1                  ? 2 * kFewVectors
                             : kRows <= 4 && kTile >= 12 ? kFewVectors
                             : kRows == 8                ? 2
                                                         : kAtOnce >= 12    ? 2
                                                         : 1;
template <int kRows>
constexpr int kMixVectors = kRows <= 4 && kTile >= 12 ? kFewVectors : kFewVectors / 2;

// Adds up to 128 positions from `from`, a multiple of 16. values [pair of positions][width].
template <int kRows>
inline void attend_span(Queries<kRows>& a, const KeyPanels& keys, const int32_t* values,
                        int64_t from, int count, int32_t* tail) {
  alignas(64) float s[kRows * kSpanPositions];
  alignas(64) int32_t p[kRows * kSpanPositions / 2];
  alignas(64) float factor[16];
  const int panels = static_cast<int>(ceil_div(count, 16));
  int panel = 0;
  constexpr int kPanels = kScorePanels<kRows>;
  // One row's values come from memory, a few columns of many lines at a time: ask for them early.
  constexpr bool kAhead = kRows < kAttendRows;
  const auto* ahead = reinterpret_cast<const char*>(values + from / 2 * a.width);
  for (; panel + kPanels <= panels; panel += kPanels) {
    if constexpr (kAhead) prefetch(ahead + panel * a.width * 32, kPanels * a.width * 32);
    score<kRows, kPanels>(keys, from / 16 + panel, a.q, s + 16 * panel);
  }
  for (; panel < panels; panel++) score<kRows, 1>(keys, from / 16 + panel, a.q, s + 16 * panel);

  const F32 before = load(a.most);
  for (int r = 0; r < kRows; r++) {
    float* row = s + r * kSpanPositions;
    const int64_t seen = a.visible[r] - from;
    for (int64_t t = seen < 0 ? 0 : seen; t < panels * 16; t++) row[t] = kHidden;
    F32 top = load(row);
    for (int i = 1; i < panels; i++) top = max(top, load(row + 16 * i));
    const float largest = max_lanes(top);
    if (largest > a.most[r]) a.most[r] = largest;
  }
  store(factor, exp2_of(sub(before, load(a.most))));
  for (int r = 0; r < kRows; r++) {
    const float* row = s + r * kSpanPositions;
    auto* probability = reinterpret_cast<uint16_t*>(p + r * (kSpanPositions / 2));
    const F32 most = set1(a.most[r]);
    F32 sum = mul(load(a.sums[r]), set1(factor[r]));
    for (int i = 0; i < panels; i++) {
      const F32 e = exp2_of(sub(load(row + 16 * i), most));
      sum = add(sum, e);
      store_bf16(probability + 16 * i, e);
    }
    store(a.sums[r], sum);
    const int64_t seen = a.visible[r] - from;  // e is 2^-126 there, not 0
    for (int64_t t = seen < 0 ? 0 : seen; t < panels * 16; t++) probability[t] = 0;
  }

  const int32_t* v = values + from / 2 * a.width;
  const auto mixed = [&](const int32_t* at, int pairs, const int32_t* weights,
                         const float* factors) {
    int64_t d = 0;
    constexpr int kVectors = kMixVectors<kRows>;
    for (; d + 16 * kVectors <= a.width; d += 16 * kVectors)
      mix<kRows, kVectors>(at + d, a.width, pairs, weights, factors, a.o + d, a.width);
    for (; d < a.width; d += 16)
      mix<kRows, 1>(at + d, a.width, pairs, weights, factors, a.o + d, a.width);
  };
  mixed(v, count / 2, p, factor);
  if (count % 2 == 0) return;
  // The other half of the last pair may belong to a later row: it is left out, so that not even
  // a NaN there is seen.
  const int32_t* odd = v + count / 2 * a.width;
  for (int64_t d = 0; d < a.width; d++) tail[d] = odd[d] & 0xffff;
  for (int r = 0; r < 16; r++) factor[r] = 1.0f;
  mixed(tail, 1, p + count / 2, factor);
}

// Positions from … to - 1, `from` a multiple of 16; `tail` has room for `width` dwords.
template <int kRows>
__attribute__((noinline)) void attend(Queries<kRows>& a, const KeyPanels& keys,
                                      const int32_t* values, int64_t from, int64_t to,
                                      int32_t* tail) {
  const int64_t last = a.last() < to ? a.last() : to;
  for (; from < last; from += kSpanPositions) {
    const int64_t count = last - from < kSpanPositions ? last - from : kSpanPositions;
    attend_span<kRows>(a, keys, values, from, static_cast<int>(count), tail);
  }
}

// Several tiles over all that they see: a span of keys serves every tile while it is near.
inline void attend_tiles(Queries<kAttendRows>* tiles, int count, const KeyPanels& keys,
                         const int32_t* values, int32_t* tail) {
  int64_t last = 0;
  for (int t = 0; t < count; t++) last = tiles[t].last() > last ? tiles[t].last() : last;
  for (int64_t from = 0; from < last; from += kSpanPositions)
    for (int t = 0; t < count; t++)
      attend<kAttendRows>(tiles[t], keys, values, from, from + kSpanPositions, tail);
}

// out [count] = what query `row` of a tile gathered.
inline void put_mixed(const Queries<kAttendRows>& a, int row, int count, float* out) {
  const float sum = a.sum(row);
  const float* o = a.o + row * a.width;
  for (int d = 0; d < count; d++) out[d] = o[d] / sum;
}

// Queries in the layout of `Queries::q`: pair p of row r of a tile of `rows` rows.
inline void put_query(const float* values, int64_t pairs, float factor, int rows, int row,
                      int32_t* q) {
  for (int64_t p = 0; p < pairs; p++)
    q[p * rows + row] = bf16_pair(values[2 * p] * factor, values[2 * p + 1] * factor);
}

// Calls f(constant) with the tile size for `count` queries that one set of keys serves.
template <class F>
inline void with_tile_size(int count, F&& f) {
  const int tiles = static_cast<int>(ceil_div(count, kAttendRows));
  const int each = static_cast<int>(ceil_div(count, tiles));
  if (each <= 1) return f(std::integral_constant<int, 1>{});
  if (each <= 2) return f(std::integral_constant<int, 2>{});
  if (each <= 4) return f(std::integral_constant<int, 4>{});
  if constexpr (kAttendRows >= 12) {
    if (each <= 8) return f(std::integral_constant<int, 8>{});
    return f(std::integral_constant<int, 12>{});
  }
}

}  // namespace PK_LEVEL
}  // namespace pk
