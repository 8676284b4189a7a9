// Every op of one level, and the table that a plan finds them in. Included once by each file
// in levels/.
#pragma once
#include "body/experts.h"
#include "body/gqa.h"
#include "body/linear.h"
#include "body/mla.h"
#include "body/peaks.h"
#include "body/rows.h"
#include "core/levels.h"

namespace pk {
namespace PK_LEVEL {

template <class Op>
constexpr OpImpl impl_of() {
  return {Op::phases, Op::chunks, Op::run};
}

constexpr LevelTable make_table(const char* name) {
  LevelTable t{};
  t.name = name;
  t.tile = kTile;
  t.word_sums = PK_WORD_SUMS;
  t.ops[kOpLinear] = impl_of<Linear>();
  t.ops[kOpEmbedding] = impl_of<Embedding>();
  t.ops[kOpNorm] = impl_of<Norm>();
  t.ops[kOpRouter] = impl_of<Router>();
  t.ops[kOpExperts] = impl_of<Experts>();
  t.ops[kOpMla] = impl_of<Mla>();
  t.ops[kOpGqa] = impl_of<Gqa>();
  t.multiply = [](const Matrix& m, const uint8_t* panel, const Tile& tile, int tokens, float* out) {
    multiply(m, panel, tile, tokens, out);
  };
  t.int8_peak = int8_peak;
  t.bf16_peak = bf16_peak;
  return t;
}

}  // namespace PK_LEVEL

#define PK_PASTE_2(a, b) a##b
#define PK_PASTE(a, b) PK_PASTE_2(a, b)
#define PK_TEXT_2(a) #a
#define PK_TEXT(a) PK_TEXT_2(a)

const LevelTable* PK_PASTE(level_, PK_LEVEL)() {
  static constexpr LevelTable table = PK_LEVEL::make_table(PK_TEXT(PK_LEVEL));
  return &table;
}

}  // namespace pk
