// The likeliest tokens of a vocabulary, best first: slices are sorted, and their best again.
//
// For: kernels/cuda/sampling.py. Equal logits go by the lower id. NaN counts as the greatest, so
// that it shows in the first value.
#include "keys.h"

namespace pk {

constexpr int kSlice = 4096;
constexpr int kSortThreads = 256;

// Sorts `keys` [kSlice], greatest first (Batcher 1968, bitonic).
DEVICE void sort_slice(uint64_t* keys) {
  for (int size = 2; size <= kSlice; size *= 2)
    for (int by = size / 2; by; by /= 2) {
      __syncthreads();
      for (int i = threadIdx.x; i < kSlice / 2; i += kSortThreads) {
        const int low = i / by * 2 * by + i % by, high = low + by;
        const bool falling = (low & size) == 0;
        const uint64_t a = keys[low], b = keys[high];
        if ((a < b) == falling) keys[low] = b, keys[high] = a;
      }
    }
  __syncthreads();
}

// best [blocks][keep]: of slice `blockIdx.x` of `count` keys; 0 where there is none.
template <class KeyAt>
DEVICE void best_of_slice(int count, int keep, uint64_t* best, KeyAt key_at) {
  SHARED(uint64_t, keys, [kSlice]);
  for (int i = threadIdx.x; i < kSlice; i += kSortThreads) {
    const int64_t at = static_cast<int64_t>(blockIdx.x) * kSlice + i;
    keys[i] = at < count ? key_at(static_cast<int>(at)) : 0;
  }
  sort_slice(keys);
  for (int i = threadIdx.x; i < keep; i += kSortThreads)
    best[static_cast<int64_t>(blockIdx.x) * keep + i] = keys[i];
}

}  // namespace pk

extern "C" __global__ void __launch_bounds__(256)
    pk_best_of_logits(const float* logits, int64_t* best, int32_t count, int32_t keep) {
  pk::best_of_slice(count, keep, reinterpret_cast<uint64_t*>(best),
                    [&](int at) { return pk::key_of(logits[at], at); });
}
EXPORT_KERNEL(pk_best_of_logits)

extern "C" __global__ void __launch_bounds__(256)
    pk_best_of_best(const int64_t* keys, int64_t* best, int32_t count, int32_t keep) {
  pk::best_of_slice(count, keep, reinterpret_cast<uint64_t*>(best),
                    [&](int at) { return reinterpret_cast<const uint64_t*>(keys)[at]; });
}
EXPORT_KERNEL(pk_best_of_best)

// ids and values [keep] of sorted keys.
extern "C" __global__ void __launch_bounds__(256)
    pk_best_as_logits(const int64_t* keys, int64_t* ids, float* values, int32_t keep) {
  const int i = blockIdx.x * 256 + threadIdx.x;
  if (i >= keep) return;
  const auto key = static_cast<uint64_t>(keys[i]);
  ids[i] = pk::index_of(key);
  values[i] = pk::value_of(key);
}
EXPORT_KERNEL(pk_best_as_logits)
