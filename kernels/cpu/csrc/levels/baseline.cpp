// Every 64-bit x86 processor: SSE2.
#define PK_LEVEL baseline
#define PK_SIMD "simd/baseline.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
