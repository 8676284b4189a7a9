// Quantizing float32 rows into GGUF's block formats, with searched scales: the C interface.
//
// For whoever prepares a model from unquantized weights. Rows are independent and nothing is
// kept between calls, so a caller may split rows over threads as it likes: the bytes are the
// same. Not here: threads, files, and the choice of a scheme for a tensor.
#ifndef PITCHER_QUANTIZE_H
#define PITCHER_QUANTIZE_H

#include <stdint.h>

#ifdef _WIN32
#define PK_QUANTIZE_API __declspec(dllexport)
#else
#define PK_QUANTIZE_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum pk_quantize_status {
    PK_QUANTIZE_DONE = 0,
    PK_QUANTIZE_UNKNOWN_SCHEME = 1,
    PK_QUANTIZE_BAD_SHAPE = 2,     // negative, or columns are not whole blocks
    PK_QUANTIZE_NOT_FINITE = 3,    // a NaN or an infinity among the values
    PK_QUANTIZE_TOO_LARGE = 4,     // a block's scale does not fit float16
    PK_QUANTIZE_BAD_WEIGHTS = 5,   // a column weight is negative or not finite, or all are 0
    PK_QUANTIZE_NULL = 6,          // a pointer is null
};

// Bytes of one row of `columns` values; -1 where the scheme or the shape is refused.
PK_QUANTIZE_API int64_t pk_quantize_row_bytes(const char* scheme, int64_t columns);

// rows: float32 [n_rows, n_columns], densely packed. column_weights: how much an error in each
// column counts, float32 [n_columns], or null for all alike. out: n_rows * row_bytes bytes, in
// GGUF's layout. Schemes: Q4_K Q5_K Q6_K Q8_0 Q5_0 Q4_0. What `out` holds after any status but
// PK_QUANTIZE_DONE is not defined.
PK_QUANTIZE_API int pk_quantize(const char* scheme, const float* rows, int64_t n_rows,
                                int64_t n_columns, const float* column_weights, void* out);

#ifdef __cplusplus
}
#endif
#endif
