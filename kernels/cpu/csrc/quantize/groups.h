// Groups of weights side by side in lanes, and how much each weight's error counts.
#pragma once

#include <cmath>
#include <cstdint>

#include "lanes.h"

namespace PK_QUANTIZE_NAMESPACE {

// Where the values of some blocks lie and what their columns weigh (null: all alike).
struct Source {
    const float* values;
    const float* column_weights;
};

// kLanes groups of N values: value i of every group in one vector.
template <int N>
struct Groups {
    Lanes values[N];
    Lanes weights[N];
    Lanes total;  // of the weights
};

// One group into one lane.
template <int N>
void fill_lane(Groups<N>& groups, int lane, const float* values, const float* column_weights) {
    float total = 0.0f;
    for (int i = 0; i < N; ++i) {
        const float weight = column_weights ? column_weights[i] : 1.0f;
        groups.values[i][lane] = values[i];
        groups.weights[i][lane] = weight;
        total += weight;
    }
    if (!(total > 0.0f)) {  // columns that never matter: any codes will do, so even ones
        for (int i = 0; i < N; ++i) groups.weights[i][lane] = 1.0f;
        total = static_cast<float>(N);
    }
    groups.total[lane] = total;
}

// A lane of zeros, or one that stands for no group.
template <int N>
void clear_lane(Groups<N>& groups, int lane) {
    for (int i = 0; i < N; ++i) {
        groups.values[i][lane] = 0.0f;
        groups.weights[i][lane] = 1.0f;
    }
    groups.total[lane] = static_cast<float>(N);
}

inline float greatest_magnitude(const float* values, int count) {
    float greatest = 0.0f;
    for (int i = 0; i < count; ++i) {
        const float magnitude = std::fabs(values[i]);
        greatest = magnitude > greatest ? magnitude : greatest;
    }
    return greatest;
}

}  // namespace PK_QUANTIZE_NAMESPACE
