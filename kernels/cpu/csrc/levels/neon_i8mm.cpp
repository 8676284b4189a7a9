// ARM with dotprod and i8mm: since Neoverse V1, Apple M2.
#define PK_LEVEL neon_i8mm
#define PK_SIMD "simd/neon.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
