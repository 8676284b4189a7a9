// cpuid and XCR0 (Intel SDM vol. 1, 13.2 and vol. 2A, CPUID); AT_HWCAP and sysctl on ARM.
#include "core/features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace pk {
namespace {

constexpr uint32_t kOfYmm = kAvx2 | kFma | kF16c | kAvxVnni;
constexpr uint32_t kOfZmm = kAvx512f | kAvx512bw | kAvx512dq | kAvx512vl | kAvx512vnni | kAvx512bf16;

// In the order in which they are told: the plainest that is missing says most.
struct Name {
  uint32_t bit;
  const char* absent;
  const char* unsaved;
};
constexpr Name kNames[] = {
    {kAvx2, "this processor has no AVX2", "the system does not save AVX registers"},
    {kFma, "this processor has no FMA", "the system does not save AVX registers"},
    {kF16c, "this processor has no F16C", "the system does not save AVX registers"},
    {kBmi, "this processor has no BMI1", nullptr},
    {kBmi2, "this processor has no BMI2", nullptr},
    {kAvxVnni, "this processor has no AVX-VNNI", "the system does not save AVX registers"},
    {kAvx512f, "this processor has no AVX-512", "the system does not save AVX-512 registers"},
    {kAvx512bw, "this processor has no AVX-512 BW", "the system does not save AVX-512 registers"},
    {kAvx512dq, "this processor has no AVX-512 DQ", "the system does not save AVX-512 registers"},
    {kAvx512vl, "this processor has no AVX-512 VL", "the system does not save AVX-512 registers"},
    {kAvx512vnni, "this processor has no AVX-512 VNNI", "the system does not save AVX-512 registers"},
    {kAvx512bf16, "this processor has no AVX-512 BF16", "the system does not save AVX-512 registers"},
    {kDotprod, "this processor has no dotprod instructions", nullptr},
    {kI8mm, "this processor has no i8mm instructions", nullptr},
};

#if defined(__x86_64__)
uint64_t saved_registers() {
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

Features ask() {
  uint32_t found = 0, a, b, c, d;
  const auto note = [&](uint32_t reg, int bit, Feature feature) {
    if (reg >> bit & 1) found |= feature;
  };
  if (!__get_cpuid(1, &a, &b, &c, &d)) return {0, 0};
  note(c, 12, kFma);
  note(c, 29, kF16c);
  const uint64_t saved = c >> 27 & 1 ? saved_registers() : 0;  // OSXSAVE
  uint32_t last = 0;
  if (__get_cpuid_count(7, 0, &last, &b, &c, &d)) {
    note(b, 3, kBmi);
    note(b, 5, kAvx2);
    note(b, 8, kBmi2);
    note(b, 16, kAvx512f);
    note(b, 17, kAvx512dq);
    note(b, 30, kAvx512bw);
    note(b, 31, kAvx512vl);
    note(c, 11, kAvx512vnni);
    if (last >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
      note(a, 4, kAvxVnni);
      note(a, 5, kAvx512bf16);
    }
  }
  uint32_t unsaved = 0;
  if ((saved & 0x06) != 0x06) unsaved |= found & (kOfYmm | kOfZmm);  // SSE and AVX state
  if ((saved & 0xe6) != 0xe6) unsaved |= found & kOfZmm;             // and mask, upper, high ZMM
  return {found, unsaved};
}
#elif defined(__aarch64__) && defined(__linux__)
Features ask() {
  // HWCAP_ASIMDDP and HWCAP2_I8MM of the kernel's interface; older headers lack the names.
  const bool dotprod = getauxval(AT_HWCAP) >> 20 & 1, i8mm = getauxval(AT_HWCAP2) >> 13 & 1;
  return {(dotprod ? kDotprod : 0u) | (i8mm ? kI8mm : 0u), 0};
}
#elif defined(__aarch64__) && defined(__APPLE__)
bool has(const char* name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, nullptr, 0) == 0 && value;
}
Features ask() {
  return {(has("hw.optional.arm.FEAT_DotProd") ? kDotprod : 0u) |
              (has("hw.optional.arm.FEAT_I8MM") ? kI8mm : 0u), 0};
}
#else
Features ask() { return {0, 0}; }
#endif

}  // namespace

const Features& machine_features() {
  static const Features found = ask();
  return found;
}

const char* lacking(const Features& have, uint32_t needs) {
  for (const Name& name : kNames) {
    if (!(needs & name.bit)) continue;
    if (!(have.processor & name.bit)) return name.absent;
    if (have.unsaved & name.bit) return name.unsaved;
  }
  return nullptr;
}

}  // namespace pk
