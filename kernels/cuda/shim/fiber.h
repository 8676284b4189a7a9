// Fibers: a stack of its own and a switch, without a system call. x86-64 alone.
//
// For: runtime.cpp. AddressSanitizer is told of every switch. Not here: who runs when.
#pragma once
#include <cstddef>
#include <cstdint>

#if !defined(__x86_64__)
#error "the shim switches fibers on x86-64 alone"
#endif

namespace shim {

struct Fiber {
  void* stack_pointer = nullptr;
  void* stack = nullptr;      // its lowest address
  size_t size = 0;
  void* fake_stack = nullptr;  // AddressSanitizer's
};

// Prepares `fiber` to begin in `entry`, which never returns, on the stack that it has.
void prepare(Fiber& fiber, void (*entry)());
// Saves the running one in `from` and goes on in `to`. `ending`: `from` is never gone on with.
void switch_fiber(Fiber& from, Fiber& to, bool ending = false);
// First thing in a fiber that has just begun.
void begun(Fiber& self, Fiber& caller);

}  // namespace shim
