// Vectors of float32 lanes, and float16 on one value.
//
// One lane is one group of weights: a group's sums run down its own lane, in the order of its
// values. So nothing is ever added across lanes, and every instruction set gives the same bits.
#pragma once

#include <bit>
#include <cstdint>

#ifndef PK_QUANTIZE_NAMESPACE
#define PK_QUANTIZE_NAMESPACE pitcher_quantize
#endif

namespace PK_QUANTIZE_NAMESPACE {

#ifdef __AVX__
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Lanes __attribute__((vector_size(4 * kLanes)));

inline Lanes all(float value) { return value - Lanes{}; }
inline Lanes smaller(Lanes a, Lanes b) { return a < b ? a : b; }
inline Lanes greater(Lanes a, Lanes b) { return a > b ? a : b; }

// To the nearest whole number, halves to even; |value| below 2^22.
inline Lanes rounded(Lanes value) {
    const Lanes shift = all(12582912.0f);
    return (value + shift) - shift;
}

// 1 / value, and 0 for 0.
inline Lanes inverse(Lanes value) {
    const Lanes zero{};
    return value == zero ? zero : 1.0f / (value == zero ? all(1.0f) : value);
}

constexpr float kGreatestHalf = 65504.0f;

// The float32 value of a float16.
inline float from_half(uint16_t half) {
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    const uint32_t rest = half & 0x7FFF;
    // The exponents' biases are 127 and 15. Subnormal ones are counts of 2^-24: no float32
    // subnormal comes about, so a thread that flushes those to zero gets the same bits.
    const float magnitude = rest < 0x400 ? static_cast<float>(rest) * 0x1p-24f
                                         : std::bit_cast<float>((rest << 13) + (112u << 23));
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(magnitude));
}

// To the nearest float16, halves to even; |value| at most kGreatestHalf.
inline uint16_t to_half(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const uint32_t sign = (bits >> 16) & 0x8000;
    const uint32_t rest = bits & 0x7FFFFFFF;
    if (rest < 0x38800000) {  // below float16's least normal value: steps of 2^-24
        const float steps = (std::bit_cast<float>(rest) * 0x1p24f + 8388608.0f) - 8388608.0f;
        return static_cast<uint16_t>(sign | static_cast<uint32_t>(steps));
    }
    const uint32_t even = (rest >> 13) & 1;
    return static_cast<uint16_t>(sign | ((rest - 0x38000000 + 0xFFF + even) >> 13));
}

// To the nearest float16, of magnitudes; upwards where float16 has few digits left for one so
// small, so that codes as large as they can be still reach the values.
inline uint16_t to_half_reaching(float magnitude) {
    const float most = magnitude < kGreatestHalf ? magnitude : kGreatestHalf;
    const uint16_t nearest = to_half(most);
    return from_half(nearest) < most * 0.99f ? static_cast<uint16_t>(nearest + 1) : nearest;
}

}  // namespace PK_QUANTIZE_NAMESPACE
