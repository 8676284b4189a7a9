// Linux and macOS.
#if !defined(_WIN32)
#include "core/system.h"

#include <sys/mman.h>

#if defined(__linux__)
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace pk {

void* map_pages(size_t bytes) {
  void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}

void unmap_pages(void* pages, size_t bytes) { munmap(pages, bytes); }

void prefer_large_pages([[maybe_unused]] void* pages, [[maybe_unused]] size_t bytes) {
#ifdef MADV_HUGEPAGE
  madvise(pages, bytes, MADV_HUGEPAGE);
#endif
}

void lower_priority() {
#if defined(__linux__)
  // One step below the window's threads: both share the cores fairly, and the window goes first.
  constexpr int kNice = 1;
  const auto thread = static_cast<id_t>(syscall(SYS_gettid));
  const int now = getpriority(PRIO_PROCESS, thread);
  setpriority(PRIO_PROCESS, thread, now + kNice);
#endif
}

void sleep_while(const std::atomic<uint32_t>& word, uint32_t value) { word.wait(value); }
void wake_sleepers(std::atomic<uint32_t>& word) { word.notify_all(); }

}  // namespace pk
#endif
