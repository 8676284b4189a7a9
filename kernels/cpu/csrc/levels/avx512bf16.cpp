// AVX-512 with VNNI and BF16: Zen 4, Sapphire Rapids.
#define PK_LEVEL avx512bf16
#define PK_SIMD "simd/avx512.h"
#define PK_VNNI 1
#define PK_BF16 1
#include "body/all.h"
