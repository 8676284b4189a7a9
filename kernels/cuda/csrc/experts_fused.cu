// Decode's experts in one launch: all that a layer's rows chose, by blocks that stay.
//
// Phases: round x; gate, up and SiLU; round what they gave; down; the weighted sum. Between two of
// them all blocks meet, so a launch must not have more blocks than the GPU holds at once: the
// launch bounds below promise as many for each multiprocessor as tiles.py counts on. Which block
// does which panel changes no sum.
#include "grid_barrier.h"
#include "pairs.h"
#include "silu.h"

namespace pk {

constexpr int kFusedWarps = 4;

struct Decode {
  const float* x;
  int64_t x_stride;
  int32_t rows, top_k, hidden, width;
  const int64_t* chosen;
  const float* weights;
  const int64_t* gates;  // addresses by expert
  const int64_t* ups;
  const int64_t* downs;
  int64_t gate_bytes, down_bytes;  // of a panel
  WrittenActivations of_x;         // [rows]
  WrittenActivations of_h;         // [pairs]
  float* h;                        // [pairs][width]
  float* parts;                    // [pairs][hidden]
  float* out;
  int64_t out_stride;
  int32_t* meeting;
};

struct Scratch {
  float parts[kFusedWarps * kListTokens * kRows];
  float first[kListTokens * kRows];
  float second[kListTokens * kRows];
};

// One panel's sums for a list, into `found` [R][16].
template <class F, int R>
DEVICE void sums_of_panel(const uint8_t* panel, const Activations& a, const int32_t (&tokens)[R],
                          Scratch& scratch, float* found) {
  Sums<R> sum;
  clear(sum);
  dot_groups<F>(panel, a, tokens, sum);
  add_up(sum, scratch.parts, found);
}

template <class G, int R>
DEVICE void gate_up(const Decode& d, int expert, const int32_t* pairs, int count, int panel,
                    Scratch& scratch) {
  int32_t tokens[R];
  UNROLL for (int t = 0; t < R; t++) tokens[t] = pairs[min(t, count - 1)] / d.top_k;
  const int64_t at = panel * d.gate_bytes;
  const Activations a = d.of_x.read();
  // One body for both: half of the code, and of the time to compile it.
  ROLLED for (int which = 0; which < 2; which++) {
    const int64_t address = which == 0 ? d.gates[expert] : d.ups[expert];
    sums_of_panel<G, R>(reinterpret_cast<const uint8_t*>(address) + at, a, tokens, scratch,
                        which == 0 ? scratch.first : scratch.second);
  }
  for (int i = threadIdx.x; i < count * kRows; i += blockDim.x) {
    const int row = panel * kRows + i % kRows;
    if (row < d.width)
      d.h[int64_t{pairs[i / kRows]} * d.width + row] = silu_mul(scratch.first[i], scratch.second[i]);
  }
}

template <class D, int R>
DEVICE void down(const Decode& d, int expert, const int32_t* pairs, int count, int panel,
                 Scratch& scratch) {
  int32_t tokens[R];
  UNROLL for (int t = 0; t < R; t++) tokens[t] = pairs[min(t, count - 1)];
  sums_of_panel<D, R>(reinterpret_cast<const uint8_t*>(d.downs[expert]) + panel * d.down_bytes,
                      d.of_h.read(), tokens, scratch, scratch.first);
  for (int i = threadIdx.x; i < count * kRows; i += blockDim.x) {
    const int row = panel * kRows + i % kRows;
    if (row < d.hidden) d.parts[int64_t{pairs[i / kRows]} * d.hidden + row] = scratch.first[i];
  }
}

// A phase: this block's share of lists · panels. kOne: there is one row, and a list for each pair.
template <class F, bool kDown, bool kOne>
DEVICE void products(const Decode& d, const FewLists& found, int lists, Scratch& scratch) {
  const int panels = ((kDown ? d.hidden : d.width) + kRows - 1) / kRows;
  for (int at = blockIdx.x; at < lists * panels; at += gridDim.x) {
    const int list = at / panels, panel = at % panels, count = found.count[list];
    const int expert = found.expert[list];
    const int32_t* pairs = found.pairs[list];
    if (kOne || count == 1) {
      if constexpr (kDown) down<F, 1>(d, expert, pairs, count, panel, scratch);
      else gate_up<F, 1>(d, expert, pairs, count, panel, scratch);
    } else if constexpr (!kOne) {
      if constexpr (kDown) down<F, kListTokens>(d, expert, pairs, count, panel, scratch);
      else gate_up<F, kListTokens>(d, expert, pairs, count, panel, scratch);
    }
  }
}

// This block's first panel of a phase, into L2 while the block waits for the others: which weights
// they are does not depend on what is computed before.
template <bool kDown>
DEVICE void fetch_ahead(const Decode& d, const FewLists& found, int lists) {
  const int panels = ((kDown ? d.hidden : d.width) + kRows - 1) / kRows;
  const int64_t bytes = kDown ? d.down_bytes : d.gate_bytes;
  const int list = static_cast<int>(blockIdx.x) / panels;
  if (list >= lists) return;
  const int64_t matrix = (kDown ? d.downs : d.gates)[found.expert[list]];
  const auto* panel = reinterpret_cast<const uint8_t*>(matrix) + blockIdx.x % panels * bytes;
  for (int64_t at = threadIdx.x * 128; at < bytes; at += blockDim.x * 128) prefetch_l2(panel + at);
}

template <class G, class D, bool kOne>
DEVICE void experts(const Decode& d) {
  SHARED(FewLists, found, );
  SHARED(Scratch, scratch, );
  const int64_t thread = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  const int32_t pairs = d.rows * d.top_k;
  const int lists = list_few<kOne ? 1 : kListTokens>(d.chosen, pairs, found);
  fetch_ahead<false>(d, found, lists);
  quantize_rows(d.x, d.x_stride, d.rows, d.of_x, thread / 32, threads / 32);
  grid_barrier(d.meeting);
  products<G, false, kOne>(d, found, lists, scratch);
  fetch_ahead<true>(d, found, lists);
  grid_barrier(d.meeting);
  quantize_rows(d.h, d.width, pairs, d.of_h, thread / 32, threads / 32);
  grid_barrier(d.meeting);
  products<D, true, kOne>(d, found, lists, scratch);
  grid_barrier(d.meeting);
  for (int64_t at = thread; at < int64_t{d.rows} * d.hidden; at += threads) {
    const int64_t row = at / d.hidden;
    const auto column = static_cast<int32_t>(at % d.hidden);
    d.out[row * d.out_stride + column] =
        weighted_sum(d.parts, d.weights, d.top_k, d.hidden, row, column);
  }
}

}  // namespace pk

// Blocks that a multiprocessor has room for: `expert_blocks` of kernels/cuda/tiles.py. Several rows
// spill at three of them where ptxas is Blackwell's.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1000
#define PK_FEW_BLOCKS 2
#else
#define PK_FEW_BLOCKS 3
#endif

#define PK_FUSED(gate, G, down, D, suffix, kOne)                                                     \
  extern "C" __global__ void __launch_bounds__(128, kOne ? 4 : PK_FEW_BLOCKS)                        \
  pk_experts_##gate##_##down##_##suffix(                                                             \
      const float* x, int64_t x_stride, int32_t rows, int32_t top_k, int32_t hidden, int32_t width,  \
      const int64_t* chosen, const float* weights, const int64_t* gates, const int64_t* ups,         \
      const int64_t* downs, int64_t gate_bytes, int64_t down_bytes, int32_t x_block,                 \
      int32_t h_block, int32_t parts, int8_t* x_codes, float* x_dx, int32_t* x_sums,                 \
      int8_t* h_codes, float* h_dx, int32_t* h_sums, float* h, float* products, float* out,          \
      int64_t out_stride, int32_t* meeting) {                                                        \
    pk::experts<G, D, kOne>(                                                                         \
        {x, x_stride, rows, top_k, hidden, width, chosen, weights, gates, ups, downs, gate_bytes,    \
         down_bytes, pk::activations_in(x_codes, x_dx, x_sums, rows, hidden, x_block, parts),        \
         pk::activations_in(h_codes, h_dx, h_sums, rows * top_k, width, h_block, parts), h,          \
         products, out, out_stride, meeting});                                                       \
  }                                                                                                  \
  EXPORT_KERNEL(pk_experts_##gate##_##down##_##suffix)
#define PK_BOTH(gate, G, down, D)              \
  PK_FUSED(gate, G, down, D, one, true)  \
  PK_FUSED(gate, G, down, D, few, false)

// Mixes that files have (kernels.py: FUSED); any other goes a product a launch (experts.cu).
PK_BOTH(q4_k_p16, pk::Q4_K, q4_k_p16, pk::Q4_K)
PK_BOTH(q4_k_p16, pk::Q4_K, q5_k_p16, pk::Q5_K)
PK_BOTH(q4_k_p16, pk::Q4_K, q6_k_p16, pk::Q6_K)
PK_BOTH(q4_k_p16, pk::Q4_K, q5_0_p16, pk::Q5_0)
PK_BOTH(q4_k_p16, pk::Q4_K, q8_0_p16, pk::Q8_0)
PK_BOTH(q5_k_p16, pk::Q5_K, q5_k_p16, pk::Q5_K)
PK_BOTH(q5_k_p16, pk::Q5_K, q6_k_p16, pk::Q6_K)
PK_BOTH(q6_k_p16, pk::Q6_K, q6_k_p16, pk::Q6_K)
PK_BOTH(q6_k_p16, pk::Q6_K, q8_0_p16, pk::Q8_0)
PK_BOTH(q8_0_p16, pk::Q8_0, q8_0_p16, pk::Q8_0)
PK_BOTH(q4_0_p16, pk::Q4_0, q4_0_p16, pk::Q4_0)
PK_BOTH(mxfp4_p16, pk::MXFP4, mxfp4_p16, pk::MXFP4)
PK_BOTH(iq4_nl_p16, pk::IQ4_NL, iq4_nl_p16, pk::IQ4_NL)
