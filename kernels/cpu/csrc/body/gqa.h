// Grouped-query attention: appends to the cache, then attends (Ainslie et al. 2023).
//
// Few rows: each (row, kv heads, block of positions) leaves a partial result and a last phase
// merges them in the order of the blocks. Many rows: a chunk is a head and some rows.
#pragma once
#include "body/attention_tiles.h"

namespace pk {
namespace PK_LEVEL {

struct Gqa {
  static constexpr int kRowsAChunk = 96;   // with many rows: shares keys and values in the cache
  static constexpr int kMostParts = 32;    // of the kv heads, so that chunks stay countable

  static int phases(const void*, bool few) { return few ? 3 : 2; }

  static int chunks(const void* args, const Step& step, int phase) {
    const auto& a = *static_cast<const GqaArgs*>(args);
    if (step.rows == 0) return 0;
    if (phase == 0) return a.kv_heads * touched_panels(step);
    if (!step.few()) return a.heads * static_cast<int>(ceil_div(step.rows, kRowsAChunk));
    if (phase == 1) return step.rows * parts(a) * most_blocks(step);
    return step.rows * parts(a);
  }

  static void run(const void* args, const Step& step, int phase, int chunk, Worker& worker) {
    const auto& a = *static_cast<const GqaArgs*>(args);
    if (phase == 0) {
      append(a, step, chunk / touched_panels(step), step.past / 16 + chunk % touched_panels(step),
             worker);
      return;
    }
    if (!step.few()) {
      // Heads of one kv head follow one another: they share its keys.
      const int tiles = static_cast<int>(ceil_div(step.rows, kRowsAChunk));
      many_rows(a, step, chunk / tiles, chunk % tiles * kRowsAChunk, worker);
      return;
    }
    const int row = chunk % step.rows, rest = chunk / step.rows;
    const int each = heads_a_part(a), part = rest % parts(a);
    const int first = part * each, last = first + each < a.kv_heads ? first + each : a.kv_heads;
    if (phase == 1) {
      if (rest / parts(a) < position_blocks(step.past + row + 1))
        few_block(a, step, row, first, last, rest / parts(a), worker);
    } else {
      merge(a, step, row, first, last, worker);
    }
  }

 private:
  static int heads_a_part(const GqaArgs& a) {
    return static_cast<int>(ceil_div(a.kv_heads, kMostParts));
  }
  static int parts(const GqaArgs& a) {
    return static_cast<int>(ceil_div(a.kv_heads, heads_a_part(a)));
  }
  static int touched_panels(const Step& step) {
    return (step.past + step.rows - 1) / 16 - step.past / 16 + 1;
  }
  // Blocks grow with the position, so the last row does not always have the most.
  static int most_blocks(const Step& step) {
    int64_t most = 0;
    for (int row = 0; row < step.rows; row++) {
      const int64_t blocks = position_blocks(step.past + row + 1);
      most = blocks > most ? blocks : most;
    }
    return static_cast<int>(most);
  }
  static KeyPanels keys_of(const GqaArgs& a, int kv_head) {
    return {a.keys + kv_head * a.keys_a_head(), nullptr, a.pairs(), 0};
  }
  static const int32_t* values_of(const GqaArgs& a, int kv_head) {
    return a.values + kv_head * a.values_a_head();
  }

  // One head's values, normalised and turned.
  static void turn(const GqaArgs& a, const float* x, const float* norm, int64_t position,
                   float* y) {
    alignas(64) float normed[256];
    if (norm) {
      const float inverse = inverse_rms(x, a.head_dim, a.eps);
      for (int i = 0; i < a.head_dim; i++) normed[i] = x[i] * inverse * norm[i];
      x = normed;
    }
    const int64_t at = position * (a.rope_dim / 2);
    rotate(x, a.cos + at, a.sin + at, a.rope_dim, a.interleaved, y);
    for (int i = a.rope_dim; i < a.head_dim; i++) y[i] = x[i];
  }

  // A panel of 16 positions is written whole: what was there, what is new, and zeros, so that
  // whoever reads whole panels never meets leftovers.
  static void append(const GqaArgs& a, const Step& step, int kv_head, int panel, Worker& worker) {
    const int64_t pairs = a.pairs(), width = a.dim_padded();
    int32_t* key_panel = a.keys + kv_head * a.keys_a_head() + panel * pairs * 16;
    int32_t* value_panel = a.values + kv_head * a.values_a_head() + panel * 8 * width;
    int32_t* keys = worker.output(key_panel, pairs * 16);
    int32_t* values = worker.output(value_panel, 8 * width);
    alignas(64) float turned[256];
    for (int lane = 0; lane < 16; lane++) {
      const int64_t position = int64_t{panel} * 16 + lane;
      auto* half = reinterpret_cast<uint16_t*>(values + lane / 2 * width) + lane % 2;
      if (position < step.past) {
        const auto* old =
            reinterpret_cast<const uint16_t*>(value_panel + lane / 2 * width) + lane % 2;
        for (int64_t p = 0; p < pairs; p++) keys[p * 16 + lane] = key_panel[p * 16 + lane];
        for (int64_t d = 0; d < width; d++) half[2 * d] = old[2 * d];
      } else if (position < step.past + step.rows) {
        const int64_t row = position - step.past;
        const float* v = a.v + row * a.v_stride + kv_head * a.head_dim;
        turn(a, a.k + row * a.k_stride + kv_head * a.head_dim, a.k_norm, position, turned);
        for (int64_t p = 0; p < pairs; p++)
          keys[p * 16 + lane] = bf16_pair(turned[2 * p], turned[2 * p + 1]);
        for (int64_t d = 0; d < width; d++)
          half[2 * d] = d < a.head_dim ? static_cast<uint16_t>(bf16_bits(v[d])) : uint16_t{0};
      } else {
        for (int64_t p = 0; p < pairs; p++) keys[p * 16 + lane] = 0;
        for (int64_t d = 0; d < width; d++) half[2 * d] = 0;
      }
    }
  }

  static void query(const GqaArgs& a, int64_t position, int row, int head, int tile, int at,
                    int32_t* q) {
    alignas(64) float turned[256];
    turn(a, a.q + row * a.q_stride + head * a.head_dim, a.q_norm, position, turned);
    put_query(turned, a.pairs(), a.scale * kLog2E, tile, at, q);
  }

  // ---- few rows

  struct Partial {  // of one row, kv head and block
    float* most;    // [heads]
    float* sums;    // [heads]
    float* mixed;   // [heads][dim padded]
  };
  static Partial partial(const GqaArgs& a, float* at) {
    return {at, at + a.heads_a_kv(), at + 2 * a.heads_a_kv()};
  }
  static float* partials(const GqaArgs& a, int row, int kv_head, int64_t block) {
    const int64_t blocks = a.capacity <= 2048 ? ceil_div(a.capacity, 128) : kMostBlocks;
    return reinterpret_cast<float*>(a.work) +
           ((row * int64_t{a.kv_heads} + kv_head) * blocks + block) * gqa_partial_size(a);
  }

  static void few_block(const GqaArgs& a, const Step& step, int row, int first, int last,
                        int64_t block, Worker& worker) {
    int32_t* tail = worker.scratch<int32_t>(a.dim_padded());
    int32_t* q = worker.scratch<int32_t>(a.pairs() * kAttendRows);
    float* o = worker.scratch<float>(kAttendRows * a.dim_padded());
    for (int kv_head = first; kv_head < last; kv_head++) {
      float* out = worker.output(partials(a, row, kv_head, block), gqa_partial_size(a));
      with_tile_size(a.heads_a_kv(), [&](auto rows) {
        few_heads<decltype(rows)::value>(a, step, row, kv_head, block, partial(a, out), q, o, tail);
      });
    }
  }

  template <int kRows>
  static void few_heads(const GqaArgs& a, const Step& step, int row, int kv_head, int64_t block,
                        const Partial& out, int32_t* q, float* o, int32_t* tail) {
    const int64_t visible = int64_t{step.past} + row + 1, size = position_block(visible),
                  width = a.dim_padded();
    for (int head = 0; head < a.heads_a_kv(); head += kRows) {
      const int count = a.heads_a_kv() - head < kRows ? a.heads_a_kv() - head : kRows;
      Queries<kRows> some;
      some.q = q;
      some.o = o;
      some.width = width;
      if (count < kRows) std::memset(q, 0, static_cast<size_t>(a.pairs() * kRows) * sizeof *q);
      for (int i = 0; i < kRows; i++) some.visible[i] = visible;
      for (int i = 0; i < count; i++)
        query(a, visible - 1, row, kv_head * a.heads_a_kv() + head + i, kRows, i, q);
      some.begin();
      attend<kRows>(some, keys_of(a, kv_head), values_of(a, kv_head), block * size,
                    (block + 1) * size, tail);
      for (int i = 0; i < count; i++) {
        out.most[head + i] = some.most[i];
        out.sums[head + i] = some.sum(i);
        std::memcpy(out.mixed + (head + i) * width, o + i * width,
                    static_cast<size_t>(width) * sizeof *o);
      }
    }
  }

  // Before its use: clang makes an array of unknown length of one that it can't count yet.
  static constexpr int round_of_16(int n) { return (n + 15) / 16 * 16; }

  static void merge(const GqaArgs& a, const Step& step, int row, int first, int last,
                    Worker& worker) {
    const int64_t blocks = position_blocks(step.past + row + 1), width = a.dim_padded();
    const int group = a.heads_a_kv();
    float* out = worker.output(a.out + row * a.out_stride + int64_t{first} * group * a.head_dim,
                               int64_t{last - first} * group * a.head_dim);
    alignas(64) float mixed[256], weights[round_of_16(kMostBlocks)];
    for (int kv_head = first; kv_head < last; kv_head++) {
      for (int head = 0; head < group; head++, out += a.head_dim) {
        for (float& w : weights) w = kHidden;
        for (int64_t b = 0; b < blocks; b++)
          weights[b] = partial(a, partials(a, row, kv_head, b)).most[head];
        block_weights(weights, blocks);
        float sum = 0;
        std::memset(mixed, 0, sizeof mixed);
        for (int64_t b = 0; b < blocks; b++) {
          const Partial part = partial(a, partials(a, row, kv_head, b));
          sum += weights[b] * part.sums[head];
          const F32 weight = set1(weights[b]);
          for (int64_t d = 0; d < width; d += 16)
            store(mixed + d, fma(load(part.mixed + head * width + d), weight, load(mixed + d)));
        }
        for (int d = 0; d < a.head_dim; d++) out[d] = mixed[d] / sum;
      }
    }
  }

  // Maxima of blocks become 2^(maximum - the largest).
  static void block_weights(float* most, int64_t blocks) {
    F32 top = load(most);
    for (int64_t b = 16; b < blocks; b += 16) top = max(top, load(most + b));
    const F32 largest = set1(max_lanes(top));
    for (int64_t b = 0; b < blocks; b += 16) store(most + b, exp2_of(sub(load(most + b), largest)));
  }

  // ---- many rows

  static void many_rows(const GqaArgs& a, const Step& step, int head, int first, Worker& worker) {
    const int rows = step.rows - first < kRowsAChunk ? step.rows - first : kRowsAChunk;
    const int64_t width = a.dim_padded();
    const int kv_head = head / a.heads_a_kv();
    constexpr int kTiles = (kRowsAChunk + kAttendRows - 1) / kAttendRows;
    const int tiles = static_cast<int>(ceil_div(rows, kAttendRows));
    auto* some = worker.scratch<Queries<kAttendRows>>(kTiles);
    int32_t* q = worker.scratch<int32_t>(a.pairs() * kAttendRows * tiles);
    float* o = worker.scratch<float>(width * kAttendRows * tiles);
    int32_t* tail = worker.scratch<int32_t>(width);
    std::memset(q, 0, static_cast<size_t>(a.pairs() * kAttendRows * tiles) * sizeof *q);
    for (int t = 0; t < tiles; t++) {
      some[t].q = q + t * a.pairs() * kAttendRows;
      some[t].o = o + t * width * kAttendRows;
      some[t].width = width;
      some[t].begin();
      for (int i = 0; i < kAttendRows; i++) {
        const int row = first + t * kAttendRows + i;
        const bool real = row < step.rows && t * kAttendRows + i < rows;
        some[t].visible[i] = real ? int64_t{step.past} + row + 1 : 0;
        if (real)
          query(a, step.past + row, row, head, kAttendRows, i, q + t * a.pairs() * kAttendRows);
      }
    }
    attend_tiles(some, tiles, keys_of(a, kv_head), values_of(a, kv_head), tail);
    const auto out = worker.output(a.out + first * a.out_stride + int64_t{head} * a.head_dim,
                                   a.out_stride, rows, a.head_dim);
    for (int row = 0; row < rows; row++)
      put_mixed(some[row / kAttendRows], row % kAttendRows, a.head_dim,
                out.data + row * out.stride);
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
