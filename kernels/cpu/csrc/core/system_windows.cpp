// Windows 8 and later. The memory counts against what the system may promise (its memory and its
// page file) from the start: Windows has no pages that are promised and not counted.
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include "core/system.h"

#include <windows.h>

namespace pk {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t) && std::atomic<uint32_t>::is_always_lock_free);

void* map_pages(size_t bytes) { return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }

void unmap_pages(void* pages, size_t) { VirtualFree(pages, 0, MEM_RELEASE); }

// Large pages need a right here that an administrator gives ("Lock pages in memory").
void prefer_large_pages(void*, size_t) {}

// Nothing: a lower priority here is not a smaller share but none at all while anything else wants
// the core, and the system lifts the window's own threads whenever they get an event.
void lower_priority() {}

// Not std::atomic's: libc++ looks again every few milliseconds here, libstdc++ takes a lock.
void sleep_while(const std::atomic<uint32_t>& word, uint32_t value) {
  WaitOnAddress(const_cast<std::atomic<uint32_t>*>(&word), &value, sizeof value, INFINITE);
}
void wake_sleepers(std::atomic<uint32_t>& word) { WakeByAddressAll(&word); }

}  // namespace pk
#endif
