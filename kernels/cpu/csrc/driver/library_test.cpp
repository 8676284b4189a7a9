// The library as it is shipped, loaded as Python loads it: every function of pk.h is there and
// answers, every level computes, a pool runs. Exit code 0: right.
//
// `library_test PATH`; `library_test PATH speed` prints what each level reaches, too.
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include <cstdio>
#include <cstring>
#include <vector>

#include "pk.h"
#include "quantize/quantize.h"

namespace {

int failures = 0;

void* find(const char* library, const char* name) {
#if defined(_WIN32)
  // Nothing but the system's own folders and the library's is searched.
  static HMODULE loaded =
      LoadLibraryExA(library, nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  void* found = loaded ? reinterpret_cast<void*>(GetProcAddress(loaded, name)) : nullptr;
#else
  static void* loaded = dlopen(library, RTLD_NOW);
  void* found = loaded ? dlsym(loaded, name) : nullptr;
#endif
  if (!found) {
    failures++;
    std::printf("%s of %s is missing\n", name, library);
  }
  return found;
}

void expect(bool right, const char* what) {
  if (right) return;
  failures++;
  std::printf("wrong: %s\n", what);
}

#define FROM(library, name) reinterpret_cast<decltype(&name)>(find(library, #name))

void check_all_there(const char* library) {
  for (const char* name :
       {"pk_interface_version", "pk_error", "pk_level_count", "pk_level_name", "pk_level_missing",
        "pk_pool_new", "pk_pool_free", "pk_pool_threads", "pk_pool_redone", "pk_pool_disturb",
        "pk_pool_quiesce", "pk_plan_new", "pk_plan_free", "pk_plan_level", "pk_plan_held_bytes",
        "pk_plan_memory", "pk_plan_activations", "pk_plan_add", "pk_plan_end_section", "pk_plan_run",
        "pk_panel_bytes", "pk_top_k", "pk_measure_read", "pk_measure_int8", "pk_measure_bf16",
        "pk_quantize", "pk_quantize_row_bytes"})
    find(library, name);
}

void check_answers(const char* library) {
  expect(FROM(library, pk_interface_version)() == PK_INTERFACE_VERSION, "the interface's version");
  const float logits[] = {1, 5, 5, -2};
  int64_t ids[2];
  float values[2];
  expect(FROM(library, pk_top_k)(logits, 4, 2, ids, values) == 2 && ids[0] == 1 && ids[1] == 2, "the greatest logits");
  expect(FROM(library, pk_plan_new)("abacus", 1) == nullptr, "a plan of a level that there is not");
  expect(std::strlen(FROM(library, pk_error)()) > 0, "why there is none");
  void* plan = FROM(library, pk_plan_new)(nullptr, 4);
  auto* memory = plan ? static_cast<char*>(FROM(library, pk_plan_memory)(plan, 5 << 20)) : nullptr;
  expect(memory && memory[0] == 0 && memory[(5 << 20) - 1] == 0, "a plan's memory");
  if (plan) FROM(library, pk_plan_free)(plan);
}

void check_levels(const char* library, void* pool, bool tell_speed) {
  const int count = FROM(library, pk_level_count)();
  expect(count > 0, "the levels");
  for (int i = 0; i < count; i++) {
    const char* name = FROM(library, pk_level_name)(i);
    if (const char* missing = FROM(library, pk_level_missing)(i)) {
      std::printf("%s: not run, %s\n", name, missing);
      continue;
    }
    const double int8 = FROM(library, pk_measure_int8)(pool, name, 2'000'000);
    const double bf16 = FROM(library, pk_measure_bf16)(pool, name, 2'000'000);
    expect(int8 > 0 && bf16 > 0, name);
    if (tell_speed) std::printf("%s: int8 %.0f, bf16 %.0f GOPS\n", name, int8 * 1e-9, bf16 * 1e-9);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const char* library = arguments[1];
  check_all_there(library);
  if (failures) return 1;
  check_answers(library);
  void* pool = FROM(library, pk_pool_new)(2);
  expect(FROM(library, pk_pool_threads)(pool) == 2, "a pool's threads");
  std::vector<char> bytes(64 << 20, 1);
  const double read = FROM(library, pk_measure_read)(pool, bytes.data(), static_cast<int64_t>(bytes.size()));
  expect(read > 0, "reading memory");
  check_levels(library, pool, count > 2);
  FROM(library, pk_pool_free)(pool);
  std::printf("the library: %s\n", failures ? "WRONG" : "right");
  return failures != 0;
}
