// AVX-512 with VNNI: Cascade Lake, Ice Lake, Rocket Lake.
#define PK_LEVEL avx512vnni
#define PK_SIMD "simd/avx512.h"
#define PK_VNNI 1
#define PK_BF16 0
#include "body/all.h"
