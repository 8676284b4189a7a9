// Latent attention as a whole op, against keys and values made in double.
#pragma once
#include "driver/attention_support.h"

namespace {

double worst_float = 0, worst_int8 = 0;

struct MlaShape {
  int heads, nope, rope, latent, value;
  int32_t k_format, v_format;
  bool by_nope, interleaved;
  int64_t capacity;
  int max_rows;
  int parts = 1;
};

// One layer with inputs for every position, so that any step can be cut from it.
struct MlaCase {
  MlaShape shape;
  std::vector<Packed> keys, values;
  std::vector<Matrix> k_b, v_b;
  RopeTables tables;
  Floats norm, q, kv;
  int64_t positions, q_stride, kv_stride;
  int form = 0;

  MlaCase(const MlaShape& s, int64_t count)
      : shape(s),
        tables(s.capacity, s.rope),
        norm(random_values(s.latent, 0.2f)),
        positions(count) {
    for (float& w : norm) w += 1.0f;
    for (int h = 0; h < s.heads; h++) {
      keys.push_back(s.by_nope ? packed_matrix(s.k_format, s.nope, s.latent)
                               : packed_matrix(s.k_format, s.latent, s.nope));
      values.push_back(packed_matrix(s.v_format, s.value, s.latent));
    }
    for (int h = 0; h < s.heads; h++) {
      k_b.push_back(keys[h].m);
      v_b.push_back(values[h].m);
    }
    q_stride = s.heads * (s.nope + s.rope) + 5;
    kv_stride = s.latent + s.rope + 3;
    q = random_values(static_cast<size_t>(count * q_stride) + 16);
    kv = random_values(static_cast<size_t>(count * kv_stride) + 16, 0.7f);
  }

  MlaArgs args(uint16_t* cache, uint8_t* work, float* out, int64_t out_stride,
               int64_t first_row) const {
    const MlaShape& s = shape;
    MlaArgs a{};
    a.q = q.data() + first_row * q_stride;
    a.kv = kv.data() + first_row * kv_stride;
    a.latent_norm = norm.data();
    a.cos = tables.cos.data();
    a.sin = tables.sin.data();
    a.k_b = k_b.data();
    a.v_b = v_b.data();
    a.cache = cache;
    a.out = out;
    a.work = work;
    a.q_stride = q_stride;
    a.kv_stride = kv_stride;
    a.out_stride = out_stride;
    a.capacity = s.capacity;
    a.max_rows = s.max_rows;
    a.heads = s.heads;
    a.nope = s.nope;
    a.rope = s.rope;
    a.latent = s.latent;
    a.value = s.value;
    a.interleaved = s.interleaved;
    a.keys_by_nope = s.by_nope;
    a.parts = s.parts;
    a.form = form;
    a.eps = 1e-6f;
    a.scale = 0.6f / std::sqrt(static_cast<float>(s.nope + s.rope));  // scores of about 1.5
    return a;
  }
};

// A cache and work space of its own.
struct MlaRun {
  const MlaCase& c;
  Bytes cache, work;
  int64_t width, out_stride;

  explicit MlaRun(const MlaCase& of)
      : c(of), cache(mla_cache_bytes(of.args(nullptr, nullptr, nullptr, 0, 0))),
        work(mla_work_bytes(of.args(nullptr, nullptr, nullptr, 0, 0))),
        width(int64_t{of.shape.heads} * of.shape.value), out_stride(width + 7) {}

  Floats step(int rows, int past, Order order = Order::kForward, bool direct = true) {
    Floats out(static_cast<size_t>(rows * out_stride) + 16, -77.0f);
    // Copies, so that a sanitizer sees whoever reads another step's rows.
    const Floats q(c.q.begin() + past * c.q_stride, c.q.begin() + (past + rows) * c.q_stride);
    const Floats kv(c.kv.begin() + past * c.kv_stride, c.kv.begin() + (past + rows) * c.kv_stride);
    MlaArgs a = c.args(cache.as<uint16_t>(), work.as<uint8_t>(), out.data(), out_stride, past);
    a.q = q.data();
    a.kv = kv.data();
    run<Mla>(&a, step_of(rows, past), order, direct);
    for (int r = 0; r < rows; r++)
      for (int64_t i = width; i < out_stride; i++)
        expect(out[r * out_stride + i] == -77.0f, "mla wrote beside its output");
    return out;
  }
  // The cache as if positions 0 … count - 1 had been appended: phase 0's first chunks do that.
  void fill(int64_t count) {
    static Bytes scratch(static_cast<int64_t>(kScratchBytes));
    for (int64_t past = 0; past < count; past += 64) {
      const MlaArgs a = c.args(cache.as<uint16_t>(), work.as<uint8_t>(), nullptr, 0, past);
      const Step step =
          step_of(static_cast<int>(std::min<int64_t>(count - past, 64)), static_cast<int>(past));
      for (int i = 0; i < ceil_div(step.rows, step.few() ? 1 : 8); i++) {
        Worker worker;
        worker.begin(scratch.as<char>(), true);
        Mla::run(&a, step, 0, i, worker);
      }
    }
  }
};

// Every head's keys and values from the latents, in double: the rows from `past` on.
Doubles mla_reference(const MlaCase& c, int rows, int past) {
  const MlaShape& s = c.shape;
  const MlaArgs a = c.args(nullptr, nullptr, nullptr, 0, 0);
  const int positions = past + rows, width = s.latent + s.rope;
  std::vector<Doubles> cached(positions);
  for (int p = 0; p < positions; p++) {
    cached[p].assign(c.kv.data() + p * c.kv_stride, c.kv.data() + p * c.kv_stride + width);
    normalise(cached[p].data(), c.norm.data(), s.latent, 1e-6);
    turn(cached[p].data() + s.latent, c.tables, p, s.rope, s.interleaved);
  }
  Doubles out(static_cast<size_t>(rows) * s.heads * s.value);
  for (int h = 0; h < s.heads; h++) {
    const Floats& kb = c.keys[h].values;
    const Floats& vb = c.values[h].values;
    for (int r = 0; r < rows; r++) {
      const float* x = c.q.data() + (past + r) * c.q_stride + h * (s.nope + s.rope);
      Doubles q(x, x + s.nope + s.rope), absorbed(width);
      turn(q.data() + s.nope, c.tables, past + r, s.rope, s.interleaved);
      for (int d = 0; d < s.latent; d++)
        for (int n = 0; n < s.nope; n++)
          absorbed[d] +=
              q[n] * (s.by_nope ? kb[size_t(n) * s.latent + d] : kb[size_t(d) * s.nope + n]);
      for (int i = 0; i < s.rope; i++) absorbed[s.latent + i] = q[s.nope + i];
      Doubles scores(past + r + 1), mixed(s.latent);
      for (int p = 0; p <= past + r; p++) {
        for (int d = 0; d < width; d++) scores[p] += absorbed[d] * cached[p][d];
        scores[p] *= a.scale;
      }
      softmax_mix(scores, s.latent, [&](size_t p, int d) { return cached[p][d]; }, mixed.data());
      for (int v = 0; v < s.value; v++) {
        double sum = 0;
        for (int d = 0; d < s.latent; d++) sum += mixed[d] * vb[size_t(v) * s.latent + d];
        out[(size_t(r) * s.heads + h) * s.value + v] = sum;
      }
    }
  }
  return out;
}

std::string named(const MlaShape& s, int rows, int past) {
  char text[200];
  std::snprintf(
      text, sizeof text,
      "mla heads %d nope %d rope %d latent %d value %d formats %d %d%s%s, parts %d: %d rows on %d",
      s.heads, s.nope, s.rope, s.latent, s.value, s.k_format, s.v_format,
      s.by_nope ? " by nope" : "", s.interleaved ? " interleaved" : "", s.parts, rows, past);
  return text;
}

// int8 activations cost 0.006 of a product's size each, and a score's error acts as many times
// as the score is large.
bool rounded_to_int8(const MlaShape& s) {
  return s.parts == 1 && !(is_float(s.k_format) && is_float(s.v_format));
}
double tolerance(const MlaShape& s) { return rounded_to_int8(s) ? 2e-2 : 1e-2; }

void check_mla(const MlaCase& c, MlaRun& run, int rows, int past) {
  const std::string name = named(c.shape, rows, past);
  if (past) run.fill(past);
  const Floats out = run.step(rows, past);
  const Doubles wanted = mla_reference(c, rows, past);
  for (int r = 0; r < rows; r++) {
    const double error =
        relative_error(out.data() + r * run.out_stride, wanted.data() + r * run.width, run.width);
    double& worst = rounded_to_int8(c.shape) ? worst_int8 : worst_float;
    worst = std::max(worst, error);
    expect(error < tolerance(c.shape), "%s: row %d is wrong by %.4f", name.c_str(), r, error);
  }
  const Floats again = run.step(rows, past, Order::kBackwardTwice, rows > kFewRows);
  expect(std::memcmp(out.data(), again.data(), out.size() * 4) == 0,
         "%s: chunks twice and backwards differ", name.c_str());
}

// Rows together, then each alone, with the next ones' numbers spoilt: the same bits.
void check_mla_rows(MlaCase& c, MlaRun& run, int rows, int past) {
  const std::string name = named(c.shape, rows, past);
  run.fill(past);
  const Floats together = run.step(rows, past, Order::kBackwardTwice, false);
  std::vector<uint8_t> cached(
      run.cache.as<uint8_t>(),
      run.cache.as<uint8_t>() + (past + rows) * 2 * (c.shape.latent + c.shape.rope));
  MlaRun other(c);
  if (past) other.fill(past);
  for (int r = 0; r < rows; r++) {
    const Floats alone = other.step(1, past + r);
    expect(std::memcmp(alone.data(), together.data() + r * run.out_stride, run.width * 4) == 0,
           "%s: row %d alone has other bits", name.c_str(), r);
  }
  expect(std::memcmp(cached.data(), other.cache.as<uint8_t>(), cached.size()) == 0,
         "%s: another cache", name.c_str());
  if (rows < 2) return;
  const Floats kv = c.kv, q = c.q;
  std::fill(c.kv.begin() + (past + rows - 1) * c.kv_stride,
            c.kv.begin() + (past + rows) * c.kv_stride, NAN);
  std::fill(c.q.begin() + (past + rows - 1) * c.q_stride, c.q.begin() + (past + rows) * c.q_stride,
            NAN);
  const Floats spoilt = run.step(rows, past, Order::kForward, false);
  for (int r = 0; r + 1 < rows; r++)
    expect(std::memcmp(spoilt.data() + r * run.out_stride, together.data() + r * run.out_stride,
                       run.width * 4) == 0,
           "%s: row %d sees a later row's NaN", name.c_str(), r);
  c.kv = kv;
  c.q = q;
}

void test_mla(bool quick) {
  const MlaShape shapes[] = {
      // heads nope rope latent value k_b v_b by_nope interleaved capacity max_rows
      {1, 16, 2, 16, 16, kF32, kF32, false, false, 700, 256},
      {3, 32, 8, 48, 24, kF32, kF32, true, true, 700, 256},
      {16, 64, 64, 128, 64, kQ8_0, kQ5_0, false, true, 700, 256},
      {8, 128, 64, 512, 128, kQ8_0, kQ8_0, false, true, 700, 256},
      {20, 32, 6, 64, 40, kQ5_0, kQ8_0, true, false, 700, 256},
      {16, 64, 64, 128, 64, kQ5_0, kQ8_0, false, true, 700, 256, 2},
      {7, 48, 4, 32, 16, kF32, kQ8_0, false, true, 700, 256},
      {33, 32, 0, 32, 32, kQ5_0, kQ5_0, false, false, 700, 256},
  };
  for (const MlaShape& s : shapes) {
    MlaCase c(s, 600);
    MlaRun run(c);
    const bool large = s.latent * s.heads > 2000;
    for (int past : {0, 1, 15, 16, 17, 127, 128, 255, 256, 257}) {
      if ((quick || large) && past > 17 && past != 256) continue;
      for (int rows : {1, 8, 9}) check_mla(c, run, rows, past);
      check_mla_rows(c, run, past % 2 ? 3 : 8, past);
    }
    if (quick) continue;
    for (int past : {0, 17, 300}) check_mla(c, run, past == 17 ? 151 : 200, past);
    check_mla(c, run, 12, 400);
    check_mla(c, run, 40, 440);
    for (int form : {1, 2}) {  // the one that is more work, too
      c.form = form;
      check_mla(c, run, 40, 0);
      check_mla(c, run, 12, 400);
    }
  }
}

// Enough positions for blocks of 256 and for a limit on the heads that are expanded at once.
void test_mla_long() {
  const MlaShape s{3, 256, 16, 512, 256, kF32, kF32, false, true, 32768, 64};
  MlaCase c(s, 2600);
  MlaRun run(c);
  expect(mla_head_groups(c.args(nullptr, nullptr, nullptr, 0, 0)) == 2,
         "two groups of heads are wanted");
  for (int past : {2040, 2560}) check_mla_rows(c, run, 8, past);
  check_mla(c, run, 2, 2560);
  expect(mla_expands(c.args(nullptr, nullptr, nullptr, 0, 0), step_of(60, 2)),
         "60 rows on 2 expand");
  expect(!mla_expands(c.args(nullptr, nullptr, nullptr, 0, 0), step_of(9, 2500)),
         "9 rows on 2500 are absorbed");
  check_mla(c, run, 60, 2);
  check_mla(c, run, 9, 2500);
}

}  // namespace
