"""The greatest logits of a vocabulary in Triton, in rounds: each keeps the best of its blocks.

For: the ahead-of-time build, and Triton's interpreter in tests; at run time nothing imports this.
Host side: `kernels.triton.sampling`. What is compared are keys, whole numbers of 63 bits: the
logit's 32 in an order of their own, then the complement of its id, so that equal logits go by the
lower id and no two keys are equal. An empty place holds -1.
"""

import triton
import triton.language as tl

KERNELS = ("greatest_logits", "greatest_keys", "rank_keys")


@triton.jit
def _keep(keys, kept, keep, BLOCK: tl.constexpr):
    """The `keep` greatest keys of a block, in no order, at the block's place in `kept`.

    The least of them is found a bit at a time: the greatest number that enough keys reach.
    """
    least = tl.zeros([], tl.int64)
    for bit in range(0, 63):
        higher = least | (tl.full([], 1, tl.int64) << (62 - bit))
        reach = tl.sum((keys >= higher).to(tl.int32), 0)
        least = tl.where(reach >= keep, higher, least)
    kept += tl.program_id(0) * keep
    taken = keys >= least
    place = tl.cumsum(taken.to(tl.int32), 0) - 1
    tl.store(kept + place, keys, mask=taken)
    slot = tl.arange(0, BLOCK)
    empty = (slot >= tl.sum(taken.to(tl.int32), 0)) & (slot < keep)
    tl.store(kept + slot, tl.full([BLOCK], -1, tl.int64), mask=empty)


@triton.jit
def greatest_logits(logits, kept, count, keep, BLOCK: tl.constexpr):
    """First round: a block of `count` logits a program. Not a number is greater than all."""
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = at < count
    values = tl.load(logits + at, mask=there, other=0.0)
    values = tl.where(values == 0.0, 0.0, values)  # -0 is 0
    bits = values.to(tl.int32, bitcast=True)
    # As whole numbers with a sign, negative floats run backwards.
    order = tl.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    order = tl.where(values == values, order, 0x7FFFFFFF).to(tl.int64) + (1 << 31)
    keys = (order << 31) | (0x7FFFFFFF - at).to(tl.int64)
    _keep(tl.where(there, keys, -1), kept, keep, BLOCK)


@triton.jit
def greatest_keys(keys, kept, count, keep, BLOCK: tl.constexpr):
    """Another round: a block of `count` keys a program."""
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    _keep(tl.load(keys + at, mask=at < count, other=-1), kept, keep, BLOCK)


@triton.jit
def rank_keys(keys, logits, values, ids, count, BLOCK: tl.constexpr, MOST: tl.constexpr):
    """values float32 and ids int64 [count] of `count` keys in their order: BLOCK a program."""
    each = tl.arange(0, MOST)
    others = tl.load(keys + each, mask=each < count, other=-1)
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    own = tl.load(keys + at, mask=at < count, other=-1)
    rank = tl.sum((others[None, :] > own[:, None]).to(tl.int32), 1)
    there = own >= 0
    found = 0x7FFFFFFF - (own & 0x7FFFFFFF)
    tl.store(ids + rank, found, mask=there)
    tl.store(values + rank, tl.load(logits + found, mask=there, other=0.0), mask=there)
