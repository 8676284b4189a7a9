// What a kernel's thread can do to others: wait for them, see their values, share memory.
//
// For: host_cuda.h and twins of PTX helpers. Behind it: runtime.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "vectors.h"

namespace shim {

struct Launch {
  dim3 grid, block;
  size_t dynamic_bytes;
};

// What the running thread is; the rest of it is runtime.cpp's own.
struct Running {
  uint3 index, block_index;
  const Launch* launch;
  int lane;
};
extern Running* now;

// A barrier of the block; how many of its threads gave 1.
int barrier(int count);
// Nothing to do before another thread has done something.
void spin();
// In random orders now and then another thread goes on here.
void perhaps_switch();
// The block's memory for one SHARED of the source; its dynamic memory.
void* shared_at(const void* site, size_t bytes);
unsigned char* dynamic_shared();

// cp.async: bytes that arrive when they are waited for.
void copy_later(void* to, const void* from, size_t bytes);
void commit_copies();
void await_copies(int most_pending);

constexpr size_t kMostBytes = 64;

// One exchange of the lanes in `mask`.
struct Meeting {
  uint32_t mask, arrived;
  int unread;
  const char* what;
  size_t bytes;
  alignas(16) unsigned char values[32][kMostBytes];
};
Meeting& arrive(const char* what, uint32_t mask, const void* mine, size_t bytes);
inline void leave(Meeting& meeting) { meeting.unread--; }

// All lanes of `mask` give `mine`; `read` gets a function from a lane to its value.
template <class T, class Read>
auto meet(const char* what, uint32_t mask, const T& mine, Read read) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMostBytes);
  Meeting& meeting = arrive(what, mask, &mine, sizeof(T));
  const auto of = [&](int lane) {
    T value;
    std::memcpy(&value, meeting.values[lane & 31], sizeof(T));
    return value;
  };
  if constexpr (std::is_void_v<decltype(read(of))>) {
    read(of);
    leave(meeting);
  } else {
    const auto out = read(of);
    leave(meeting);
    return out;
  }
}

}  // namespace shim
