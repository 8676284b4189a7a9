// Q4_K and Q5_K: 8 groups of 32 values under two float16 factors and 6-bit scales and minima.
#include "blocks.h"

#include <cstring>

#include "affine.h"

namespace PK_QUANTIZE_NAMESPACE {
namespace {

constexpr int kGroups = 8;
constexpr int kValues = 32;
constexpr int kVectors = kGroups / kLanes;
constexpr float kMostScale = 63.0f;

struct SuperBlock {
    Groups<kValues> groups[kVectors];
    AffineFit free[kVectors];  // before scales and minima are quantized
    float most;                // the greatest code
};

// Two factors and what the groups make of them.
struct Choice {
    uint16_t d, dmin;
    Lanes scales[kVectors], minima[kVectors];  // whole numbers, 0 to 63
    double error;
};

template <class Vectors>
float lane_of(const Vectors& vectors, int group) {
    return vectors[group / kLanes][group % kLanes];
}

// The 6-bit scale and minimum for one vector of groups, given the factors: each neighbour of
// the nearest scale, with the minimum that suits its codes.
AffineFit quantized_fit(const SuperBlock& block, int v, float d, float dmin) {
    const Groups<kValues>& groups = block.groups[v];
    const Lanes top = all(block.most), limit = all(kMostScale), zero{};
    const Lanes per_minimum = all(dmin > 0.0f ? 1.0f / dmin : 0.0f);
    const Lanes nearest = d > 0.0f ? rounded(smaller(block.free[v].scale / d, limit)) : zero;
    const Lanes old_minimum = block.free[v].minimum;
    AffineFit best{zero, zero, all(INFINITY)};
    for (int offset = -1; offset <= 1; ++offset) {
        const Lanes code = smaller(greater(nearest + static_cast<float>(offset), zero), limit);
        const Lanes scale = code * d;
        const auto sums = affine_sums(groups, scale, old_minimum, inverse(scale), top);
        const Lanes wanted = (old_minimum - sums.r / groups.total) * per_minimum;
        const Lanes minimum = rounded(smaller(greater(wanted, zero), limit));
        keep_better(best, {code, minimum, affine_error(groups, scale, minimum * dmin, top)});
    }
    return best;
}

Choice chosen(const SuperBlock& block, uint16_t d, uint16_t dmin) {
    Choice choice{d, dmin, {}, {}, 0.0};
    Lanes errors[kVectors];
    for (int v = 0; v < kVectors; ++v) {
        const AffineFit fit = quantized_fit(block, v, from_half(d), from_half(dmin));
        choice.scales[v] = fit.scale;
        choice.minima[v] = fit.minimum;
        errors[v] = fit.error;
    }
    for (int g = 0; g < kGroups; ++g) choice.error += lane_of(errors, g);
    return choice;
}

// Least squares for both factors at once, codes, scales and minima as they are.
void refit_factors(const SuperBlock& block, const Choice& choice, float& d, float& dmin) {
    double ss = 0, sm = 0, mm = 0, sr = 0, mr = 0;
    for (int v = 0; v < kVectors; ++v) {
        const Lanes scale = choice.scales[v] * d;
        const auto sums = affine_sums(block.groups[v], scale, choice.minima[v] * dmin,
                                      inverse(scale), all(block.most));
        for (int lane = 0; lane < kLanes; ++lane) {
            const double s = choice.scales[v][lane], m = choice.minima[v][lane];
            ss += s * s * sums.qq[lane];
            sm += s * m * sums.q[lane];
            mm += m * m * block.groups[v].total[lane];
            sr += s * sums.qr[lane];
            mr += m * sums.r[lane];
        }
    }
    const double determinant = ss * mm - sm * sm;
    if (determinant > 1e-9 * ss * mm) {
        d += static_cast<float>((sr * mm - sm * mr) / determinant);
        dmin += static_cast<float>((sm * sr - ss * mr) / determinant);
    } else if (ss > 0.0) {
        d += static_cast<float>(sr / ss);
    } else if (mm > 0.0) {
        dmin -= static_cast<float>(mr / mm);
    }
}

bool is_half(float value) { return value >= 0.0f && value <= kGreatestHalf; }

constexpr int kFactorRefits = 2;

Choice searched(const SuperBlock& block) {
    float greatest_scale = 0.0f, greatest_minimum = 0.0f;
    for (const AffineFit& fit : block.free) {
        for (int lane = 0; lane < kLanes; ++lane) {
            greatest_scale = std::fmax(greatest_scale, fit.scale[lane]);
            greatest_minimum = std::fmax(greatest_minimum, fit.minimum[lane]);
        }
    }
    Choice best = chosen(block, to_half_reaching(greatest_scale / kMostScale),
                         to_half_reaching(greatest_minimum / kMostScale));
    for (int i = 0; i < kFactorRefits; ++i) {
        float d = from_half(best.d), dmin = from_half(best.dmin);
        refit_factors(block, best, d, dmin);
        if (!is_half(d) || !is_half(dmin)) return best;
        const uint16_t new_d = to_half(d), new_dmin = to_half(dmin);
        if (new_d == best.d && new_dmin == best.dmin) return best;
        const Choice other = chosen(block, new_d, new_dmin);
        if (!(other.error < best.error)) return best;
        best = other;
    }
    return best;
}

void write_scales(const Choice& choice, uint8_t* out) {
    for (int g = 0; g < 4; ++g) {
        const int scale = static_cast<int>(lane_of(choice.scales, g));
        const int minimum = static_cast<int>(lane_of(choice.minima, g));
        const int later_scale = static_cast<int>(lane_of(choice.scales, g + 4));
        const int later_minimum = static_cast<int>(lane_of(choice.minima, g + 4));
        out[g] = static_cast<uint8_t>(scale | (later_scale >> 4) << 6);
        out[g + 4] = static_cast<uint8_t>(minimum | (later_minimum >> 4) << 6);
        out[g + 8] = static_cast<uint8_t>((later_scale & 15) | (later_minimum & 15) << 4);
    }
}

void final_codes(const SuperBlock& block, const Choice& choice, uint8_t (*codes)[kValues]) {
    const float d = from_half(choice.d), dmin = from_half(choice.dmin);
    for (int v = 0; v < kVectors; ++v) {
        const Lanes minimum = choice.minima[v] * dmin;
        const Lanes per_step = inverse(choice.scales[v] * d);
        for (int i = 0; i < kValues; ++i) {
            const Lanes q = codes_at<kValues>(block.groups[v].values[i] + minimum, per_step,
                                              all(block.most));
            for (int lane = 0; lane < kLanes; ++lane) {
                codes[v * kLanes + lane][i] = static_cast<uint8_t>(q[lane]);
            }
        }
    }
}

void write_codes(const uint8_t (*codes)[kValues], bool has_fifth_bits, uint8_t* out) {
    if (has_fifth_bits) {
        for (int i = 0; i < kValues; ++i) {
            int bits = 0;
            for (int g = 0; g < kGroups; ++g) bits |= (codes[g][i] >> 4) << g;
            out[i] = static_cast<uint8_t>(bits);
        }
        out += kValues;
    }
    for (int pair = 0; pair < kGroups / 2; ++pair) {
        for (int i = 0; i < kValues; ++i) {
            const int low = codes[2 * pair][i] & 15, high = codes[2 * pair + 1][i] & 15;
            out[pair * kValues + i] = static_cast<uint8_t>(low | high << 4);
        }
    }
}

Outcome quantize_block(const Source& source, int bits, uint8_t* out) {
    SuperBlock block;
    block.most = static_cast<float>((1 << bits) - 1);
    const float magnitude = greatest_magnitude(source.values, kGroups * kValues);
    if (magnitude > kGreatestHalf * kMostScale) return Outcome::kTooLarge;
    if (magnitude < kLeastMagnitude) {
        std::memset(out, 0, bits == 5 ? 176 : 144);
        return Outcome::kDone;
    }
    for (int v = 0; v < kVectors; ++v) {
        for (int lane = 0; lane < kLanes; ++lane) {
            const int at = (v * kLanes + lane) * kValues;
            const float* weights = source.column_weights ? source.column_weights + at : nullptr;
            fill_lane(block.groups[v], lane, source.values + at, weights);
        }
        block.free[v] = searched_affine(block.groups[v], block.most);
    }
    const Choice choice = searched(block);
    uint8_t codes[kGroups][kValues];
    final_codes(block, choice, codes);
    std::memcpy(out, &choice.d, 2);
    std::memcpy(out + 2, &choice.dmin, 2);
    write_scales(choice, out + 4);
    write_codes(codes, bits == 5, out + 16);
    return Outcome::kDone;
}

}  // namespace

Outcome quantize_q4_k(const Source& source, uint8_t* out) { return quantize_block(source, 4, out); }
Outcome quantize_q5_k(const Source& source, uint8_t* out) { return quantize_block(source, 5, out); }

}  // namespace PK_QUANTIZE_NAMESPACE
