"""Choosing a token: each rule on its own, then together."""

from collections import Counter
from dataclasses import replace

import pytest
import torch

from inference.errors import RequestError
from inference.generation.sampler import NotANumberError, Sampler
from inference.gpu.sampling import best_of
from inference.request import GenerateRequest, Message, SamplerSettings
from kernels.cpu.sampling import MOST
from kernels.cuda.shim.orders import chosen_launcher

OFF = SamplerSettings(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, seed=1)


def logits_of(*probabilities):
    return torch.tensor(probabilities).log()


def drawn(settings, logits, times=400, previous=()):
    sampler = Sampler(settings)
    return Counter(sampler.choose(logits, previous) for _ in range(times))


def test_temperature_zero_takes_the_likeliest():
    sampler = Sampler(replace(OFF, temperature=0.0))
    assert sampler.choose(logits_of(0.2, 0.5, 0.3), ()) == 1


def test_all_off_draws_in_proportion():
    counts = drawn(OFF, logits_of(0.5, 0.3, 0.2), times=4000)
    assert counts[0] / 4000 == pytest.approx(0.5, abs=0.03)
    assert counts[2] / 4000 == pytest.approx(0.2, abs=0.03)


def test_temperature_sharpens_before_the_cuts():
    # At temperature 0.5 the odds square: 0.8 against 0.2 becomes 0.94 against 0.06.
    counts = drawn(replace(OFF, temperature=0.5), logits_of(0.8, 0.2), times=4000)
    assert counts[0] / 4000 == pytest.approx(0.941, abs=0.02)
    cut = drawn(replace(OFF, temperature=0.5, top_p=0.9), logits_of(0.8, 0.2))
    assert set(cut) == {0}


def test_top_k_keeps_the_k_best():
    assert set(drawn(replace(OFF, top_k=2), logits_of(0.1, 0.4, 0.2, 0.3))) == {1, 3}
    assert set(drawn(replace(OFF, top_k=99), logits_of(0.5, 0.5))) == {0, 1}


def test_top_p_keeps_the_fewest_that_reach_it():
    assert set(drawn(replace(OFF, top_p=0.7), logits_of(0.5, 0.3, 0.15, 0.05))) == {0, 1}
    assert set(drawn(replace(OFF, top_p=0.01), logits_of(0.5, 0.3, 0.2))) == {0}


def test_min_p_is_relative_to_the_likeliest():
    assert set(drawn(replace(OFF, min_p=0.5), logits_of(0.5, 0.3, 0.15, 0.05))) == {0, 1}
    assert set(drawn(replace(OFF, min_p=1.0), logits_of(0.6, 0.4))) == {0}


def test_repeat_penalty_divides_positive_and_multiplies_negative_scores():
    greedy = replace(OFF, temperature=0.0, repeat_penalty=2.0)
    assert Sampler(greedy).choose(torch.tensor([3.0, 2.0]), [0]) == 1
    assert Sampler(greedy).choose(torch.tensor([-1.0, -1.5]), [0]) == 1
    assert Sampler(greedy).choose(torch.tensor([3.0, 2.0]), []) == 0


def test_presence_counts_once_and_frequency_each_time():
    logits = torch.tensor([2.0, 1.2])
    assert (
        Sampler(replace(OFF, temperature=0.0, presence_penalty=0.5)).choose(logits, [0, 0, 0]) == 0
    )
    assert (
        Sampler(replace(OFF, temperature=0.0, frequency_penalty=0.5)).choose(logits, [0, 0, 0]) == 1
    )


def test_penalties_look_back_only_over_their_window():
    settings = replace(OFF, temperature=0.0, frequency_penalty=9.0, penalty_window_tokens=2)
    assert Sampler(settings).choose(torch.tensor([2.0, 1.0, 0.0]), [0, 2, 2]) == 0
    unlimited = replace(settings, penalty_window_tokens=0)
    assert Sampler(unlimited).choose(torch.tensor([2.0, 1.0, 0.0]), [0]) == 0


def test_a_seed_repeats_and_no_seed_draws_one():
    logits = logits_of(*[0.05] * 20)
    runs = [[Sampler(OFF).choose(logits, ()) for _ in range(3)] for _ in range(2)]
    assert runs[0] == runs[1]
    first, second = Sampler(replace(OFF, seed=None)), Sampler(replace(OFF, seed=None))
    assert first.seed != second.seed


def test_the_logits_are_left_as_they_were():
    logits = logits_of(0.5, 0.3, 0.2)
    before = logits.clone()
    Sampler(replace(OFF, repeat_penalty=1.5, temperature=0.3)).choose(logits, [0])
    assert torch.equal(logits, before)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_values_that_are_not_numbers_are_an_error(bad):
    with pytest.raises(NotANumberError, match="not a number"):
        Sampler(OFF).choose(torch.tensor([0.0, bad]), ())


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature": 0.0},
        {"temperature": 0.0, "repeat_penalty": 1.5, "presence_penalty": 0.5},
        {"top_k": 40, "repeat_penalty": 1.3},
        {"top_p": 0.9},
        {"top_p": 0.9999999},  # more than the best thousand
        {"top_k": 1500},
    ],
    ids=str,
)
def test_logits_on_a_card_give_the_same_tokens_and_only_the_best_are_fetched(changes):
    settings = replace(OFF, **changes)
    logits = torch.randn(3000, generator=torch.Generator().manual_seed(8))
    previous = logits.topk(3).indices.tolist()
    asked, of_card = [], best_of(chosen_launcher())

    def best(scores, count):
        asked.append(count)
        return of_card(scores, count)

    here, there = Sampler(settings), Sampler(settings, best)
    want = [here.choose(logits, previous) for _ in range(5)]
    assert [there.choose(logits, previous) for _ in range(5)] == want
    most = 1 if settings.temperature == 0 else min(settings.top_k or MOST, MOST)
    assert asked == [most] * 5
    logits[7] = float("nan")
    with pytest.raises(NotANumberError):
        there.choose(logits, [])


def test_minus_infinity_is_never_drawn():
    assert set(drawn(OFF, torch.tensor([0.0, float("-inf")]))) == {0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"top_k": -1},
        {"top_p": 0.0},
        {"top_p": 1.1},
        {"min_p": -0.1},
        {"repeat_penalty": 0.0},
        {"presence_penalty": 11.0},
        {"frequency_penalty": -11.0},
        {"penalty_window_tokens": -1},
        {"seed": -1},
        {"seed": 2**63},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(RequestError, match=r"must be|to"):
        SamplerSettings(**wrong)


def test_a_request_needs_a_message_room_and_real_stop_strings():
    message = Message("user", "hello")
    for wrong in ({"messages": ()}, {"max_tokens": 0}, {"stop_strings": ("",)}):
        with pytest.raises(RequestError):
            GenerateRequest(**{"messages": (message,), **wrong})


@pytest.mark.parametrize(
    "changes", [{"top_p": 0.9}, {"top_p": 1.0, "min_p": 0.1}, {"top_p": 0.999999}, {"top_k": 700}]
)
def test_a_shorter_list_of_candidates_keeps_what_the_whole_would(monkeypatch, changes):
    logits = torch.randn(3000, generator=torch.Generator().manual_seed(5)) * 3
    settings = SamplerSettings(temperature=1.0, **({"top_k": 0, "min_p": 0.0} | changes))

    def kept(most):
        monkeypatch.setattr("inference.generation.sampler.MOST", most)
        probabilities, ids = Sampler(settings)._candidates(logits)
        kept = probabilities > 0
        return ids[kept], probabilities[kept] / probabilities.sum()

    (short_ids, short), (whole_ids, whole) = kept(500), kept(1024 if "top_k" in changes else 500)
    monkeypatch.setattr(
        "inference.generation.sampler.greatest", lambda scores, count: scores.topk(count)
    )
    all_ids, everything = kept(3000)
    assert torch.equal(short_ids, all_ids)
    assert torch.equal(whole_ids, all_ids)
    torch.testing.assert_close(short, everything)
    torch.testing.assert_close(whole, everything)
