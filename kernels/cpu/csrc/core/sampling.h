// What a sampler asks of the logits (pk_top_k, declared in pk.h).
//
// Penalties, temperature and the draw are the caller's (inference/generation/sampler.py).
#pragma once
#include <cstdint>

#include "pk.h"

// A logit is NaN, or the greatest is not finite: the model's output is not a number.
constexpr int64_t kNotANumber = -1;
// k is outside 1 … 1024, or there are no logits.
constexpr int64_t kBadCount = -2;
