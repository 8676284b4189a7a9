// What the core asks of the operating system: pages of memory, and threads that wait for a word.
// system_posix.cpp and system_windows.cpp answer; each is empty on the other's systems.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace pk {

// Pages of zeros, which take memory as they are touched; null where the system has none.
void* map_pages(size_t bytes);
void unmap_pages(void* pages, size_t bytes);
// Asks for large pages there, where the system gives them to whoever asks.
void prefer_large_pages(void* pages, size_t bytes);

// This thread goes one step behind the window's, where that still shares the cores fairly.
void lower_priority();

// Sleeps until another thread has changed the word and woken all; may return sooner.
void sleep_while(const std::atomic<uint32_t>& word, uint32_t value);
void wake_sleepers(std::atomic<uint32_t>& word);

}  // namespace pk
