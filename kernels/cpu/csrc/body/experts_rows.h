// What the experts op does with a panel and a tile of rows: products, SiLU, quantizing.
#pragma once
#include "body/linear.h"
#include "body/math.h"
#include "body/quantize_rows.h"

namespace pk {
namespace PK_LEVEL {

// Rows that a product reads: one tile quantized to int8, or floats.
struct Rows {
  Tile tile;
  const float* floats;
  int64_t stride;
};

inline void multiply_rows(const Matrix& m, const uint8_t* panel, const Rows& rows, int tokens, float* out,
                          const uint8_t* next = nullptr) {
  if (is_float(m.format)) multiply_float(m, panel, rows.floats, rows.stride, tokens, out);
  else multiply(m, panel, rows.tile, tokens, out, next);
}

// The same rows for both matrices, whose formats may want different sums.
struct GateUpRows {
  Rows gate, up;
};

// Rows from the tile `index` of `q`, tiles of `stride` tokens; or from floats.
inline Rows rows_of(const Matrix& m, const Activations* q, int64_t index, int stride, const float* floats,
                    int64_t float_stride) {
  Rows r{{}, floats, float_stride};
  if (!is_float(m.format)) r.tile = tile_of(*q, index, stride, m.format);
  return r;
}
inline GateUpRows rows_of(const ExpertWeights& e, const Activations* q, int64_t index, int stride,
                          const float* floats, int64_t float_stride) {
  return {rows_of(e.gate, q, index, stride, floats, float_stride),
          rows_of(e.up, q, index, stride, floats, float_stride)};
}

// Rows as the tokens of one tile, straight to their place.
inline void quantize_tile(const float* const* rows, int tokens, const Activations& a, int64_t tile, int stride) {
  for (int t = 0; t < tokens; t++) quantize_token(rows[t], a, tile, t, stride);
}
// The same for few rows, `x_stride` floats apart, through the worker.
inline void quantize_few(const float* x, int64_t x_stride, int tokens, const Activations& a, int64_t tile,
                         int stride, Worker& worker) {
  const QuantizedColumns out = output_columns(worker, a, tile, stride, 0, a.k, tokens);
  for (int t = 0; t < tokens; t++) quantize_columns(x + t * x_stride, a.k, a.block, a.needs, out, t);
}

// What is asked for while a gate's panel and up's are used; null: what follows in memory.
struct GateUpNext {
  const uint8_t *gate, *up;
};

// h [tokens][16] = silu(gate) · up of one panel.
inline void gate_up(const ExpertWeights& e, int panel, const GateUpNext& next, const GateUpRows& x,
                    int tokens, float* h, int64_t stride) {
  alignas(64) float gate[16 * 16], up[16 * 16];
  multiply_rows(e.gate, e.gate.panel(panel), x.gate, tokens, gate, next.gate);
  multiply_rows(e.up, e.up.panel(panel), x.up, tokens, up, next.up);
  for (int t = 0; t < tokens; t++)
    store(h + t * stride, mul(silu(load(gate + 16 * t)), load(up + 16 * t)));
}

// Of gate's panel and up's, which go together; floats have none.
inline int64_t kept_bytes(const Matrix& m, const Activations* q) {
  return is_float(m.format) || !q ? 0 : kept_bytes(m, q->parts());
}
inline int64_t kept_bytes(const ExpertWeights& e, const Activations* q) {
  const int64_t gate = kept_bytes(e.gate, q), up = kept_bytes(e.up, q);
  return gate && up ? gate + up : 0;
}
inline void keep(const Unpacked& unpacked, const ExpertWeights& e, int panel, bool filled, GateUpRows& x) {
  unpacked.keep(x.gate.tile, panel, filled);
  unpacked.keep(x.up.tile, panel, filled, kept_bytes(e.gate, 1));
}

}  // namespace PK_LEVEL
}  // namespace pk
