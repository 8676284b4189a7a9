// A launch while it runs: its blocks, their warps and threads.
//
// For: runtime.cpp (what threads call) and schedule.cpp (who runs next).
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fiber.h"
#include "kernel_table.h"
#include "synchronising.h"

namespace shim {

enum class State { kReady, kAtBarrier, kInMeeting, kSpinning, kEnded };

struct Copy {
  void* to;
  std::vector<unsigned char> bytes;
};

struct Block;

struct Thread : Running {
  Fiber fiber;
  Block* home = nullptr;
  State state = State::kReady;
  const Meeting* meeting = nullptr;  // that it waits in
  std::vector<Copy> copies;          // not yet committed
  std::vector<std::vector<Copy>> groups;
};

struct Warp {
  std::deque<Meeting> meetings;  // kept and used again
};

struct Stacks;

struct Block {
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::map<const void*, std::vector<unsigned char>> shared;
  std::unique_ptr<unsigned char[]> dynamic;
  size_t shared_bytes = 0;
  int arrived = 0, counted = 0, ended = 0;
  int result = 0;  // of the last barrier
  std::unique_ptr<Stacks> stacks;
};

// What ends a launch: an error of the kernel, with a message.
[[noreturn]] void fail(const std::string& why);

// The launch that runs. One at a time: `shim_launch` holds a lock.
struct Session {
  Launch launch{};
  const Entry* entry = nullptr;
  void* const* arguments = nullptr;
  uint64_t order = 0, random = 1;
  size_t most_shared = 0;
  Fiber scheduler;
  std::string failure;

  // The low bits of xorshift64* are poor: the high ones are used.
  uint32_t draw(uint32_t below) {
    random ^= random >> 12;
    random ^= random << 25;
    random ^= random >> 27;
    return static_cast<uint32_t>((random * 0x2545f4914f6cdd1dull) >> 33) % below;
  }
  unsigned char fill() const { return order % 2 ? 0x7f : 0xff; }
};
extern Session session;

Thread& running();
void back_to_scheduler(State state, bool ending = false);
// Runs every block to its end; `session.failure` says what went wrong.
void run_blocks();

}  // namespace shim
