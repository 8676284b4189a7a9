// What a product of one row reads of weights that lie in memory, one panel behind another, beside a plain
// read of the same bytes: in one thread and in two, GB/s.
//
// Levels as in rows_test.cpp, AVX-512 alone. Link with core/dequantize.cpp, core/matrix.cpp,
// core/sampling.cpp, and threads.
#include <atomic>
#include <thread>

#include "body/linear.h"
#include "driver/testing.h"
#include "driver/timing.h"

namespace {

using namespace driver;

constexpr size_t kBytes = size_t{1} << 30;  // no cache holds a part of it that is read again
constexpr int kSamples = 9;

void read_alone(const uint8_t* from, size_t bytes) {
  __m512i sum[4] = {};
  for (size_t i = 0; i + 256 <= bytes; i += 256)
    PK_UNROLL for (int j = 0; j < 4; j++)
      sum[j] = _mm512_add_epi64(sum[j], _mm512_loadu_si512(from + i + 64 * j));
  volatile int64_t kept = 0;
  for (const __m512i& s : sum) kept = kept + _mm512_reduce_add_epi64(s);
}

// GB/s of f(first byte, bytes) on an equal part of the weights in each thread.
template <class F>
double speed(const uint8_t* weights, int64_t panel, int threads, F f) {
  const size_t part = kBytes / panel / threads * panel;
  std::atomic<int> ready{0};
  std::atomic<bool> go{false};
  std::vector<std::thread> others;
  for (int i = 1; i < threads; i++)
    others.emplace_back([&, i] {
      ready++;
      while (!go) {}
      f(weights + i * part, part);
    });
  while (ready < threads - 1) {}
  const double start = seconds();
  go = true;
  f(weights, part);
  for (std::thread& other : others) other.join();
  return threads * part / (seconds() - start) * 1e-9;
}

void show(const char* name, int32_t format, int64_t k, uint8_t* weights) {
  const int64_t panel = panel_bytes(format, k);
  const std::vector<uint8_t> some = random_panels(format, k, 8);
  for (size_t i = 0; (i + 1) * panel <= kBytes; i++) std::memcpy(weights + i * panel, some.data() + i % 8 * panel, panel);
  OwnedActivations q(k, kCapacity, sums_of(format, 1));
  const Floats x = random_values(k, 1);
  quantize_token(x.data(), q.a, 0, 0, 1);
  const Tile tile = tile_of(q.a, 0, 1, format);
  const Matrix m{weights, panel, 16, static_cast<int32_t>(k), format, 0};
  const auto product = [&](const uint8_t* from, size_t bytes) {
    alignas(64) float out[16];
    for (size_t at = 0; at < bytes; at += panel) multiply(m, from + at, tile, 1, out);
  };
  std::printf("%-6s k %5ld", name, static_cast<long>(k));
  for (int threads : {1, 2}) {
    std::vector<double> products, reads;
    for (int i = 0; i < kSamples; i++) {
      products.push_back(speed(weights, panel, threads, product));
      reads.push_back(speed(weights, panel, threads, read_alone));
    }
    std::printf("; %d thread%s: %.1f, reading alone %.1f", threads, threads > 1 ? "s" : "", median(products), median(reads));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  std::vector<uint8_t> memory(kBytes + 64);
  uint8_t* weights = memory.data() + (64 - reinterpret_cast<uintptr_t>(memory.data()) % 64);
  show("Q4_K", kQ4_K, 2048, weights);
  show("Q4_K", kQ4_K, 1024, weights);
  show("Q4_K", kQ4_K, 256, weights);
  show("Q5_K", kQ5_K, 2048, weights);
  show("Q6_K", kQ6_K, 2048, weights);
  show("Q5_0", kQ5_0, 1408, weights);
  show("Q8_0", kQ8_0, 1408, weights);
  return 0;
}
