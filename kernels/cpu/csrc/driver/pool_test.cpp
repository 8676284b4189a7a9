// The thread pool: every chunk of every phase counts once, in order, whoever computes it and
// whoever is taken off its core meanwhile. Exit code 0: right. Made for the thread sanitizer.
//
// A chain of phases, each reading what the one before wrote at scattered places, so that a
// phase that began too early or a chunk that was lost shows in the last one's values. No array
// is written again before `quiesce`: a thread that lost its chunk may still be reading.
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "core/pool.h"

using namespace pk;

namespace {

constexpr int kPhases = 12;

struct Link {
  const int64_t* in;
  int64_t* out;
  int size, chunks;
};

int64_t value_at(const int64_t* in, int size, int i) {
  const int64_t a = in[(i * 7 + 3) % size], b = in[(size - 1 - i + size / 2) % size];
  return (a * 31 + b * 17 + i) % 1000003;
}

int phases_of(const void*, bool) { return 1; }
int chunks_of(const void* args, const Step&, int) { return static_cast<const Link*>(args)->chunks; }
void run_chunk(const void* args, const Step&, int, int chunk, Worker& worker) {
  const Link& link = *static_cast<const Link*>(args);
  const int first = static_cast<int>(int64_t{link.size} * chunk / link.chunks);
  const int end = static_cast<int>(int64_t{link.size} * (chunk + 1) / link.chunks);
  if (first == end) return;
  int64_t* out = worker.output(link.out + first, end - first);
  for (int i = first; i < end; i++) out[i - first] = value_at(link.in, link.size, i);
}
constexpr OpImpl kImpl = {phases_of, chunks_of, run_chunk};

// The chain's arrays, its phases, and what the last array must hold.
struct Chain {
  std::vector<std::vector<int64_t>> arrays;
  std::vector<Link> links;
  std::vector<PhaseRef> refs;
  std::vector<int64_t> want;

  explicit Chain(int size)
      : arrays(kPhases + 1, std::vector<int64_t>(static_cast<size_t>(size))), links(kPhases) {
    for (int i = 0; i < size; i++) arrays[0][i] = i * 11 % 997;
    want = arrays[0];
    for (int p = 0; p < kPhases; p++) {
      constexpr int kChunks[] = {1, 7, 64, 2, 0, 33};  // a phase may have nothing to do
      const int chunks = kChunks[p % 6];
      links[p] = {arrays[p].data(), arrays[p + 1].data(), size, chunks};
      refs.push_back({&kImpl, &links[p], 0});
    }
    for (int p = 0; p < kPhases; p++) {
      // Behind an idle phase: what that one would have read.
      links[p].in = p && links[p - 1].chunks == 0 ? links[p - 1].in : arrays[p].data();
      if (links[p].chunks == 0) continue;
      std::vector<int64_t> next(want.size());
      for (int i = 0; i < size; i++) next[i] = value_at(want.data(), size, i);
      want = next;
    }
  }

  void forget() {
    for (int p = 1; p <= kPhases; p++) arrays[p].assign(arrays[p].size(), -1);
  }
};

int failures = 0;

void check(int threads, int rows, bool disturbed) {
  Chain chain(997);
  Pool pool(threads);
  if (disturbed)
    for (int i = 0; i < threads; i++) pool.disturb(i, 5 + i, 300);
  Step step;
  step.rows = rows;
  for (int time = 0; time < 40; time++) {
    chain.forget();
    pool.run(chain.refs.data(), kPhases, step);
    if (chain.arrays[kPhases] != chain.want && ++failures < 10)
      std::printf("%d threads, %d rows, disturbed %d: run %d is wrong\n", threads, rows,
                  disturbed, time);
    pool.quiesce();
    // Long enough to fall asleep now and then.
    if (time % 10 == 9) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (disturbed && threads > 1 && rows <= kFewRows && pool.redone() == 0) {
    failures++;
    std::printf("%d threads: nothing was computed again though threads stood still\n", threads);
  }
}

}  // namespace

// As many chunks as a phase may have, in phases enough to use every ring of their words.
void check_most_chunks() {
  constexpr int kSize = 8 * kMaxChunks, kTimes = 5;
  std::vector<std::vector<int64_t>> arrays(kTimes + 1, std::vector<int64_t>(kSize));
  for (int i = 0; i < kSize; i++) arrays[0][i] = i % 997;
  std::vector<Link> links;
  std::vector<PhaseRef> refs;
  for (int p = 0; p < kTimes; p++) links.push_back({arrays[p].data(), arrays[p + 1].data(), kSize, kMaxChunks});
  for (const Link& link : links) refs.push_back({&kImpl, &link, 0});
  std::vector<int64_t> want = arrays[0], next(kSize);
  for (int p = 0; p < kTimes; p++) {
    for (int i = 0; i < kSize; i++) next[i] = value_at(want.data(), kSize, i);
    want = next;
  }
  for (int rows : {1, 100}) {
    Pool pool(3);
    Step step;
    step.rows = rows;
    pool.run(refs.data(), kTimes, step);
    pool.quiesce();
    if (arrays[kTimes] != want && ++failures < 10) std::printf("%d rows, most chunks: wrong\n", rows);
    for (int p = 1; p <= kTimes; p++) arrays[p].assign(kSize, -1);
  }
}

int main() {
  for (int threads : {1, 2, 3, 4})
    for (int rows : {1, kFewRows, 100})
      for (bool disturbed : {false, true}) check(threads, rows, disturbed);
  check_most_chunks();
  std::printf("pool: %s\n", failures ? "WRONG" : "right");
  return failures != 0;
}
