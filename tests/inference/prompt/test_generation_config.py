import json

import pytest

from inference.errors import RequestError, TokenizerError
from inference.prompt.generation_config import (
    GenerationDefaults,
    generation_defaults,
    read_generation_defaults,
)
from inference.prompt.recommended import Recommended
from inference.request import SamplerSettings


def test_what_deepseek_r1_and_llama_say(tmp_path):
    config = {"bos_token_id": 0, "eos_token_id": 1, "do_sample": True}
    config |= {"temperature": 0.6, "top_p": 0.95, "transformers_version": "4.46.3"}
    (tmp_path / "generation_config.json").write_text(json.dumps(config))
    expected = GenerationDefaults(Recommended(temperature=0.6, top_p=0.95), (1,), 0)
    assert read_generation_defaults(tmp_path) == expected
    assert read_generation_defaults(tmp_path / "generation_config.json") == expected
    several = generation_defaults({"eos_token_id": [128001, 128008, 128009], "top_k": 20})
    assert several.eos_ids == (128001, 128008, 128009)
    assert several.recommended == Recommended(top_k=20)


def test_without_the_file_nothing_is_said(tmp_path):
    assert read_generation_defaults(tmp_path) == GenerationDefaults()


def test_no_sampling_means_the_likeliest():
    defaults = generation_defaults({"do_sample": False, "temperature": 0.9, "min_p": 0.1})
    assert defaults.recommended == Recommended(temperature=0.0, min_p=0.1)


def test_the_files_values_win_over_the_familys_and_both_over_ours():
    file = Recommended(temperature=0.5, repeat_penalty=1.1)
    family = Recommended(temperature=0.6, top_k=20)
    settings = file.over(family).settings(SamplerSettings(top_p=0.9))
    assert settings == SamplerSettings(temperature=0.5, top_k=20, top_p=0.9, repeat_penalty=1.1)
    with pytest.raises(RequestError):
        Recommended(top_p=2.0).settings(SamplerSettings())


@pytest.mark.parametrize(
    "config",
    [
        {"temperature": "hot"},
        {"temperature": True},
        {"temperature": float("nan")},
        {"temperature": float("inf")},
        {"temperature": 10**400},
        {"temperature": -1},
        {"top_p": 0},
        {"top_p": [0.9]},
        {"min_p": 7},
        {"top_k": -1},
        {"top_k": 2**40},
        {"top_k": 1.5},
        {"repetition_penalty": 0},
        {"do_sample": "no"},
        {"eos_token_id": -1},
        {"eos_token_id": 2**31},
        {"eos_token_id": "1"},
        {"eos_token_id": [1, [2]]},
        {"eos_token_id": list(range(1000))},
        {"bos_token_id": {}},
    ],
)
def test_what_makes_no_sense_is_refused(config):
    with pytest.raises(TokenizerError, match="generation_config"):
        generation_defaults(config)


@pytest.mark.parametrize("content", [b"", b"[1]", b"[" * 100_000, b"9" * 5000, b" " * (2**20 + 1)])
def test_a_damaged_or_huge_file_is_refused(tmp_path, content):
    (tmp_path / "generation_config.json").write_bytes(content)
    with pytest.raises(TokenizerError, match="generation_config"):
        read_generation_defaults(tmp_path)
