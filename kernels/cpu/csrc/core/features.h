// What the processor can do and the system lets it do.
#pragma once
#include <cstdint>

namespace pk {

enum Feature : uint32_t {
  kAvx2 = 1u << 0,
  kFma = 1u << 1,
  kF16c = 1u << 2,
  kBmi = 1u << 3,
  kBmi2 = 1u << 4,
  kAvxVnni = 1u << 5,
  kAvx512f = 1u << 6,
  kAvx512bw = 1u << 7,
  kAvx512dq = 1u << 8,
  kAvx512vl = 1u << 9,
  kAvx512vnni = 1u << 10,
  kAvx512bf16 = 1u << 11,
  kDotprod = 1u << 12,
  kI8mm = 1u << 13,
};

struct Features {
  uint32_t processor;   // what it offers
  uint32_t unsaved;     // offered, but the system does not save the registers that it needs
};

// Asked once, then remembered.
const Features& machine_features();

// Why `needs` are not met, as a clause for the user; null where they are. A pure function.
const char* lacking(const Features& have, uint32_t needs);

}  // namespace pk
