// Scalar on purpose: one row in sixteen of a panel is read, so memory is what costs. Each
// product is rounded as the schemes round it (kernels/schemes): d · scale first, then the code.
#include "core/dequantize.h"

#include <cstring>

namespace pk {
namespace {

// Twice the values of E2M1; ggml's kvalues_iq4nl.
constexpr int8_t kDoubledE2M1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
constexpr int8_t kIQ4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                   1,    13,   25,  38,  53,  69,  89,  113};

float of_bits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float f16_at(const uint8_t* p) {
  uint16_t half;
  std::memcpy(&half, p, sizeof half);
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t exponent = half >> 10 & 31u, fraction = half & 1023u;
  if (exponent == 31) return of_bits(sign | 0x7f800000u | fraction << 13);
  if (exponent) return of_bits(sign | (exponent + 112) << 23 | fraction << 13);
  const float tiny = static_cast<float>(fraction) * 0x1p-24f;
  return sign ? -tiny : tiny;
}

float f32_at(const uint8_t* p) {
  float value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

// Where a row's codes of a group lie: k-step k/4 in vectors of 64 bytes, or two to a vector.
int nibble(const uint8_t* codes, int row, int k) {
  const int both = codes[k / 8 * 64 + row * 4 + k % 4];
  return k / 4 % 2 ? both >> 4 : both & 15;
}
int high_bit(const uint8_t* plane, int row, int k) {
  return (plane[row * 4 + k % 4] >> k / 4 & 1) << 4;
}
int byte(const uint8_t* codes, int row, int k) { return codes[k / 4 * 64 + row * 4 + k % 4]; }

void super_block_45(const uint8_t* w, int row, int64_t k, bool high, float* out) {
  for (int64_t at = 0; at < k; at += 256) {
    const float d = f16_at(w + 2 * row), dmin = f16_at(w + 32 + 2 * row);
    const uint8_t* planes = w + 64 + row * 4;
    w += 256;
    for (int g = 0; g < 8; g++, w += high ? 320 : 256) {
      const int a = planes[g % 4], b = planes[64 + g % 4], c = planes[128 + g % 4];
      const int scale = (g < 4 ? a : b) & 63;
      const int low = g < 4 ? c & 63 : (a >> 6 & 3) | (b >> 6 & 3) << 2 | (c >> 6 & 3) << 4;
      const float by = d * static_cast<float>(scale), minimum = dmin * static_cast<float>(low);
      for (int i = 0; i < 32; i++) {
        const int code = high ? nibble(w + 64, row, i) | high_bit(w, row, i) : nibble(w, row, i);
        *out++ = by * static_cast<float>(code) - minimum;
      }
    }
  }
}

void super_block_6(const uint8_t* w, int row, int64_t k, float* out) {
  const uint8_t* header = w;
  for (int64_t block = 0; block < k / 256; block++) {
    if (block % 2 == 0) {
      header = w;
      w += 64;
    }
    const float d = f16_at(header + 32 * (block % 2) + 2 * row);
    const uint8_t* scales = w;
    w += 256;
    for (int g = 0; g < 16; g++, w += 192) {
      const float by = d * static_cast<float>(static_cast<int8_t>(scales[g * 16 + row]));
      for (int i = 0; i < 16; i++) {
        const int top = w[row * 4 + i % 4] >> 2 * (i / 4) & 3;
        *out++ = by * static_cast<float>((nibble(w + 64, row, i) | top << 4) - 32);
      }
    }
  }
}

// Groups of 32 under one scale; headers of `together` groups, `bytes` for a group's codes.
template <class Scale, class Code>
void symmetric_32(const uint8_t* w, int64_t k, int together, int bytes, float* out, Scale scale,
                  Code code) {
  const uint8_t* header = w;
  for (int64_t g = 0; g < k / 32; g++, w += bytes) {
    if (g % together == 0) {
      header = w;
      w += 64;
    }
    const float by = scale(header, static_cast<int>(g % together));
    for (int i = 0; i < 32; i++) *out++ = by * static_cast<float>(code(w, i));
  }
}

void group_32(int32_t format, const uint8_t* w, int row, int64_t k, float* out) {
  const auto half = [row](const uint8_t* header, int g) {
    return f16_at(header + 32 * g + 2 * row);
  };
  switch (format) {
    case kQ4_0:
      return symmetric_32(w, k, 2, 256, out, half, [row](const uint8_t* c, int i) {
        return nibble(c, row, i) - 8;
      });
    case kQ5_0:
      return symmetric_32(w, k, 2, 320, out, half, [row](const uint8_t* c, int i) {
        return (nibble(c + 64, row, i) | high_bit(c, row, i)) - 16;
      });
    case kQ8_0:
      return symmetric_32(w, k, 2, 512, out, half, [row](const uint8_t* c, int i) {
        return byte(c, row, i) - 128;
      });
    case kIQ4_NL:
      return symmetric_32(w, k, 2, 256, out, half, [row](const uint8_t* c, int i) {
        return static_cast<int>(kIQ4Values[nibble(c, row, i)]);
      });
    default: {  // MXFP4: scales are halved powers of two, subnormal below exponent 2
      const auto power = [row](const uint8_t* header, int g) {
        const uint32_t e = header[16 * g + row];
        return of_bits(e < 2 ? 0x00200000u << e : (e - 1) << 23);
      };
      return symmetric_32(w, k, 4, 256, out, power, [row](const uint8_t* c, int i) {
        return static_cast<int>(kDoubledE2M1[nibble(c, row, i)]);
      });
    }
  }
}

void affine_32(const uint8_t* w, int row, int64_t k, float* out) {
  for (int64_t g = 0; g < k / 32; g++, w += 320) {
    const float d = f16_at(w + 2 * row), m = f16_at(w + 32 + 2 * row);
    for (int i = 0; i < 32; i++) *out++ = d * static_cast<float>(nibble(w + 64, row, i)) + m;
  }
}

void carrier_16(const uint8_t* w, int row, int64_t k, bool affine, float* out) {
  for (int64_t g = 0; g < k / 16; g++, w += affine ? 384 : 320) {
    const float scale = f32_at(w + 4 * row), minimum = affine ? f32_at(w + 64 + 4 * row) : 0.0f;
    const uint8_t* codes = w + (affine ? 128 : 64);
    for (int i = 0; i < 16; i++) {
      const int code = byte(codes, row, i);
      *out++ = scale * static_cast<float>(affine ? code : code - 128) - minimum;
    }
  }
}

}  // namespace

void dequantize_row(const Matrix& m, int64_t row, float* out) {
  const uint8_t* w = m.panel(row / kPanelRows);
  const int r = static_cast<int>(row % kPanelRows);
  const int64_t k = m.in;
  switch (m.format) {
    case kQ4_K: return super_block_45(w, r, k, false, out);
    case kQ5_K: return super_block_45(w, r, k, true, out);
    case kQ6_K: return super_block_6(w, r, k, out);
    case kQ4_1: return affine_32(w, r, k, out);
    case kS8G16: return carrier_16(w, r, k, false, out);
    case kA8G16: return carrier_16(w, r, k, true, out);
    case kF32:
      for (int64_t i = 0; i < k; i++) out[i] = f32_at(w + i * 64 + 4 * r);
      return;
    case kF16:
      for (int64_t i = 0; i < k; i++) out[i] = f16_at(w + i * 32 + 2 * r);
      return;
    case kBF16:
      for (int64_t i = 0; i < k; i++) {
        uint16_t bits;
        std::memcpy(&bits, w + i / 2 * 64 + 4 * r + 2 * (i % 2), sizeof bits);
        out[i] = of_bits(static_cast<uint32_t>(bits) << 16);
      }
      return;
    default: return group_32(m.format, w, r, k, out);
  }
}

}  // namespace pk
