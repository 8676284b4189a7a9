// Attention in the latent space: 16 heads, the lanes, read one cached latent together.
//
// Keys and values are the same bytes: a position's row [latent + rope] of bfloat16, where the
// latent is also what gets mixed. With 8 or 4 heads in a group, 2 or 4 lanes share a head's
// scores, so that no lane idles.
#pragma once
#include "body/attention_math.h"

namespace pk {
namespace PK_LEVEL {

constexpr int kLatentRows = kTile >= 12 ? 8 : 4;   // positions whose scores stay in registers
constexpr int kLatentHeads = kTile >= 12 ? 8 : 2;  // heads whose mixed values stay there
constexpr int kLatentSpan = 128;                   // positions of one softmax step

// Up to 16 heads and how many lanes each has: head i of the group is lane i · wide.
struct HeadGroup {
  int first, count, wide;

  HeadGroup(const MlaArgs& a, int group) : first(16 * group), count(a.heads_of(group)) {
    const int rope_pairs = a.rope / 2;
    wide = count <= 4 && rope_pairs % 4 == 0 ? 4 : count <= 8 && rope_pairs % 2 == 0 ? 2 : 1;
  }
  int lane(int head) const { return head * wide; }
  // Queries are dwords [unit][16], a unit being `wide` pairs of dimensions.
  int64_t units(int64_t dims) const { return dims / 2 / wide; }
  // Where value `dim` of the group's first head goes in floats [unit][2][16], whence units are
  // packed; the next head's lies `wide` further.
  int64_t place(int64_t dim) const {
    const int64_t pair = dim / 2;
    return ((pair / wide) * 2 + dim % 2) * 16 + pair % wide;
  }
};

inline void pack_units(const float* places, int64_t units, float factor, int32_t* out) {
  const F32 by = set1(factor);
  for (int64_t u = 0; u < units; u++)
    store_pairs(out + u * 16, mul(load(places + 32 * u), by), mul(load(places + 32 * u + 16), by));
}

// acc[i] lanes = Σ over units of q [unit][16] times row i. Where registers suffice, every other unit
// has a sum of its own: a product of pairs takes 6 cycles, and Zen 5 begins two in each.
template <int kWide, int kRows>
PK_INLINE void row_products(const int32_t* const (&row)[kRows], const int32_t* q, int64_t units,
                            const char* ahead, F32 (&acc)[kRows]) {
  constexpr bool kTwoSums = kAtOnce >= 12;
  F32 second[kRows];
  PK_UNROLL for (int i = 0; i < kRows; i++) acc[i] = second[i] = zero_f32();
  int64_t u = 0;
  for (; u + 2 <= units; u += 2) {
    const BF16Pairs a = load_pairs(q + u * 16), b = load_pairs(q + u * 16 + 16);
    // The next span. (Half of its lines here and half while latents are mixed took 12 % longer on Zen 5.)
    PK_UNROLL for (int i = 0; i < kWide; i++) __builtin_prefetch(ahead + 64 * i, 0, 2);
    ahead += 64 * kWide;
    PK_UNROLL for (int i = 0; i < kRows; i++) dot_bf16_wide<kWide>(acc[i], a, row[i] + u * kWide);
    PK_UNROLL for (int i = 0; i < kRows; i++)
      dot_bf16_wide<kWide>(kTwoSums ? second[i] : acc[i], b, row[i] + (u + 1) * kWide);
  }
  if (u < units) {
    const BF16Pairs a = load_pairs(q + u * 16);
    PK_UNROLL for (int i = 0; i < kRows; i++) dot_bf16_wide<kWide>(acc[i], a, row[i] + u * kWide);
  }
  if constexpr (kTwoSums)
    PK_UNROLL for (int i = 0; i < kRows; i++) acc[i] = add(acc[i], second[i]);
}

// What a group of heads has gathered: [16] a lane, [16] a lane, [head][latent].
struct Gathered {
  float* most;
  float* sums;
  float* mixed;

  explicit Gathered(float* at) : most(at), sums(at + 16), mixed(at + 32) {}
  void begin(int64_t size) const {
    store(most, set1(kHidden));
    std::memset(sums, 0, static_cast<size_t>(size - 16) * sizeof(float));
  }
};

// mixed [kHeads][16 or 32 latents] = mixed · factor + Σ p · latents; p [pair of positions][16].
template <int kHeads>
PK_INLINE void mix_latents(const uint16_t* rows, int64_t stride, int count, const int32_t* p,
                           const float* factor, int wide, bool both, float* mixed,
                           int64_t latent) {
  F32 low[kHeads], high[kHeads];
  PK_UNROLL for (int h = 0; h < kHeads; h++) {
    const F32 by = set1(factor[h * wide]);
    low[h] = mul(load(mixed + h * latent), by);
    high[h] = both ? mul(load(mixed + h * latent + 16), by) : zero_f32();
  }
  const auto step = [&](const uint16_t* x, const uint16_t* y,
                        const int32_t* weights) PK_LAMBDA_INLINE {
    BF16Pairs first, second;
    zip_pairs(x, y, first, second);
    PK_UNROLL for (int h = 0; h < kHeads; h++) {
      const SamePairs both_halves = same_pairs(weights + h * wide);
      dot_bf16(low[h], first, both_halves);
      dot_bf16(high[h], second, both_halves);
    }
  };
  for (int t = 0; t + 2 <= count; t += 2, rows += 2 * stride, p += 16) step(rows, rows + stride, p);
  if (count % 2) step(rows, rows, p);  // the second one's weight is 0
  PK_UNROLL for (int h = 0; h < kHeads; h++) {
    store(mixed + h * latent, low[h]);
    if (both) store(mixed + h * latent + 16, high[h]);
  }
}

template <int kWide>
inline void mix_all(const MlaArgs& a, const uint16_t* rows, int count, const int32_t* p,
                    const float* factor, int heads, float* mixed) {
  const int64_t stride = a.cache_row();
  for (int64_t d = 0; d < a.latent; d += 32) {
    const bool both = d + 16 < a.latent;
    int h = 0;
    const auto some = [&](auto n) PK_LAMBDA_INLINE {
      constexpr int kHeads = decltype(n)::value;
      for (; h + kHeads <= heads; h += kHeads)
        mix_latents<kHeads>(rows + d, stride, count, p + h * kWide, factor + h * kWide, kWide, both,
                            mixed + h * a.latent + d, a.latent);
    };
    some(std::integral_constant<int, kLatentHeads>{});
    if constexpr (kLatentHeads > 4) some(std::integral_constant<int, 4>{});
    if constexpr (kLatentHeads > 2) some(std::integral_constant<int, 2>{});
    some(std::integral_constant<int, 1>{});
  }
}

// Adds positions from … from + count - 1 (at most 128) for one row's group of heads.
template <int kWide>
__attribute__((noinline)) void latent_span(const MlaArgs& a, const int32_t* q, int heads,
                                           int64_t from, int count, const Gathered& g) {
  alignas(64) float s[kLatentSpan][16];
  alignas(64) int32_t p[kLatentSpan / 2][16];
  alignas(64) float factor[16];
  const int64_t stride = a.cache_row(), units = stride / 2 / kWide;
  const uint16_t* first = a.cache + from * stride;
  F32 most = set1(kHidden);
  for (int t = 0; t < count; t += kLatentRows) {
    const int32_t* row[kLatentRows];
    for (int i = 0; i < kLatentRows; i++)
      row[i] =
          reinterpret_cast<const int32_t*>(first + (t + i < count ? t + i : count - 1) * stride);
    const auto* ahead = reinterpret_cast<const char*>(first + (t + kLatentSpan) * stride);
    F32 acc[kLatentRows];
    row_products<kWide, kLatentRows>(row, q, units, ahead, acc);
    PK_UNROLL for (int i = 0; i < kLatentRows; i++) {
      acc[i] = fold_lanes<kWide>(acc[i]);
      most = max(most, acc[i]);  // the last row again and again changes nothing
      store(s[t + i], acc[i]);
    }
  }
  const F32 before = load(g.most);
  most = max(before, most);
  const F32 by = exp2_of(sub(before, most));
  F32 sum = mul(load(g.sums), by);
  for (int t = 0; t < count; t += 2) {
    const F32 x = exp2_of(sub(load(s[t]), most));
    const F32 y = t + 1 < count ? exp2_of(sub(load(s[t + 1]), most)) : zero_f32();
    sum = add(sum, add(x, y));
    store_pairs(p[t / 2], x, y);
  }
  store(g.most, most);
  store(g.sums, sum);
  store(factor, by);
  mix_all<kWide>(a, first, count, p[0], factor, heads, g.mixed);
}

inline void latent_attend(const MlaArgs& a, const HeadGroup& group, const int32_t* q, int64_t from,
                          int64_t to, const Gathered& g) {
  for (; from < to; from += kLatentSpan) {
    const int count = static_cast<int>(to - from < kLatentSpan ? to - from : kLatentSpan);
    if (group.wide == 1) latent_span<1>(a, q, group.count, from, count, g);
    else if (group.wide == 2) latent_span<2>(a, q, group.count, from, count, g);
    else latent_span<4>(a, q, group.count, from, count, g);
  }
}

}  // namespace PK_LEVEL
}  // namespace pk
