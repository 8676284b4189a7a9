// Kernels by name, with the types of their parameters, and how each is called.
//
// For: EXPORT_KERNEL, and runtime.cpp, which launches by name as CUDA's driver does.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

struct Half;
struct Brain;

namespace shim {

// In the words of kernels/gpu/launching.py.
template <class T>
struct KindOf;
#define SHIM_KIND(T, word)                       \
  template <>                                    \
  struct KindOf<T> {                             \
    static constexpr const char* name = word;    \
  };
#define SHIM_POINTER(T, word) SHIM_KIND(T*, word) SHIM_KIND(const T*, word)
SHIM_KIND(int32_t, "i32")
SHIM_KIND(int64_t, "i64")
SHIM_KIND(float, "fp32")
SHIM_POINTER(float, "*fp32")
SHIM_POINTER(Half, "*fp16")
SHIM_POINTER(Brain, "*bf16")
SHIM_POINTER(uint8_t, "*u8")
SHIM_POINTER(int8_t, "*i8")
SHIM_POINTER(int32_t, "*i32")
SHIM_POINTER(uint32_t, "*i32")
SHIM_POINTER(int64_t, "*i64")
SHIM_POINTER(uint64_t, "*i64")

struct Entry {
  std::string kinds;  // separated by commas
  void (*call)(const void* function, void* const* arguments);
  const void* function;
};
void enter(const char* name, Entry entry);

template <class... Parameters, size_t... kIndex>
void call_with(void (*function)(Parameters...), void* const* arguments,
               std::index_sequence<kIndex...>) {
  function(*static_cast<std::remove_reference_t<Parameters>*>(arguments[kIndex])...);
}

struct Registered {
  template <class... Parameters>
  Registered(const char* name, void (*function)(Parameters...)) {
    std::string kinds;
    ((kinds += kinds.empty() ? "" : ",", kinds += KindOf<Parameters>::name), ...);
    enter(name, {kinds,
                 [](const void* target, void* const* arguments) {
                   call_with(reinterpret_cast<void (*)(Parameters...)>(const_cast<void*>(target)),
                             arguments, std::index_sequence_for<Parameters...>{});
                 },
                 reinterpret_cast<const void*>(function)});
  }
};

}  // namespace shim
