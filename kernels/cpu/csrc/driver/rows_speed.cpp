// Times of the row-wise ops and of sampling on one thread.
//
// Levels as in rows_test.cpp. Link with core/dequantize.cpp, core/matrix.cpp, core/sampling.cpp.
#include <chrono>

#include "core/sampling.h"
#include "driver/testing.h"

namespace {

using namespace driver;

template <class F>
void time(const char* what, F work) {
  double best = 1e30;
  for (int round = 0; round < 9; round++) {
    const auto start = std::chrono::steady_clock::now();
    int times = 0;
    double us = 0;
    for (; us < 2000;
         us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
                  .count())
      for (int i = 0; i < 4; i++, times++) work();
    best = std::min(best, us / times);
  }
  std::printf("%-44s %8.2f us\n", what, best);
}

void time_norm(int rows, int width, uint32_t needs, bool direct) {
  const Floats x = random_values(size_t(rows) * width, 1), weight = random_values(width, 2);
  OwnedActivations q(width, int32_t(round_up(rows, 48)), needs);
  NormArgs args{};
  args.x = x.data();
  args.weight = weight.data();
  args.q = &q.a;
  args.x_stride = args.width = width;
  args.eps = 1e-6f;
  Step step;
  step.rows = rows;
  char what[64];
  std::snprintf(what, sizeof what, "norm + quantize %d x %d%s%s", rows, width,
                needs == all_needs(width) ? ", all sums" : "", direct ? "" : ", scratch");
  time(what, [&] { run<Norm>(&args, step, direct); });
}

void speed() {
  for (bool direct : {true, false})
    for (int rows : {1, 2, 4, 8}) time_norm(rows, 2048, kSumsMinima | kSums16x32, direct);
  time_norm(1, 7168, kSumsMinima | kSums16x32, true);
  time_norm(1, 2048, all_needs(2048), true);
  time_norm(1, 10944, kSums32x16 | kSums32x128, true);
  time_norm(48, 2048, kSumsMinima | kSums16x32, true);
  time_norm(512, 2048, kSumsMinima | kSums16x32, true);
  {
    const Floats x = random_values(2048, 1);
    OwnedActivations q(2048, kCapacity, kSumsMinima);
    time("quantize 2048", [&] { quantize_token(x.data(), q.a, 0, 0, 1); });
    time("quantize 2048 into a tile", [&] { quantize_token(x.data(), q.a, 0, 3, kTile); });
  }
  for (int experts : {64, 256}) {
    RouterArgs args = experts == 64 ? router_args(64, 6, 1, 1) : router_args(256, 8, 8, 4);
    args.logits_stride = experts;
    args.sigmoid = args.sum_two = experts == 256;
    const Floats logits = random_values(experts, 1);
    Routed r{std::vector<int32_t>(8), Floats(8)};
    args.logits = logits.data();
    args.chosen = r.chosen.data();
    args.weights = r.weights.data();
    Step step;
    step.rows = 1;
    time(experts == 64 ? "router 6 of 64" : "router 8 of 256 in groups",
         [&] { run<Router>(&args, step, true); });
  }
  for (int32_t format : {kQ4_K, kQ6_K, kQ8_0}) {
    const std::vector<uint8_t> panels = random_panels(format, 2048, 1);
    const Matrix m{panels.data(), panel_bytes(format, 2048), 16, 2048, format, 0};
    Floats out(2048);
    time("embedding of 2048", [&] { dequantize_row(m, 3, out.data()); });
  }
  const Floats logits = random_values(200000, 1, 4.0f);
  std::vector<int64_t> ids(1024);
  Floats values(1024);
  for (int k : {40, 1024})
    time(k == 40 ? "top 40 of 200000" : "top 1024 of 200000",
         [&] { pk_top_k(logits.data(), 200000, k, ids.data(), values.data()); });
  Floats gate = random_values(1408, 1), h(1408);
  time("silu of 1408", [&] {
    for (int i = 0; i < 1408; i += 16) store(&h[i], silu(load(&gate[i])));
  });
}

}  // namespace

int main() {
  speed();
  return 0;
}
