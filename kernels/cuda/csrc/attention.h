// Attention in tiles: scores, softmax and mixed values of some queries over a range of positions.
//
// For: attention.cu. Operands are rounded to fp16 on their way into shared memory, sums and the
// softmax are float32 (Milakov & Gimelshein 2018 for its online form). A query is one head of one
// row; queries of a tile share a kv head. Latent attention has one kv head, two parts of a key
// (latent, rotary) and the latent again as the value.
//
// fp16 ends at 65504: a query, a key and a position's values each come divided by a power of two
// near their own greatest. A query's and a key's multiply the score; the values' 2^p is added to it
// as p, so that a weight says how much its position contributes. What is mixed and the sum of
// weights are then in one unit, which their quotient drops.
#pragma once
#include "ptx.h"
#include "ptx_attention.h"

namespace pk {

constexpr int kSpan = 32;        // positions in shared memory at a time
constexpr int kWarps = 8;
constexpr int kThreads = 32 * kWarps;
constexpr int kScoreStride = kSpan + 1;
constexpr int kWeightStride = kSpan + 8;
constexpr float kHidden = -1.5e38f;  // less than any score, and finite: two of them differ by 0

// One part of queries, keys or values: where it begins and its strides, in floats.
struct Part {
  const float* at;
  int64_t first, second;  // query: row, head; keys and values: kv head, position
  int dim;
};

struct AttentionArgs {
  Part query[2], key[2], value;  // the second parts have dim 0 where there are none
  int rows, positions, group;    // group: query heads to a kv head
  float scale;                   // of scores, log2(e) in it

  DEVICE int seen_by(int row) const { return positions - rows + row + 1; }
  DEVICE int second_column() const { return (query[0].dim + 7) / 8 * 8; }
  DEVICE int dims() const { return (second_column() + query[1].dim + 15) / 16 * 16; }
  DEVICE int stride() const { return dims() + 8; }  // 8 more: no two rows meet in a bank
  DEVICE int value_dims() const { return (value.dim + 15) / 16 * 16; }
  DEVICE int value_stride() const { return value_dims() + 8; }
};

DEVICE uint32_t word_at(const Half* at) { return *reinterpret_cast<const uint32_t*>(at); }

// `count` values from `from` on as fp16 to `to`, a multiple of 4; 8 bytes a store.
DEVICE void store_four(Half* to, const float (&x)[4], float factor) {
  uint2 pairs;
  pairs.x = pair_of(to_half(x[0] * factor), to_half(x[1] * factor));
  pairs.y = pair_of(to_half(x[2] * factor), to_half(x[3] * factor));
  *reinterpret_cast<uint2*>(to) = pairs;
}

// Four values at `from`, of which `left` are there; `wide`: 16 bytes may be read at once.
DEVICE void load_four(const float* from, int left, bool wide, float (&x)[4]) {
  if (wide && left >= 4) {
    const float4 v = __ldg(reinterpret_cast<const float4*>(from));
    x[0] = v.x, x[1] = v.y, x[2] = v.z, x[3] = v.w;
    return;
  }
  UNROLL for (int i = 0; i < 4; i++) x[i] = i < left ? __ldg(from + i) : 0.0f;
}

DEVICE bool is_wide(const Part& part) {
  return part.first % 4 == 0 && part.second % 4 == 0 &&
         reinterpret_cast<uintptr_t>(part.at) % 16 == 0;
}

// The power of two at or below `most`, within 2^-14 and 2^86: further apart, a float could not hold
// a weight and the sum of weights at once.
DEVICE float power_below(float most) {
  const uint32_t exponent = __float_as_uint(most) >> 23;
  return __uint_as_float((exponent < 113 ? 113 : exponent > 213 ? 213 : exponent) << 23);
}

DEVICE float inverse_of(float power) { return __uint_as_float((254u << 23) - __float_as_uint(power)); }
DEVICE float exponent_of(float power) {
  return static_cast<float>(static_cast<int>(__float_as_uint(power) >> 23) - 127);
}

// A tile [rows][stride] of fp16, each row divided by its power. A part of a row begins at a column of
// its own and is `dim` values and zeros to the next multiple of 4. `row_at(part, row)` says where it
// begins in memory, or null: a row of zeros. What is read twice comes from the nearest cache.
template <int kParts, class RowAt>
DEVICE void load_tile(Half* tile, int stride, const int (&column)[kParts], int rows,
                      const Part* parts, float* powers, RowAt row_at) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  for (int row = static_cast<int>(threadIdx.x / 32); row < rows; row += kWarps) {
    float most = 0.0f;
    UNROLL for (int p = 0; p < kParts; p++) {
      const float* from = row_at(p, row);
      const bool wide = is_wide(parts[p]);
      // Four loads of 16 bytes a lane are under way at once: a latent of 512 in one go.
      _Pragma("unroll 4") for (int at = 4 * lane; from && at < parts[p].dim; at += 128) {
        float x[4];
        load_four(from + at, parts[p].dim - at, wide, x);
        UNROLL for (int i = 0; i < 4; i++) most = fmaxf(most, fabsf(x[i]));
      }
    }
    const float power = power_below(warp_max(most)), inverse = inverse_of(power);
    if (lane == 0) powers[row] = power;
    UNROLL for (int p = 0; p < kParts; p++) {
      const float* from = row_at(p, row);
      const bool wide = is_wide(parts[p]);
      Half* to = tile + row * stride + column[p];
      _Pragma("unroll 4") for (int at = 4 * lane; at < parts[p].dim; at += 128) {
        float x[4] = {};
        if (from) load_four(from + at, parts[p].dim - at, wide, x);
        store_four(to + at, x, inverse);
      }
    }
  }
}

DEVICE void fill_zero(Half* tile, int halves) {
  for (int i = threadIdx.x; i < halves / 2; i += kThreads)
    reinterpret_cast<uint32_t*>(tile)[i] = 0;
}

// kTiles: tiles of 8 values that a warp mixes. kRowTiles: tiles of 16 queries in a block.
template <int kRowTiles, int kTiles, bool kLatent>
struct AttentionTile {
  static constexpr int kQueries = 16 * kRowTiles;
  static constexpr int kColumnWarps = kWarps / kRowTiles;
  // Scores: a warp has tiles of 8 positions; where there are more warps than tiles, they share
  // the sum over dims.
  static constexpr int kSpanTiles = kSpan / 8;
  static constexpr int kShares = kColumnWarps > kSpanTiles ? kColumnWarps / kSpanTiles : 1;
  static constexpr int kScoreTiles = kSpanTiles * kShares / kColumnWarps;
  static constexpr int kLanesARow = kThreads / kQueries;

  const AttentionArgs& a;
  Half *queries, *keys, *values, *weights;
  float *scores, *most, *sums, *factors, *query_powers, *key_powers, *value_powers;
  int warp_row, warp_column, lane;
  float mixed[kTiles][4];

  DEVICE AttentionTile(const AttentionArgs& args, unsigned char* memory) : a(args) {
    queries = reinterpret_cast<Half*>(memory);
    keys = queries + kQueries * a.stride();
    values = kLatent ? keys : keys + kSpan * a.stride();
    weights = kLatent ? keys + kSpan * a.stride() : values + kSpan * a.value_stride();
    scores = reinterpret_cast<float*>(weights + kQueries * kWeightStride);
    most = scores + kShares * kQueries * kScoreStride;
    sums = most + kQueries;
    factors = sums + kQueries;
    query_powers = factors + kQueries;
    key_powers = query_powers + kQueries;
    value_powers = kLatent ? key_powers : key_powers + kSpan;
    lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    warp_row = warp % kRowTiles;
    warp_column = warp / kRowTiles;
    UNROLL for (int i = 0; i < kTiles; i++)
      UNROLL for (int j = 0; j < 4; j++) mixed[i][j] = 0.0f;
  }

  DEVICE int value_stride() const { return kLatent ? a.stride() : a.value_stride(); }

  // `query_at(part, query)`: where that query's part begins, or null.
  template <class QueryAt>
  DEVICE void begin(QueryAt query_at) {
    fill_zero(queries, (kQueries + kSpan) * a.stride());
    if (!kLatent) fill_zero(values, kSpan * a.value_stride());
    for (int i = threadIdx.x; i < kQueries; i += kThreads) most[i] = kHidden, sums[i] = 0.0f;
    __syncthreads();
    load_tile(queries, a.stride(), {0, a.second_column()}, kQueries, a.query, query_powers, query_at);
  }

  // Positions from `from` on, before `to`; `last(query)`: how many positions that query sees.
  template <class Last>
  DEVICE void add(int kv_head, int from, int to, Last last) {
    load(kv_head, from, to);
    __syncthreads();
    score();
    __syncthreads();
    soften(from, to, last);
    __syncthreads();
    mix();
    __syncthreads();  // before the next span takes the place of this one
  }

  DEVICE void load(int kv_head, int from, int to) {
    const auto row_of = [kv_head, from, to](const Part& part, int row) {
      return from + row < to ? part.at + kv_head * part.first + (from + row) * part.second
                             : nullptr;
    };
    load_tile(keys, a.stride(), {0, a.second_column()}, kSpan, a.key, key_powers,
              [&](int part, int row) { return row_of(a.key[part], row); });
    if (!kLatent)
      load_tile(values, a.value_stride(), {0}, kSpan, &a.value, value_powers,
                [&](int, int row) { return row_of(a.value, row); });
  }

  DEVICE void score() {
    const int g = lane / 4, t = lane % 4, steps = a.dims() / 16, stride = a.stride();
    const int share = warp_column % kShares, tile = warp_column / kShares * kScoreTiles;
    float c[kScoreTiles][4] = {};
    const Half* q = queries + (warp_row * 16 + g) * stride + 2 * t;
    for (int step = steps * share / kShares; step < steps * (share + 1) / kShares; step++) {
      const Half* at = q + step * 16;
      const uint32_t left[4] = {word_at(at), word_at(at + 8 * stride), word_at(at + 8),
                                word_at(at + 8 * stride + 8)};
      UNROLL for (int i = 0; i < kScoreTiles; i++) {
        const Half* k = keys + ((tile + i) * 8 + g) * stride + step * 16 + 2 * t;
        const uint32_t right[2] = {word_at(k), word_at(k + 8)};
        mma_16x8x16(c[i], left, right);
      }
    }
    UNROLL for (int i = 0; i < kScoreTiles; i++)
      UNROLL for (int j = 0; j < 4; j++) {
        const int row = share * kQueries + warp_row * 16 + g + j / 2 * 8;
        scores[row * kScoreStride + (tile + i) * 8 + 2 * t + j % 2] = c[i][j];
      }
  }

  // Some lanes beside one another share a query: its maximum, its weights, their sum.
  template <class Last>
  DEVICE void soften(int from, int to, Last last) {
    const int query = static_cast<int>(threadIdx.x) / kLanesARow;
    const int mine = static_cast<int>(threadIdx.x) % kLanesARow;
    const int seen = last(query) < to ? last(query) : to;
    const float factor = a.scale * query_powers[query];
    constexpr int kEach = kSpan / kLanesARow;
    float s[kEach], top = kHidden;
    UNROLL for (int i = 0; i < kEach; i++) {
      const int column = mine * kEach + i;
      s[i] = 0.0f;
      UNROLL for (int share = 0; share < kShares; share++)
        s[i] += scores[(share * kQueries + query) * kScoreStride + column];
      s[i] = s[i] * factor * key_powers[column] + exponent_of(value_powers[column]);
      if (from + column >= seen) s[i] = kHidden * 2.0f;
      top = fmaxf(top, s[i]);
    }
    UNROLL for (int by = kLanesARow / 2; by; by /= 2)
      top = fmaxf(top, __shfl_xor_sync(~0u, top, by));
    const float before = most[query], now = fmaxf(before, top);
    float sum = 0.0f;
    UNROLL for (int i = 0; i < kEach; i += 2) {
      const float x = exp2f(s[i] - now), y = exp2f(s[i + 1] - now);
      const float* powers = value_powers + mine * kEach + i;
      sum += x * inverse_of(powers[0]) + y * inverse_of(powers[1]);
      *reinterpret_cast<uint32_t*>(weights + query * kWeightStride + mine * kEach + i) =
          pair_of(to_half(x), to_half(y));
    }
    UNROLL for (int by = kLanesARow / 2; by; by /= 2) sum += __shfl_xor_sync(~0u, sum, by);
    // Every lane of the query has read `most` before: the shuffles are behind it.
    if (mine == 0) {
      const float shrink = exp2f(before - now);
      factors[query] = shrink;
      most[query] = now;
      sums[query] = sums[query] * shrink + sum;
    }
  }

  DEVICE void mix() {
    const int g = lane / 4, t = lane % 4, stride = value_stride(), row = warp_row * 16 + g;
    const float low = factors[row], high = factors[row + 8];
    UNROLL for (int i = 0; i < kTiles; i++) {
      mixed[i][0] *= low, mixed[i][1] *= low;
      mixed[i][2] *= high, mixed[i][3] *= high;
    }
    UNROLL for (int step = 0; step < kSpan / 16; step++) {
      const Half* w = weights + row * kWeightStride + step * 16 + 2 * t;
      const uint32_t left[4] = {word_at(w), word_at(w + 8 * kWeightStride), word_at(w + 8),
                                word_at(w + 8 * kWeightStride + 8)};
      UNROLL for (int i = 0; i < kTiles; i++) {
        const int column = (warp_column * kTiles + i) * 8;
        if (column >= a.value.dim) continue;  // the whole warp
        const Half* v = values + (step * 16 + 2 * t) * stride + column + g;
        const uint32_t right[2] = {pair_of(v[0], v[stride]),
                                   pair_of(v[8 * stride], v[9 * stride])};
        mma_16x8x16(mixed[i], left, right);
      }
    }
  }

  // Calls write(query, column, value) for what this thread has gathered, undivided.
  template <class Write>
  DEVICE void gathered(Write write) const {
    const int g = lane / 4, t = lane % 4;
    UNROLL for (int i = 0; i < kTiles; i++)
      UNROLL for (int j = 0; j < 4; j++) {
        const int query = warp_row * 16 + g + j / 2 * 8;
        const int column = (warp_column * kTiles + i) * 8 + 2 * t + j % 2;
        if (column < a.value.dim) write(query, column, mixed[i][j]);
      }
  }
};

}  // namespace pk
