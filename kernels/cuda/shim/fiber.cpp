// See fiber.h.
#include "fiber.h"

#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

// Saves what the System V ABI has a callee keep, MXCSR and the x87 control word included.
asm(R"(
.text
.globl shim_switch_stacks
.type shim_switch_stacks, @function
shim_switch_stacks:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq (%rsi), %rsp
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size shim_switch_stacks, .-shim_switch_stacks
)");
extern "C" void shim_switch_stacks(void** from, void** to);

namespace shim {

void prepare(Fiber& fiber, void (*entry)()) {
  auto* top = reinterpret_cast<uint64_t*>(static_cast<char*>(fiber.stack) + fiber.size);
  uint32_t mxcsr;
  uint16_t control;
  asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(control));
#if defined(__SANITIZE_ADDRESS__)
  __asan_unpoison_memory_region(fiber.stack, fiber.size);
  fiber.fake_stack = nullptr;
#endif
  // At entry the stack pointer is 8 below a multiple of 16, as after a call.
  uint64_t* at = top - 1;
  *at = 0;  // where `entry` would return to
  *--at = reinterpret_cast<uint64_t>(entry);
  for (int i = 0; i < 6; i++) *--at = 0;
  --at;
  std::memcpy(at, &mxcsr, 4);
  std::memcpy(reinterpret_cast<char*>(at) + 4, &control, 2);
  fiber.stack_pointer = at;
}

void switch_fiber(Fiber& from, Fiber& to, bool ending) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(ending ? nullptr : &from.fake_stack, to.stack, to.size);
  shim_switch_stacks(&from.stack_pointer, &to.stack_pointer);
  __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#else
  (void)ending;
  shim_switch_stacks(&from.stack_pointer, &to.stack_pointer);
#endif
}

void begun(Fiber& self, Fiber& caller) {
#if defined(__SANITIZE_ADDRESS__)
  // The scheduler's stack is the caller's thread's: its bounds are learned here.
  const void* stack;
  size_t size;
  __sanitizer_finish_switch_fiber(self.fake_stack, &stack, &size);
  caller.stack = const_cast<void*>(stack);
  caller.size = size;
#else
  (void)self;
  (void)caller;
#endif
}

}  // namespace shim
