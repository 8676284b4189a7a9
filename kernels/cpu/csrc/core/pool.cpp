#include "core/pool.h"

#include <chrono>
#include <cstdlib>
#include <new>

#include "core/system.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pk {
namespace {

constexpr uint64_t kWriting = 1, kDone = 2;  // states of a chunk's word
// Spins before a thread takes over a chunk that another holds: about 50 µs, several times a
// usual chunk, and a hundredth of what the system takes a thread off its core for.
constexpr int kPatience = 3000;
// Spins between runs before a thread goes to sleep: about 0.3 ms, what sampling takes.
constexpr int kIdleSpins = 20000;
constexpr uint32_t kLastPhase = 0xfffffff0;

inline void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

char* new_scratch() { return static_cast<char*>(::operator new(kScratchBytes, std::align_val_t{4096})); }
void free_scratch(char* p) { ::operator delete(p, std::align_val_t{4096}); }

uint32_t phase_of(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
uint64_t at_phase(uint32_t phase) { return static_cast<uint64_t>(phase) << 32; }

// A part of a phase's chunks: first … end - 1.
struct Range {
  int first, end;
};
Range range_of(uint64_t word) {
  return {static_cast<int>(word & 0xffff), static_cast<int>(word >> 16 & 0xffff)};
}
uint64_t word_of(uint32_t phase, Range r) {
  return at_phase(phase) | static_cast<uint64_t>(r.end) << 16 | static_cast<uint64_t>(r.first);
}

}  // namespace

Pool::Pool(int threads)
    : threads_(threads < 1 ? 1 : threads),
      words_(static_cast<std::atomic<uint64_t>*>(map_pages(kWordsBytes))) {
  try {
    if (!words_) throw std::bad_alloc();
    members_.reset(new Member[threads_]);
    for (int i = 0; i < threads_; i++) members_[i].scratch = new_scratch();
    others_.reserve(static_cast<size_t>(threads_));
    for (int i = 1; i < threads_; i++) others_.emplace_back([this, i] { loop(i); });
  } catch (...) {
    end();
    throw;
  }
}

Pool::~Pool() { end(); }

// Also of a pool that could not be made whole.
void Pool::end() {
  stop_.store(true);
  epoch_.fetch_add(1);
  wake_sleepers(epoch_);
  for (auto& thread : others_) thread.join();
  for (int i = 0; members_ && i < threads_; i++)
    if (members_[i].scratch) free_scratch(members_[i].scratch);
  if (words_) unmap_pages(words_, kWordsBytes);
}

void Pool::disturb(int index, int every, int microseconds) {
  quiesce();
  if (index < 0 || index >= threads_) return;
  members_[index].every = every;
  members_[index].microseconds = microseconds;
}

void Pool::quiesce() {
  for (int i = 1; i < threads_; i++)
    while (members_[i].inside.load()) std::this_thread::yield();
}

void Pool::run(const PhaseRef* phases, int count, const Step& step) {
  if (count <= 0) return;
  if (next_base_ > kLastPhase - static_cast<uint32_t>(count)) start_numbers_again();
  const uint32_t epoch = epoch_.load(std::memory_order_relaxed) + 1;
  // A thread that is copying reads the job of an epoch already told: of this slot only if it
  // was taken off its core in the middle, two runs ago.
  for (int i = 1; i < threads_; i++)
    while (members_[i].joining.load()) pause();
  Job& job = jobs_[epoch % kJobs];
  job = {phases, next_base_, static_cast<uint32_t>(count), !step.few(), step};
  next_base_ += job.count + 1;  // the number between belongs to no run
  phase_.store(job.base);
  epoch_.store(epoch);
  if (threads_ > 1) wake_sleepers(epoch_);
  work(0, job);
}

// Chunk words compare phases by their numbers, which may not wrap.
void Pool::start_numbers_again() {
  quiesce();
  for (size_t i = 0; i < kWordsBytes / sizeof *words_; i++) words_[i].store(0);
  for (int i = 0; i < threads_; i++) {
    members_[i].range.store(0);
    members_[i].done.store(0);
  }
  next_base_ = 1;
}

void Pool::loop(int index) {
  lower_priority();
  Member& me = members_[index];
  uint32_t seen = 0;
  while (true) {
    for (int spins = 0; epoch_.load(std::memory_order_acquire) == seen; spins++) {
      if (spins < kIdleSpins) pause();
      else sleep_while(epoch_, seen);
    }
    if (stop_.load()) return;
    const Job job = join(me, seen);
    work(index, job);
    me.inside.store(false);
  }
}

Pool::Job Pool::join(Member& me, uint32_t& seen) {
  me.joining.store(true);
  me.inside.store(true);
  seen = epoch_.load();
  const Job job = jobs_[seen % kJobs];
  me.joining.store(false);
  return job;
}

void Pool::work(int index, const Job& job) {
  uint32_t known = job.base - 1;  // the phase whose chunks are counted
  int chunks = 0;
  while (true) {
    uint32_t phase = phase_.load(std::memory_order_acquire);
    if (phase - job.base >= job.count) return;
    if (phase != known) {
      const PhaseRef& ref = job.phases[phase - job.base];
      chunks = ref.impl->chunks(ref.args, job.step, ref.phase);
      known = phase;
    }
    const int chunk = take(index, phase, chunks);
    if (chunk >= 0) {
      attempt(index, job, phase, chunk, false);
    } else if (finish_phase(index, job, phase, chunks)) {
      phase_.compare_exchange_strong(phase, phase + 1, std::memory_order_acq_rel);
    }
  }
}

// A chunk for the thread `index`, or -1: all are taken, or the phase moved on meanwhile.
int Pool::take(int index, uint32_t phase, int chunks) {
  for (int i = 0; i < threads_; i++) {
    const int owner = (index + i) % threads_;
    std::atomic<uint64_t>& word = members_[owner].range;
    uint64_t old = word.load(std::memory_order_acquire);
    while (phase_of(old) <= phase) {
      // Whoever comes first in a phase lays out the range.
      Range r = phase_of(old) == phase
                    ? range_of(old)
                    : Range{chunks * owner / threads_, chunks * (owner + 1) / threads_};
      if (r.first >= r.end) break;
      const int chunk = i == 0 ? r.first++ : --r.end;
      if (!word.compare_exchange_weak(old, word_of(phase, r), std::memory_order_acq_rel)) continue;
      // A thread that was away may have counted the chunks of a phase long past, whose memory is
      // another's by now. Still at hand, it was so all the time, and can't end before this chunk.
      return phase_.load(std::memory_order_acquire) == phase ? chunk : -1;
    }
  }
  return -1;
}

bool Pool::all_done(uint32_t phase, int chunks) const {
  int64_t done = 0;
  for (int i = 0; i < threads_; i++) {
    const uint64_t word = members_[i].done.load(std::memory_order_acquire);
    if (phase_of(word) == phase) done += static_cast<uint32_t>(word);
  }
  return done >= chunks;
}

// Every chunk is taken: true once all are done; false if the phase moved on meanwhile.
bool Pool::finish_phase(int index, const Job& job, uint32_t phase, int chunks) {
  for (int spins = 0; spins < kPatience; spins++) {
    if (all_done(phase, chunks)) return true;
    if (phase_.load(std::memory_order_acquire) != phase) return false;
    pause();
  }
  const uint64_t done = (static_cast<uint64_t>(phase) << 2) | kDone;
  std::atomic<uint64_t>* words = &words_[(phase % kRings) * kMaxChunks];
  for (int chunk = chunks - 1; chunk >= 0; chunk--) {
    while (words[chunk].load(std::memory_order_acquire) != done) {
      if (phase_.load(std::memory_order_acquire) != phase) return false;
      if (job.direct || words[chunk].load() == (done ^ kDone ^ kWriting))
        std::this_thread::yield();  // only its owner can end it
      else
        attempt(index, job, phase, chunk, true);
    }
  }
  return true;
}

// Only the thread itself writes its count.
void Pool::count_done(Member& me, uint32_t phase) {
  const uint64_t old = me.done.load(std::memory_order_relaxed);
  me.done.store(phase_of(old) == phase ? old + 1 : at_phase(phase) | 1, std::memory_order_release);
}

void Pool::attempt(int index, const Job& job, uint32_t phase, int chunk, bool again) {
  Member& me = members_[index];
  const PhaseRef& ref = job.phases[phase - job.base];
  std::atomic<uint64_t>& word = words_[(phase % kRings) * kMaxChunks + chunk];
  const uint64_t mine = static_cast<uint64_t>(phase) << 2;
  me.worker.begin(me.scratch, job.direct);
  ref.impl->run(ref.args, job.step, ref.phase, chunk, me.worker);
  maybe_disturbed(me);
  if (job.direct) {
    word.store(mine | kDone, std::memory_order_release);
    count_done(me, phase);
    return;
  }
  // Words only grow, so one of another phase is older: whoever sets it first commits.
  uint64_t old = word.load(std::memory_order_acquire);
  do {
    if (old >= mine) return;  // committed, or this phase is long past
  } while (!word.compare_exchange_weak(old, mine | kWriting, std::memory_order_acq_rel));
  // The phase can't end before this chunk is done, so nobody reads or reuses the target yet.
  me.worker.commit();
  word.store(mine | kDone, std::memory_order_release);
  count_done(me, phase);
  if (again) redone_.fetch_add(1, std::memory_order_relaxed);
}

void Pool::maybe_disturbed(Member& member) {
  if (member.every && ++member.taken % member.every == 0)
    std::this_thread::sleep_for(std::chrono::microseconds(member.microseconds));
}

}  // namespace pk
