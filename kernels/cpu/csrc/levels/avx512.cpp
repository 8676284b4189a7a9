// AVX-512 F, BW, DQ, VL: Intel servers since Skylake (2017).
#define PK_LEVEL avx512
#define PK_SIMD "simd/avx512.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
