// Experts, a product a launch: for mixes of formats that have no launch of their own, and for many
// rows. Pairs are listed by expert first; then each list's pairs meet their expert's panels.
#include "every_format.h"
#include "pairs.h"

namespace pk {

constexpr int kMostExperts = 1024;

// One block lists all pairs: thread e those of expert e, e + blockDim.x, …
DEVICE void list_many(const int64_t* chosen, int32_t pairs, int32_t experts, int32_t most,
                      int32_t* expert, int32_t* count, int32_t* listed, int32_t* lists) {
  SHARED(int32_t, first, [kMostExperts + 1]);
  for (int e = threadIdx.x; e < experts; e += blockDim.x) {
    int own = 0;
    for (int p = 0; p < pairs; p++) own += chosen[p] == e;
    first[e + 1] = (own + most - 1) / most;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    first[0] = 0;
    for (int e = 0; e < experts; e++) first[e + 1] += first[e];
    *lists = first[experts];
  }
  __syncthreads();
  for (int e = threadIdx.x; e < experts; e += blockDim.x) {
    int seen = 0;
    for (int p = 0; p < pairs && first[e] < first[e + 1]; p++)
      if (chosen[p] == e) listed[int64_t{first[e]} * most + seen++] = p;
    for (int i = first[e]; i < first[e + 1]; i++, seen -= most)
      expert[i] = e, count[i] = min(seen, most);
  }
}

struct ExpertProduct {
  const int64_t* tables;  // the address of each expert's panels
  int64_t panel_bytes;
  int32_t out_features;
  int32_t divide;  // pair / divide is its row of the activations
  float* out;      // [pairs][out_features]
};

// One panel of one expert for the `count` pairs at `pairs`, at most R.
template <class F, int R>
DEVICE void multiply_list(const ExpertProduct& e, int expert, const int32_t* pairs, int count,
                          const Activations& a, const float* x, int64_t x_stride, float* parts,
                          float* found) {
  const auto* panels = reinterpret_cast<const uint8_t*>(e.tables[expert]);
  const uint8_t* panel = panels + blockIdx.x * e.panel_bytes;
  Sums<R> sum;
  clear(sum);
  if constexpr (Values<F>::kQuantized) {
    int32_t tokens[R];
    UNROLL for (int t = 0; t < R; t++) tokens[t] = pairs[min(t, count - 1)] / e.divide;
    dot_groups<F>(panel, a, tokens, sum);
  } else {
    const float* own[R];
    UNROLL for (int t = 0; t < R; t++) own[t] = x + pairs[min(t, count - 1)] / e.divide * x_stride;
    dot_values<F>(panel, a.k, own, sum);
  }
  add_up(sum, parts, found);
  for (int at = threadIdx.x; at < count * kRows; at += blockDim.x) {
    const int row = static_cast<int>(blockIdx.x) * kRows + at % kRows;
    if (row < e.out_features) e.out[int64_t{pairs[at / kRows]} * e.out_features + row] = found[at];
  }
}

// List y, panel x.
template <class F>
DEVICE void expert_product(const ExpertProduct& e, const int32_t* expert, const int32_t* count,
                           const int32_t* pairs, const int32_t* lists, const Activations& a,
                           const float* x, int64_t x_stride) {
  SHARED(float, parts, [kMostWarps * kMostTokens * kRows]);
  SHARED(float, found, [kMostTokens * kRows]);
  const int list = blockIdx.y;
  if (list >= *lists) return;
  const int own = count[list];
  const int32_t* some = pairs + list * kMostTokens;
  if (own == 1) multiply_list<F, 1>(e, expert[list], some, own, a, x, x_stride, parts, found);
  else if (own <= 4) multiply_list<F, 4>(e, expert[list], some, own, a, x, x_stride, parts, found);
  else multiply_list<F, 8>(e, expert[list], some, own, a, x, x_stride, parts, found);
}

}  // namespace pk

extern "C" __global__ void __launch_bounds__(256)
pk_list_pairs(const int64_t* chosen, int32_t pairs, int32_t experts, int32_t most, int32_t* expert,
              int32_t* count, int32_t* listed, int32_t* lists) {
  pk::list_many(chosen, pairs, experts, most, expert, count, listed, lists);
}
EXPORT_KERNEL(pk_list_pairs)

// out [rows][width] = Σ over slots of weights · parts [rows · top_k][width], in order of slots.
extern "C" __global__ void __launch_bounds__(256)
pk_weighted_sum(const float* parts, const float* weights, int32_t top_k, int32_t width, float* out,
                int64_t out_stride) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at < width)
    out[blockIdx.y * out_stride + at] = pk::weighted_sum(parts, weights, top_k, width, blockIdx.y, at);
}
EXPORT_KERNEL(pk_weighted_sum)

#define PK_EXPERT(name, F)                                                                           \
  extern "C" __global__ void __launch_bounds__(256)                                                  \
  pk_expert_##name(const int64_t* tables, int64_t panel_bytes, int32_t out_features, int32_t divide, \
                   const int32_t* expert, const int32_t* count, const int32_t* pairs,                \
                   const int32_t* lists, const int8_t* codes, const float* dx, const int32_t* sums,  \
                   int32_t rows, int32_t k, int32_t block, int32_t parts, float* out) {              \
    const int64_t to_low = parts == 2 ? int64_t{rows} * k : 0;                                       \
    pk::expert_product<F>({tables, panel_bytes, out_features, divide, out}, expert, count, pairs,    \
                          lists, {codes, to_low, dx, sums, k, block}, nullptr, 0);                   \
  }                                                                                                  \
  EXPORT_KERNEL(pk_expert_##name)
#define PK_FLOAT_EXPERT(name, F)                                                                     \
  extern "C" __global__ void __launch_bounds__(256)                                                  \
  pk_expert_##name(const int64_t* tables, int64_t panel_bytes, int32_t out_features, int32_t divide, \
                   const int32_t* expert, const int32_t* count, const int32_t* pairs,                \
                   const int32_t* lists, const float* x, int64_t x_stride, int32_t k, float* out) {  \
    pk::expert_product<F>({tables, panel_bytes, out_features, divide, out}, expert, count, pairs,    \
                          lists, {nullptr, 0, nullptr, nullptr, k, 16}, x, x_stride);                \
  }                                                                                                  \
  EXPORT_KERNEL(pk_expert_##name)

PK_QUANTIZED(PK_EXPERT)
PK_FLOATS(PK_FLOAT_EXPERT)
