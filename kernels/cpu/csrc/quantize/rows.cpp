#include "rows.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>

#include "blocks.h"

namespace PK_QUANTIZE_NAMESPACE {
namespace {

static_assert(std::endian::native == std::endian::little, "the formats are little-endian");

struct Format {
    const char* name;
    int values, bytes;  // of one block
    Outcome (*one)(const Source&, uint8_t*);
    Outcome (*several)(const Source&, int count, uint8_t*);
};

constexpr Format kFormats[] = {
    {"Q4_K", kSuperBlock, 144, quantize_q4_k, nullptr},
    {"Q5_K", kSuperBlock, 176, quantize_q5_k, nullptr},
    {"Q6_K", kSuperBlock, 210, quantize_q6_k, nullptr},
    {"Q8_0", kSmallBlock, 34, nullptr, quantize_q8_0},
    {"Q5_0", kSmallBlock, 22, nullptr, quantize_q5_0},
    {"Q4_0", kSmallBlock, 18, nullptr, quantize_q4_0},
};

const Format* format_of(const char* scheme) {
    for (const Format& format : kFormats) {
        if (std::strcmp(format.name, scheme) == 0) return &format;
    }
    return nullptr;
}

// Whether no exponent is all ones. Whole numbers, so that the loop runs in vectors.
bool are_finite(const float* values, int64_t count) {
    uint32_t found = 0;
    for (int64_t i = 0; i < count; ++i) {
        const uint32_t exponent = std::bit_cast<uint32_t>(values[i]) & 0x7F800000;
        found |= exponent == 0x7F800000 ? 1u : 0u;
    }
    return found == 0;
}

// Column weights with a mean of 1, so that no square of a residual leaves float32's range.
bool normalized(const float* weights, int64_t count, float* out) {
    if (!are_finite(weights, count)) return false;
    double sum = 0.0;
    for (int64_t i = 0; i < count; ++i) {
        if (weights[i] < 0.0f) return false;
        sum += weights[i];
    }
    if (sum <= 0.0) return false;
    for (int64_t i = 0; i < count; ++i) {
        out[i] = static_cast<float>(weights[i] / sum * static_cast<double>(count));
    }
    return true;
}

Outcome quantize_row(const Format& format, const float* row, int64_t columns,
                     const float* column_weights, uint8_t* out) {
    const int64_t blocks = columns / format.values;
    const int step = format.several ? kLanes : 1;
    for (int64_t b = 0; b < blocks; b += step) {
        const int64_t at = b * format.values;
        const Source source{row + at, column_weights ? column_weights + at : nullptr};
        const int count = static_cast<int>(blocks - b < step ? blocks - b : step);
        uint8_t* to = out + b * format.bytes;
        const Outcome outcome =
            format.several ? format.several(source, count, to) : format.one(source, to);
        if (outcome != Outcome::kDone) return outcome;
    }
    return Outcome::kDone;
}

}  // namespace

int64_t row_bytes(const char* scheme, int64_t columns) {
    const Format* format = format_of(scheme);
    if (!format || columns < 0 || columns % format->values) return -1;
    return columns / format->values * format->bytes;
}

pk_quantize_status quantize_rows(const char* scheme, const float* rows, int64_t n_rows,
                                 int64_t n_columns, const float* column_weights, uint8_t* out) {
    const Format* format = format_of(scheme);
    if (!format) return PK_QUANTIZE_UNKNOWN_SCHEME;
    const int64_t bytes = row_bytes(scheme, n_columns);
    if (bytes < 0 || n_rows < 0) return PK_QUANTIZE_BAD_SHAPE;
    std::unique_ptr<float[]> weights;
    if (column_weights && n_columns) {
        weights.reset(new float[static_cast<size_t>(n_columns)]);
        if (!normalized(column_weights, n_columns, weights.get())) return PK_QUANTIZE_BAD_WEIGHTS;
    }
    for (int64_t r = 0; r < n_rows; ++r) {
        const float* row = rows + r * n_columns;
        if (!are_finite(row, n_columns)) return PK_QUANTIZE_NOT_FINITE;
        const Outcome outcome =
            quantize_row(*format, row, n_columns, weights.get(), out + r * bytes);
        if (outcome == Outcome::kTooLarge) return PK_QUANTIZE_TOO_LARGE;
    }
    return PK_QUANTIZE_DONE;
}

}  // namespace PK_QUANTIZE_NAMESPACE
