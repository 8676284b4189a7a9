// What drivers ask of the operating system: bytes that end where a page without access begins,
// aligned bytes, and a thread's own time.
#pragma once
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <malloc.h>
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace driver {

// The last page of `whole` bytes may not be touched. Ends the program where that can't be had.
inline char* map_guarded(size_t whole, size_t page) {
#if defined(_WIN32)
  DWORD before = 0;
  void* at = VirtualAlloc(nullptr, whole, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  const bool guarded = at && VirtualProtect(static_cast<char*>(at) + whole - page, page, PAGE_NOACCESS, &before);
#else
  void* at = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const bool guarded = at != MAP_FAILED && mprotect(static_cast<char*>(at) + whole - page, page, PROT_NONE) == 0;
#endif
  if (!guarded) {
    std::perror("no guarded memory");
    std::exit(2);
  }
  return static_cast<char*>(at);
}

inline size_t page_bytes() {
#if defined(_WIN32)
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
#else
  return static_cast<size_t>(sysconf(_SC_PAGESIZE));
#endif
}

// Bytes that end at a page without access.
class Guarded {
 public:
  explicit Guarded(size_t bytes) {
    const size_t page = page_bytes();
    whole_ = (bytes + page - 1) / page * page + page;
    base_ = map_guarded(whole_, page);
    data_ = base_ + whole_ - page - bytes;
  }
  ~Guarded() {
#if defined(_WIN32)
    VirtualFree(base_, 0, MEM_RELEASE);
#else
    munmap(base_, whole_);
#endif
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  template <class T = uint8_t>
  T* as() const { return reinterpret_cast<T*>(data_); }

 private:
  char* base_;
  char* data_;
  size_t whole_;
};

constexpr size_t kLargePage = size_t{2} << 20;

// As the plan's memory: in large pages where `alignment` is theirs. `bytes`: whole alignments.
inline uint8_t* new_aligned(size_t alignment, size_t bytes) {
#if defined(_WIN32)
  return static_cast<uint8_t*>(_aligned_malloc(bytes, alignment));
#else
  void* at = std::aligned_alloc(alignment, bytes);
#ifdef MADV_HUGEPAGE
  if (alignment == kLargePage) madvise(at, bytes, MADV_HUGEPAGE);
#endif
  return static_cast<uint8_t*>(at);
#endif
}

// This thread's own time: others may be busy on this machine.
inline double thread_seconds() {
#if defined(_WIN32)
  FILETIME created, ended, kernel, user;
  GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user);
  return 1e-7 * static_cast<double>(static_cast<uint64_t>(user.dwHighDateTime) << 32 | user.dwLowDateTime);
#else
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
#endif
}

inline void free_aligned(uint8_t* bytes) {
#if defined(_WIN32)
  _aligned_free(bytes);
#else
  std::free(bytes);
#endif
}

}  // namespace driver
