// Matrix products of every level that this machine can run, against double arithmetic over
// core/dequantize's scalar reading of the panels. Exit code 0: right.
//
// Hostile on purpose: odd numbers of groups, codes and activations at their limits (a sum that
// overflows 16 bits shows), rows beyond the last panel's; and everything that a kernel reads
// ends where a page that must not be touched begins. Linked with the levels themselves, or
// with driver/probe.cpp in their place.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "core/dequantize.h"
#include "core/features.h"
#include "core/levels.h"
#include "driver/system.h"

using namespace pk;
using driver::Guarded;

namespace {

int failures = 0;
std::mt19937 random_bits(1);

#define EXPECT(right, ...)                         \
  do {                                             \
    if (!(right) && ++failures <= 20) {            \
      std::printf(__VA_ARGS__);                    \
      std::printf("\n");                           \
    }                                              \
  } while (0)

int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_bits); }

// ---------------------------------------------------------------------------- weights

enum class Fill { kRandom, kLowest, kHighest };
enum class Scales { kF16, kF32, kE8M0 };

// Where a format keeps its scales: `bytes` of them at the start of each `period`.
struct Header {
  Scales scales;
  int bytes, period;
};

Header header_of(int32_t format) {
  switch (format) {
    case kQ4_K: return {Scales::kF16, 64, 2304};
    case kQ5_K: return {Scales::kF16, 64, 2816};
    case kQ6_K: return {Scales::kF16, 64, 64 + 2 * 3328};
    case kQ4_0: case kIQ4_NL: return {Scales::kF16, 64, 64 + 2 * 256};
    case kQ4_1: return {Scales::kF16, 64, 320};
    case kQ5_0: return {Scales::kF16, 64, 64 + 2 * 320};
    case kQ8_0: return {Scales::kF16, 64, 64 + 2 * 512};
    case kMXFP4: return {Scales::kE8M0, 64, 64 + 4 * 256};
    case kS8G16: return {Scales::kF32, 64, 320};
    default: return {Scales::kF32, 128, 384};
  }
}

void write_scales(uint8_t* at, const Header& header) {
  if (header.scales == Scales::kE8M0) {
    for (int i = 0; i < header.bytes; i++) at[i] = static_cast<uint8_t>(between(120, 132));
  } else if (header.scales == Scales::kF16) {
    for (int i = 0; i < header.bytes; i += 2) {  // ±2^-8 … 2^-3, and the odd subnormal
      const int exponent = between(0, 40) ? between(7, 12) : 0;
      const auto half = static_cast<uint16_t>(between(0, 1) << 15 | exponent << 10 | between(0, 1023));
      std::memcpy(at + i, &half, 2);
    }
  } else {
    for (int i = 0; i < header.bytes; i += 4) {
      const float scale = static_cast<float>(between(-1000, 1000)) / 4096;
      std::memcpy(at + i, &scale, 4);
    }
  }
}

void fill_panel(uint8_t* panel, int32_t format, int64_t bytes, Fill fill) {
  // Five bits are the carrier's widest codes with minima.
  const int mask = format == kA8G16 ? 31 : 255;
  for (int64_t i = 0; i < bytes; i++)
    panel[i] = static_cast<uint8_t>((fill == Fill::kRandom ? between(0, 255) : fill == Fill::kLowest ? 0 : 255) & mask);
  const Header header = header_of(format);
  for (int64_t at = 0; at < bytes; at += header.period) write_scales(panel + at, header);
}

// ---------------------------------------------------------------------------- activations

// Tokens in one tile, as core/matrix.h lays them out, and their plain values.
struct Tokens {
  Guarded x, dx, sums;
  Tile tile{};
  std::vector<double> values;  // [token][k]

  Tokens(const std::vector<int>& codes, int64_t k, int count, int stride, int parts, int32_t format, bool words)
      : x(static_cast<size_t>(k * stride * parts)),
        dx(static_cast<size_t>(k / activation_block(k) * stride) * 4),
        sums(static_cast<size_t>(sums_per_token(sum_index(sums_of(format, parts)), k) * stride) * 4),
        values(static_cast<size_t>(count * k)) {
    const int block = activation_block(k);
    tile = {x.as<int32_t>(), dx.as<float>(), sums.as<int32_t>(), parts == 2 ? k / 4 * stride : 0, stride, block};
    for (int t = 0; t < stride; t++) {
      const int* token = codes.data() + (t < count ? t : count - 1) * k;  // surplus: some token's
      for (int64_t i = 0; i < k; i++) put(token[i], i, t, parts);
      for (int64_t b = 0; b < k / block; b++) dx.as<float>()[b * stride + t] = scale(b, t);
      put_sums(token, k, t, sums_of(format, parts), words && parts == 1);
    }
    for (int t = 0; t < count; t++)
      for (int64_t i = 0; i < k; i++) values[t * k + i] = double(codes[t * k + i]) * scale(i / block, t);
  }

  static float scale(int64_t block, int token) {
    return 0.01f * static_cast<float>(1 + (block * 7 + token * 3) % 11);
  }

  void put(int code, int64_t i, int t, int parts) {
    auto* bytes = x.as<int8_t>() + (i / 4 * tile.stride + t) * 4 + i % 4;
    if (parts == 1) {
      *bytes = static_cast<int8_t>(code);
    } else {  // 128 · high + low
      const int high = (code + 64) >> 7;
      *bytes = static_cast<int8_t>(high);
      bytes[tile.to_low * 4] = static_cast<int8_t>(code - 128 * high);
    }
  }

  // Σ over codes 0, 1 and over codes 2, 3 of every four, as two words.
  static int32_t word_pair(const int* token, int count, int factor) {
    int of[2] = {0, 0};
    for (int i = 0; i < count; i++) of[i % 4 / 2] += token[i];
    for (int sum : of) EXPECT(sum * factor == static_cast<int16_t>(sum * factor), "a sum of words does not fit");
    return static_cast<int32_t>(static_cast<uint32_t>(of[0] * factor & 0xffff) |
                                static_cast<uint32_t>(of[1] * factor & 0xffff) << 16);
  }

  void put_sums(const int* token, int64_t k, int t, uint32_t kind, bool words) {
    const int group = kind & (kSums16x32 | kSums16x128 | kSumsFloat16) ? 16 : 32;
    constexpr int kOffsets[kSumKinds] = {1, -8, -16, -128, -12, -32, -128, 1, 1};
    std::vector<int> of(static_cast<size_t>(k / group), 0);
    for (int64_t i = 0; i < k; i++) of[i / group] += token[i];
    int32_t* to = sums.as<int32_t>() + t;
    if (kind == kSumsMinima) {
      constexpr int kFirst[4] = {0, 1, 4, 5};
      for (int64_t j = 0; j < k / 64; j++) {
        const int* pair = of.data() + j / 4 * 8 + kFirst[j % 4];
        to[j * tile.stride] = static_cast<int32_t>(static_cast<uint32_t>(pair[0] & 0xffff) |
                                                   static_cast<uint32_t>(pair[2] & 0xffff) << 16);
      }
      return;
    }
    if (words && (kind & kWordSums)) {
      for (int64_t i = 0; i < k / group; i++)
        to[i * tile.stride] = word_pair(token + i * group, group, kind == kSums32x128 ? -8 : kOffsets[sum_index(kind)]);
      return;
    }
    for (size_t i = 0; i < of.size(); i++) {
      const auto sum = static_cast<float>(of[i]);
      if (kind & (kSumsFloat32 | kSumsFloat16)) std::memcpy(to + i * tile.stride, &sum, 4);
      else to[i * tile.stride] = of[i] * kOffsets[sum_index(kind)];
    }
  }
};

std::vector<int> activation_codes(int64_t k, int count, int parts, bool extreme) {
  const int most = parts == 1 ? 127 : 127 * 128 + 63;
  std::vector<int> codes(static_cast<size_t>(k * count));
  for (int t = 0; t < count; t++)
    for (int64_t i = 0; i < k; i++)
      codes[t * k + i] = extreme ? (t % 2 ? -most : most) : between(-most, most);
  return codes;
}

// ---------------------------------------------------------------------------- one case

constexpr int kMost = 12;

struct Case {
  const LevelTable* level;
  int32_t format;
  int64_t k;
  int parts;
  Fill fill;
  bool extreme;
};

using Outputs = std::vector<float>;  // [token][16]

Outputs product(const Case& c, const Matrix& m, const std::vector<int>& codes, int count, int stride) {
  const Tokens tokens(codes, c.k, count, stride, c.parts, c.format, c.level->word_sums);
  // Surplus tokens up to the stride are written too.
  const Guarded out(static_cast<size_t>(stride * 16) * sizeof(float));
  c.level->multiply(m, m.panel(1), tokens.tile, count, out.as<float>());
  return {out.as<float>(), out.as<float>() + count * 16};
}

void check_values(const Case& c, const Matrix& m, const std::vector<int>& codes, const Outputs& out) {
  const Tokens plain(codes, c.k, kMost, kMost, c.parts, c.format, false);
  std::vector<float> weights(static_cast<size_t>(c.k));
  for (int row = 16; row < m.out; row++) {
    dequantize_row(m, row, weights.data());
    float largest = 0;
    for (float w : weights) largest = std::fmax(largest, std::fabs(w));
    for (int t = 0; t < kMost; t++) {
      double want = 0, size = 0;
      for (int64_t i = 0; i < c.k; i++) {
        want += double(weights[i]) * plain.values[t * c.k + i];
        size += double(largest) * std::fabs(plain.values[t * c.k + i]);
      }
      const double got = out[t * 16 + row - 16];
      EXPECT(std::fabs(got - want) <= 4e-6 * size, "%s: format %d, k %d, %d parts, token %d, row %d: %g, not %g",
             c.level->name, c.format, int(c.k), c.parts, t, row, got, want);
    }
  }
}

// A token's bits are its own: however many are taken at once, and wherever it stands.
void check_alone(const Case& c, const Matrix& m, const std::vector<int>& codes, const Outputs& out) {
  for (int count : {1, 2, 3, 4, 5, 8}) {
    const Outputs few = product(c, m, codes, count, padded_few(count));
    EXPECT(std::memcmp(few.data(), out.data(), few.size() * 4) == 0,
           "%s: format %d, k %d, %d parts: %d tokens differ from the same among 12", c.level->name,
           c.format, int(c.k), c.parts, count);
  }
}

// Codes that the first tile left unpacked serve the next ones.
void check_kept(const Case& c, const Matrix& m, const std::vector<int>& codes, const Outputs& out) {
  const Guarded kept(static_cast<size_t>(unpacked_bytes(c.format, c.k)));
  Tokens tokens(codes, c.k, kMost, kMost, c.parts, c.format, c.level->word_sums);
  tokens.tile.unpacked = kept.as();
  const Guarded again(kMost * 16 * sizeof(float));
  for (bool filled : {false, true}) {
    tokens.tile.filled = filled;
    c.level->multiply(m, m.panel(1), tokens.tile, kMost, again.as<float>());
    EXPECT(std::memcmp(again.as<float>(), out.data(), out.size() * 4) == 0,
           "%s: format %d, k %d, %d parts: other bits with codes that are %s", c.level->name, c.format, int(c.k),
           c.parts, filled ? "kept" : "to be kept");
  }
}

void check(const Case& c) {
  constexpr int kRows = 16 + 13;  // a whole panel and a ragged one, which is multiplied
  const int64_t bytes = panel_bytes(c.format, c.k);
  Guarded panels(static_cast<size_t>(2 * bytes));
  fill_panel(panels.as(), c.format, bytes, c.fill);
  fill_panel(panels.as() + bytes, c.format, bytes, c.fill);
  const Matrix m{panels.as(), bytes, kRows, static_cast<int32_t>(c.k), c.format, 0};
  const std::vector<int> codes = activation_codes(c.k, kMost, c.parts, c.extreme);
  const Outputs out = product(c, m, codes, kMost, kMost);
  check_values(c, m, codes, out);
  check_alone(c, m, codes, out);
  check_kept(c, m, codes, out);
}

std::vector<int64_t> widths(int32_t format) {
  if (format == kQ4_K || format == kQ5_K || format == kQ6_K) return {256, 768, 1024};
  if (format == kS8G16 || format == kA8G16) return {16, 48, 272, 512};
  return {32, 96, 160, 704};  // odd numbers of groups, and 704 = 5.5 times 128
}

void check_level(const LevelTable* level) {
  for (int32_t format = 0; format < kF32; format++)
    for (int parts : {1, 2})
      for (int64_t k : widths(format)) {
        check({level, format, k, parts, Fill::kRandom, false});
        if (k == widths(format).back()) {
          check({level, format, k, parts, Fill::kHighest, true});
          check({level, format, k, parts, Fill::kLowest, true});
        }
      }
}

// ---------------------------------------------------------------------------- the choice

void check_choice() {
  EXPECT(lacking({0, 0}, 0) == nullptr, "something is lacking where nothing is needed");
  EXPECT(lacking({0, 0}, kAvx2 | kAvx512f) && std::strstr(lacking({0, 0}, kAvx2 | kAvx512f), "AVX2"),
         "the plainest that is missing is not the one that is told");
  EXPECT(lacking({kAvx2 | kFma, 0}, kAvx2 | kFma) == nullptr, "AVX2 is there and not seen");
  const char* unsaved = lacking({kAvx512f, kAvx512f}, kAvx512f);
  EXPECT(unsaved && std::strstr(unsaved, "system"), "registers that are not saved are not told");
  EXPECT(level_named("abacus") == nullptr, "a level that there is not has a table");
  const LevelTable* best = best_level();
  EXPECT(best && std::strcmp(best->name, "avxvnni_twin") != 0, "the best level is none, or a test's");
}

}  // namespace

int main() {
  check_choice();
  int count = 0, ran = 0;
  const LevelChoice* all = levels(count);
  for (int i = 0; i < count; i++) {
    if (!all[i].table) {
      std::printf("%s: not run, %s\n", all[i].name, all[i].missing);
      continue;
    }
    const int before = failures;
    check_level(all[i].table);
    std::printf("%s: %s\n", all[i].name, failures == before ? "right" : "WRONG");
    ran++;
  }
  EXPECT(ran > 0, "no level could run");
  return failures != 0;
}
