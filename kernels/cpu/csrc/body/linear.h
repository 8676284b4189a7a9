// Quantized matrix products: 1 to 8 rows at the speed of memory, many rows in tiles.
#pragma once
#include "body/formats.h"
#if PK_WORD_SUMS
#include "body/word_panels.h"
#endif
#include "core/args.h"

namespace pk {
namespace PK_LEVEL {

// out [N][16]: a panel times N tokens of a tile.
template <class F, int N, int kParts>
__attribute__((noinline)) void panel_product(const uint8_t* w, int64_t k, const Tile& a, float* out) {
  F32 sum[N];
#if PK_WORD_SUMS
  if constexpr (kParts == 1 && WordPanel<F>::kKnown) WordPanel<F>::template panel<N>(w, k, a, sum);
  else F::template panel<N, kParts>(w, k, a, sum);
#else
  F::template panel<N, kParts>(w, k, a, sum);
#endif
  PK_UNROLL for (int t = 0; t < N; t++) store(out + 16 * t, sum[t]);
}

using PanelProduct = void (*)(const uint8_t* w, int64_t k, const Tile& a, float* out);

template <int N, int kParts>
PanelProduct product_of(int32_t format) {
  switch (format) {
    case kQ4_K: return panel_product<SuperBlock45<false>, N, kParts>;
    case kQ5_K: return panel_product<SuperBlock45<true>, N, kParts>;
    case kQ6_K: return panel_product<SuperBlock6, N, kParts>;
    case kQ4_0: return panel_product<Symmetric32<Q4_0Group>, N, kParts>;
    case kQ4_1: return panel_product<Affine32, N, kParts>;
    case kQ5_0: return panel_product<Symmetric32<Q5_0Group>, N, kParts>;
    case kQ8_0: return panel_product<Symmetric32<Q8_0Group>, N, kParts>;
    case kMXFP4: return panel_product<Symmetric32<MXFP4Group>, N, kParts>;
    case kIQ4_NL: return panel_product<Symmetric32<IQ4_NLGroup>, N, kParts>;
    case kS8G16: return panel_product<Carrier16<false>, N, kParts>;
    default: return panel_product<Carrier16<true>, N, kParts>;
  }
}

// How many tokens a kernel takes at once: compiled for 1, 2, 4 and, where the registers
// suffice, 8 and 12, or 6 to 12 in twos, as what an expert's last tile lacks is computed all the same. More
// are taken in several goes; a token's bits are the same in all.
template <int kParts>
inline PanelProduct product_for(int32_t format, int tokens) {
  if (tokens <= 1) return product_of<1, kParts>(format);
  if (tokens <= 2) return product_of<2, kParts>(format);
  if constexpr (kTile >= 12) {
    constexpr bool kInTwos = kParts == 1 && kAtOnce >= 12;
    if (tokens > (kInTwos ? 10 : 8)) return product_of<12, kParts>(format);
    if constexpr (kInTwos) {
      if (tokens > 8) return product_of<10, kParts>(format);
      if (tokens > 4 && tokens <= 6) return product_of<6, kParts>(format);
    }
    if (tokens > 4) return product_of<8, kParts>(format);
  }
  return product_of<4, kParts>(format);
}
constexpr int kMostTokens = kTile >= 12 ? 12 : 4;
constexpr int64_t kFewAhead = 4096;  // of 1 to 8 KB none is better in every format

// out [tokens][16] of one panel, whatever the number of tokens in the tile (at most its stride).
// `next`: the panel that will be read after it; null where what follows in memory is.
inline void multiply(const Matrix& m, const uint8_t* panel, const Tile& tile, int tokens, float* out,
                     const uint8_t* next = nullptr) {
  for (int first = 0; first < tokens; first += kMostTokens) {
    const int count = tokens - first < kMostTokens ? tokens - first : kMostTokens;
    Tile part = tile;
    part.x += first;
    part.dx += first;
    part.sums += first;
    part.ahead = next ? next - panel : kFewAhead;
    const PanelProduct product =
        tile.to_low ? product_for<2>(m.format, count) : product_for<1>(m.format, count);
    product(panel, m.in, part, out + 16 * first);
  }
}

// Bytes of a panel's unpacked codes, where a level keeps them for a chunk's further tiles: of
// AVX2's time for Q4_K a tenth went into unpacking every 12 tokens anew, for Q6_K a sixth.
inline int64_t kept_bytes(const Matrix& m, int parts) {
  return !PK_WORD_SUMS || parts == 2 || m.format > kIQ4_NL ? 0 : unpacked_bytes(m.format, m.in);
}
// They stay in the second cache, with tokens beside them.
constexpr int64_t kUnpackedBytes = 192 << 10;
// For the length of a chunk, or null where a level keeps none.
inline uint8_t* unpacked_memory(Worker& worker) {
  return PK_WORD_SUMS ? worker.scratch<uint8_t>(kUnpackedBytes) : nullptr;
}

// Some panels that several tiles read, in passes whose codes are kept in unpacked_memory.
class Unpacked {
 public:
  // `each`: bytes for one panel, or for all that go together; panels from 0 to `count`.
  Unpacked(uint8_t* memory, int64_t each, int count, int tiles) : count_(count), at_once_(count), each_(each) {
    if (tiles < 2 || each == 0 || each > kUnpackedBytes) return;
    memory_ = memory;
    if (memory && kUnpackedBytes / each < count) at_once_ = static_cast<int>(kUnpackedBytes / each);
  }

  // run(first, last) for every pass.
  template <class F>
  void passes(F run) {
    for (first_ = 0; first_ < count_; first_ += at_once_)
      run(first_, first_ + at_once_ < count_ ? first_ + at_once_ : count_);
  }

  // For a product of `panel`, `offset` bytes into what goes together; `filled` but by the first tile.
  void keep(Tile& tile, int panel, bool filled, int64_t offset = 0) const {
    if (!memory_) return;
    tile.unpacked = memory_ + (panel - first_) * each_ + offset;
    tile.filled = filled;
  }

 private:
  int count_, at_once_, first_ = 0;
  int64_t each_;
  uint8_t* memory_ = nullptr;
};

template <int32_t format, int N>
__attribute__((noinline)) void float_product(const uint8_t* w, int64_t k, const float* x,
                                             int64_t stride, float* out) {
  F32 sum[N];
  float_panel<format, N>(w, k, x, stride, sum);
  PK_UNROLL for (int t = 0; t < N; t++) store(out + 16 * t, sum[t]);
}

template <int32_t format>
inline void float_multiply(const uint8_t* panel, int64_t k, const float* x, int64_t stride,
                           int tokens, float* out) {
  int t = 0;
  for (; t + 4 <= tokens; t += 4)
    float_product<format, 4>(panel, k, x + t * stride, stride, out + 16 * t);
  for (; t < tokens; t++) float_product<format, 1>(panel, k, x + t * stride, stride, out + 16 * t);
}

inline void multiply_float(const Matrix& m, const uint8_t* panel, const float* x, int64_t stride,
                           int tokens, float* out) {
  if (m.format == kF32) float_multiply<kF32>(panel, m.in, x, stride, tokens, out);
  else if (m.format == kF16) float_multiply<kF16>(panel, m.in, x, stride, tokens, out);
  else float_multiply<kBF16>(panel, m.in, x, stride, tokens, out);
}

// ---------------------------------------------------------------------------- the op

struct Linear {
  // Panels of a chunk; with many rows four share a tile that stays in the first cache.
  static int panels_a_chunk(const LinearArgs& a, const LinearPart& part, bool few) {
    const int64_t least = ceil_div(part.weight.panel_count(), kMaxChunks / a.count);
    if (!few) return static_cast<int>(least > 4 ? least : 4);
    const int64_t fitting = kFewChunkBytes / part.weight.panel_stride;
    const int64_t fair = ceil_div(part.weight.panel_count(), 8);
    const int64_t wanted = fitting < fair ? fitting : fair;
    const int64_t usual = wanted < 1 ? 1 : wanted > 32 ? 32 : wanted;
    return static_cast<int>(least > usual ? least : usual);
  }

  static int phases(const void*, bool) { return 1; }

  static int rows_of(const LinearArgs& a, const Step& step) { return a.wanted_only ? step.wanted : step.rows; }

  static int chunks(const void* args, const Step& step, int) {
    const auto& a = *static_cast<const LinearArgs*>(args);
    if (rows_of(a, step) == 0) return 0;
    int total = 0;
    for (int i = 0; i < a.count; i++)
      total += static_cast<int>(ceil_div(a.parts[i].weight.panel_count(),
                                         panels_a_chunk(a, a.parts[i], rows_of(a, step) <= kFewRows)));
    return total;
  }

  static void run(const void* args, const Step& step, int, int chunk, Worker& worker) {
    const auto& a = *static_cast<const LinearArgs*>(args);
    const int rows = rows_of(a, step);
    const bool few = rows <= kFewRows;
    for (int i = 0; i < a.count; i++) {
      const LinearPart& part = a.parts[i];
      const int size = panels_a_chunk(a, part, few);
      const int chunks = static_cast<int>(ceil_div(part.weight.panel_count(), size));
      if (chunk >= chunks) {
        chunk -= chunks;
        continue;
      }
      const int first = chunk * size;
      const int left = part.weight.panel_count() - first;
      panels(a, part, rows, few, first, left < size ? left : size, worker);
      return;
    }
  }

  static void panels(const LinearArgs& a, const LinearPart& part, int rows, bool few, int first,
                     int count, Worker& worker) {
    const auto out = worker.output(part.out + first * 16, part.out_stride, rows, count * 16);
    const int stride = few ? padded_few(rows) : kTile;
    const int64_t each = is_float(part.weight.format) ? 0 : kept_bytes(part.weight, a.x->parts());
    Unpacked unpacked(few ? nullptr : unpacked_memory(worker), each, count, static_cast<int>(ceil_div(rows, stride)));
    alignas(64) float block[16 * 16];
    unpacked.passes([&](int from, int to) {
      for (int row = 0; row < rows; row += stride) {
        const int tokens = rows - row < stride ? rows - row : stride;
        Tile tile{};
        if (!is_float(part.weight.format)) tile = tile_of(*a.x, row / stride, stride, part.weight.format);
        for (int p = from; p < to; p++) {
          const uint8_t* panel = part.weight.panel(first + p);
          unpacked.keep(tile, p, row > 0);
          if (is_float(part.weight.format)) {
            multiply_float(part.weight, panel, a.x_float + row * a.x_stride, a.x_stride, tokens, block);
          } else {
            // The first tile asks for the next panel, later ones for the next chunk's.
            const int next = first + p + (row == 0 ? 1 : count);
            multiply(part.weight, panel, tile, tokens, block,
                     few || next >= part.weight.panel_count() ? nullptr : part.weight.panel(next));
          }
          finish(part, block, row, tokens, (first + p) * 16, out.data + p * 16, out.stride);
        }
      }
    });
  }

  static void finish(const LinearPart& part, const float* block, int row, int tokens, int column,
                     float* out, int64_t stride) {
    for (int t = 0; t < tokens; t++) {
      F32 y = load(block + 16 * t);
      if (part.bias) y = add(y, load(part.bias + column));
      if (part.residual) y = add(y, load(part.residual + (row + t) * part.residual_stride + column));
      store(out + (row + t) * stride, y);
    }
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
