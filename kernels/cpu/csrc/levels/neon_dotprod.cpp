// ARM with dotprod: since Cortex-A75, Neoverse N1, Apple A11.
#define PK_LEVEL neon_dotprod
#define PK_SIMD "simd/neon.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
