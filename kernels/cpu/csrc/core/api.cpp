// pk.h over the C++ inside.
#include <chrono>
#include <new>
#include <string>

#include "core/plan.h"
#include "core/pool.h"
#include "pk.h"

namespace {

thread_local std::string g_error;

int fail(const char* why) {
  g_error = why;
  return 0;
}

const pk::LevelTable* level_of(const char* name) {
  return name && *name ? pk::level_named(name) : pk::best_level();
}

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A run of one phase whose chunks are a function of their number.
struct Measurement {
  int chunks;
  const char* data = nullptr;
  int64_t bytes = 0;
  double (*peak)(int64_t) = nullptr;
  int64_t rounds = 0;
  mutable std::atomic<double> operations{0};
  mutable std::atomic<uint64_t> sum{0};

  static int phases(const void*, bool) { return 1; }
  static int count(const void* args, const pk::Step&, int) { return static_cast<const Measurement*>(args)->chunks; }
  static void run(const void* args, const pk::Step&, int, int chunk, pk::Worker&) {
    const auto& m = *static_cast<const Measurement*>(args);
    if (m.peak) {
      const double done = m.peak(m.rounds);
      double old = m.operations.load();
      while (!m.operations.compare_exchange_weak(old, old + done)) {
      }
      return;
    }
    const int64_t words = m.bytes / 8 / m.chunks;
    const auto* p = reinterpret_cast<const uint64_t*>(m.data) + words * chunk;
    uint64_t a = 0, b = 0, c = 0, d = 0;
    for (int64_t i = 0; i + 4 <= words; i += 4) {
      a += p[i];
      b += p[i + 1];
      c += p[i + 2];
      d += p[i + 3];
    }
    m.sum += a + b + c + d;
  }
};
constexpr pk::OpImpl kMeasurement{Measurement::phases, Measurement::count, Measurement::run};

double time_of(pk::Pool& pool, const Measurement& m) {
  const pk::PhaseRef phase{&kMeasurement, &m, 0};
  pk::Step step;
  step.rows = pk::kFewRows + 1;  // chunks run once each
  const double started = seconds();
  pool.run(&phase, 1, step);
  return seconds() - started;
}

}  // namespace

extern "C" {

int pk_interface_version(void) { return PK_INTERFACE_VERSION; }
const char* pk_error(void) { return g_error.c_str(); }

int pk_level_count(void) {
  int count = 0;
  pk::levels(count);
  return count;
}
const char* pk_level_name(int index) {
  int count = 0;
  const pk::LevelChoice* all = pk::levels(count);
  return index >= 0 && index < count ? all[index].name : nullptr;
}
const char* pk_level_missing(int index) {
  int count = 0;
  const pk::LevelChoice* all = pk::levels(count);
  return index >= 0 && index < count ? all[index].missing : "there is no such build";
}

void* pk_pool_new(int threads) {
  try {
    return new pk::Pool(threads);
  } catch (const std::exception&) {  // no memory, or no thread
    fail("the system has no memory or threads left");
    return nullptr;
  }
}
void pk_pool_free(void* pool) { delete static_cast<pk::Pool*>(pool); }
int pk_pool_threads(const void* pool) { return static_cast<const pk::Pool*>(pool)->threads(); }
int64_t pk_pool_redone(const void* pool) { return static_cast<const pk::Pool*>(pool)->redone(); }
void pk_pool_disturb(void* pool, int thread, int every, int microseconds) {
  static_cast<pk::Pool*>(pool)->disturb(thread, every, microseconds);
}
void pk_pool_quiesce(void* pool) { static_cast<pk::Pool*>(pool)->quiesce(); }

void* pk_plan_new(const char* level, int max_rows) {
  const pk::LevelTable* table = level_of(level);
  if (!table) {
    fail(level && *level ? "this processor can't run kernels of that name, or there are none"
                         : "this processor lacks what the kernels need");
    return nullptr;
  }
  if (max_rows < 1) {
    fail("a plan needs at least one row");
    return nullptr;
  }
  return new (std::nothrow) pk::Plan(*table, max_rows);
}
void pk_plan_free(void* plan) { delete static_cast<pk::Plan*>(plan); }
const char* pk_plan_level(const void* plan) { return static_cast<const pk::Plan*>(plan)->level().name; }
size_t pk_plan_held_bytes(const void* plan) { return static_cast<const pk::Plan*>(plan)->held_bytes(); }
void* pk_plan_memory(void* plan, size_t bytes) { return static_cast<pk::Plan*>(plan)->memory(bytes); }
void* pk_plan_activations(void* plan, int k, int parts) {
  void* made = static_cast<pk::Plan*>(plan)->activations(k, parts, 0);
  if (!made) fail("activations must be a multiple of 16 wide");
  return made;
}
int pk_plan_add(void* plan, int op, const void* args, size_t bytes) {
  return static_cast<pk::Plan*>(plan)->add(op, args, bytes, g_error);
}
int pk_plan_end_section(void* plan) {
  static_cast<pk::Plan*>(plan)->end_section();
  return 1;
}
int pk_plan_run(void* plan, void* pool, const int64_t* tokens, int rows, int past, int first_wanted,
                int wanted, int first, int last) {
  auto& p = *static_cast<pk::Plan*>(plan);
  if (rows < 1 || rows > p.max_rows() || past < 0) return fail("a step of that many rows was not planned for");
  if (first_wanted < 0 || wanted < 0 || first_wanted + wanted > rows) return fail("logits of rows that are not there");
  if (first < 0 || last > p.sections() || first > last) return fail("there are no such sections");
  pk::Step step;
  step.rows = rows;
  step.past = past;
  step.first_wanted = first_wanted;
  step.wanted = wanted;
  step.tokens = p.keep(tokens, rows);
  if (!step.tokens) return fail("there is no memory left");
  int count = 0;
  const pk::PhaseRef* phases = p.phases(step.few(), first, last, count);
  static_cast<pk::Pool*>(pool)->run(phases, count, step);
  return 1;
}

int64_t pk_panel_bytes(int format, int64_t k) { return pk::panel_bytes(format, k); }

double pk_measure_read(void* pool, const void* data, int64_t bytes) {
  auto& threads = *static_cast<pk::Pool*>(pool);
  Measurement m{threads.threads() * 8};
  m.data = static_cast<const char*>(data);
  m.bytes = bytes;
  return static_cast<double>(bytes) / time_of(threads, m);
}

static double measure_peak(void* pool, double (*peak)(int64_t), int64_t rounds) {
  if (!peak) return 0.0;
  auto& threads = *static_cast<pk::Pool*>(pool);
  Measurement m{threads.threads()};
  m.peak = peak;
  m.rounds = rounds;
  const double taken = time_of(threads, m);
  return m.operations.load() / taken;
}
double pk_measure_int8(void* pool, const char* level, int64_t rounds) {
  const pk::LevelTable* table = level_of(level);
  return table ? measure_peak(pool, table->int8_peak, rounds) : 0.0;
}
double pk_measure_bf16(void* pool, const char* level, int64_t rounds) {
  const pk::LevelTable* table = level_of(level);
  return table ? measure_peak(pool, table->bf16_peak, rounds) : 0.0;
}

}  // extern "C"
