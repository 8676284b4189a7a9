// Who runs next, and the C interface of the library: kernels by name, and their launch.
//
// For: launcher.py. Order 0 goes through threads and blocks as they are numbered, 1 backwards,
// others at random; from 3 on some blocks run at a time. A block more is started when all that
// run wait for others.
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif
#include <sys/mman.h>

#include <algorithm>
#include <list>
#include <mutex>

#include "threads.h"

namespace shim {

#if defined(__SANITIZE_ADDRESS__)
constexpr size_t kStackBytes = 256 << 10;
#else
constexpr size_t kStackBytes = 64 << 10;
#endif
constexpr uint64_t kCanary = 0x5ca1ab1e0ddba11ull;
constexpr int kMostIdleRounds = 10000;

// A block's stacks, in one mapping; what is not touched takes no memory.
struct Stacks {
  size_t bytes;
  char* memory;
  explicit Stacks(size_t count) : bytes(count * kStackBytes) {
    void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    memory = at == MAP_FAILED ? nullptr : static_cast<char*>(at);
  }
  ~Stacks() {
    if (!memory) return;
#if defined(__SANITIZE_ADDRESS__)
    // A thread that has ended never left its first frames: what marks them would stay behind.
    __asan_unpoison_memory_region(memory, bytes);
#endif
    munmap(memory, bytes);
  }
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
};

namespace {

// Used again by the next block of the same size: the pages are there already.
std::vector<std::unique_ptr<Stacks>> spare_stacks;

std::unique_ptr<Stacks> take_stacks(unsigned count) {
  for (auto& one : spare_stacks)
    if (one->bytes == count * kStackBytes) {
      std::swap(one, spare_stacks.back());
      auto found = std::move(spare_stacks.back());
      spare_stacks.pop_back();
      return found;
    }
  spare_stacks.clear();
  return std::make_unique<Stacks>(count);
}

std::map<std::string, Entry>& table() {
  static std::map<std::string, Entry> kernels;
  return kernels;
}

void enter_thread() {
  Thread& thread = running();
  begun(thread.fiber, session.scheduler);
  session.entry->call(session.entry->function, session.arguments);
  if (!thread.copies.empty() || !thread.groups.empty()) fail("copies were never waited for");
  thread.home->ended++;
  back_to_scheduler(State::kEnded, true);
  __builtin_unreachable();
}

std::unique_ptr<Block> start_block(unsigned number) {
  const Launch& launch = session.launch;
  auto block = std::make_unique<Block>();
  const uint3 index{number % launch.grid.x, number / launch.grid.x % launch.grid.y,
                    number / launch.grid.x / launch.grid.y};
  const unsigned count = launch.block.x;
  block->threads.resize(count);
  block->warps.resize((count + 31) / 32);
  block->shared_bytes = launch.dynamic_bytes;
  block->dynamic.reset(new unsigned char[launch.dynamic_bytes]);
  std::fill_n(block->dynamic.get(), launch.dynamic_bytes, session.fill());
  block->stacks = take_stacks(count);
  if (!block->stacks->memory) {
    session.failure = "no memory for the stacks of a block";
    return block;
  }
  for (unsigned i = 0; i < count; i++) {
    Thread& thread = block->threads[i];
    thread.index = {i, 0, 0};
    thread.block_index = index;
    thread.launch = &session.launch;
    thread.lane = static_cast<int>(i % 32);
    thread.home = block.get();
    thread.fiber.stack = block->stacks->memory + i * kStackBytes;
    thread.fiber.size = kStackBytes;
    prepare(thread.fiber, enter_thread);
    std::memcpy(thread.fiber.stack, &kCanary, sizeof kCanary);
  }
  return block;
}

// The blocks that run, the numbers of those that have not begun, and the place that was last.
class Schedule {
 public:
  Schedule() {
    const dim3& grid = session.launch.grid;
    for (unsigned i = 0; i < grid.x * grid.y * grid.z; i++) waiting_.push_back(i);
    if (session.order == 0) std::reverse(waiting_.begin(), waiting_.end());
    if (session.order >= 2)
      for (size_t i = waiting_.size(); i > 1; i--)
        std::swap(waiting_[i - 1], waiting_[session.draw(static_cast<uint32_t>(i))]);
  }

  void run() {
    while (session.failure.empty()) {
      while (live_.size() < (session.order >= 3 ? 3u : 1u) && !waiting_.empty()) start();
      if (live_.empty()) return;
      if (!session.failure.empty()) return;
      if (Thread* thread = pick()) resume(*thread);
      else unblock();
    }
  }

 private:
  void start() {
    live_.push_back(start_block(waiting_.back()));
    waiting_.pop_back();
  }

  // A ready thread: the next one in order, or any.
  Thread* pick() {
    const auto first = session.order >= 2 ? session.draw(static_cast<uint32_t>(live_.size())) : 0;
    for (size_t b = 0; b < live_.size(); b++) {
      Block& block = *live_[(first + b) % live_.size()];
      const size_t count = block.threads.size();
      size_t at = session.order >= 2 ? session.draw(static_cast<uint32_t>(count)) : next_ % count;
      for (size_t i = 0; i < count; i++) {
        const size_t place = session.order == 1 ? count - 1 - (at + i) % count : (at + i) % count;
        if (block.threads[place].state != State::kReady) continue;
        next_ = at + i;
        return &block.threads[place];
      }
    }
    return nullptr;
  }

  void resume(Thread& thread) {
    now = &thread;
    switch_fiber(session.scheduler, thread.fiber);
    now = nullptr;
    Block& block = *thread.home;
    uint64_t canary;
    std::memcpy(&canary, thread.fiber.stack, sizeof canary);
    if (canary != kCanary) session.failure = "a thread's stack overflowed";
    if (thread.state != State::kSpinning) idle_rounds_ = 0;
    if (block.ended == static_cast<int>(block.threads.size())) {
      spare_stacks.push_back(std::move(block.stacks));
      live_.erase(std::find_if(live_.begin(), live_.end(),
                               [&](const auto& one) { return one.get() == &block; }));
    }
  }

  // Nobody is ready: those that poll look again, beside one more block.
  void unblock() {
    bool polling = false;
    for (const auto& block : live_)
      for (Thread& thread : block->threads)
        if (thread.state == State::kSpinning) {
          thread.state = State::kReady;
          polling = true;
        }
    if (!polling) session.failure = deadlock();
    else if (!waiting_.empty()) start();
    else if (++idle_rounds_ > kMostIdleRounds) session.failure = "every thread polls for ever";
  }

  std::string deadlock() const {
    for (const auto& block : live_) {
      const Thread* met = nullptr;
      for (const Thread& thread : block->threads)
        if (thread.state == State::kInMeeting) met = &thread;
      if (met)
        return std::string(met->meeting->what) + " of thread " + std::to_string(met->index.x) +
               " misses lanes: mask " + std::to_string(met->meeting->mask) + ", arrived " +
               std::to_string(met->meeting->arrived);
    }
    const Block& block = *live_.front();
    return std::to_string(block.arrived) + " threads of " + std::to_string(block.threads.size()) +
           " wait at a barrier, " + std::to_string(block.ended) + " have ended";
  }

  std::vector<unsigned> waiting_;
  std::vector<std::unique_ptr<Block>> live_;
  size_t next_ = 0;
  int idle_rounds_ = 0;
};

}  // namespace

void enter(const char* name, Entry entry) {
  if (!table().emplace(name, std::move(entry)).second) __builtin_trap();  // two of one name
}

void run_blocks() { Schedule().run(); }

}  // namespace shim

// The kinds of a kernel's parameters, separated by commas; null where there is no such kernel.
extern "C" const char* shim_kinds(const char* name) {
  const auto found = shim::table().find(name);
  return found == shim::table().end() ? nullptr : found->second.kinds.c_str();
}

// The name of kernel number `index` in alphabetical order; null beyond the last.
extern "C" const char* shim_name(int index) {
  for (const auto& [name, entry] : shim::table())
    if (index-- == 0) return name.c_str();
  return nullptr;
}

// 0, or 1 with a sentence in `message`. `arguments`: the address of each argument.
extern "C" int shim_launch(const char* name, const uint32_t* grid, uint32_t threads,
                           uint64_t dynamic_bytes, uint64_t most_shared, uint64_t order,
                           void** arguments, char* message, uint64_t size) {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> held(one_at_a_time);
  shim::Session& session = shim::session;
  session = {};
  session.entry = &shim::table().at(name);
  session.launch = {{grid[0], grid[1], grid[2]}, {threads, 1, 1}, dynamic_bytes};
  session.arguments = arguments;
  session.most_shared = most_shared;
  session.order = order;
  session.random = 0x9e3779b97f4a7c15ull * (order + 1);
  shim::run_blocks();
  std::strncpy(message, session.failure.c_str(), size - 1);
  message[size - 1] = 0;
  return session.failure.empty() ? 0 : 1;
}
