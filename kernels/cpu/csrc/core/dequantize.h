// A packed matrix's values one row at a time, for embeddings and as a reference in tests.
#pragma once
#include "core/matrix.h"

namespace pk {

// out [m.in] = row `row`: exactly the values of the scheme that the panels were made from.
void dequantize_row(const Matrix& m, int64_t row, float* out);

}  // namespace pk
