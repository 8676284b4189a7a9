// Plain loops over lanes that any compiler turns into vectors: no instruction set of its own.
#include "core/sampling.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

namespace {

constexpr int64_t kMostWanted = 1024;
constexpr int kLanes = 32;

struct Range {
  float greatest;
  bool has_nan;
};

Range range_of(const float* logits, int64_t count) {
  float most[kLanes];
  int32_t nan[kLanes] = {};
  std::fill(most, most + kLanes, -std::numeric_limits<float>::infinity());
  int64_t at = 0;
  for (; at + kLanes <= count; at += kLanes)
    for (int i = 0; i < kLanes; i++) {
      const float v = logits[at + i];
      most[i] = v > most[i] ? v : most[i];
      nan[i] |= v != v;
    }
  for (; at < count; at++) {
    most[0] = logits[at] > most[0] ? logits[at] : most[0];
    nan[0] |= logits[at] != logits[at];
  }
  Range range{most[0], false};
  for (int i = 0; i < kLanes; i++) {
    range.greatest = std::max(range.greatest, most[i]);
    range.has_nan = range.has_nan || nan[i];
  }
  return range;
}

// Greater for a greater logit, then for a lower id.
uint64_t key(float logit, int64_t id) {
  const float plain = logit + 0.0f;  // -0 is 0
  uint32_t bits;
  std::memcpy(&bits, &plain, sizeof bits);
  bits = bits >> 31 ? ~bits : bits | 0x80000000u;
  return uint64_t{bits} << 32 | ~static_cast<uint32_t>(id);
}

// Whether any of the next kLanes logits is greater than `bound`.
bool any_above(const float* logits, float bound) {
  int32_t found = 0;
  for (int i = 0; i < kLanes; i++) found |= logits[i] > bound;
  return found != 0;
}

// The greatest keys seen, up to twice as many as are wanted; then the lesser half is dropped.
class Best {
 public:
  explicit Best(int64_t wanted) : wanted_(wanted) {}

  float bound() const { return bound_; }

  void offer(float logit, int64_t id) {
    keys_[held_++] = key(logit, id);
    if (held_ == 2 * wanted_) drop_lesser_half();
  }

  // The wanted ones in order.
  const uint64_t* sorted() {
    std::sort(keys_, keys_ + held_, std::greater<>());
    return keys_;
  }

 private:
  void drop_lesser_half() {
    std::nth_element(keys_, keys_ + wanted_ - 1, keys_ + held_, std::greater<>());
    held_ = wanted_;
    const auto high = static_cast<uint32_t>(keys_[wanted_ - 1] >> 32);
    const uint32_t bits = high >> 31 ? high & 0x7fffffffu : ~high;
    std::memcpy(&bound_, &bits, sizeof bound_);
  }

  int64_t wanted_, held_ = 0;
  // Only greater logits can still come in: equal ones have higher ids.
  float bound_ = -std::numeric_limits<float>::infinity();
  uint64_t keys_[2 * kMostWanted];
};

}  // namespace

int64_t pk_top_k(const float* logits, int64_t count, int64_t k, int64_t* ids, float* values) {
  if (count <= 0 || k < 1 || k > kMostWanted) return kBadCount;
  const Range range = range_of(logits, count);
  if (range.has_nan || !std::isfinite(range.greatest)) return kNotANumber;
  const int64_t wanted = std::min(k, count);
  Best best(wanted);
  int64_t at = 0;
  for (; at < wanted; at++) best.offer(logits[at], at);
  for (; at < count; at += kLanes) {
    const int64_t lanes = std::min<int64_t>(kLanes, count - at);
    if (lanes == kLanes && !any_above(logits + at, best.bound())) continue;
    for (int64_t i = 0; i < lanes; i++)
      if (logits[at + i] > best.bound()) best.offer(logits[at + i], at + i);
  }
  const uint64_t* keys = best.sorted();
  for (int64_t i = 0; i < wanted; i++) {
    ids[i] = ~static_cast<uint32_t>(keys[i]);
    values[i] = logits[ids[i]];
  }
  return wanted;
}
