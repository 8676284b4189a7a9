// The fused mixture of experts, and the dense feed-forward as a mixture of one that all use.
//
// Few rows, three phases: gate, up and SiLU for each (row, chosen expert); quantizing what is
// between; down over all of a row's experts, summed in a fixed order. Many rows, five: rows are
// grouped by expert and gathered into tiles, so that an expert's weights are read once for all
// its rows. Nothing is multiplied that no row chose.
#pragma once
#include "body/experts_rows.h"
#include "body/math.h"
#include "core/experts_work.h"

namespace pk {
namespace PK_LEVEL {

struct Experts {
  static constexpr int kGroup = 0, kGather = 1, kGateUp = 2, kRequantize = 3, kDown = 4;  // many
  static constexpr int kFewGateUp = 0, kFewRequantize = 1, kFewDown = 2;
  static constexpr int kManyPanels = 4, kMostDownPanels = 8;

  static int phases(const void*, bool few) { return few ? 3 : 5; }

  // Panels of a chunk with few rows: pairs of gate and up, no fewer than a dozen chunks in all,
  // those of an expert alike.
  static int few_panels(const ExpertsArgs& a, const ExpertWeights& e, int panels, int64_t users) {
    const int64_t pair = panel_bytes(e.gate.format, e.gate.in) + panel_bytes(e.up.format, e.up.in);
    const int64_t fitting = kFewChunkBytes / pair;
    const int64_t fair = ceil_div(static_cast<int64_t>(panels) * (a.top_k + a.num_always), 12);
    const int64_t usual = fitting < fair ? fitting : fair, least = least_panels(panels, users);
    const int64_t wanted = usual < least ? least : usual;
    if (wanted <= 1) return 1;
    return static_cast<int>(ceil_div(panels, ceil_div(panels, wanted)));
  }
  // So that what so many users have each, routed or always, is half of a phase's chunks at most.
  static int64_t least_panels(int panels, int64_t users) { return ceil_div(panels, kMaxChunks / 2 / users); }
  // The first speaks for all, whose panels may be of other sizes.
  static int few_routed_panels(const ExpertsArgs& a) {
    return few_panels(a, a.experts[0], routed_panels(a), int64_t{kFewRows} * a.top_k);
  }
  static int few_always_panels(const ExpertsArgs& a) {
    return few_panels(a, a.always[0], always_panels(a), a.num_always);
  }
  static int routed_panels(const ExpertsArgs& a) { return static_cast<int>(ceil_div(a.width, 16)); }
  static int always_panels(const ExpertsArgs& a) { return static_cast<int>(ceil_div(a.always_width, 16)); }
  static int hidden_panels(const ExpertsArgs& a) { return static_cast<int>(ceil_div(a.hidden, 16)); }
  static int few_routed_chunks(const ExpertsArgs& a) {
    if (!a.top_k) return 0;
    return static_cast<int>(ceil_div(routed_panels(a), few_routed_panels(a)));
  }
  static int few_always_chunks(const ExpertsArgs& a) {
    if (!a.num_always) return 0;
    return static_cast<int>(ceil_div(always_panels(a), few_always_panels(a)));
  }
  // Down: enough chunks for the threads, and each a long run of every expert's bytes.
  static int down_panels(const ExpertsArgs& a) {
    const int wanted = hidden_panels(a) / 16;
    return wanted < 1 ? 1 : wanted > kMostDownPanels ? kMostDownPanels : wanted;
  }

  static int chunks(const void* args, const Step& step, int phase) {
    const auto& a = *static_cast<const ExpertsArgs*>(args);
    const ExpertsWork& w = *a.work;
    if (step.few()) {
      if (phase == kFewGateUp)
        return step.rows * a.top_k * few_routed_chunks(a) + a.num_always * few_always_chunks(a);
      if (phase == kFewRequantize) return step.rows * a.top_k + a.num_always;
      return static_cast<int>(ceil_div(hidden_panels(a), down_panels(a)));
    }
    const int row_tiles = static_cast<int>(ceil_div(step.rows, kTile));
    switch (phase) {
      case kGroup: return a.top_k ? 1 : 0;
      case kGather: return a.top_k ? w.tile_count : 0;
      case kGateUp:
        return (a.top_k ? w.active_count * many_routed_chunks(a) : 0) +
               a.num_always * many_always_chunks(a);
      case kRequantize: return (a.top_k ? w.tile_count : 0) + a.num_always * row_tiles;
      default: return static_cast<int>(ceil_div(hidden_panels(a), down_panels(a)));
    }
  }
  static int many_panels(int panels, int users) {
    const auto least = static_cast<int>(least_panels(panels, users));
    return least > kManyPanels ? least : kManyPanels;
  }
  static int many_routed_panels(const ExpertsArgs& a) { return many_panels(routed_panels(a), a.num_experts); }
  static int many_always_panels(const ExpertsArgs& a) { return many_panels(always_panels(a), a.num_always); }
  static int many_routed_chunks(const ExpertsArgs& a) {
    return static_cast<int>(ceil_div(routed_panels(a), many_routed_panels(a)));
  }
  static int many_always_chunks(const ExpertsArgs& a) {
    return a.num_always ? static_cast<int>(ceil_div(always_panels(a), many_always_panels(a))) : 0;
  }

  static void run(const void* args, const Step& step, int phase, int chunk, Worker& worker) {
    const auto& a = *static_cast<const ExpertsArgs*>(args);
    if (step.few()) {
      if (phase == kFewGateUp) few_gate_up(a, step, chunk, worker);
      else if (phase == kFewRequantize) few_requantize(a, step, chunk, worker);
      else few_down(a, step, chunk, worker);
      return;
    }
    switch (phase) {
      case kGroup: group_rows(a, step.rows, kTile); break;
      case kGather: gather(a, chunk); break;
      case kGateUp: many_gate_up(a, step, chunk, worker); break;
      case kRequantize: many_requantize(a, step, chunk); break;
      default: many_down(a, step, chunk, worker);
    }
  }

  // ------------------------------------------------------------------------ few rows

  static GateUpRows few_rows(const ExpertsArgs& a, const ExpertWeights& e, int rows) {
    return rows_of(e, a.x, 0, padded_few(rows), a.x_float, a.x_float_stride);
  }
  static void move_to_row(Rows& r, int row) {
    r.tile.x += row;
    r.tile.dx += row;
    r.tile.sums += row;
    r.floats += row * r.stride;
  }
  static GateUpRows one_row(const ExpertsArgs& a, const ExpertWeights& e, int rows, int row) {
    GateUpRows x = few_rows(a, e, rows);
    move_to_row(x.gate, row);
    move_to_row(x.up, row);
    return x;
  }

  static void few_gate_up(const ExpertsArgs& a, const Step& step, int chunk, Worker& worker) {
    const ExpertsWork& w = *a.work;
    const int per = few_routed_chunks(a), routed = step.rows * a.top_k * per;
    if (chunk < routed) {
      const int item = chunk / per, row = item / a.top_k;
      const ExpertWeights& e = a.experts[a.chosen[item]];
      const int size = few_routed_panels(a);
      // A thread's chunks follow one another: behind an expert's last one is the next expert's first.
      const bool is_last = chunk % per == per - 1 && item + 1 < step.rows * a.top_k;
      gate_up_panels(e, chunk % per * size, size, routed_panels(a),
                     is_last ? a.experts[a.chosen[item + 1]].gate.panel(0) : nullptr,
                     one_row(a, e, step.rows, row), 1, w.h + item * w.h_stride, w.h_stride, worker);
      return;
    }
    chunk -= routed;
    const int always = chunk / few_always_chunks(a);
    const ExpertWeights& e = a.always[always];
    const int size = few_always_panels(a);
    gate_up_panels(e, chunk % few_always_chunks(a) * size, size, always_panels(a), nullptr,
                   few_rows(a, e, step.rows), step.rows,
                   w.always_h + always * w.always_h_size, w.always_h_stride, worker);
  }

  // `after`: what is read next where that isn't what follows in memory, or null.
  static void gate_up_panels(const ExpertWeights& e, int first, int size, int panels, const uint8_t* after,
                             const GateUpRows& x, int tokens, float* h, int64_t stride, Worker& worker) {
    const int count = panels - first < size ? panels - first : size;
    const auto out = worker.output(h + 16 * first, stride, tokens, 16 * count);
    for (int p = 0; p < count; p++) {
      if (p + 1 == count && after) prefetch(after, kFewAhead);
      gate_up(e, first + p, {}, x, tokens, out.data + 16 * p, out.stride);
    }
  }

  static void few_requantize(const ExpertsArgs& a, const Step& step, int chunk, Worker& worker) {
    const ExpertsWork& w = *a.work;
    const int routed = step.rows * a.top_k;
    if (chunk < routed) {
      if (!w.q) return;
      quantize_few(w.h + chunk * w.h_stride, w.h_stride, 1, *w.q, chunk, 1, worker);
      return;
    }
    const int always = chunk - routed;
    if (!w.always_q[always]) return;
    quantize_few(w.always_h + always * w.always_h_size, w.always_h_stride, step.rows,
                 *w.always_q[always], 0, padded_few(step.rows), worker);
  }

  static void few_down(const ExpertsArgs& a, const Step& step, int chunk, Worker& worker) {
    const ExpertsWork& w = *a.work;
    const int size = down_panels(a), first = chunk * size;
    const int left = hidden_panels(a) - first, count = left < size ? left : size;
    const auto out = worker.output(a.out + 16 * first, a.out_stride, step.rows, 16 * count);
    start_sums(a, step.rows, first, count, out);
    alignas(64) float y[16 * 16];
    for (int i = 0; i < a.num_always; i++) {
      const Matrix& m = a.always[i].down;
      const Rows x = rows_of(m, w.always_q[i], 0, padded_few(step.rows),
                             w.always_h + i * w.always_h_size, w.always_h_stride);
      for (int p = 0; p < count; p++) {
        multiply_rows(m, m.panel(first + p), x, step.rows, y);
        for (int t = 0; t < step.rows; t++) add_to(out.data + t * out.stride + 16 * p, y + 16 * t, 1.0f);
      }
    }
    const int routed = step.rows * a.top_k;
    for (int item = 0; item < routed; item++) {
      const Matrix& m = a.experts[a.chosen[item]].down;
      const Rows x = rows_of(m, w.q, item, 1, w.h + item * w.h_stride, w.h_stride);
      for (int p = 0; p < count; p++) {
        multiply_rows(m, m.panel(first + p), x, 1, y);
        add_to(out.data + item / a.top_k * out.stride + 16 * p, y, a.weights[item]);
      }
    }
  }

  static void start_sums(const ExpertsArgs& a, int rows, int first, int count, Output<float> out) {
    for (int row = 0; row < rows; row++)
      for (int p = 0; p < count; p++) {
        const float* from = a.residual ? a.residual + row * a.residual_stride + 16 * (first + p) : nullptr;
        store(out.data + row * out.stride + 16 * p, from ? load(from) : zero_f32());
      }
  }
  static void add_to(float* sum, const float* y, float weight) {
    store(sum, fma(load(y), set1(weight), load(sum)));
  }

  // ----------------------------------------------------------------------- many rows

  // A tile of an expert's rows, quantized anew: the tiles of two experts share no row order.
  static void gather(const ExpertsArgs& a, int tile) {
    const ExpertsWork& w = *a.work;
    const ExpertTile& t = w.tiles[tile];
    const float* rows[16];
    for (int i = 0; i < t.tokens; i++)
      rows[i] = a.x_float + w.order[t.first + i] / a.top_k * a.x_float_stride;
    if (w.gathered) quantize_tile(rows, t.tokens, *w.gathered, tile, kTile);
    if (w.gathered_floats)
      for (int i = 0; i < t.tokens; i++)
        std::memcpy(w.gathered_floats + (static_cast<int64_t>(tile) * kTile + i) * a.hidden, rows[i],
                    a.hidden * sizeof(float));
  }

  static void many_gate_up(const ExpertsArgs& a, const Step& step, int chunk, Worker& worker) {
    const ExpertsWork& w = *a.work;
    const int per = a.top_k ? many_routed_chunks(a) : 0, routed = per ? w.active_count * per : 0;
    if (chunk < routed) {
      const ActiveExpert& active = w.active[chunk / per];
      const ExpertWeights& e = a.experts[active.id];
      const int size = many_routed_panels(a), first = chunk % per * size;
      const int last = last_panel(first, size, routed_panels(a));
      // A thread's chunks follow one another, so what lies behind this one is its next.
      const ExpertWeights* after =
          chunk / per + 1 < w.active_count ? &a.experts[w.active[chunk / per + 1].id] : nullptr;
      const int panels = routed_panels(a);
      Unpacked unpacked(unpacked_memory(worker), kept_bytes(e, w.gathered), last - first,
                        active.last_tile - active.first_tile);
      unpacked.passes([&](int from, int to) {
        for (int tile = active.first_tile; tile < active.last_tile; tile++) {
          const float* floats = w.gathered_floats + static_cast<int64_t>(tile) * kTile * a.hidden;
          GateUpRows x = rows_of(e, w.gathered, tile, kTile, floats, a.hidden);
          for (int i = from; i < to; i++) {
            const int p = first + i;
            keep(unpacked, e, i, tile > active.first_tile, x);
            gate_up(e, p, gate_up_next(e, after, p, size, panels, tile - active.first_tile), x, w.tiles[tile].tokens,
                    w.h + static_cast<int64_t>(tile) * kTile * w.h_stride + 16 * p, w.h_stride);
          }
        }
      });
      return;
    }
    chunk -= routed;
    const int always_per = many_always_chunks(a), always = chunk / always_per;
    const ExpertWeights& e = a.always[always];
    const int size = many_always_panels(a), first = chunk % always_per * size;
    const int last = last_panel(first, size, always_panels(a));
    const int panels = always_panels(a);
    Unpacked unpacked(unpacked_memory(worker), kept_bytes(e, a.x), last - first,
                      static_cast<int>(ceil_div(step.rows, kTile)));
    unpacked.passes([&](int from, int to) {
      for (int row = 0; row < step.rows; row += kTile) {
        GateUpRows x = rows_of(e, a.x, row / kTile, kTile, a.x_float + row * a.x_float_stride, a.x_float_stride);
        for (int i = from; i < to; i++) {
          const int p = first + i;
          keep(unpacked, e, i, row > 0, x);
          gate_up(e, p, gate_up_next(e, nullptr, p, size, panels, row / kTile), x, tokens_at(row, step.rows),
                  w.always_h + always * w.always_h_size + row * w.always_h_stride + 16 * p, w.always_h_stride);
        }
      }
    });
  }
  // A chunk's first tile asks for the panel that is read next, and the later ones for the next chunk's: a
  // first tile alone uses panels up faster than two threads' memory brings them. `after`: the next expert.
  static GateUpNext gate_up_next(const ExpertWeights& e, const ExpertWeights* after, int p, int size, int panels,
                                 int tile) {
    const int next = tile == 0 ? p + 1 : p + size;
    const ExpertWeights* from = next < panels ? &e : after;
    const int panel = next < panels ? next : tile == 0 ? 0 : p % size;
    if (tile == 0) return {e.up.panel(p), from ? from->gate.panel(panel) : nullptr};
    if (!from) return {};
    return {from->gate.panel(panel), from->up.panel(panel)};
  }
  static int last_panel(int first, int size, int panels) {
    return first + size < panels ? first + size : panels;
  }
  static int tokens_at(int row, int rows) { return rows - row < kTile ? rows - row : kTile; }

  static void many_requantize(const ExpertsArgs& a, const Step& step, int chunk) {
    const ExpertsWork& w = *a.work;
    const int routed = a.top_k ? w.tile_count : 0;
    const float* rows[16];
    if (chunk < routed) {
      if (!w.q) return;
      for (int i = 0; i < w.tiles[chunk].tokens; i++)
        rows[i] = w.h + (static_cast<int64_t>(chunk) * kTile + i) * w.h_stride;
      quantize_tile(rows, w.tiles[chunk].tokens, *w.q, chunk, kTile);
      return;
    }
    chunk -= routed;
    const int row_tiles = static_cast<int>(ceil_div(step.rows, kTile));
    const int always = chunk / row_tiles, tile = chunk % row_tiles;
    if (!w.always_q[always]) return;
    const int tokens = tokens_at(tile * kTile, step.rows);
    for (int i = 0; i < tokens; i++)
      rows[i] = w.always_h + always * w.always_h_size + (tile * kTile + i) * w.always_h_stride;
    quantize_tile(rows, tokens, *w.always_q[always], tile, kTile);
  }

  // A chunk owns its columns and adds expert after expert to them.
  static void many_down(const ExpertsArgs& a, const Step& step, int chunk, Worker& worker) {
    const ExpertsWork& w = *a.work;
    const int size = down_panels(a), first = chunk * size;
    const int left = hidden_panels(a) - first, count = left < size ? left : size;
    const auto out = worker.output(a.out + 16 * first, a.out_stride, step.rows, 16 * count);
    start_sums(a, step.rows, first, count, out);
    uint8_t* memory = unpacked_memory(worker);
    alignas(64) float y[16 * 16];
    for (int i = 0; i < a.num_always; i++) {
      const Matrix& m = a.always[i].down;
      Unpacked unpacked(memory, kept_bytes(m, w.always_q[i]), count, static_cast<int>(ceil_div(step.rows, kTile)));
      unpacked.passes([&](int from, int to) {
        for (int row = 0; row < step.rows; row += kTile) {
          Rows x = rows_of(m, w.always_q[i], row / kTile, kTile,
                           w.always_h + i * w.always_h_size + row * w.always_h_stride, w.always_h_stride);
          const int tokens = tokens_at(row, step.rows);
          for (int p = from; p < to; p++) {
            unpacked.keep(x.tile, p, row > 0);
            multiply_rows(m, m.panel(first + p), x, tokens, y, p + 1 < count ? m.panel(first + p + 1) : nullptr);
            for (int t = 0; t < tokens; t++)
              add_to(out.data + (row + t) * out.stride + 16 * p, y + 16 * t, 1.0f);
          }
        }
      });
    }
    if (!a.top_k) return;
    for (int i = 0; i < w.active_count; i++) {
      const ActiveExpert& active = w.active[i];
      const Matrix& m = a.experts[active.id].down;
      const uint8_t* after = i + 1 < w.active_count ? a.experts[w.active[i + 1].id].down.panel(first) : nullptr;
      Unpacked unpacked(memory, kept_bytes(m, w.q), count, active.last_tile - active.first_tile);
      unpacked.passes([&](int from, int to) {
        for (int tile = active.first_tile; tile < active.last_tile; tile++) {
          Rows x = rows_of(m, w.q, tile, kTile, w.h + static_cast<int64_t>(tile) * kTile * w.h_stride, w.h_stride);
          const ExpertTile& t = w.tiles[tile];
          for (int p = from; p < to; p++) {
            unpacked.keep(x.tile, p, tile > active.first_tile);
            // As with gate and up: later tiles ask for the same panels of the next expert.
            const uint8_t* const same = after ? after + p * m.panel_stride : nullptr;
            const uint8_t* const following = p + 1 < count ? m.panel(first + p + 1) : after;
            multiply_rows(m, m.panel(first + p), x, t.tokens, y, tile == active.first_tile ? following : same);
            for (int j = 0; j < t.tokens; j++) {
              const int item = w.order[t.first + j];
              add_to(out.data + item / a.top_k * out.stride + 16 * p, y + 16 * j, a.weights[item]);
            }
          }
        }
      });
    }
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
