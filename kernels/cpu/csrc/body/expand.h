// Keys and values of their own for some heads, made from the cached latents for many new rows.
// Chunks write straight to the work space, as they may with many rows (core/pool.h).
#pragma once
#include "body/attention_tiles.h"
#include "body/latent.h"
#include "body/panel_values.h"

namespace pk {
namespace PK_LEVEL {

struct Expansion {
  static constexpr int kPositions = 384;     // of a chunk: unpacking its matrices costs 3 % then
  static constexpr int kRopePositions = 1024;

  // A head's k_b and v_b as pairs of bfloat16 [panel of 16 outputs][latent / 2][16].
  static int32_t* matrices(const MlaArgs& a, int head, Worker& worker) {
    const int64_t pairs = a.latent / 2;
    int32_t* out = worker.scratch<int32_t>((a.nope + a.value_padded()) * pairs);
    const int64_t longest = a.latent > a.nope ? a.latent : a.nope;
    float* values = worker.scratch<float>(longest * 16);
    if (a.keys_by_nope) by_output(a.k_b[head], values, out);
    else by_latent(a.k_b[head], values, out);
    by_output(a.v_b[head], values, out + a.nope * pairs);
    return out;
  }

  // Makes keys and values of positions from … of a head that is number `slot` in the work space.
  static void run(const MlaArgs& a, int head, int slot, int64_t from, int64_t positions,
                  Worker& worker) {
    const MlaWork w = mla_work(a);
    const int64_t padded = a.positions_padded(), value = a.value_padded(), pairs = a.latent / 2;
    auto* keys = reinterpret_cast<int32_t*>(a.work + w.keys) + slot * padded * (a.nope / 2);
    auto* values = reinterpret_cast<int32_t*>(a.work + w.values) + slot * (padded / 2) * value;
    const int32_t* matrix = matrices(a, head, worker);
    const int64_t end = from + kPositions < positions ? from + kPositions : positions;
    for (int64_t at = from; at < round_up(end, 16); at += kLatentRows) {
      const int32_t* row[kLatentRows];
      for (int i = 0; i < kLatentRows; i++)  // what fills the last panel is never seen
        row[i] = reinterpret_cast<const int32_t*>(
            a.cache + (at + i < positions ? at + i : positions - 1) * a.cache_row());
      const int64_t outputs = a.nope + value;
      for (int64_t first = 0; first < outputs; first += 16 * kExpandPanels) {
        F32 acc[kExpandPanels][kLatentRows];
        const int32_t* panel[kExpandPanels];
        for (int i = 0; i < kExpandPanels; i++) {
          const int64_t n = first + 16 * i;
          panel[i] = matrix + (n < outputs ? n : first) * pairs;
        }
        panel_products(row, panel, pairs, acc);
        PK_UNROLL for (int i = 0; i < kExpandPanels; i++) {
          const int64_t n = first + 16 * i;
          if (n < a.nope) put_keys(acc[i], at, keys + (at / 16 * (a.nope / 2) + n / 2) * 16);
          else if (n < outputs) put_values(acc[i], values + at / 2 * value + (n - a.nope), value);
        }
      }
    }
  }

  // The rotated part, which all heads share, in the same panels as keys.
  static void rope_keys(const MlaArgs& a, int64_t from, int64_t positions) {
    auto* out = reinterpret_cast<int32_t*>(a.work + mla_work(a).rope_keys);
    const int64_t pairs = a.rope / 2;
    const int64_t end = from + kRopePositions < positions ? from + kRopePositions : positions;
    for (int64_t at = from; at < round_up(end, 16); at++) {
      const auto* row = reinterpret_cast<const int32_t*>(a.cache + at * a.cache_row() + a.latent);
      int32_t* panel = out + at / 16 * pairs * 16 + at % 16;
      for (int64_t p = 0; p < pairs; p++) panel[p * 16] = at < positions ? row[p] : 0;
    }
  }

 private:
  static constexpr int kExpandPanels = kAtOnce >= 12 ? 2 : 1;  // 16 sums: two begin in each of 6 cycles

  // acc[panel][i] lanes = Σ over pairs of a panel [pair][16] times row i.
  PK_INLINE static void panel_products(const int32_t* const (&row)[kLatentRows],
                                       const int32_t* const (&panel)[kExpandPanels], int64_t pairs,
                                       F32 (&acc)[kExpandPanels][kLatentRows]) {
    PK_UNROLL for (int j = 0; j < kExpandPanels; j++)
      PK_UNROLL for (int i = 0; i < kLatentRows; i++) acc[j][i] = zero_f32();
    for (int64_t p = 0; p < pairs; p++) {
      BF16Pairs a[kExpandPanels];
      PK_UNROLL for (int j = 0; j < kExpandPanels; j++) a[j] = load_pairs(panel[j] + p * 16);
      PK_UNROLL for (int i = 0; i < kLatentRows; i++) dot_all<kLatentRows>(acc, a, i, row[i] + p);
    }
  }

  // A matrix [outputs, latent], as it lies.
  static void by_output(const Matrix& m, float* values, int32_t* out) {
    for (int panel = 0; panel < m.panel_count(); panel++, out += m.in / 2 * 16) {
      panel_values(m.format, m.panel(panel), m.in, values);
      for (int64_t p = 0; p < m.in / 2; p++)
        store_pairs(out + 16 * p, load(values + 32 * p), load(values + 32 * p + 16));
    }
  }

  // A matrix [latent, outputs]: a panel's rows are latents, so pairs are neighbouring lanes.
  static void by_latent(const Matrix& m, float* values, int32_t* out) {
    const int64_t pairs = m.out / 2;
    alignas(64) int32_t packed[8];
    for (int panel = 0; panel < m.panel_count(); panel++) {
      panel_values(m.format, m.panel(panel), m.in, values);
      for (int64_t n = 0; n < m.in; n++) {
        store_bf16(packed, load(values + 16 * n));
        int32_t* to = out + (n / 16 * pairs + panel * 8) * 16 + n % 16;
        PK_UNROLL for (int i = 0; i < 8; i++) to[16 * i] = packed[i];
      }
    }
  }

  // Eight pairs of dimensions of some positions; `out` is the panel's first pair.
  PK_INLINE static void put_keys(const F32 (&acc)[kLatentRows], int64_t position, int32_t* out) {
    alignas(64) int32_t packed[kLatentRows][8];
    PK_UNROLL for (int i = 0; i < kLatentRows; i++) store_bf16(packed[i], acc[i]);
    int32_t* to = out + position % 16;
    for (int p = 0; p < 8; p++)
      PK_UNROLL for (int i = 0; i < kLatentRows; i++) to[p * 16 + i] = packed[i][p];
  }

  PK_INLINE static void put_values(const F32 (&acc)[kLatentRows], int32_t* out, int64_t stride) {
    PK_UNROLL for (int i = 0; i < kLatentRows; i += 2)
      store_pairs(out + i / 2 * stride, acc[i], acc[i + 1]);
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
