// Every 64-bit ARM processor.
#define PK_LEVEL neon
#define PK_SIMD "simd/neon.h"
#define PK_VNNI 0
#define PK_BF16 0
#include "body/all.h"
