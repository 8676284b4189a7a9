"""Perplexity by llama.cpp's rule."""

import json
import math
from pathlib import Path

import pytest
import torch

from inference.compute import compute_path
from inference.errors import RequestError
from inference.layers.decoder import Step
from inference.loading import open_model
from inference.measure.perplexity import perplexity
from inference.request import Compute

RECORD = Path(__file__).parents[1] / "data" / "perplexity" / "llama_cpp.json"


@pytest.fixture(scope="module")
def decoder(tiny_llama):
    with open_model(tiny_llama()) as opened:
        yield opened.decoder(compute_path(Compute.REFERENCE))


def test_the_second_half_of_each_whole_window_is_scored(decoder):
    ids = [(7 * i + 3) % 40 for i in range(35)]
    total = 0.0
    for start in (0, 16):
        window = [1, *ids[start + 1 : start + 16]]
        logits = decoder.forward(
            Step(torch.tensor(window)), decoder.new_cache(16), slice(None)
        ).double()
        total += sum(-logits[i].log_softmax(-1)[window[i + 1]].item() for i in range(8, 15))
    seen = []
    found = perplexity(decoder, ids, 1, 16, lambda done, of: seen.append((done, of)))
    assert found.tokens_scored == 14
    assert found.perplexity == pytest.approx(math.exp(total / 14), rel=1e-5)
    assert seen == [(1, 2), (2, 2)]


def test_without_bos_the_first_token_stays(decoder):
    ids = [(5 * i) % 40 for i in range(16)]
    assert perplexity(decoder, ids, None, 16) != perplexity(decoder, ids, 1, 16)


def test_too_little_text_is_refused(decoder):
    with pytest.raises(RequestError, match="7 tokens; a window of 8"):
        perplexity(decoder, [1] * 7, None, 8)
    with pytest.raises(RequestError, match="at least 4"):
        perplexity(decoder, [1] * 7, None, 3)


def found_in_the_real_file(starter_path, english_text, compute, windows=None):
    with open_model(starter_path) as opened:
        ids = opened.tokenizer().encode_typed(english_text)[: windows and windows * 512]
        return perplexity(opened.decoder(compute_path(compute)), ids, None, 512)


@pytest.mark.timeout(600)
def test_on_the_real_file_it_lies_within_1_percent_of_llama_cpp(starter_path, english_text):
    record = json.loads(RECORD.read_text())
    found = found_in_the_real_file(starter_path, english_text, Compute.FAST)
    assert found.tokens_scored == record["tokens_scored"]
    assert found.perplexity == pytest.approx(record["perplexity"], rel=0.01)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("windows", [pytest.param(4), pytest.param(18, marks=pytest.mark.slow)])
def test_the_reference_agrees_with_llama_cpp_window_by_window(starter_path, english_text, windows):
    record = json.loads(RECORD.read_text())
    losses = record["window_mean_losses"][:windows]
    found = found_in_the_real_file(starter_path, english_text, Compute.REFERENCE, windows)
    assert found.tokens_scored == record["tokens_scored"] * windows // 18
    assert found.perplexity == pytest.approx(math.exp(sum(losses) / windows), rel=0.01)
