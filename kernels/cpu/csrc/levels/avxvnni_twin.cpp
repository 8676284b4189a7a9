// AVX-VNNI's body with AVX-512's encoding: so that AVX-512 machines can test it.
#define PK_LEVEL avxvnni_twin
#define PK_SIMD "simd/avx2.h"
#define PK_VNNI 1
#define PK_BF16 0
#include "body/all.h"
