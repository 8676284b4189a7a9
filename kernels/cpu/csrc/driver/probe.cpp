// A level with nothing but a few of its matrix products, in place of levels/….cpp: what a build
// with sanitizers can afford (all of them take a minute a level, these a few seconds).
//
// tools/native_checks.py takes PK_LEVEL and the rest from the level's own file.
#include "body/linear.h"
#include "core/levels.h"

#ifndef PK_PROBE_TOKENS
#define PK_PROBE_TOKENS 2
#endif

namespace pk {
namespace PK_LEVEL {

template <int N>
void product(const Matrix& m, const uint8_t* panel, const Tile& tile, float* out) {
  (tile.to_low ? product_of<N, 2>(m.format) : product_of<N, 1>(m.format))(panel, m.in, tile, out);
}

void multiply_some(const Matrix& m, const uint8_t* panel, const Tile& tile, int tokens, float* out) {
  for (int first = 0; first < tokens;) {
    Tile part = tile;
    part.x += first;
    part.dx += first;
    if (part.sums) part.sums += first;
    const bool several = tokens - first >= PK_PROBE_TOKENS;
    (several ? product<PK_PROBE_TOKENS> : product<1>)(m, panel, part, out + 16 * first);
    first += several ? PK_PROBE_TOKENS : 1;
  }
}

}  // namespace PK_LEVEL

#define PK_PASTE_2(a, b) a##b
#define PK_PASTE(a, b) PK_PASTE_2(a, b)
#define PK_TEXT_2(a) #a
#define PK_TEXT(a) PK_TEXT_2(a)

const LevelTable* PK_PASTE(level_, PK_LEVEL)() {
  static constexpr LevelTable table = [] {
    LevelTable t{};
    t.name = PK_TEXT(PK_LEVEL);
    t.tile = PK_LEVEL::kTile;
    t.word_sums = PK_WORD_SUMS;
    t.multiply = PK_LEVEL::multiply_some;
    return t;
  }();
  return &table;
}

}  // namespace pk
