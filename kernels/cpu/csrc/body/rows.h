// Ops that go row by row: RMSNorm with quantization, embedding, the router.
#pragma once
#include "body/math.h"
#include "body/quantize_rows.h"
#include "core/args.h"
#include "core/dequantize.h"

namespace pk {
namespace PK_LEVEL {

// Up to 16 values; lanes beyond `count` are 0.
PK_INLINE F32 load_some(const float* p, int64_t count) {
  if (count >= 16) return load(p);
  alignas(64) float part[16] = {};
  std::memcpy(part, p, static_cast<size_t>(count) * sizeof(float));
  return load(part);
}
PK_INLINE void store_some(float* p, F32 a, int64_t count) {
  if (count >= 16) return store(p, a);
  alignas(64) float part[16];
  store(part, a);
  std::memcpy(p, part, static_cast<size_t>(count) * sizeof(float));
}

// Σx², in an order that the width alone decides.
inline float sum_squares(const float* x, int64_t width) {
  F32 sum[4];
  PK_UNROLL for (int i = 0; i < 4; i++) sum[i] = zero_f32();
  int64_t at = 0;
  for (; at + 64 <= width; at += 64)
    PK_UNROLL for (int i = 0; i < 4; i++) {
      const F32 v = load(x + at + 16 * i);
      sum[i] = fma(v, v, sum[i]);
    }
  for (; at < width; at += 16) {
    const F32 v = load_some(x + at, width - at);
    sum[0] = fma(v, v, sum[0]);
  }
  return sum_lanes(add(add(sum[0], sum[1]), add(sum[2], sum[3])));
}

// y = x / sqrt(mean(x²) + eps) · weight (Zhang & Sennrich 2019). `y` may not be `x`: a chunk
// that writes some columns reads the whole row.
struct Norm {
  // Few rows are cut by columns, about so many values a chunk: a chunk's targets are then
  // contiguous for all rows, and Σx², which each chunk needs whole, is a sixth of its time.
  static constexpr int64_t kFewValues = 4096;

  static int phases(const void*, bool) { return 1; }

  static int rows_of(const NormArgs& a, const Step& step) {
    return a.wanted_only ? step.wanted : step.rows;
  }

  static int64_t columns_a_chunk(const NormArgs& a, int rows) {
    const int64_t chunks = rows * int64_t{a.width} / kFewValues;
    return chunks <= 1 ? a.width : round_up(ceil_div(a.width, chunks), kSpan);
  }

  static int chunks(const void* args, const Step& step, int) {
    const auto& a = *static_cast<const NormArgs*>(args);
    const int rows = rows_of(a, step);
    if (rows > kFewRows) return static_cast<int>(ceil_div(rows, kTile));
    return rows == 0 ? 0 : static_cast<int>(ceil_div(a.width, columns_a_chunk(a, rows)));
  }

  static void run(const void* args, const Step& step, int, int chunk, Worker& worker) {
    const auto& a = *static_cast<const NormArgs*>(args);
    const int rows = rows_of(a, step);
    const float* x = a.x + (a.wanted_only ? step.first_wanted : 0) * a.x_stride;
    if (rows > kFewRows) {
      const int left = rows - chunk * kTile;
      columns(a, x, chunk, kTile, left < kTile ? left : kTile, 0, a.width, worker);
      return;
    }
    const int64_t size = columns_a_chunk(a, rows), first = chunk * size, left = a.width - first;
    columns(a, x, 0, padded_few(rows), rows, first, left < size ? left : size, worker);
  }

  // `count` columns of the rows of a tile.
  static void columns(const NormArgs& a, const float* x, int64_t tile, int stride, int tokens,
                      int64_t first, int64_t count, Worker& worker) {
    const int64_t row = tile * stride;
    Output<float> y{};
    if (a.y) y = worker.output(a.y + row * a.y_stride + first, a.y_stride, tokens, count);
    QuantizedColumns q{};
    if (a.q) q = output_columns(worker, *a.q, tile, stride, first, count, tokens);
    float scale[kTile > kFewRows ? kTile : kFewRows];
    for (int t = 0; t < tokens && a.weight; t++) {
      const float squares = sum_squares(x + (row + t) * a.x_stride, a.width);
      scale[t] = 1.0f / __builtin_sqrtf(squares / static_cast<float>(a.width) + a.eps);
    }
    // Spans outside and tokens inside: a tile's columns are written a few lines at a time.
    for (int64_t at = 0; at < count; at += kSpan) {
      const int here = static_cast<int>(count - at < kSpan ? count - at : kSpan);
      for (int t = 0; t < tokens; t++) {
        const float* from = x + (row + t) * a.x_stride + first + at;
        alignas(64) float local[kSpan];
        float* to = a.y ? y.data + t * y.stride + at : local;
        const float* values = from;
        if (a.weight) {
          normalise(from, a.weight + first + at, scale[t], here, to);
          values = to;
        } else if (a.y) {
          std::memcpy(to, from, static_cast<size_t>(here) * sizeof(float));
        }
        if (a.q) quantize_span(values, at, here, a.q->block, a.q->needs, q, t);
      }
    }
  }

  static void normalise(const float* x, const float* weight, float scale, int count, float* y) {
    const F32 factor = set1(scale);
    int i = 0;
    for (; i + 16 <= count; i += 16)
      store(y + i, mul(mul(load(x + i), factor), load(weight + i)));
    if (i == count) return;
    const F32 last = mul(load_some(x + i, count - i), factor);
    store_some(y + i, mul(last, load_some(weight + i, count - i)), count - i);
  }
};

// hidden = rows of the table; ids were checked when they came in.
struct Embedding {
  static int phases(const void*, bool) { return 1; }

  static int rows_a_chunk(const Step& step) { return step.few() ? 1 : kTile; }

  static int chunks(const void*, const Step& step, int) {
    return static_cast<int>(ceil_div(step.rows, rows_a_chunk(step)));
  }

  static void run(const void* args, const Step& step, int, int chunk, Worker& worker) {
    const auto& a = *static_cast<const EmbeddingArgs*>(args);
    const int size = rows_a_chunk(step), first = chunk * size;
    const int last = first + size < step.rows ? first + size : step.rows;
    for (int row = first; row < last; row++) {
      float* out = worker.output(a.out + row * a.out_stride, a.table.in);
      dequantize_row(a.table, step.tokens[row], out);
    }
  }
};

// Scores, groups, top_k, weights (DeepSeek-V2 and V3 reports, section 2.1.2). Equal scores go
// by the lower id. NaN counts as the greatest, as in torch: it shows in the weights, and ids
// are valid whatever the logits.
struct Router {
  static int phases(const void*, bool) { return 1; }

  static int rows_a_chunk(const Step& step) { return step.few() ? 1 : kTile; }

  static int chunks(const void*, const Step& step, int) {
    return static_cast<int>(ceil_div(step.rows, rows_a_chunk(step)));
  }

  static void run(const void* args, const Step& step, int, int chunk, Worker& worker) {
    const auto& a = *static_cast<const RouterArgs*>(args);
    const int size = rows_a_chunk(step), first = chunk * size;
    const int rows = first + size < step.rows ? size : step.rows - first;
    const int64_t k = a.top_k;
    const auto chosen = worker.output(a.chosen + first * k, k, rows, k);
    const auto weights = worker.output(a.weights + first * k, k, rows, k);
    const int64_t padded = round_up(a.num_experts, 16);
    float* scores = worker.scratch<float>(padded);
    auto* contest = worker.scratch<uint64_t>(padded);
    auto* best = worker.scratch<uint64_t>(a.top_k > a.top_groups ? a.top_k : a.top_groups);
    for (int row = 0; row < rows; row++) {
      score(a, a.logits + (first + row) * a.logits_stride, padded, scores);
      for (int i = 0; i < a.num_experts; i++)
        contest[i] = key(a.bias ? scores[i] + a.bias[i] : scores[i], i);
      if (a.num_groups > 1) drop_groups(a, scores, contest, best, worker);
      select(contest, a.num_experts, a.top_k, best);
      weigh(a, scores, best, chosen.data + row * k, weights.data + row * k);
    }
  }

  // scores [padded] of one row of logits.
  static void score(const RouterArgs& a, const float* logits, int64_t padded, float* scores) {
    std::memcpy(scores, logits, static_cast<size_t>(a.num_experts) * sizeof(float));
    for (int64_t i = a.num_experts; i < padded; i++) scores[i] = -__builtin_inff();
    if (a.sigmoid) {
      for (int64_t i = 0; i < padded; i += 16) store(scores + i, sigmoid(load(scores + i)));
      return;
    }
    F32 most = load(scores);
    for (int64_t i = 16; i < padded; i += 16) most = max(most, load(scores + i));
    const F32 largest = set1(max_lanes(most));
    F32 sum = zero_f32();
    for (int64_t i = 0; i < padded; i += 16) {
      const F32 e = exp(sub(load(scores + i), largest));
      store(scores + i, e);
      sum = add(sum, e);
    }
    const F32 total = set1(sum_lanes(sum));
    for (int64_t i = 0; i < padded; i += 16) store(scores + i, div(load(scores + i), total));
  }

  // Greater for a better score, then for a lower index; never 0.
  static uint64_t key(float score, int index) {
    const float plain = score + 0.0f;  // -0 is 0
    uint32_t bits;
    std::memcpy(&bits, &plain, sizeof bits);
    bits = score != score ? ~0u : bits >> 31 ? ~bits : bits | 0x80000000u;
    return uint64_t{bits} << 32 | ~static_cast<uint32_t>(index);
  }
  static int index_of(uint64_t key) { return static_cast<int>(~static_cast<uint32_t>(key)); }

  // The `count` greatest keys in order.
  static void select(const uint64_t* keys, int total, int count, uint64_t* best) {
    for (int i = 0; i < count; i++) best[i] = 0;
    for (int i = 0; i < total; i++) {
      if (keys[i] <= best[count - 1]) continue;
      int at = count - 1;
      for (; at > 0 && best[at - 1] < keys[i]; at--) best[at] = best[at - 1];
      best[at] = keys[i];
    }
  }

  // Experts outside the best groups compete with -inf.
  static void drop_groups(const RouterArgs& a, const float* scores, uint64_t* contest,
                          uint64_t* best, Worker& worker) {
    const int size = a.num_experts / a.num_groups;
    auto* groups = worker.scratch<uint64_t>(a.num_groups);
    auto* kept = worker.scratch<uint8_t>(a.num_groups);
    std::memset(kept, 0, static_cast<size_t>(a.num_groups));
    for (int g = 0; g < a.num_groups; g++) {
      uint64_t two[2];
      select(contest + g * size, size, 2, two);
      const auto value = [&](uint64_t of) {
        const int i = index_of(of);
        return a.bias ? scores[i] + a.bias[i] : scores[i];
      };
      groups[g] = key(a.sum_two && size > 1 ? value(two[0]) + value(two[1]) : value(two[0]), g);
    }
    select(groups, a.num_groups, a.top_groups, best);
    for (int i = 0; i < a.top_groups; i++) kept[index_of(best[i])] = 1;
    for (int i = 0; i < a.num_experts; i++)
      if (!kept[i / size]) contest[i] = key(-__builtin_inff(), i);
  }

  static void weigh(const RouterArgs& a, const float* scores, const uint64_t* best, int32_t* chosen,
                    float* weights) {
    float sum = 0.0f;
    for (int i = 0; i < a.top_k; i++) {
      chosen[i] = index_of(best[i]);
      weights[i] = scores[chosen[i]];
      sum += weights[i];
    }
    // The published routers add 1e-20 so that a row of zeros does not divide by zero.
    const float by = a.normalise ? sum + 1e-20f : 1.0f;
    for (int i = 0; i < a.top_k; i++) weights[i] = weights[i] / by * a.scaling_factor;
  }
};

}  // namespace PK_LEVEL
}  // namespace pk
