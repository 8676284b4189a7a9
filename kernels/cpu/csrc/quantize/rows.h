// Whole rows in any of the formats: what the C interface calls, once per instruction set.
#pragma once

#include <cstdint>

#include "lanes.h"
#include "quantize.h"

namespace PK_QUANTIZE_NAMESPACE {

// As `pk_quantize_row_bytes`.
int64_t row_bytes(const char* scheme, int64_t columns);

// As `pk_quantize`.
pk_quantize_status quantize_rows(const char* scheme, const float* rows, int64_t n_rows,
                                 int64_t n_columns, const float* column_weights, uint8_t* out);

}  // namespace PK_QUANTIZE_NAMESPACE
