// silu(gate) · up (Elfwing et al. 2017).
#pragma once
#include "ptx.h"

namespace pk {

DEVICE float silu_mul(float gate, float up) {
  return times(gate / (1.0f + expf(-gate)), up);
}

}  // namespace pk
