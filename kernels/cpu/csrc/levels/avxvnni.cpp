// AVX-VNNI beside AVX2: Intel since Alder Lake (2021), AMD since Zen 5.
#define PK_LEVEL avxvnni
#define PK_SIMD "simd/avx2.h"
#define PK_VNNI 1
#define PK_BF16 0
#include "body/all.h"
