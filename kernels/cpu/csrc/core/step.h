// What a chunk of work is told, and where it may write.
//
// A plan is a static list of phases; a phase is a number of chunks that any thread may take.
// With few rows (decode) a chunk may be computed twice: when a thread is descheduled in the
// middle of one, another computes it again and the first to finish commits. So chunks are
// idempotent: they read what earlier phases wrote and write through `Worker::output` alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

// Levels are built with different flags, so nothing that they share may end as a function of its
// own: the linker would keep one build of it, perhaps one that this processor can't run.
#define PK_INLINE __attribute__((always_inline)) inline

namespace pk {

constexpr int kFewRows = 8;        // up to here a row's bits do not depend on its neighbours
constexpr int kPanelRows = 16;     // output features of a panel
// Weights of a chunk with few rows: long enough that what surrounds a chunk (0.2 µs) costs
// little, and not so long that one lost with its thread does.
constexpr int64_t kFewChunkBytes = 256 << 10;
constexpr size_t kScratchBytes = size_t{6} << 20;
// Of a phase: the pool counts them in 16 bits. DeepSeek-V3's prefill has 8224, 256 experts in 32
// chunks each and a shared one; ops cut into larger ones what would have more than this.
constexpr int kMaxChunks = 65535;

PK_INLINE int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}
PK_INLINE int64_t ceil_div(int64_t value, int64_t by) { return (value + by - 1) / by; }

// One forward pass: `rows` new tokens behind `past` cached ones.
struct Step {
  int32_t rows = 0;
  int32_t past = 0;
  int32_t first_wanted = 0;   // logits are wanted for rows first_wanted …
  int32_t wanted = 0;         // … and so many of them
  const int64_t* tokens = nullptr;

  PK_INLINE bool few() const { return rows <= kFewRows; }
};

// Rows that a kernel with few rows is compiled for; surplus ones are computed and dropped.
PK_INLINE int padded_few(int rows) { return rows <= 1 ? 1 : rows <= 2 ? 2 : rows <= 4 ? 4 : 8; }

// Where a chunk writes: the target itself, or scratch that is copied there on commit.
template <class T>
struct Output {
  T* data;
  int64_t stride;  // elements between rows
};

class Worker {
 public:
  PK_INLINE void begin(char* scratch, bool direct) {
    scratch_ = scratch;
    used_ = 0;
    copies_ = 0;
    direct_ = direct;
  }

  // Scratch for the length of this chunk, 64-byte aligned, not initialised.
  template <class T>
  PK_INLINE T* scratch(int64_t count) {
    char* at = scratch_ + used_;
    used_ += static_cast<size_t>(round_up(count * static_cast<int64_t>(sizeof(T)), 64));
    if (used_ > kScratchBytes) __builtin_trap();  // shapes are bounded when a plan is built
    return reinterpret_cast<T*>(at);
  }

  // `rows` rows of `width` elements at `target`, `stride` elements apart.
  template <class T>
  PK_INLINE Output<T> output(T* target, int64_t stride, int64_t rows, int64_t width) {
    if (direct_) return {target, stride};
    T* data = scratch<T>(rows * width);
    if (copies_ == kMaxCopies) __builtin_trap();
    copy_[copies_++] = {reinterpret_cast<char*>(target), reinterpret_cast<const char*>(data),
                        stride * static_cast<int64_t>(sizeof(T)),
                        width * static_cast<int64_t>(sizeof(T)), rows};
    return {data, width};
  }
  template <class T>
  PK_INLINE T* output(T* target, int64_t count) {
    return output(target, count, 1, count).data;
  }

  PK_INLINE void commit() const {
    for (int i = 0; i < copies_; i++) {
      const Copy& c = copy_[i];
      for (int64_t row = 0; row < c.rows; row++)
        std::memcpy(c.target + row * c.stride, c.data + row * c.width, c.width);
    }
  }

 private:
  struct Copy {
    char* target;
    const char* data;
    int64_t stride, width, rows;  // bytes, bytes, count
  };
  static constexpr int kMaxCopies = 64;
  char* scratch_ = nullptr;
  size_t used_ = 0;
  int copies_ = 0;
  bool direct_ = true;
  Copy copy_[kMaxCopies];
};

// What an op offers, for few rows and for many: how many phases, how many chunks in each
// (a pure function of the step and of what earlier phases wrote), and a chunk's work.
struct OpImpl {
  int (*phases)(const void* args, bool few);
  int (*chunks)(const void* args, const Step& step, int phase);
  void (*run)(const void* args, const Step& step, int phase, int chunk, Worker& worker);
};

}  // namespace pk
