"""Flags that become settings."""

import tomllib
from pathlib import Path

import pytest

from app.cli.parser import parse, with_flags
from inference.request import Compute, SamplerSettings


def test_flags_change_only_what_they_say():
    arguments = parse(["chat", "--temperature", "0.1", "--seed", "4"])
    recommended = SamplerSettings(top_p=0.8)
    settings = with_flags(recommended, arguments)
    assert (settings.temperature, settings.seed, settings.top_p) == (0.1, 4, 0.8)


def test_the_version_is_printed_and_that_is_all(capsys):
    with pytest.raises(SystemExit) as leaving:
        parse(["--version"])
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"Pitcher {project['version']}\n"


def test_zero_is_a_value_and_not_left_out():
    arguments = parse(["chat", "--temperature", "0", "--top-k", "0", "--min-p", "0"])
    settings = with_flags(SamplerSettings(), arguments)
    assert (settings.temperature, settings.top_k, settings.min_p) == (0.0, 0, 0.0)


def test_fast_is_what_users_run():
    assert parse(["bench", "--model", "m"]).compute is Compute.FAST
    assert parse(["bench", "--model", "m", "--compute", "reference"]).compute is Compute.REFERENCE
