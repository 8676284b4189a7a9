// Pairs (row, slot) of a step brought together by expert, in lists of at most so many.
//
// Pair p is slot p % top_k of row p / top_k. A list has pairs of one expert, in order. How pairs
// come together never changes a pair's own sums.
#pragma once
#include "dots.h"

namespace pk {

// Few pairs, listed by one block for itself.
constexpr int kFewPairs = 128;
// Rows of an expert that share a reading of its weights; more read them again, then from L2.
constexpr int kListTokens = 4;
struct FewLists {
  int32_t expert[kFewPairs];  // of each pair; in the end of each list
  int32_t leads[kFewPairs];   // whether a pair begins a list
  int32_t count[kFewPairs];
  int32_t pairs[kFewPairs][kListTokens];
};

// Lists of at most kMost; returns how many there are. Ends with a barrier; a block has at least
// `pairs` threads.
template <int kMost>
DEVICE int list_few(const int64_t* chosen, int32_t pairs, FewLists& found) {
  const int p = threadIdx.x;
  if (p < pairs) found.expert[p] = static_cast<int32_t>(chosen[p]), found.count[p] = 0;
  __syncthreads();
  int seen = 0, leader = p, own = -1;
  if (p < pairs) {
    own = found.expert[p];
    for (int q = 0; q <= p; q++) {
      if (found.expert[q] != own) continue;
      if (seen++ % kMost == 0) leader = q;
    }
    found.leads[p] = leader == p;
  }
  const int lists = __syncthreads_count(p < pairs && leader == p);
  if (p < pairs) {
    int list = 0;
    for (int q = 0; q < leader; q++) list += found.leads[q];
    found.pairs[list][(seen - 1) % kMost] = p;
    atomicAdd(&found.count[list], 1);
    if (leader == p) found.expert[list] = own;
  }
  __syncthreads();
  return lists;
}

// Σ over slots of weights · parts [rows · top_k][width], at (row, at).
DEVICE float weighted_sum(const float* parts, const float* weights, int32_t top_k, int32_t width,
                          int64_t row, int32_t at) {
  float sum = 0.0f;
  for (int slot = 0; slot < top_k; slot++) {
    const int64_t pair = row * top_k + slot;
    sum = fused(weights[pair], parts[pair * width + at], sum);
  }
  return sum;
}

}  // namespace pk
