// Attention: few rows split along the context and merged in order, many rows in tiles.
//
// For: kernels/cuda/attention.py, which says which instance runs. Few: a block has up to 16 heads
// of one row and one split; how a row's context is split follows from what the row sees alone.
// How many positions there are may lie in the card's memory (`at`), so that a recorded launch serves
// every token: `positions` is then what the cache has room for.
#include "attention.h"

namespace pk {

// How many positions a split has: the context in at most `most` splits of whole spans.
DEVICE int split_size(int seen, int most) {
  return (seen + kSpan * most - 1) / (kSpan * most) * kSpan;
}

DEVICE AttentionArgs attention_args(
    const float* q, const float* q_rope, const float* keys, const float* k_rope,
    const float* values, int64_t q_row, int64_t q_head, int64_t q_rope_row, int64_t q_rope_head,
    int64_t key_head, int64_t key_position, int64_t k_rope_position, int64_t value_head,
    int64_t value_position, int32_t dim, int32_t rope_dim, int32_t value_dim, int32_t rows,
    int32_t positions, int32_t group, float scale) {
  return {{{q, q_row, q_head, dim}, {q_rope, q_rope_row, q_rope_head, rope_dim}},
          {{keys, key_head, key_position, dim}, {k_rope, 0, k_rope_position, rope_dim}},
          {values, value_head, value_position, value_dim},
          rows, positions, group, scale};
}

// partial [rows][heads][most][value_dim], marks [rows][heads][most][2]: maximum and sum.
// Grid: (rows · tiles of 16 heads, kv heads, splits).
template <int kTiles, bool kLatent>
DEVICE void attend_few(const AttentionArgs& a, float* partial, float* marks, int most) {
  DYNAMIC_SHARED(memory);
  const int tiles = (a.group + 15) / 16, row = blockIdx.x / tiles;
  const int kv_head = blockIdx.y, first = blockIdx.x % tiles * 16, split = blockIdx.z;
  const int heads = a.group * static_cast<int>(gridDim.y), seen = a.seen_by(row);
  const int size = split_size(seen, most), from = split * size;
  if (from >= seen) return;
  const int to = from + size < seen ? from + size : seen;
  AttentionTile<1, kTiles, kLatent> tile(a, memory);
  tile.begin([&](int part, int query) -> const float* {
    const Part& q = a.query[part];
    const int head = kv_head * a.group + first + query;
    return first + query < a.group ? q.at + row * q.first + head * q.second : nullptr;
  });
  for (int at = from; at < to; at += kSpan)
    tile.add(kv_head, at, to, [&](int) { return seen; });
  const auto place = [&](int query) {
    return (static_cast<int64_t>(row) * heads + kv_head * a.group + first + query) * most + split;
  };
  tile.gathered([&](int query, int column, float x) {
    if (first + query < a.group) partial[place(query) * a.value.dim + column] = x;
  });
  const int query = threadIdx.x;
  if (query < 16 && first + query < a.group) {
    marks[2 * place(query)] = tile.most[query];
    marks[2 * place(query) + 1] = tile.sums[query];
  }
}

// Queries are (row, head) in order, head by head. Grid: (tiles of queries, kv heads).
template <int kRowTiles, int kTiles, bool kLatent>
DEVICE void attend_many(const AttentionArgs& a, float* out, int64_t out_row, int64_t out_head) {
  DYNAMIC_SHARED(memory);
  using Tile = AttentionTile<kRowTiles, kTiles, kLatent>;
  const int first = blockIdx.x * Tile::kQueries, kv_head = blockIdx.y;
  const int queries = a.rows * a.group;
  Tile tile(a, memory);
  tile.begin([&](int part, int query) -> const float* {
    const Part& q = a.query[part];
    const int row = (first + query) / a.group, head = kv_head * a.group + (first + query) % a.group;
    return first + query < queries ? q.at + row * q.first + head * q.second : nullptr;
  });
  const int after = first + Tile::kQueries < queries ? first + Tile::kQueries : queries;
  const int to = a.seen_by((after - 1) / a.group);
  for (int at = 0; at < to; at += kSpan)
    tile.add(kv_head, at, to, [&](int query) { return a.seen_by((first + query) / a.group); });
  tile.gathered([&](int query, int column, float x) {
    const int row = (first + query) / a.group, head = kv_head * a.group + (first + query) % a.group;
    if (first + query < queries) out[row * out_row + head * out_head + column] = x / tile.sums[query];
  });
}

}  // namespace pk

#define ATTENTION_OPERANDS                                                                        \
  const float *q, const float *q_rope, const float *keys, const float *k_rope,                    \
      const float *values, int64_t q_row, int64_t q_head, int64_t q_rope_row,                     \
      int64_t q_rope_head, int64_t key_head, int64_t key_position, int64_t k_rope_position,       \
      int64_t value_head, int64_t value_position, int32_t dim, int32_t rope_dim,                  \
      int32_t value_dim, int32_t rows, int32_t positions, int32_t group, float scale
#define ATTENTION_ARGS                                                                          \
  pk::attention_args(q, q_rope, keys, k_rope, values, q_row, q_head, q_rope_row, q_rope_head,   \
                     key_head, key_position, k_rope_position, value_head, value_position, dim,  \
                     rope_dim, value_dim, rows, positions, group, scale)

#define ATTEND_FEW(name, tiles, latent, bounds)                                              \
  extern "C" __global__ void __launch_bounds__ bounds                                        \
      name(ATTENTION_OPERANDS, float* partial, float* marks, int32_t most,                   \
           const int32_t* at, int32_t has_at) {                                              \
    if (has_at) positions = *at;                                                             \
    const pk::AttentionArgs a = ATTENTION_ARGS;                                              \
    pk::attend_few<tiles, latent>(a, partial, marks, most);                                  \
  }                                                                                          \
  EXPORT_KERNEL(name)
#define ATTEND_MANY(name, row_tiles, tiles, latent, bounds)                                  \
  extern "C" __global__ void __launch_bounds__ bounds                                        \
      name(ATTENTION_OPERANDS, float* out, int64_t out_row, int64_t out_head) {              \
    const pk::AttentionArgs a = ATTENTION_ARGS;                                              \
    pk::attend_many<row_tiles, tiles, latent>(a, out, out_row, out_head);                    \
  }                                                                                          \
  EXPORT_KERNEL(name)

// By the values of a head: 8 warps · kTiles · 8 of them, or 2 warps where a block has 64 queries.
// Bounds with a number of blocks: left to itself the compiler makes room for one more, and spills.
ATTEND_FEW(pk_attend_few_64, 1, false, (256))
ATTEND_FEW(pk_attend_few_128, 2, false, (256))
ATTEND_FEW(pk_attend_few_256, 4, false, (256, 3))
ATTEND_FEW(pk_attend_few_latent_128, 2, true, (256))
ATTEND_FEW(pk_attend_few_latent_512, 8, true, (256, 3))
ATTEND_MANY(pk_attend_many_64, 4, 4, false, (256, 2))
ATTEND_MANY(pk_attend_many_128, 4, 8, false, (256, 2))
ATTEND_MANY(pk_attend_many_256, 2, 8, false, (256))
ATTEND_MANY(pk_attend_many_latent_128, 1, 2, true, (256))
ATTEND_MANY(pk_attend_many_latent_512, 1, 8, true, (256))

// out [rows][heads][value_dim] from the splits, in their order. Grid: (rows · heads, parts of 256
// values): a row's result depends on its own splits alone.
extern "C" __global__ void __launch_bounds__(256)
    pk_merge_splits(const float* partial, const float* marks, float* out, int64_t out_row,
                    int64_t out_head, int32_t rows, int32_t heads, int32_t positions,
                    int32_t value_dim, int32_t most, const int32_t* at, int32_t has_at) {
  const int row = blockIdx.x / heads, head = blockIdx.x % heads;
  if (has_at) positions = *at;
  const int column = blockIdx.y * 256 + threadIdx.x, seen = positions - rows + row + 1;
  if (column >= value_dim) return;
  const int size = pk::split_size(seen, most), splits = (seen + size - 1) / size;
  const int64_t place = (static_cast<int64_t>(row) * heads + head) * most;
  float top = pk::kHidden;
  for (int i = 0; i < splits; i++) top = fmaxf(top, marks[2 * (place + i)]);
  float sum = 0.0f, mixed = 0.0f;
  for (int i = 0; i < splits; i++) {
    const float factor = exp2f(marks[2 * (place + i)] - top);
    sum += marks[2 * (place + i) + 1] * factor;
    mixed += partial[(place + i) * value_dim + column] * factor;
  }
  out[row * out_row + head * out_head + column] = mixed / sum;
}
EXPORT_KERNEL(pk_merge_splits)
