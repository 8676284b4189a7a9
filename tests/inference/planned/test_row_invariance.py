"""A planned decoder's step of 1 to 8 tokens: each token's logits are its own bits, whatever is
read beside it, however many threads there are, and whichever is taken off its core."""

import pytest
import torch

from inference.loading import open_model
from kernels.testing.cases import invariant_rows
from tests.inference.planned.models import DENSE, MLA, MOE, name_of, planned, prepared, prompt, read
from tests.kernels.cpu.native import LEVELS

PAST, ROWS = 19, 8


@pytest.fixture(scope="module", params=[1, 2, 3, 4], ids="{}-threads".format)
def threads(request):
    return request.param


def steps(decoder, cache, ids):
    """Logits of the tokens behind PAST, one at a time."""
    cache.truncate(PAST)
    return torch.cat([read(decoder, cache, ids[at : at + 1]) for at in range(PAST, PAST + ROWS)])


@pytest.mark.parametrize("index", [MLA, MOE, DENSE], ids=name_of)
@pytest.mark.parametrize("level", LEVELS)
def test_a_tokens_bits_are_its_own(level, index, threads):
    ids = prompt(index)
    with open_model(prepared(index)) as opened:
        # The prompt is read by few rows at a time too: many are read in another order.
        quiet = planned(opened, level, threads=1)
        cache = quiet.new_cache(64)
        for at in range(0, PAST, ROWS):
            read(quiet, cache, ids[at : min(at + ROWS, PAST)])
        want = steps(quiet, cache, ids)

        decoder = planned(opened, level, threads)
        for disturbed in (False, True):
            if disturbed:
                for thread in range(threads):
                    decoder._pool.disturb(thread, 37 + thread, 150)
            cache = decoder.new_cache(64)
            for at in range(PAST):
                read(decoder, cache, ids[at : at + 1])
            assert torch.equal(steps(decoder, cache, ids), want)
            for rows in invariant_rows():
                cache.truncate(PAST)
                got = read(decoder, cache, ids[PAST : PAST + rows])
                assert torch.equal(got, want[:rows]), f"{rows} rows"
