// The one thread pool: leaderless, with redo.
//
// A run is a static list of phases. Each thread has a range of a phase's chunks in a 64-bit word,
// (phase, first, end): it takes chunks from the front, so that it reads memory in long runs, and
// a thread that has none left takes them from the back of another's. (Chunks handed out in turn
// break every run into pieces: of 18 KB they reach 0.73 of the bandwidth, of 74 KB 0.95.) Any
// thread moves on to the next phase. With few rows each chunk computes
// into private scratch and commits by compare-and-swap on the chunk's own word, so a thread
// that finds nothing left need not wait for one that the system has taken off its core: after
// a short patience it computes the other's chunk itself, and whoever comes second discards.
// Measured with another process on one of two cores: 0.77–0.87 of the quiet speed, against
// 0.32–0.53 with a static split and 0.45–0.71 with small stolen chunks.
//
// With many rows chunks write straight to their targets and everyone waits for everyone: a
// phase takes milliseconds there, and copying would cost more than it saves.
//
// Threads spin through a whole run (a barrier costs 35–170 ns so, 42–61 µs by a sleeping
// thread) and sleep between runs.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "core/step.h"

namespace pk {

// One phase of one op.
struct PhaseRef {
  const OpImpl* impl;
  const void* args;
  int32_t phase;
};

class Pool {
 public:
  // Throws std::bad_alloc or std::system_error where the system has no memory or thread left.
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return threads_; }

  // Runs every phase in order on all threads, the caller's among them. `phases` must stay as
  // they are until `quiesce` returns: a thread that lost its chunk may still be reading.
  // One caller at a time.
  void run(const PhaseRef* phases, int count, const Step& step);

  // Waits until no thread is inside a chunk; before memory that phases read is given back.
  void quiesce();

  // Chunks that were computed a second time, since the pool was made.
  int64_t redone() const { return redone_.load(std::memory_order_relaxed); }

  // For tests: thread `index` sleeps this long in the middle of every `every`th chunk, as if
  // the system had taken it off its core.
  void disturb(int index, int every, int microseconds);

 private:
  struct Job {  // a thread copies it when it joins a run
    const PhaseRef* phases = nullptr;
    uint32_t base = 0, count = 0;
    bool direct = false;
    Step step;
  };
  struct alignas(64) Member {
    std::atomic<bool> joining{false};  // is copying a job
    std::atomic<bool> inside{false};   // is in a run, perhaps one that has ended
    char* scratch = nullptr;
    int every = 0, microseconds = 0, taken = 0;
    Worker worker;
    alignas(64) std::atomic<uint64_t> range{0};  // (phase << 32) | (end << 16) | first
    alignas(64) std::atomic<uint64_t> done{0};   // (phase << 32) | chunks that it committed
  };

  void end();
  void loop(int index);
  Job join(Member& me, uint32_t& seen);
  void work(int index, const Job& job);
  int take(int index, uint32_t phase, int chunks);
  bool all_done(uint32_t phase, int chunks) const;
  bool finish_phase(int index, const Job& job, uint32_t phase, int chunks);
  void attempt(int index, const Job& job, uint32_t phase, int chunk, bool again);
  void count_done(Member& me, uint32_t phase);
  void start_numbers_again();
  void maybe_disturbed(Member& member);

  static constexpr int kJobs = 2;   // the run at hand, and the next
  static constexpr int kRings = 4;  // phases whose chunk words are kept apart
  static constexpr size_t kWordsBytes = sizeof(std::atomic<uint64_t>) * kRings * kMaxChunks;

  const int threads_;
  alignas(64) std::atomic<uint32_t> phase_{0};  // the one at hand; numbers go on from run to run
  alignas(64) std::atomic<uint32_t> epoch_{0};
  std::atomic<bool> stop_{false};
  std::atomic<int64_t> redone_{0};
  uint32_t next_base_ = 1;
  Job jobs_[kJobs];
  // [kRings][kMaxChunks]: (phase << 2) | state. Pages of zeros: few of them are ever touched.
  std::atomic<uint64_t>* words_;
  std::unique_ptr<Member[]> members_;
  std::vector<std::thread> others_;
};

}  // namespace pk
