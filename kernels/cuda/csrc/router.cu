// Choosing experts: scores, groups, top_k, weights (DeepSeek-V2 and V3 reports, section 2.1.2).
//
// For: kernels/cuda/rows.py. A warp a row. Equal scores go by the lower id. NaN counts as the
// greatest: it shows in the weights, and ids are valid whatever the logits.
#include "keys.h"
#include "ptx.h"

namespace pk {

struct RouterArgs {
  const float* bias;  // [experts], read if has_bias
  int experts, groups, top_k, top_groups;
  bool sigmoid, has_bias, sum_two, normalise;
  float scaling;
};

DEVICE float warp_total(float x) {
  UNROLL for (int by = 16; by; by /= 2) x = plus(x, __shfl_xor_sync(~0u, x, by));
  return x;
}

DEVICE float warp_most(float x) {
  UNROLL for (int by = 16; by; by /= 2) x = fmaxf(x, __shfl_xor_sync(~0u, x, by));
  return x;
}

DEVICE void score(const RouterArgs& a, const float* logits, int lane, float* scores) {
  if (a.sigmoid) {
    for (int i = lane; i < a.experts; i += 32)
      scores[i] = __fdiv_rn(1.0f, plus(1.0f, expf(-logits[i])));
    return;
  }
  float most = -INFINITY;
  for (int i = lane; i < a.experts; i += 32) most = fmaxf(most, logits[i]);
  most = warp_most(most);
  float sum = 0.0f;
  for (int i = lane; i < a.experts; i += 32) {
    scores[i] = expf(plus(logits[i], -most));
    sum = plus(sum, scores[i]);
  }
  sum = warp_total(sum);
  for (int i = lane; i < a.experts; i += 32) scores[i] = __fdiv_rn(scores[i], sum);
}

// The greatest of keys [count], taken out of them; the same in every lane.
DEVICE uint64_t take_greatest(uint64_t* keys, int count, int lane) {
  uint64_t best = 0;
  for (int i = lane; i < count; i += 32) best = keys[i] > best ? keys[i] : best;
  UNROLL for (int by = 16; by; by /= 2) {
    const uint64_t other = __shfl_xor_sync(~0u, best, by);
    best = other > best ? other : best;
  }
  const int at = index_of(best);
  if (at % 32 == lane) keys[at] = 0;  // the lane that reads it, too
  return best;
}

// Experts outside the best groups compete with -inf.
DEVICE void drop_groups(const RouterArgs& a, uint64_t* contest, uint64_t* groups,
                        uint8_t* kept, int lane) {
  const int size = a.experts / a.groups;
  for (int g = lane; g < a.groups; g += 32) {
    uint64_t first = 0, second = 0;
    for (int i = g * size; i < (g + 1) * size; i++) {
      const uint64_t key = contest[i];
      if (key > first) second = first, first = key;
      else if (key > second) second = key;
    }
    const bool both = a.sum_two && size > 1;
    const float best = value_of(first);
    groups[g] = key_of(both ? plus(best, value_of(second)) : best, g);
    kept[g] = 0;
  }
  __syncwarp();
  for (int i = 0; i < a.top_groups; i++) {
    const int g = index_of(take_greatest(groups, a.groups, lane));
    if (lane == 0) kept[g] = 1;
  }
  __syncwarp();
  for (int i = lane; i < a.experts; i += 32)
    if (!kept[i / size]) contest[i] = key_of(-INFINITY, i);
}

}  // namespace pk

// chosen [rows][top_k], weights [rows][top_k]. Dynamic shared memory, 8-byte parts first: contest
// [experts] and groups [groups] of keys, scores [experts] and best [top_k] of floats, kept [groups].
extern "C" __global__ void __launch_bounds__(32)
    pk_router(const float* logits, const float* bias, int64_t* chosen, float* weights,
              int64_t logits_row, int32_t experts, int32_t groups, int32_t top_k,
              int32_t top_groups, int32_t sigmoid, int32_t has_bias, int32_t sum_two,
              int32_t normalise, float scaling) {
  DYNAMIC_SHARED(memory);
  const pk::RouterArgs a{bias, experts, groups, top_k, top_groups, sigmoid != 0, has_bias != 0,
                         sum_two != 0, normalise != 0, scaling};
  auto* contest = reinterpret_cast<uint64_t*>(memory);
  uint64_t* of_groups = contest + experts;
  auto* scores = reinterpret_cast<float*>(of_groups + groups);
  float* best = scores + experts;
  auto* kept = reinterpret_cast<uint8_t*>(best + top_k);
  const int lane = threadIdx.x;
  pk::score(a, logits + blockIdx.x * logits_row, lane, scores);
  for (int i = lane; i < experts; i += 32)
    contest[i] = pk::key_of(a.has_bias ? pk::plus(scores[i], bias[i]) : scores[i], i);
  __syncwarp();
  if (groups > 1) pk::drop_groups(a, contest, of_groups, kept, lane);
  float sum = 0.0f;
  for (int i = 0; i < top_k; i++) {
    const int id = pk::index_of(pk::take_greatest(contest, experts, lane));
    sum = pk::plus(sum, scores[id]);
    if (lane == 0) {
      best[i] = scores[id];
      chosen[static_cast<int64_t>(blockIdx.x) * top_k + i] = id;
    }
  }
  __syncwarp();
  // The published routers add 1e-20 so that a row of zeros does not divide by zero.
  const float by = a.normalise ? pk::plus(sum, 1e-20f) : 1.0f;
  for (int i = lane; i < top_k; i += 32)
    weights[static_cast<int64_t>(blockIdx.x) * top_k + i] =
        pk::times(__fdiv_rn(best[i], by), scaling);
}
EXPORT_KERNEL(pk_router)
