// What the native drivers share: checks that count failures, ops run chunk by chunk, and
// memory for activations.
#pragma once
#ifndef PK_LEVEL
#define PK_LEVEL driver_level
#define PK_SIMD "simd/avx512.h"
#define PK_VNNI 1
#define PK_BF16 1
#endif
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "body/rows.h"

namespace driver {

using namespace pk;
using namespace pk::PK_LEVEL;
using Floats = std::vector<float>;

inline int failures = 0;

inline void expect(bool right, const char* format, ...) __attribute__((format(printf, 2, 3)));
inline void expect(bool right, const char* format, ...) {
  if (right || ++failures > 20) return;
  va_list values;
  va_start(values, format);
  std::vprintf(format, values);
  va_end(values);
  std::printf("\n");
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

inline Floats random_values(size_t count, uint32_t seed, float scale = 1.0f) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, scale);
  Floats values(count);
  for (float& v : values) v = normal(random);
  return values;
}

inline bool same_bits(const void* a, const void* b, size_t bytes) {
  return std::memcmp(a, b, bytes) == 0;
}

// ---------------------------------------------------------------------------- running an op

inline std::vector<char> scratch_memory(kScratchBytes + 64);
inline char* scratch() {
  auto at = reinterpret_cast<uintptr_t>(scratch_memory.data());
  return reinterpret_cast<char*>((at + 63) / 64 * 64);
}

// Every chunk, last one first; `twice`: each is computed again and the second result kept.
template <class Op>
void run(const void* args, const Step& step, bool direct, bool twice = false) {
  for (int phase = 0; phase < Op::phases(args, step.few()); phase++)
    for (int chunk = Op::chunks(args, step, phase) - 1; chunk >= 0; chunk--)
      for (int time = 0; time < (twice ? 2 : 1); time++) {
        Worker worker;
        worker.begin(scratch(), direct);
        Op::run(args, step, phase, chunk, worker);
        worker.commit();
      }
}

constexpr int kCapacity = 48;  // a multiple of every tile

// Activations with their memory, filled with what a forgotten write would leave.
struct OwnedActivations {
  Activations a{};
  std::vector<int32_t> memory;
  size_t dwords;

  OwnedActivations(int32_t k, int32_t capacity, uint32_t needs) {
    a.k = k;
    a.block = activation_block(k);
    a.needs = needs;
    a.capacity = capacity;
    dwords = size_t(capacity) * (k / 4 + k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++)
      dwords += size_t(capacity) * sums_per_token(kind, k);
    memory.assign(dwords + 64, 0x7fc12345);
    int32_t* at = memory.data();
    a.x = at;
    at += size_t(capacity) * (k / 4);
    a.dx = reinterpret_cast<float*>(at);
    at += size_t(capacity) * (k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++) {
      a.sums[kind] = at;
      at += size_t(capacity) * sums_per_token(kind, k);
    }
  }
  OwnedActivations(const OwnedActivations&) = delete;

  static int stride(int rows) { return rows <= kFewRows ? padded_few(rows) : kTile; }

  // One row's dwords, whatever the tile: codes, dx, then the sums it needs.
  std::vector<int32_t> row(int index, int rows) const {
    const int64_t by = stride(rows), tile = index / by, token = index % by;
    std::vector<int32_t> all;
    const auto take = [&](const int32_t* from, int64_t count) {
      for (int64_t i = 0; i < count; i++) all.push_back(from[(tile * count + i) * by + token]);
    };
    take(a.x, a.k / 4);
    take(reinterpret_cast<const int32_t*>(a.dx), a.k / a.block);
    for (int kind = 0; kind < kSumKinds; kind++)
      if (a.needs >> kind & 1) take(a.sums[kind], sums_per_token(kind, a.k));
    return all;
  }
};

// Sums that are defined for k.
inline uint32_t all_needs(int64_t k) {
  uint32_t needs = kSums16x32 | kSums16x128 | kSumsFloat16;
  if (k % 32 == 0) needs |= kSums32x8 | kSums32x16 | kSums32x128 | kSums32x12 | kSumsFloat32;
  if (k % 256 == 0) needs |= kSumsMinima;
  return needs;
}

// ---------------------------------------------------------------------------- the router

struct Routed {
  std::vector<int32_t> chosen;
  Floats weights;
};

inline RouterArgs router_args(int experts, int top_k, int groups, int top_groups) {
  RouterArgs args{};
  args.num_experts = experts;
  args.top_k = top_k;
  args.num_groups = groups;
  args.top_groups = top_groups;
  args.scaling_factor = 2.5f;
  return args;
}

// ---------------------------------------------------------------------------- packed panels

// Random panels whose scales are ordinary numbers.
inline std::vector<uint8_t> random_panels(int32_t format, int64_t k, int panels) {
  std::vector<uint8_t> bytes(size_t(panel_bytes(format, k)) * panels);
  std::mt19937 random(format * 1000 + uint32_t(k));
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
  const auto halves = [&](size_t at, int count) {
    for (int i = 0; i < count; i++) {
      const uint16_t half = static_cast<uint16_t>(0x2000 | (random() & 0x9fff & ~0x4000));
      std::memcpy(&bytes[at + 2 * i], &half, 2);
    }
  };
  const auto floats = [&](size_t at, int count) {
    for (int i = 0; i < count; i++) {
      const float value = static_cast<float>(random() % 4001) * 0.001f - 2.0f;
      std::memcpy(&bytes[at + 4 * i], &value, 4);
    }
  };
  for (int p = 0; p < panels; p++) {
    size_t at = size_t(panel_bytes(format, k)) * p;
    const int64_t groups = k / 32;
    switch (format) {
      case kQ4_K:
        for (int64_t b = 0; b < k / 256; b++, at += 2304) halves(at, 32);
        break;
      case kQ5_K:
        for (int64_t b = 0; b < k / 256; b++, at += 2816) halves(at, 32);
        break;
      case kQ6_K:
        for (int64_t b = 0; b < k / 256; b += 2, at += 64 + 2 * 3328) halves(at, 32);
        break;
      case kQ4_0:
      case kIQ4_NL:
      case kQ5_0:
      case kQ8_0: {
        const int size = format == kQ5_0 ? 320 : format == kQ8_0 ? 512 : 256;
        for (int64_t g = 0; g < groups; g += 2, at += 64 + 2 * size) halves(at, 32);
        break;
      }
      case kQ4_1:
        for (int64_t g = 0; g < groups; g++, at += 320) halves(at, 32);
        break;
      case kMXFP4:
        for (int64_t g = 0; g < groups; g += 4, at += 64 + 4 * 256)
          for (int i = 0; i < 64; i++)
            bytes[at + i] = static_cast<uint8_t>(118 + bytes[at + i] % 20);
        break;
      case kS8G16:
        for (int64_t g = 0; g < k / 16; g++, at += 320) floats(at, 16);
        break;
      case kA8G16:
        for (int64_t g = 0; g < k / 16; g++, at += 384) floats(at, 32);
        break;
      case kF32:
        floats(at, int(16 * k));
        break;
      case kF16:
        halves(at, int(16 * k));
        break;
      default:
        for (int64_t i = 0; i < panel_bytes(format, k) / 2; i++) {
          const uint16_t bits = static_cast<uint16_t>(0x3f00 | (random() & 0x80ff));
          std::memcpy(&bytes[at + 2 * i], &bits, 2);
        }
    }
  }
  return bytes;
}

}  // namespace driver
