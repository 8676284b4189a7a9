// The C interface's door.
#include "quantize.h"

#include "rows.h"

extern "C" int64_t pk_quantize_row_bytes(const char* scheme, int64_t columns) {
    return scheme ? PK_QUANTIZE_NAMESPACE::row_bytes(scheme, columns) : -1;
}

extern "C" int pk_quantize(const char* scheme, const float* rows, int64_t n_rows,
                           int64_t n_columns, const float* column_weights, void* out) {
    if (!scheme || !rows || !out) return PK_QUANTIZE_NULL;
    return PK_QUANTIZE_NAMESPACE::quantize_rows(scheme, rows, n_rows, n_columns, column_weights,
                                                static_cast<uint8_t*>(out));
}
