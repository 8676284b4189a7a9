// Groups of signed codes with a scale alone: value = scale * code, the scale of either sign.
//
// For Q6_K and the early formats. Their codes reach one step further down than up, so the
// sign of the scale decides which end of the values gets that step.
#pragma once

#include "groups.h"

namespace PK_QUANTIZE_NAMESPACE {

struct CodeRange {
    float least, most;
};

struct SymmetricFit {
    Lanes scale, error;
};

inline Lanes code_at(Lanes value, Lanes per_step, CodeRange range) {
    return rounded(smaller(greater(value * per_step, all(range.least)), all(range.most)));
}

template <int N>
inline Lanes symmetric_error(const Groups<N>& groups, Lanes scale, CodeRange range) {
    const Lanes per_step = inverse(scale);
    Lanes error{};
    for (int i = 0; i < N; ++i) {
        const Lanes value = groups.values[i];
        const Lanes r = value - scale * code_at(value, per_step, range);
        error += groups.weights[i] * r * r;
    }
    return error;
}

// Weighted sums of codes q and residuals r after coding with some scale.
struct SymmetricSums {
    Lanes qq, qr, rr;
};

template <int N>
inline SymmetricSums symmetric_sums(const Groups<N>& groups, Lanes scale, CodeRange range) {
    const Lanes per_step = inverse(scale);
    SymmetricSums sums{};
    for (int i = 0; i < N; ++i) {
        const Lanes value = groups.values[i];
        const Lanes q = code_at(value, per_step, range);
        const Lanes r = value - scale * q;
        const Lanes wr = groups.weights[i] * r;
        sums.qq += groups.weights[i] * q * q;
        sums.qr += wr * q;
        sums.rr += wr * r;
    }
    return sums;
}

inline void keep_better(SymmetricFit& best, const SymmetricFit& other) {
    const auto better = other.error < best.error;
    best.scale = better ? other.scale : best.scale;
    best.error = better ? other.error : best.error;
}

// Codes with this scale, then the scale that suits those codes best.
template <int N>
inline void try_scale(const Groups<N>& groups, Lanes scale, CodeRange range, SymmetricFit& best) {
    const auto sums = symmetric_sums(groups, scale, range);
    const Lanes more = sums.qr * inverse(sums.qq);
    keep_better(best, {scale + more, sums.rr - more * sums.qr});
}

// The best free scale: the greatest magnitude falls `ends[i]` steps from zero, either way round.
template <int N, int Ends>
SymmetricFit searched_symmetric(const Groups<N>& groups, CodeRange range,
                                const float (&ends)[Ends], int refinements) {
    Lanes magnitude{};
    for (int i = 0; i < N; ++i) {
        magnitude = greater(magnitude, greater(groups.values[i], -groups.values[i]));
    }
    SymmetricFit best{Lanes{}, symmetric_error(groups, Lanes{}, range)};
    for (const float end : ends) {
        const Lanes scale = magnitude / end;
        try_scale(groups, scale, range, best);
        if (range.least != -range.most) try_scale(groups, -scale, range, best);
    }
    for (int i = 0; i < refinements; ++i) try_scale(groups, best.scale, range, best);
    return best;
}

}  // namespace PK_QUANTIZE_NAMESPACE
