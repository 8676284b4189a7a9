// Work space of the experts op, and the grouping of rows by expert.
#pragma once
#include <cstdint>

#include "core/args.h"

namespace pk {

struct ExpertTile {
  int32_t first, tokens;  // into `order`
};
struct ActiveExpert {
  int32_t id, first_tile, last_tile;
};

constexpr int kMaxAlways = 4;

struct ExpertsWork {
  // Between up and down: with few rows one row an item (row · top_k + slot), with many tiles.
  float* h;
  int64_t h_stride;
  Activations* q;               // null: down matrices are floats
  float* always_h;              // [always][rows]
  int64_t always_h_stride, always_h_size;
  Activations* always_q[kMaxAlways];
  // Many rows: items in the order of their experts, in tiles.
  Activations* gathered;        // null: gate and up are floats
  float* gathered_floats;       // null: they are not
  int32_t* order;               // item = row · top_k + slot
  ExpertTile* tiles;
  ActiveExpert* active;
  int32_t* count;               // scratch [num_experts]
  int32_t tile_count, active_count;
};

// Fills order, tiles, active for tiles of `tile` tokens: experts ascending, rows in order.
PK_INLINE void group_rows(const ExpertsArgs& a, int rows, int tile) {
  ExpertsWork& w = *a.work;
  const int items = rows * a.top_k;
  for (int e = 0; e < a.num_experts; e++) w.count[e] = 0;
  for (int i = 0; i < items; i++) w.count[a.chosen[i]]++;
  int at = 0;
  w.tile_count = w.active_count = 0;
  for (int e = 0; e < a.num_experts; e++) {
    const int n = w.count[e];
    w.count[e] = at;  // where its next item goes
    if (!n) continue;
    ActiveExpert& active = w.active[w.active_count++];
    active.id = e;
    active.first_tile = w.tile_count;
    for (int first = 0; first < n; first += tile)
      w.tiles[w.tile_count++] = {at + first, n - first < tile ? n - first : tile};
    active.last_tile = w.tile_count;
    at += n;
  }
  for (int i = 0; i < items; i++) w.order[w.count[a.chosen[i]]++] = i;
}

}  // namespace pk
