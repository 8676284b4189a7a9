// CUDA's small vectors and the conversions of 16-bit floats, for host_cuda.h.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};

#define SHIM_VECTOR2(T, name, align)            \
  struct alignas(align) name {                  \
    T x, y;                                     \
  };                                            \
  inline name make_##name(T x, T y) { return {x, y}; }
#define SHIM_VECTOR4(T, name, align)            \
  struct alignas(align) name {                  \
    T x, y, z, w;                               \
  };                                            \
  inline name make_##name(T x, T y, T z, T w) { return {x, y, z, w}; }
SHIM_VECTOR2(int32_t, int2, 8)
SHIM_VECTOR2(uint32_t, uint2, 8)
SHIM_VECTOR2(float, float2, 8)
SHIM_VECTOR4(int32_t, int4, 16)
SHIM_VECTOR4(uint32_t, uint4, 16)
SHIM_VECTOR4(float, float4, 16)
SHIM_VECTOR4(int8_t, char4, 4)
SHIM_VECTOR4(uint8_t, uchar4, 4)
SHIM_VECTOR2(uint16_t, ushort2, 4)
SHIM_VECTOR4(uint16_t, ushort4, 8)

namespace shim {

template <class To, class From>
To copied(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

inline float float_of(uint32_t bits) { return copied<float>(bits); }

// IEEE 754 binary16, subnormals and NaN included.
inline float float_of_half(uint16_t bits) {
  const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  const uint32_t sign = uint32_t{bits} >> 15 << 31;
  if (exponent == 31) return float_of(sign | 0x7f800000u | static_cast<uint32_t>(mantissa) << 13);
  const float size = exponent ? std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25)
                              : std::ldexp(static_cast<float>(mantissa), -24);
  return sign ? -size : size;
}

inline uint16_t half_of_float(float x) {
  const auto sign = static_cast<uint16_t>(copied<uint32_t>(x) >> 31 << 15);
  const float size = std::fabs(x);
  if (std::isnan(x)) return static_cast<uint16_t>(sign | 0x7fff);
  if (size >= 65520.0f) return static_cast<uint16_t>(sign | 0x7c00);
  if (size == 0.0f) return sign;
  int exponent = 0;
  std::frexp(size, &exponent);
  const int unit = std::max(exponent - 11, -24);  // the last place, as a power of two
  const auto places = static_cast<uint32_t>(std::nearbyint(std::ldexp(size, -unit)));
  // Rounded up to 2048 the carry goes into the exponent by itself.
  const uint32_t below = unit == -24 ? 0 : static_cast<uint32_t>(unit + 24) << 10;
  return static_cast<uint16_t>(sign | (below + places));
}

}  // namespace shim
