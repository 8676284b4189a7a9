// The builds of the bodies for instruction sets, and which of them this machine can run.
#pragma once
#include <cstdint>

#include "core/matrix.h"
#include "core/step.h"

namespace pk {

enum OpKind : int32_t {
  kOpLinear = 0,
  kOpEmbedding = 1,
  kOpNorm = 2,
  kOpRouter = 3,
  kOpExperts = 4,
  kOpMla = 5,
  kOpGqa = 6,
  kOpKinds = 7,
};

struct LevelTable {
  const char* name;
  int32_t tile;  // tokens of a tile with many rows
  bool word_sums;  // sums of the kinds in kWordSums are pairs of int16
  OpImpl ops[kOpKinds];
  // out [tokens][16]: one panel of a quantized matrix times the tokens of a tile.
  void (*multiply)(const Matrix& m, const uint8_t* panel, const Tile& tile, int tokens, float* out);
  // int8 multiply-adds of a loop that does nothing else: (operations) of `rounds` rounds.
  double (*int8_peak)(int64_t rounds);
  double (*bf16_peak)(int64_t rounds);
};

struct LevelChoice {
  const LevelTable* table;  // null where this binary has no such build
  const char* name;
  const char* missing;      // what the processor or the system lacks; null: usable
};

// From the best to the plainest; `count` of them.
const LevelChoice* levels(int& count);
// The first usable one; null if the processor can't run any (then nothing else may be called).
const LevelTable* best_level();
// By name; null if unknown, absent or not usable here.
const LevelTable* level_named(const char* name);

}  // namespace pk
