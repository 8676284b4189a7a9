// Each build says what it needs; what the processor and the system offer is asked once.
//
// Nothing here, nor anything that is called before a level was chosen, may be compiled with
// more than the plainest instruction set.
#include "core/levels.h"

#include <cstring>

#include "core/features.h"

namespace pk {

#define PK_DECLARE(name) const LevelTable* level_##name()
#if PK_HAVE_BASELINE
PK_DECLARE(baseline);
#endif
#if PK_HAVE_AVX2
PK_DECLARE(avx2);
#endif
#if PK_HAVE_AVXVNNI
PK_DECLARE(avxvnni);
#endif
#if PK_HAVE_AVXVNNI_TWIN
PK_DECLARE(avxvnni_twin);
#endif
#if PK_HAVE_AVX512
PK_DECLARE(avx512);
#endif
#if PK_HAVE_AVX512VNNI
PK_DECLARE(avx512vnni);
#endif
#if PK_HAVE_AVX512BF16
PK_DECLARE(avx512bf16);
#endif
#if PK_HAVE_NEON
PK_DECLARE(neon);
#endif
#if PK_HAVE_NEON_DOTPROD
PK_DECLARE(neon_dotprod);
#endif
#if PK_HAVE_NEON_I8MM
PK_DECLARE(neon_i8mm);
#endif
#undef PK_DECLARE

namespace {

constexpr uint32_t kAvx2Needs = kAvx2 | kFma | kF16c | kBmi | kBmi2;
constexpr uint32_t kAvx512Needs = kAvx2Needs | kAvx512f | kAvx512bw | kAvx512dq | kAvx512vl;

// A level's table is null where it may not run: the function that gives it is compiled for it.
LevelChoice choice(const char* name, uint32_t needs, const LevelTable* (*table)()) {
  const char* missing = lacking(machine_features(), needs);
  return {missing ? nullptr : table(), name, missing};
}

// Best first. The twin runs on AVX-512 machines only and is there to be tested: it comes last,
// after the plainest, so that nobody is given it unasked.
struct Choices {
  LevelChoice all[10];
  int count = 0;
  void add(const char* name, uint32_t needs, const LevelTable* (*table)()) {
    all[count++] = choice(name, needs, table);
  }
  Choices() {
#if PK_HAVE_AVX512BF16
    add("avx512bf16", kAvx512Needs | kAvx512vnni | kAvx512bf16, level_avx512bf16);
#endif
#if PK_HAVE_AVX512VNNI
    add("avx512vnni", kAvx512Needs | kAvx512vnni, level_avx512vnni);
#endif
#if PK_HAVE_AVX512
    add("avx512", kAvx512Needs, level_avx512);
#endif
#if PK_HAVE_AVXVNNI
    add("avxvnni", kAvx2Needs | kAvxVnni, level_avxvnni);
#endif
#if PK_HAVE_AVX2
    add("avx2", kAvx2Needs, level_avx2);
#endif
#if PK_HAVE_BASELINE
    add("baseline", 0, level_baseline);
#endif
#if PK_HAVE_AVXVNNI_TWIN
    add("avxvnni_twin", kAvx2Needs | kAvx512f | kAvx512vl | kAvx512vnni, level_avxvnni_twin);
#endif
#if PK_HAVE_NEON_I8MM
    add("neon_i8mm", kDotprod | kI8mm, level_neon_i8mm);
#endif
#if PK_HAVE_NEON_DOTPROD
    add("neon_dotprod", kDotprod, level_neon_dotprod);
#endif
#if PK_HAVE_NEON
    add("neon", 0, level_neon);
#endif
  }
};

const Choices& choices() {
  static const Choices made;
  return made;
}

}  // namespace

const LevelChoice* levels(int& count) {
  count = choices().count;
  return choices().all;
}

const LevelTable* best_level() {
  for (int i = 0; i < choices().count; i++)
    if (choices().all[i].table) return choices().all[i].table;
  return nullptr;
}

const LevelTable* level_named(const char* name) {
  for (int i = 0; i < choices().count; i++)
    if (std::strcmp(choices().all[i].name, name) == 0) return choices().all[i].table;
  return nullptr;
}

}  // namespace pk
