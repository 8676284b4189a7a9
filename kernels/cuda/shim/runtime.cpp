// What a kernel's threads call: barriers, meetings of lanes, shared memory, late copies.
//
// For: host_cuda.h. Not here: who runs next (schedule.cpp).
#include <algorithm>

#include "threads.h"

namespace shim {

Running* now = nullptr;
Session session;

Thread& running() { return *static_cast<Thread*>(now); }

void fail(const std::string& why) {
  Thread& thread = running();
  session.failure = why + " (block " + std::to_string(thread.block_index.x) + ", thread " +
                    std::to_string(thread.index.x) + ")";
  back_to_scheduler(State::kEnded, true);
  __builtin_unreachable();
}

void back_to_scheduler(State state, bool ending) {
  Thread& thread = running();
  thread.state = state;
  switch_fiber(thread.fiber, session.scheduler, ending);
  now = &thread;
}

int barrier(int count) {
  Thread& thread = running();
  Block& block = *thread.home;
  block.counted += count;
  if (++block.arrived < static_cast<int>(block.threads.size())) {
    back_to_scheduler(State::kAtBarrier);
    return block.result;
  }
  block.result = block.counted;
  block.arrived = block.counted = 0;
  const int result = block.result;
  for (Thread& other : block.threads)
    if (other.state == State::kAtBarrier) other.state = State::kReady;
  // The last to arrive need not be the first to go on.
  back_to_scheduler(State::kReady);
  return result;
}

void spin() { back_to_scheduler(State::kSpinning); }

void perhaps_switch() {
  if (session.order >= 3 && session.draw(2)) back_to_scheduler(State::kReady);
}

Meeting& arrive(const char* what, uint32_t mask, const void* mine, size_t bytes) {
  Thread& thread = running();
  if (!(mask >> thread.lane & 1)) fail(std::string(what) + " by a lane that its mask leaves out");
  Warp& warp = thread.home->warps[thread.index.x / 32];
  Meeting* here = nullptr;
  for (Meeting& one : warp.meetings)
    if (one.arrived && one.arrived != one.mask && one.mask == mask) here = &one;
  if (!here) {
    for (Meeting& one : warp.meetings)
      if (!one.arrived || (one.arrived == one.mask && one.unread == 0)) here = &one;
    if (!here) here = &warp.meetings.emplace_back();
    here->mask = mask;
    here->arrived = 0;
    here->what = what;
    here->bytes = bytes;
    here->unread = __builtin_popcount(mask);
  }
  if (here->bytes != bytes || std::strcmp(here->what, what) != 0)
    fail(std::string(what) + " met " + here->what + ": lanes went different ways");
  std::memcpy(here->values[thread.lane], mine, bytes);
  here->arrived |= 1u << thread.lane;
  if (here->arrived != mask) {
    thread.meeting = here;
    back_to_scheduler(State::kInMeeting);
    return *here;
  }
  Thread* lanes = &thread - thread.lane;
  for (int lane = 0; lane < 32; lane++)
    if (mask >> lane & 1 && lane != thread.lane) lanes[lane].state = State::kReady;
  return *here;
}

void* shared_at(const void* site, size_t bytes) {
  Block& block = *running().home;
  auto& memory = block.shared[site];
  if (memory.empty()) {
    block.shared_bytes += bytes;
    if (block.shared_bytes > session.most_shared)
      fail("a block takes " + std::to_string(block.shared_bytes) + " bytes of shared memory");
    // The vector's memory is aligned to 16 bytes, as malloc's is.
    memory.assign(bytes, session.fill());
  }
  return memory.data();
}

unsigned char* dynamic_shared() { return running().home->dynamic.get(); }

void copy_later(void* to, const void* from, size_t bytes) {
  const auto* source = static_cast<const unsigned char*>(from);
  running().copies.push_back({to, {source, source + bytes}});
  std::memset(to, session.fill(), bytes);
}

void commit_copies() {
  Thread& thread = running();
  thread.groups.push_back(std::move(thread.copies));
  thread.copies.clear();
}

void await_copies(int most_pending) {
  Thread& thread = running();
  while (static_cast<int>(thread.groups.size()) > most_pending) {
    for (const Copy& copy : thread.groups.front())
      std::memcpy(copy.to, copy.bytes.data(), copy.bytes.size());
    thread.groups.erase(thread.groups.begin());
  }
}

}  // namespace shim
