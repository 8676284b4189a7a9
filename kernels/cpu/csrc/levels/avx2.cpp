// AVX2, FMA and F16C: Intel since Haswell (2013), AMD since Zen (2017).
#define PK_LEVEL avx2
#define PK_SIMD "simd/avx2.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
