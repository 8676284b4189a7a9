// Rows of float32 as int8 activations: codes, a scale a block, sums of 16.
//
// As kernels/cpu/csrc/body/quantize_rows.h rounds them, so that a processor's and a GPU's share
// of a layer round alike: x = dx · code with dx = max |x| / 127, or with two parts dx · (128 ·
// code + low) with dx = max |x| / (127 · 128). A block that holds a NaN or an infinity has dx =
// NaN and codes of zero.
#pragma once
#include "ptx.h"

namespace pk {

// What matrices of k columns are multiplied by. Row r's codes are k bytes at codes + r · k, its low
// parts `to_low` bytes behind; dx [rows][k / block], sums [rows][k / 16] hold 128 · Σ code + Σ low.
struct Activations {
  const int8_t* codes;
  int64_t to_low;  // 0: there is one part
  const float* dx;
  const int32_t* sums;
  int32_t k;
  int32_t block;

  DEVICE const int8_t* row(int64_t r) const { return codes + r * k; }
};

// The same for whoever writes them.
struct WrittenActivations {
  int8_t* codes;
  int64_t to_low;
  float* dx;
  int32_t* sums;
  int32_t k;
  int32_t block;

  DEVICE Activations read() const { return {codes, to_low, dx, sums, k, block}; }
};

DEVICE WrittenActivations activations_in(int8_t* codes, float* dx, int32_t* sums, int32_t rows,
                                         int32_t k, int32_t block, int32_t parts) {
  return {codes, parts == 2 ? int64_t{rows} * k : 0, dx, sums, k, block};
}

// One block of one row, by a warp. Lanes hold kPer neighbouring values each.
template <int kPer>
DEVICE void quantize_block(const float* x, const WrittenActivations& a, int64_t row, int at) {
  const int lane = threadIdx.x % 32;
  const bool mine = lane * kPer < a.block;
  float values[kPer], most = 0.0f;
  bool finite = true;
  UNROLL for (int i = 0; i < kPer; i++) {
    values[i] = mine ? x[at + lane * kPer + i] : 0.0f;
    finite = finite && fabsf(values[i]) <= 3.402823466e38f;
    most = fmaxf(most, fabsf(values[i]));
  }
  finite = __all_sync(~0u, finite);
  most = warp_max(most);
  const float largest = a.to_low ? 127.0f * 128.0f : 127.0f;
  // Below 1e-36 the inverse would overflow, and nothing that is added to such values sees them.
  const bool none = !finite || most < 1e-36f;
  const float inverse = none ? 0.0f : largest / most;
  int32_t sum = 0;
  UNROLL for (int i = 0; i < kPer; i++) {
    const float whole = none ? 0.0f : rintf(times(values[i], inverse));
    const float high = a.to_low ? rintf(times(whole, 1.0f / 128.0f)) : whole;
    sum += static_cast<int32_t>(whole);
    if (!mine) continue;
    int8_t* to = a.codes + row * a.k + at + lane * kPer + i;
    *to = static_cast<int8_t>(static_cast<int32_t>(high));
    if (a.to_low) to[a.to_low] = static_cast<int8_t>(static_cast<int32_t>(whole - 128.0f * high));
  }
  UNROLL for (int by = 1; by < 16 / kPer; by *= 2) sum += __shfl_xor_sync(~0u, sum, by);
  if (mine && lane % (16 / kPer) == 0) a.sums[row * (a.k / 16) + (at + lane * kPer) / 16] = sum;
  const float nan = __uint_as_float(0x7fc00000u);
  if (lane == 0) a.dx[row * (a.k / a.block) + at / a.block] = finite ? (none ? 0.0f : most / largest) : nan;
}

DEVICE void quantize_block(const float* x, const WrittenActivations& a, int64_t row, int block) {
  const int at = block * a.block;
  switch (a.block) {
    case 256: return quantize_block<8>(x, a, row, at);
    case 128: return quantize_block<4>(x, a, row, at);
    case 64: return quantize_block<2>(x, a, row, at);
    default: return quantize_block<1>(x, a, row, at);  // 32 and 16
  }
}

// Every block of `rows` rows, `stride` floats apart: a warp takes each `warps`-th of them.
DEVICE void quantize_rows(const float* x, int64_t stride, int64_t rows, const WrittenActivations& a,
                          int64_t warp, int64_t warps) {
  const int64_t blocks = a.k / a.block;
  for (int64_t i = warp; i < rows * blocks; i += warps)
    quantize_block(x + i / blocks * stride, a, i / blocks, static_cast<int>(i % blocks));
}

}  // namespace pk
