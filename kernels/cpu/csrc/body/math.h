// Functions of vectors: the exponential and what is made of it.
#pragma once
#include "body/level.h"

namespace pk {
namespace PK_LEVEL {

// e^x within 1.1 ulp: 2^n · e^r with n whole and |r| ≤ ln 2 / 2, e^r by its series to r^7 (the
// rest is 0.06 ulp). Overflows to infinity, ends in 0 through the subnormals; NaN stays NaN.
PK_INLINE F32 exp(F32 x) {
  // x second, as x86's max and min hand on their second operand where one is NaN.
  x = min(set1(89.0f), max(set1(-105.0f), x));
  const F32 n = round(mul(x, set1(1.44269504f)));
  // ln 2 in two parts: n times the first is exact.
  const F32 r = fnma(n, set1(-2.12194440e-4f), fnma(n, set1(0.693359375f), x));
  F32 p = set1(1.0f / 5040);
  p = fma(p, r, set1(1.0f / 720));
  p = fma(p, r, set1(1.0f / 120));
  p = fma(p, r, set1(1.0f / 24));
  p = fma(p, r, set1(1.0f / 6));
  p = fma(p, r, set1(0.5f));
  p = fma(p, mul(r, r), r);
  return scale_by_power(add(p, set1(1.0f)), n);
}

// 1 / (1 + e^-x).
PK_INLINE F32 sigmoid(F32 x) {
  const F32 one = set1(1.0f);
  return div(one, add(one, exp(sub(zero_f32(), x))));
}

// x · sigmoid(x) within 2.5 ulp (Elfwing et al. 2017), and its limit 0 at -inf.
PK_INLINE F32 silu(F32 x) {
  const F32 below = add(set1(1.0f), exp(sub(zero_f32(), x)));
  return div(max(set1(-200.0f), x), below);
}

}  // namespace PK_LEVEL
}  // namespace pk
