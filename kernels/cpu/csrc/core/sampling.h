// What a sampler asks of the logits: the likeliest token, or the likeliest few in order.
//
// Penalties, temperature and the draw are the caller's (inference/generation/sampler.py).
#pragma once
#include <cstdint>

extern "C" {

// A logit is NaN, or the greatest is not finite: the model's output is not a number.
constexpr int64_t kNotANumber = -1;
// k is outside 1 … 1024, or there are no logits.
constexpr int64_t kBadCount = -2;

// The greatest logit's id, the lowest of equals; or one of the above.
int64_t pk_argmax(const float* logits, int64_t count);

// The min(k, count) greatest logits, best first, equals by lower id: their ids and values.
// Returns how many, or one of the above, and then nothing is written.
int64_t pk_top_k(const float* logits, int64_t count, int64_t k, int64_t* ids, float* values);
}
