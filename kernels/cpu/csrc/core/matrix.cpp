#include "core/matrix.h"

namespace pk {

int64_t panel_bytes(int32_t format, int64_t k) {
  const int64_t groups = k / 32, blocks = k / 256;
  switch (format) {
    case kQ4_K: return blocks * 2304;
    case kQ5_K: return blocks * 2816;
    case kQ6_K: return 64 * ceil_div(blocks, 2) + blocks * 3328;
    case kQ4_0: case kIQ4_NL: return 64 * ceil_div(groups, 2) + groups * 256;
    case kQ4_1: return groups * 320;
    case kQ5_0: return 64 * ceil_div(groups, 2) + groups * 320;
    case kQ8_0: return 64 * ceil_div(groups, 2) + groups * 512;
    case kMXFP4: return 64 * ceil_div(groups, 4) + groups * 256;
    case kS8G16: return k / 16 * 320;
    case kA8G16: return k / 16 * 384;
    case kF32: return k * 64;
    case kBF16: return ceil_div(k, 2) * 64;
    case kF16: return k * 32;
    default: return 0;
  }
}

}  // namespace pk
