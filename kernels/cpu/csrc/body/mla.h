// Latent attention (DeepSeek-V2 report, section 2.1): appends to the cache, then attends.
//
// Few rows stay in the latent space; every (row, group of heads, block of positions) leaves a
// partial result, merged in the order of the blocks. So do more rows while that is less work;
// beyond, each head gets keys and values of its own (`mla_expands`).
#pragma once
#include "body/expand.h"

namespace pk {
namespace PK_LEVEL {

struct Mla {
  static constexpr int kRowsAChunk = 96;         // expanded: they share keys and values
  static constexpr int kAbsorbedRows = 4;        // of a chunk: they share the cache
  static constexpr int kAbsorbBytes = 128 << 10; // of k_b in a chunk

  static int phases(const void* args, bool few) {
    return few ? 3 : 3 + 2 * mla_head_groups(*static_cast<const MlaArgs*>(args));
  }

  static int chunks(const void* args, const Step& step, int phase) {
    const auto& a = *static_cast<const MlaArgs*>(args);
    if (step.rows == 0) return 0;
    const bool expands = mla_expands(a, step);
    if (phase == 0) return row_chunks(step) + (expands ? 0 : absorb_chunks(a));
    if (phase < 3 && expands) return 0;
    if (phase == 1 && step.few()) return most_blocks(step) * a.groups() * step.rows;
    if (phase == 1) return static_cast<int>(ceil_div(step.rows, kAbsorbedRows)) * a.groups();
    if (phase == 2) return a.heads * row_parts(step);
    if (!expands) return 0;
    const int heads = heads_of(a, (phase - 3) / 2);
    if (phase % 2 == 0) return heads * row_parts(step);
    return heads * expand_parts(step) + (phase == 3 ? rope_parts(step) : 0);
  }

  static void run(const void* args, const Step& step, int phase, int chunk, Worker& worker) {
    const auto& a = *static_cast<const MlaArgs*>(args);
    if (phase == 0) {
      prepare(a, step, chunk, worker);
    } else if (phase == 1 && step.few()) {
      few_block(a, step, chunk, worker);
    } else if (phase == 1) {
      absorbed_rows(a, step, chunk, worker);
    } else if (phase == 2) {
      const int parts = row_parts(step);
      project(a, step, chunk / parts, chunk % parts * kRowsAChunk, worker);
    } else if (phase % 2 == 0) {
      const int parts = row_parts(step), slot = chunk / parts;
      expanded_rows(a, step, (phase - 4) / 2 * mla_heads_at_once(a) + slot, slot,
                    chunk % parts * kRowsAChunk, worker);
    } else {
      expand(a, step, (phase - 3) / 2, chunk, worker);
    }
  }

 private:
  // ---- how work is cut

  static int row_chunks(const Step& step) {
    return step.few() ? step.rows : static_cast<int>(ceil_div(step.rows, 8));
  }
  static int row_parts(const Step& step) {
    return static_cast<int>(ceil_div(step.rows, kRowsAChunk));
  }
  static int64_t positions(const Step& step) { return int64_t{step.past} + step.rows; }
  static int expand_parts(const Step& step) {
    return static_cast<int>(ceil_div(positions(step), Expansion::kPositions));
  }
  static int rope_parts(const Step& step) {
    return static_cast<int>(ceil_div(positions(step), Expansion::kRopePositions));
  }
  static int heads_of(const MlaArgs& a, int head_group) {
    const int at_once = mla_heads_at_once(a), left = a.heads - head_group * at_once;
    return left < at_once ? left : at_once;
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
  // Panels of k_b that a chunk takes of every head in its group.
  static int absorb_panels(const MlaArgs& a) {
    const int64_t one = a.k_b[0].panel_stride * a.heads_of(0), fitting = kAbsorbBytes / one;
    const int64_t all = a.latent / 16;
    return static_cast<int>(fitting < 1 ? 1 : fitting > all ? all : fitting);
  }
  static int absorb_parts(const MlaArgs& a) {
    return static_cast<int>(ceil_div(a.latent / 16, absorb_panels(a)));
  }
  static int absorb_chunks(const MlaArgs& a) {
    return a.keys_by_nope ? a.heads : a.groups() * absorb_parts(a);
  }

  static int32_t* queries(const MlaArgs& a, int64_t row, int group) {
    return reinterpret_cast<int32_t*>(a.work) + (row * a.groups() + group) * mla_query_size(a);
  }
  static float* partial(const MlaArgs& a, int row, int group, int64_t block) {
    const int64_t blocks = a.capacity <= 2048 ? ceil_div(a.capacity, 128) : kMostBlocks;
    return reinterpret_cast<float*>(a.work + mla_work(a).partials) +
           ((int64_t{row} * a.groups() + group) * blocks + block) * mla_partial_size(a);
  }
  static float* mixed(const MlaArgs& a, int64_t row) {
    return reinterpret_cast<float*>(a.work + mla_work(a).mixed) + row * a.heads * a.latent;
  }
  static const float* query_of(const MlaArgs& a, int64_t row, int head) {
    return a.q + row * a.q_stride + int64_t{head} * (a.nope + a.rope);
  }
  static float factor(const MlaArgs& a) { return a.scale * kLog2E; }

  // ---- phase 0: the cache's new rows, and queries in the latent space

  static void prepare(const MlaArgs& a, const Step& step, int chunk, Worker& worker) {
    const int rows = row_chunks(step);
    if (chunk < rows) {
      const int each = step.few() ? 1 : 8;
      const bool expands = mla_expands(a, step);
      for (int row = chunk * each; row < step.rows && row < (chunk + 1) * each; row++) {
        append(a, step, row, worker);
        if (!expands) turn_queries(a, step, row, worker);
      }
    } else if (a.keys_by_nope) {
      absorb_by_nope(a, step, chunk - rows, worker);
    } else {
      const int parts = absorb_parts(a), group = (chunk - rows) / parts;
      const int first = (chunk - rows) % parts * absorb_panels(a), left = a.latent / 16 - first;
      absorb(a, step, group, first, left < absorb_panels(a) ? left : absorb_panels(a), worker);
    }
  }

  static void append(const MlaArgs& a, const Step& step, int row, Worker& worker) {
    const int64_t position = int64_t{step.past} + row;
    const float* x = a.kv + row * a.kv_stride;
    uint16_t* out = worker.output(a.cache + position * a.cache_row(), a.cache_row());
    const F32 inverse = set1(inverse_rms(x, a.latent, a.eps));
    for (int i = 0; i < a.latent; i += 16)
      store_bf16(out + i, mul(mul(load(x + i), inverse), load(a.latent_norm + i)));
    float* turned = worker.scratch<float>(a.rope);
    const int64_t at = position * (a.rope / 2);
    rotate(x + a.latent, a.cos + at, a.sin + at, a.rope, a.interleaved, turned);
    for (int i = 0; i < a.rope; i++)
      out[a.latent + i] = static_cast<uint16_t>(bf16_bits(turned[i]));
  }

  static void turn_queries(const MlaArgs& a, const Step& step, int row, Worker& worker) {
    if (a.rope == 0) return;
    const int64_t at = (int64_t{step.past} + row) * (a.rope / 2);
    float* turned = worker.scratch<float>(a.rope);
    float* places = worker.scratch<float>(16 * a.rope);
    int32_t* place = worker.scratch<int32_t>(a.rope);
    for (int g = 0; g < a.groups(); g++) {
      const HeadGroup group(a, g);
      const int64_t units = group.units(a.rope);
      int32_t* out = worker.output(queries(a, row, g) + group.units(a.latent) * 16, units * 16);
      std::memset(places, 0, static_cast<size_t>(units) * 32 * sizeof(float));
      for (int i = 0; i < a.rope; i++) place[i] = static_cast<int32_t>(group.place(i));
      for (int h = 0; h < group.count; h++) {
        rotate(query_of(a, row, group.first + h) + a.nope, a.cos + at, a.sin + at, a.rope,
               a.interleaved, turned);
        for (int i = 0; i < a.rope; i++) places[place[i] + group.lane(h)] = turned[i];
      }
      pack_units(places, units, factor(a), out);
    }
  }

  // Latents 16 · first … of every head in a group, k_b [latent, nope].
  static void absorb(const MlaArgs& a, const Step& step, int g, int first, int count,
                     Worker& worker) {
    const HeadGroup group(a, g);
    const int64_t units = group.units(16);  // of a panel
    int32_t place[16];
    for (int i = 0; i < 16; i++) place[i] = static_cast<int32_t>(group.place(i));
    const int64_t row_stride = a.groups() * mla_query_size(a);
    const auto out = worker.output(queries(a, 0, g) + first * units * 16, row_stride, step.rows,
                                   count * units * 16);
    const int tile = step.few() ? padded_few(step.rows) : kTile;
    Multiplier multiplier(worker, a.k_b[0], tile, a.parts == 2);
    float* places = worker.scratch<float>(tile * count * units * 32);
    std::memset(places, 0, static_cast<size_t>(tile * count * units * 32) * sizeof(float));
    for (int row = 0; row < step.rows; row += tile) {
      const int rows = step.rows - row < tile ? step.rows - row : tile;
      for (int h = 0; h < group.count; h++) {
        const Matrix& m = a.k_b[group.first + h];
        if (step.few() && h + 1 < group.count)  // heads lie apart
          prefetch(a.k_b[group.first + h + 1].panel(first), count * m.panel_stride);
        multiplier.prepare(m, query_of(a, row, group.first + h), a.q_stride, rows);
        for (int p = 0; p < count; p++) {
          const float* product = multiplier.panel(m, first + p);
          for (int t = 0; t < rows; t++) {
            float* to = places + (t * count + p) * units * 32 + group.lane(h);
            for (int i = 0; i < 16; i++) to[place[i]] = product[16 * t + i];
          }
        }
      }
      for (int t = 0; t < rows; t++)
        pack_units(places + t * count * units * 32, count * units, factor(a),
                   out.data + (row + t) * out.stride);
    }
  }

  // All latents of one head, k_b [nope, latent]: the product runs across the panels.
  static void absorb_by_nope(const MlaArgs& a, const Step& step, int head, Worker& worker) {
    const HeadGroup group(a, head / 16);
    const Matrix& m = a.k_b[head];
    const int h = head % 16;
    // The group's last head clears the lanes behind it.
    const int64_t width = h == group.count - 1 ? 16 - group.lane(h) : group.wide;
    const int64_t units = group.units(a.latent), longest = int64_t{a.latent} * 16;
    const int tile = step.few() ? step.rows : kAttendRows;
    float* values = worker.scratch<float>(longest);
    float* sums = worker.scratch<float>(tile * longest);
    float* places = worker.scratch<float>(units * 32);
    int32_t* packed = worker.scratch<int32_t>(units * 16);
    for (int row = 0; row < step.rows; row += tile) {
      const int rows = step.rows - row < tile ? step.rows - row : tile;
      std::memset(sums, 0, static_cast<size_t>(rows * longest) * sizeof(float));
      for (int panel = 0; panel < m.panel_count(); panel++) {
        panel_values(m.format, m.panel(panel), m.in, values);
        for (int t = 0; t < rows; t++) {
          const F32 q = load(query_of(a, row + t, head) + 16 * panel);
          float* sum = sums + t * longest;
          for (int64_t i = 0; i < longest; i += 16)
            store(sum + i, fma(load(values + i), q, load(sum + i)));
        }
      }
      for (int t = 0; t < rows; t++) {
        std::memset(places, 0, static_cast<size_t>(units) * 32 * sizeof(float));
        for (int i = 0; i < a.latent; i++)
          places[group.place(i) + group.lane(h)] = sum_lanes(load(sums + t * longest + 16 * i));
        pack_units(places, units, factor(a), packed);
        const auto out =
            worker.output(queries(a, row + t, head / 16) + group.lane(h), 16, units, width);
        for (int64_t u = 0; u < units; u++)
          for (int64_t i = 0; i < width; i++)
            out.data[u * out.stride + i] = packed[u * 16 + group.lane(h) + i];
      }
    }
  }

  // ---- phase 1: in the latent space

  static void few_block(const MlaArgs& a, const Step& step, int chunk, Worker& worker) {
    const int row = chunk % step.rows, g = chunk / step.rows % a.groups();
    const int64_t block = chunk / step.rows / a.groups();
    const int64_t visible = int64_t{step.past} + row + 1, size = position_block(visible);
    if (block * size >= visible) return;
    const int64_t floats = mla_partial_size(a, a.heads_of(g));
    const Gathered gathered(worker.output(partial(a, row, g, block), floats));
    gathered.begin(floats);
    const int64_t to = (block + 1) * size < visible ? (block + 1) * size : visible;
    latent_attend(a, HeadGroup(a, g), queries(a, row, g), block * size, to, gathered);
  }

  static void absorbed_rows(const MlaArgs& a, const Step& step, int chunk, Worker& worker) {
    const int g = chunk % a.groups(), first = chunk / a.groups() * kAbsorbedRows;
    const int rows = step.rows - first < kAbsorbedRows ? step.rows - first : kAbsorbedRows;
    const HeadGroup group(a, g);
    float* space = worker.scratch<float>(rows * mla_partial_size(a));
    for (int r = 0; r < rows; r++) Gathered(space + r * mla_partial_size(a)).begin(mla_partial_size(a));
    for (int64_t from = 0; from < int64_t{step.past} + first + rows; from += kLatentSpan) {
      for (int r = 0; r < rows; r++) {
        const int64_t visible = int64_t{step.past} + first + r + 1;
        latent_attend(a, group, queries(a, first + r, g), from,
                      from + kLatentSpan < visible ? from + kLatentSpan : visible,
                      Gathered(space + r * mla_partial_size(a)));
      }
    }
    const auto out =
        worker.output(mixed(a, first) + group.first * int64_t{a.latent},
                      int64_t{a.heads} * a.latent, rows, int64_t{group.count} * a.latent);
    for (int r = 0; r < rows; r++) {
      const Gathered gathered(space + r * mla_partial_size(a));
      for (int h = 0; h < group.count; h++) {
        const F32 inverse = set1(1.0f / gathered.sums[group.lane(h)]);
        for (int d = 0; d < a.latent; d += 16)
          store(out.data + r * out.stride + h * a.latent + d,
                mul(load(gathered.mixed + h * a.latent + d), inverse));
      }
    }
  }

  // ---- phase 2: mixed latents become a head's values

  static void project(const MlaArgs& a, const Step& step, int head, int first, Worker& worker) {
    const int rows = step.rows - first < kRowsAChunk ? step.rows - first : kRowsAChunk;
    const int tile = step.few() ? padded_few(rows) : kTile;
    const Matrix& m = a.v_b[head];
    const auto out = worker.output(a.out + first * a.out_stride + int64_t{head} * a.value,
                                   a.out_stride, rows, a.value);
    Multiplier multiplier(worker, m, tile, a.parts == 2);
    float* merged = worker.scratch<float>(kFewRows * int64_t{a.latent});
    for (int row = 0; row < rows; row += tile) {
      const int count = rows - row < tile ? rows - row : tile;
      if (step.few()) {
        for (int r = 0; r < rows; r++) merge(a, step, r, head, merged + r * int64_t{a.latent});
        multiplier.prepare(m, merged, a.latent, count);
      } else {
        multiplier.prepare(m, mixed(a, first + row) + int64_t{head} * a.latent,
                           int64_t{a.heads} * a.latent, count);
      }
      for (int p = 0; p < m.panel_count(); p++) {
        const float* product = multiplier.panel(m, p);
        const int width = a.value - 16 * p < 16 ? a.value - 16 * p : 16;
        for (int t = 0; t < count; t++)
          std::memcpy(out.data + (row + t) * out.stride + 16 * p, product + 16 * t,
                      static_cast<size_t>(width) * 4);
      }
    }
  }

  static void merge(const MlaArgs& a, const Step& step, int row, int head, float* out) {
    const HeadGroup group(a, head / 16);
    const int h = head % 16, lane = group.lane(h);
    const int64_t blocks = position_blocks(int64_t{step.past} + row + 1);
    F32 most = set1(kHidden), sum = zero_f32();
    for (int64_t b = 0; b < blocks; b++)
      most = max(most, load(Gathered(partial(a, row, head / 16, b)).most));
    std::memset(out, 0, static_cast<size_t>(a.latent) * sizeof(float));
    alignas(64) float weights[16], sums[16];
    for (int64_t b = 0; b < blocks; b++) {
      const Gathered part(partial(a, row, head / 16, b));
      const F32 by = exp2_of(sub(load(part.most), most));
      sum = fma(load(part.sums), by, sum);
      store(weights, by);
      const F32 weight = set1(weights[lane]);
      for (int d = 0; d < a.latent; d += 16)
        store(out + d, fma(load(part.mixed + h * int64_t{a.latent} + d), weight, load(out + d)));
    }
    store(sums, sum);
    const F32 inverse = set1(1.0f / sums[lane]);
    for (int d = 0; d < a.latent; d += 16) store(out + d, mul(load(out + d), inverse));
  }

  // ---- phases 3, 4, …: keys and values of some heads, then their rows

  static void expand(const MlaArgs& a, const Step& step, int head_group, int chunk,
                     Worker& worker) {
    const int heads = heads_of(a, head_group), parts = expand_parts(step);
    if (chunk >= heads * parts) {
      Expansion::rope_keys(a, int64_t{chunk - heads * parts} * Expansion::kRopePositions,
                           positions(step));
      return;
    }
    const int slot = chunk / parts;
    Expansion::run(a, head_group * mla_heads_at_once(a) + slot, slot,
                   int64_t{chunk % parts} * Expansion::kPositions, positions(step), worker);
  }

  static void expanded_rows(const MlaArgs& a, const Step& step, int head, int slot, int first,
                            Worker& worker) {
    const MlaWork w = mla_work(a);
    const int rows = step.rows - first < kRowsAChunk ? step.rows - first : kRowsAChunk;
    const int64_t padded = a.positions_padded(), value = a.value_padded(),
                  pairs = (a.nope + a.rope) / 2;
    const KeyPanels keys{
        reinterpret_cast<const int32_t*>(a.work + w.keys) + slot * padded * (a.nope / 2),
        a.rope ? reinterpret_cast<const int32_t*>(a.work + w.rope_keys) : nullptr, a.nope / 2,
        a.rope / 2};
    const auto* values =
        reinterpret_cast<const int32_t*>(a.work + w.values) + slot * (padded / 2) * value;
    const int tiles = static_cast<int>(ceil_div(rows, kAttendRows));
    auto* some = worker.scratch<Queries<kAttendRows>>(tiles);
    int32_t* q = worker.scratch<int32_t>(pairs * kAttendRows * tiles);
    float* o = worker.scratch<float>(value * kAttendRows * tiles);
    int32_t* tail = worker.scratch<int32_t>(value);
    float* turned = worker.scratch<float>(a.nope + a.rope);
    std::memset(q, 0, static_cast<size_t>(pairs * kAttendRows * tiles) * sizeof *q);
    for (int t = 0; t < tiles; t++) {
      some[t].q = q + t * pairs * kAttendRows;
      some[t].o = o + t * value * kAttendRows;
      some[t].width = value;
      some[t].begin();
      for (int i = 0; i < kAttendRows; i++) {
        const int row = t * kAttendRows + i;
        some[t].visible[i] = row < rows ? int64_t{step.past} + first + row + 1 : 0;
        if (row >= rows) continue;
        const int64_t at = (int64_t{step.past} + first + row) * (a.rope / 2);
        const float* x = query_of(a, first + row, head);
        std::memcpy(turned, x, static_cast<size_t>(a.nope) * sizeof(float));
        rotate(x + a.nope, a.cos + at, a.sin + at, a.rope, a.interleaved, turned + a.nope);
        put_query(turned, pairs, factor(a), kAttendRows, i, q + t * pairs * kAttendRows);
      }
    }
    attend_tiles(some, tiles, keys, values, tail);
    const auto out = worker.output(a.out + first * a.out_stride + int64_t{head} * a.value,
                                   a.out_stride, rows, a.value);
    for (int row = 0; row < rows; row++)
      put_mixed(some[row / kAttendRows], row % kAttendRows, a.value, out.data + row * out.stride);
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
