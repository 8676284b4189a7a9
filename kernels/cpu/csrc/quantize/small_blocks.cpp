// Q8_0, Q5_0 and Q4_0: 32 values under one float16 scale; a block is a lane.
#include <cstring>

#include "blocks.h"
#include "symmetric.h"

namespace PK_QUANTIZE_NAMESPACE {
namespace {

constexpr int kValues = kSmallBlock;
using Codes = int8_t[kLanes][kValues];

struct Format {
    CodeRange range;
    int refinements;
};

constexpr Format kQ8{{-127.0f, 127.0f}, 1};
constexpr Format kQ5{{-16.0f, 15.0f}, 2};
constexpr Format kQ4{{-8.0f, 7.0f}, 2};
constexpr float kEnds8[] = {126.5f, 127.0f};
constexpr float kEnds5[] = {13.5f, 14.0f, 14.5f, 15.0f, 15.5f, 16.0f, 16.4f};
constexpr float kEnds4[] = {5.5f, 5.9f, 6.3f, 6.7f, 7.1f, 7.5f, 7.8f, 8.1f, 8.4f};

template <int Ends>
Outcome quantize(const Source& source, int count, const Format& format, const float (&ends)[Ends],
                 uint16_t* scales, Codes& codes) {
    Groups<kValues> groups;
    for (int lane = 0; lane < kLanes; ++lane) {
        const int at = lane * kValues;
        const float magnitude =
            lane < count ? greatest_magnitude(source.values + at, kValues) : 0.0f;
        if (magnitude < kLeastMagnitude) {
            clear_lane(groups, lane);
            continue;
        }
        const float* weights = source.column_weights ? source.column_weights + at : nullptr;
        if (magnitude > kGreatestHalf * format.range.most) return Outcome::kTooLarge;
        fill_lane(groups, lane, source.values + at, weights);
    }
    const auto fit = searched_symmetric(groups, format.range, ends, format.refinements);
    Lanes scale{};
    for (int lane = 0; lane < kLanes; ++lane) {
        // A scale beyond float16 becomes its greatest: the codes reach the values with that too.
        const uint16_t half = to_half_reaching(std::fabs(fit.scale[lane]));
        const bool is_negative = fit.scale[lane] < 0.0f;
        scales[lane] = static_cast<uint16_t>(half | (is_negative ? 0x8000 : 0));
        scale[lane] = is_negative ? -from_half(half) : from_half(half);
    }
    const Lanes per_step = inverse(scale);
    for (int i = 0; i < kValues; ++i) {
        const Lanes q = code_at(groups.values[i], per_step, format.range);
        for (int lane = 0; lane < kLanes; ++lane) codes[lane][i] = static_cast<int8_t>(q[lane]);
    }
    return Outcome::kDone;
}

// Value i in the low nibble, value i + 16 in the high one.
void write_nibbles(const int8_t* codes, int offset, uint8_t* out) {
    for (int i = 0; i < kValues / 2; ++i) {
        const int low = (codes[i] + offset) & 15, high = (codes[i + 16] + offset) & 15;
        out[i] = static_cast<uint8_t>(low | high << 4);
    }
}

}  // namespace

Outcome quantize_q8_0(const Source& source, int count, uint8_t* out) {
    uint16_t scales[kLanes];
    Codes codes;
    const Outcome outcome = quantize(source, count, kQ8, kEnds8, scales, codes);
    for (int b = 0; b < count && outcome == Outcome::kDone; ++b, out += 34) {
        std::memcpy(out, &scales[b], 2);
        std::memcpy(out + 2, codes[b], kValues);
    }
    return outcome;
}

Outcome quantize_q5_0(const Source& source, int count, uint8_t* out) {
    uint16_t scales[kLanes];
    Codes codes;
    const Outcome outcome = quantize(source, count, kQ5, kEnds5, scales, codes);
    for (int b = 0; b < count && outcome == Outcome::kDone; ++b, out += 22) {
        uint32_t fifth_bits = 0;
        for (int i = 0; i < kValues; ++i) {
            fifth_bits |= static_cast<uint32_t>((codes[b][i] + 16) >> 4) << i;
        }
        std::memcpy(out, &scales[b], 2);
        std::memcpy(out + 2, &fifth_bits, 4);
        write_nibbles(codes[b], 16, out + 6);
    }
    return outcome;
}

Outcome quantize_q4_0(const Source& source, int count, uint8_t* out) {
    uint16_t scales[kLanes];
    Codes codes;
    const Outcome outcome = quantize(source, count, kQ4, kEnds4, scales, codes);
    for (int b = 0; b < count && outcome == Outcome::kDone; ++b, out += 18) {
        std::memcpy(out, &scales[b], 2);
        write_nibbles(codes[b], 8, out + 2);
    }
    return outcome;
}

}  // namespace PK_QUANTIZE_NAMESPACE
