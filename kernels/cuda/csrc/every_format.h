// Lists of formats, for kernels that exist once for each: X(name in kernels, type).
#pragma once

#define PK_QUANTIZED(X)      \
  X(q4_k_p16, pk::Q4_K)      \
  X(q5_k_p16, pk::Q5_K)      \
  X(q6_k_p16, pk::Q6_K)      \
  X(q4_0_p16, pk::Q4_0)      \
  X(q4_1_p16, pk::Q4_1)      \
  X(q5_0_p16, pk::Q5_0)      \
  X(q8_0_p16, pk::Q8_0)      \
  X(mxfp4_p16, pk::MXFP4)    \
  X(iq4_nl_p16, pk::IQ4_NL)  \
  X(s8g16_p16, pk::S8G16)    \
  X(a8g16_p16, pk::A8G16)

#define PK_FLOATS(X)         \
  X(f32_p16, pk::F32)        \
  X(f16_p16, pk::F16)        \
  X(bf16_p16, pk::BF16)

#define PK_FORMATS(X) PK_QUANTIZED(X) PK_FLOATS(X)
