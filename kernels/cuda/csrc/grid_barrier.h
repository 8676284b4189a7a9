// All blocks of a launch meet.
//
// For: kernels whose blocks are all there at once. `state` is two int32 that were zero before the
// first launch and that only one launch uses at a time: how many are here, and which meeting it is.
#pragma once
#include "device.h"

namespace pk {

// What a block wrote before is seen by all of them after it.
DEVICE void grid_barrier(int32_t* state) {
  __syncthreads();
  if (threadIdx.x == 0) {
    volatile int32_t* meeting = state + 1;
    const int32_t this_one = *meeting;
    __threadfence();
    if (atomicAdd(state, 1) == static_cast<int32_t>(gridDim.x) - 1) {
      atomicExch(state, 0);
      __threadfence();
      atomicExch(state + 1, this_one + 1);
    } else {
      while (*meeting == this_one) poll_pause();
    }
    __threadfence();
  }
  __syncthreads();
}

}  // namespace pk
