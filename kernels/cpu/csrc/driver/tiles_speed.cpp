// How near a tile of many tokens comes to what multiplies bytes, on one thread, in turns with it:
// for each format once with codes unpacked for the tile alone, and as one of four that share them.
//
// Levels as in rows_test.cpp. Link with core/dequantize.cpp, core/matrix.cpp, core/sampling.cpp.

#include "body/linear.h"
#include "body/peaks.h"
#include "driver/testing.h"
#include "driver/timing.h"

namespace {

using namespace driver;

constexpr int64_t kColumns = 2048;
constexpr int kPanels = 8, kTiles = 4, kSamples = 101;

// Operations a second of multiplying alone: two for each product of bytes.
double peak() {
  const double start = seconds();
#if PK_WORD_SUMS
  constexpr int64_t kRounds = 20000;
  __m256i a, b, c, d;
  for (int64_t i = 0; i < kRounds; i++)
    asm volatile(
        ".rept 3\n"
        "vpmaddubsw %%ymm0, %%ymm0, %0\n vpmaddubsw %%ymm0, %%ymm0, %1\n"
        "vpmaddubsw %%ymm0, %%ymm0, %2\n vpmaddubsw %%ymm0, %%ymm0, %3\n.endr"
        : "=&x"(a), "=&x"(b), "=&x"(c), "=&x"(d)
        :
        : "xmm0");
  return kRounds * 12 * 64 / (seconds() - start);
#else
  return int8_peak(2000) / (seconds() - start);
#endif
}

// Operations a second of kTiles tiles of `tokens`; `kept`: where they share codes, or null.
double tiles(const Matrix& m, Tile tile, int tokens, uint8_t* kept) {
  static float out[kTile * 16];
  const double start = seconds();
  for (int t = 0; t < kTiles; t++)
    for (int p = 0; p < kPanels; p++) {
      tile.unpacked = kept ? kept + p * unpacked_bytes(m.format, m.in) : nullptr;
      tile.filled = t > 0;
      multiply(m, m.panel(p), tile, tokens, out, m.panel(p + 1));
    }
  return 2.0 * 16 * m.in * tokens * kTiles * kPanels / (seconds() - start);
}

void speed(const char* name, int32_t format) {
  const std::vector<uint8_t> panels = random_panels(format, kColumns, kPanels + 1);
  const Matrix m{panels.data(), panel_bytes(format, kColumns), 16 * kPanels, kColumns, format, 0};
  OwnedActivations q(kColumns, kCapacity, sums_of(format, 1));
  for (int t = 0; t < kTile; t++) {
    const Floats x = random_values(kColumns, t + 1);
    quantize_token(x.data(), q.a, 0, t, kTile);
  }
  const Tile tile = tile_of(q.a, 0, kTile, format);
  uint8_t* kept = new uint8_t[kPanels * unpacked_bytes(format, kColumns) + 64];
  uint8_t* aligned = kept + (64 - reinterpret_cast<uintptr_t>(kept) % 64);
  std::vector<double> alone, shared, few;
  for (int i = 0; i < kSamples; i++) {
    const double best = peak();
    alone.push_back(tiles(m, tile, kTile, nullptr) / best);
    shared.push_back(tiles(m, tile, kTile, aligned) / best);
    few.push_back(tiles(m, tile, 8 < kTile ? 8 : kTile, nullptr) / best);
  }
  std::printf("%-8s a tile %.2f, one of %d %.2f, 8 tokens %.2f\n", name, median(alone), kTiles,
              median(shared), median(few));
  delete[] kept;
}

}  // namespace

int main() {
  constexpr const char* kNames[] = {"Q4_K", "Q5_K", "Q6_K", "Q4_0", "Q4_1", "Q5_0", "Q8_0", "MXFP4", "IQ4_NL"};
  for (int32_t format = kQ4_K; format <= kIQ4_NL; format++) speed(kNames[format], format);
  return 0;
}
