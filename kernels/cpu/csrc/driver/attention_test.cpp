// Both attentions of one instruction set, whole ops, against naive double arithmetic. Exit code 0:
// right.
//
// Built for AVX-512 by default; -DPK_LEVEL=… -DPK_SIMD='"simd/….h"' … builds another level.
// Link with core/dequantize.cpp and core/matrix.cpp. `attention_test quick` leaves out the long
// ones (for qemu and sanitizers), `attention_test speed` prints times instead, and `attention_test forms`
// those of both forms of latent attention with many rows. -DPK_FEW_PRODUCTS
// builds 4 products of matrices instead of 110: sanitizers take minutes for all.
#ifndef PK_LEVEL
#define PK_LEVEL attention_test
#define PK_SIMD "simd/avx512.h"
#ifndef PK_VNNI
#define PK_VNNI 1
#endif
#ifndef PK_BF16
#define PK_BF16 1
#endif
#endif
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "body/linear.h"
#include "core/dequantize.h"
#include "driver/system.h"

#ifdef PK_FEW_PRODUCTS
namespace pk {
namespace PK_LEVEL {
// As `multiply`, one token at a time and in the formats that are used here.
inline void multiply_few(const Matrix& m, const uint8_t* panel, const Tile& tile, int tokens,
                         float* out) {
  for (int t = 0; t < tokens; t++) {
    Tile one = tile;
    one.x += t;
    one.dx += t;
    if (one.sums) one.sums += t;
    const bool two = tile.to_low != 0;
    if (m.format == kQ8_0)
      (two ? panel_product<Symmetric32<Q8_0Group>, 1, 2>
           : panel_product<Symmetric32<Q8_0Group>, 1, 1>)(panel, m.in, one, out + 16 * t);
    else if (m.format == kQ5_0)
      (two ? panel_product<Symmetric32<Q5_0Group>, 1, 2>
           : panel_product<Symmetric32<Q5_0Group>, 1, 1>)(panel, m.in, one, out + 16 * t);
    else
      std::abort();
  }
}
}  // namespace PK_LEVEL
}  // namespace pk
#define PK_MULTIPLY multiply_few
#endif

#include "body/gqa.h"
#include "body/mla.h"
#include "body/peaks.h"
#include "driver/attention_gqa_test.h"
#include "driver/attention_mla_test.h"
#include "driver/timing.h"

namespace {

// ---------------------------------------------------------------------------- speed

using driver::median;

double now() { return driver::thread_seconds(); }

// Operations a second of multiplying pairs of bfloat16 alone.
double peak() {
  const double start = now();
  return bf16_peak(200000) / (now() - start);
}

// Of one phase, in one thread.
template <class Op>
double seconds_of(const void* args, const Step& step, int phase) {
  static Bytes scratch(static_cast<int64_t>(kScratchBytes));
  const double start = now();
  const int chunks = Op::chunks(args, step, phase);
  for (int i = 0; i < chunks; i++) {
    Worker worker;
    worker.begin(scratch.as<char>(), !step.few());
    Op::run(args, step, phase, i, worker);
    worker.commit();
  }
  return now() - start;
}

// Milliseconds of each phase and of all, in one thread, and the share of the peak beside it.
template <class Op>
void time_op(const char* name, const void* args, const Step& step, double operations, int times) {
  const int phases = Op::phases(args, step.few());
  std::vector<Doubles> each(phases);
  Doubles all, share;
  for (int time = 0; time < times; time++) {
    const double best = peak();
    double total = 0;
    for (int phase = 0; phase < phases; phase++) {
      each[phase].push_back(seconds_of<Op>(args, step, phase));
      total += each[phase].back();
    }
    all.push_back(total);
    share.push_back(operations / total / best);
  }
  std::printf("%-44s %9.3f ms, %.2f of bf16 peak; phases", name, median(all) * 1e3, median(share));
  for (const Doubles& phase : each) std::printf(" %.3f", median(phase) * 1e3);
  std::printf("\n");
}

void show_speed() {
  std::printf("bf16 peak %.0f GFLOPS\n", peak() * 1e-9);
  for (int heads : {16, 8}) {
    const MlaShape s{heads, 128, 64, 512, 128, kQ8_0, kQ8_0, false, true, 4736, 512};
    MlaCase c(s, 4700);
    MlaRun run(c);
    run.fill(4608);
    Floats out(static_cast<size_t>(512 * run.out_stride) + 16);
    for (int rows : {1, 4, 64, 512}) {
      for (int past : {0, 1024, 4096}) {
        const MlaArgs a = c.args(run.cache.as<uint16_t>(), run.work.as<uint8_t>(), out.data(),
                                 run.out_stride, past);
        const Step step = step_of(rows, past);
        const double scores = double(heads) * rows * (past + 0.5 * (rows + 1));
        const double operations = 2 * scores * (mla_expands(a, step) ? 320 : 1088);
        char name[100];
        std::snprintf(name, sizeof name, "mla %d heads, %d on %d%s", heads, rows, past,
                      mla_expands(a, step) ? ", expanded" : "");
        time_op<Mla>(name, &a, step, operations, rows > 8 ? 3 : 15);
      }
    }
  }
  for (auto [heads, kv_heads, dim] : {std::array{9, 3, 64}, std::array{32, 8, 128}}) {
    const GqaShape s{heads, kv_heads, dim, dim, false, false, 4736, 512};
    GqaCase c(s, 4700);
    GqaRun run(c);
    run.fill(4608);
    Floats out(static_cast<size_t>(512 * run.out_stride));
    for (int rows : {1, 4, 512}) {
      for (int past : {0, 1024, 4096}) {
        const GqaArgs a = run.args(out.data(), 0);
        const double scores = double(heads) * rows * (past + 0.5 * (rows + 1));
        char name[100];
        std::snprintf(name, sizeof name, "gqa %d/%d heads of %d, %d on %d", heads, kv_heads, dim,
                      rows, past);
        time_op<Gqa>(name, &a, step_of(rows, past), 4 * scores * dim, rows > 8 ? 3 : 15);
      }
    }
  }
}

// Both forms in turns, and what the rule's choice takes of the other's time.
void show_forms() {
  for (int heads : {16, 128}) {
    const MlaShape s{heads, 128, 64, 512, 128, kQ8_0, kQ8_0, false, true, 4736, 512};
    MlaCase c(s, 4700);
    MlaRun run(c);
    run.fill(4608);
    Floats out(static_cast<size_t>(512 * run.out_stride) + 16);
    for (int past : {0, 256, 1024, 4096}) {
      for (int rows : {16, 32, 64, 96, 128, 192, 256, 512}) {
        MlaArgs a = c.args(run.cache.as<uint16_t>(), run.work.as<uint8_t>(), out.data(),
                           run.out_stride, past);
        const Step step = step_of(rows, past);
        if (rows > mla_most_absorbed(a)) continue;  // there is no choice
        const bool chosen = mla_expands(a, step);
        Doubles took[2], ratio;
        for (int time = 0; time < (heads > 16 ? 3 : 7); time++) {
          double both[2];
          for (int turn = 0; turn < 2; turn++) {
            const int form = (time + turn) % 2;
            a.form = form + 1;
            both[form] = 0;
            for (int phase = 0; phase < Mla::phases(&a, step.few()); phase++)
              both[form] += seconds_of<Mla>(&a, step, phase);
            took[form].push_back(both[form]);
          }
          ratio.push_back(both[0] / both[1]);
        }
        const double absorbed_to_expanded = median(ratio);
        const double costs = chosen ? 1 / absorbed_to_expanded : absorbed_to_expanded;
        std::printf("%3d heads, %3d on %4d: absorbed %8.2f ms, expanded %8.2f, ratio %.2f; chosen %s, %.2f\n",
                    heads, rows, past, median(took[0]) * 1e3, median(took[1]) * 1e3, absorbed_to_expanded,
                    chosen ? "expanded" : "absorbed", costs);
      }
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 1 ? arguments[1] : "";
  if (mode == "speed") {
    show_speed();
    return 0;
  }
  if (mode == "forms") {
    show_forms();
    return 0;
  }
  test_panel_values();
  test_mla(mode == "quick");
  if (mode != "quick") test_mla_long();
  test_gqa(mode == "quick");
  std::printf("attention: %d failures; largest relative error of a row: mla %.4f, %.4f with "
              "activations of one int8; gqa %.4f\n", failures, worst_float, worst_int8, worst_gqa);
  return failures ? 1 : 0;
}
