// Embedding: rows of a packed table as floats. And what stands between an expert's products.
#include "formats/values.h"
#include "every_format.h"
#include "silu.h"

namespace pk {

// Row y of `out` is row token_ids[y] of the table; a thread has a chunk of it.
template <class F>
DEVICE void embed(const uint8_t* panels, int64_t panel_bytes, int32_t columns,
                  const int64_t* token_ids, float* out, int64_t out_stride) {
  using V = Values<F>;
  const int64_t id = token_ids[blockIdx.y];
  const int chunk = blockIdx.x * blockDim.x + threadIdx.x;
  if (chunk * V::kChunk >= columns) return;
  float values[1][V::kChunk];
  V::read(panels + id / kRows * panel_bytes, chunk, static_cast<int>(id % kRows), values);
  UNROLL for (int j = 0; j < V::kChunk; j++) {
    const int at = chunk * V::kChunk + j;
    if (at < columns) out[blockIdx.y * out_stride + at] = values[0][j];
  }
}

}  // namespace pk

// out = silu(gate) · up, [rows][width]; `out` may be `gate`.
extern "C" __global__ void __launch_bounds__(256)
pk_silu_mul(const float* gate, int64_t gate_stride, const float* up, int64_t up_stride, int32_t width,
            float* out, int64_t out_stride) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  const int64_t row = blockIdx.y;
  if (at < width)
    out[row * out_stride + at] = pk::silu_mul(gate[row * gate_stride + at], up[row * up_stride + at]);
}
EXPORT_KERNEL(pk_silu_mul)

#define PK_EMBED(name, F)                                                                \
  extern "C" __global__ void __launch_bounds__(256)                                      \
  pk_embedding_##name(const uint8_t* panels, int64_t panel_bytes, int32_t columns,       \
                      const int64_t* token_ids, float* out, int64_t out_stride) {        \
    pk::embed<F>(panels, panel_bytes, columns, token_ids, out, out_stride);              \
  }                                                                                      \
  EXPORT_KERNEL(pk_embedding_##name)

PK_FORMATS(PK_EMBED)
