// Q6_K: 16 groups of 16 values under one float16 factor and signed 8-bit scales.
#include <cstring>

#include "blocks.h"
#include "symmetric.h"

namespace PK_QUANTIZE_NAMESPACE {
namespace {

constexpr int kGroups = 16;
constexpr int kValues = 16;
constexpr int kVectors = kGroups / kLanes;
constexpr float kMostScale = 127.0f;
constexpr CodeRange kCodes{-32.0f, 31.0f};
constexpr float kEnds[] = {29.0f, 29.5f, 30.0f, 30.5f, 31.0f, 31.5f, 32.0f, 32.5f};

struct SuperBlock {
    Groups<kValues> groups[kVectors];
    SymmetricFit free[kVectors];
};

struct Choice {
    uint16_t d;
    Lanes scales[kVectors];  // whole numbers, -127 to 127
    double error;
};

Choice chosen(const SuperBlock& block, uint16_t half) {
    Choice choice{half, {}, 0.0};
    const float d = from_half(half);
    const Lanes limit = all(kMostScale);
    Lanes errors[kVectors];
    for (int v = 0; v < kVectors; ++v) {
        const Lanes wanted = d > 0.0f ? block.free[v].scale / d : Lanes{};
        const Lanes nearest = rounded(smaller(greater(wanted, -limit), limit));
        SymmetricFit best{Lanes{}, all(INFINITY)};
        for (int offset = -1; offset <= 1; ++offset) {
            const Lanes shifted = nearest + static_cast<float>(offset);
            const Lanes code = smaller(greater(shifted, -limit), limit);
            keep_better(best, {code, symmetric_error(block.groups[v], code * d, kCodes)});
        }
        choice.scales[v] = best.scale;
        errors[v] = best.error;
    }
    for (int g = 0; g < kGroups; ++g) choice.error += errors[g / kLanes][g % kLanes];
    return choice;
}

float refitted_factor(const SuperBlock& block, const Choice& choice) {
    const float d = from_half(choice.d);
    double ss = 0, sr = 0;
    for (int v = 0; v < kVectors; ++v) {
        const auto sums = symmetric_sums(block.groups[v], choice.scales[v] * d, kCodes);
        for (int lane = 0; lane < kLanes; ++lane) {
            const double s = choice.scales[v][lane];
            ss += s * s * sums.qq[lane];
            sr += s * sums.qr[lane];
        }
    }
    return ss > 0.0 ? d + static_cast<float>(sr / ss) : d;
}

Choice searched(const SuperBlock& block) {
    float greatest = 0.0f;
    for (const SymmetricFit& fit : block.free) {
        for (int lane = 0; lane < kLanes; ++lane) {
            greatest = std::fmax(greatest, std::fabs(fit.scale[lane]));
        }
    }
    const Choice first = chosen(block, to_half_reaching(greatest / kMostScale));
    const float refitted = refitted_factor(block, first);
    if (!(refitted > 0.0f && refitted <= kGreatestHalf)) return first;
    const Choice second = chosen(block, to_half(refitted));
    return second.error < first.error ? second : first;
}

void final_codes(const SuperBlock& block, const Choice& choice, uint8_t* codes) {
    const float d = from_half(choice.d);
    for (int v = 0; v < kVectors; ++v) {
        const Lanes per_step = inverse(choice.scales[v] * d);
        for (int i = 0; i < kValues; ++i) {
            const Lanes q = code_at(block.groups[v].values[i], per_step, kCodes) + 32.0f;
            for (int lane = 0; lane < kLanes; ++lane) {
                codes[(v * kLanes + lane) * kValues + i] = static_cast<uint8_t>(q[lane]);
            }
        }
    }
}

// Low nibbles and upper bits lie as Q6_K has them: halves of 128 values, in them quarters of 32.
void write_block(const uint8_t* codes, const Choice& choice, uint8_t* out) {
    for (int half = 0; half < 2; ++half) {
        const uint8_t* from = codes + 128 * half;
        for (int i = 0; i < 64; ++i) {
            out[64 * half + i] = static_cast<uint8_t>((from[i] & 15) | (from[i + 64] & 15) << 4);
        }
        for (int i = 0; i < 32; ++i) {
            out[128 + 32 * half + i] =
                static_cast<uint8_t>(from[i] >> 4 | (from[i + 32] >> 4) << 2 |
                                     (from[i + 64] >> 4) << 4 | (from[i + 96] >> 4) << 6);
        }
    }
    for (int g = 0; g < kGroups; ++g) {
        const int scale = static_cast<int>(choice.scales[g / kLanes][g % kLanes]);
        out[192 + g] = static_cast<uint8_t>(scale);
    }
    std::memcpy(out + 208, &choice.d, 2);
}

}  // namespace

Outcome quantize_q6_k(const Source& source, uint8_t* out) {
    const float magnitude = greatest_magnitude(source.values, kSuperBlock);
    if (magnitude > kGreatestHalf * kMostScale) return Outcome::kTooLarge;
    if (magnitude < kLeastMagnitude) {
        std::memset(out, 0, 210);
        return Outcome::kDone;
    }
    SuperBlock block;
    for (int v = 0; v < kVectors; ++v) {
        for (int lane = 0; lane < kLanes; ++lane) {
            const int at = (v * kLanes + lane) * kValues;
            const float* weights = source.column_weights ? source.column_weights + at : nullptr;
            fill_lane(block.groups[v], lane, source.values + at, weights);
        }
        block.free[v] = searched_symmetric(block.groups[v], kCodes, kEnds, 1);
    }
    const Choice choice = searched(block);
    uint8_t codes[kSuperBlock];
    final_codes(block, choice, codes);
    write_block(codes, choice, out);
    return Outcome::kDone;
}

}  // namespace PK_QUANTIZE_NAMESPACE
