// The formats: one function each, from float32 values to the bytes of a block.
#pragma once

#include <cstdint>

#include "groups.h"

namespace PK_QUANTIZE_NAMESPACE {

enum class Outcome { kDone, kTooLarge };

constexpr int kSuperBlock = 256;
constexpr int kSmallBlock = 32;

// Half of float16's least step: whatever is smaller is nearest to 0 in every format here.
constexpr float kLeastMagnitude = 0x1p-25f;

// One super-block of 256 finite values; little-endian machines only, as all of the project.
Outcome quantize_q4_k(const Source& source, uint8_t* out);
Outcome quantize_q5_k(const Source& source, uint8_t* out);
Outcome quantize_q6_k(const Source& source, uint8_t* out);

// `count` blocks of 32 finite values side by side, at most kLanes.
Outcome quantize_q8_0(const Source& source, int count, uint8_t* out);
Outcome quantize_q5_0(const Source& source, int count, uint8_t* out);
Outcome quantize_q4_0(const Source& source, int count, uint8_t* out);

}  // namespace PK_QUANTIZE_NAMESPACE
