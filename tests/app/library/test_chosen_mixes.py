"""What a download is to be prepared with is kept from its first start to its last."""

import json

import pytest

from app import paths
from app.airlock.courier.reach import reach_of_courier
from app.airlock.download.choices import Kind
from app.airlock.download.unfinished import Unfinished
from app.library.chosen_mixes import begun_with, keep
from app.library.mixes import BITS, MIXES, Mix
from inference.prepared import mixes as known


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    return tmp_path


def begun(repository: str) -> Unfinished:
    return Unfinished("name", repository, "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)


def test_every_mix_that_can_be_chosen_is_one_that_the_engine_has():
    assert set(known.MIXES) == {mix.value for mix in MIXES}
    assert BITS[Mix.Q4] < BITS[Mix.Q6] < BITS[Mix.Q8]
    assert known.DEFAULT_MIX.name == Mix.Q4


def test_the_last_choice_is_found_by_the_repository_in_any_case():
    keep("Owner/Name", Mix.Q4)
    keep("owner/NAME", Mix.Q8)
    assert begun_with([begun("owner/name"), begun("owner/other")]) == {"owner/name": Mix.Q8}


def test_only_of_what_was_begun():
    keep("owner/name", Mix.Q8)
    assert begun_with([]) == {}


@pytest.mark.parametrize("fact", ["q5", 4, None, [], {"a": 1}, "", True])
def test_what_is_no_mix_is_none(fact):
    file = paths.config_dir() / "mixes.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"owner/name": fact}))
    assert begun_with([begun("owner/name")]) == {}


def test_no_courier_can_read_what_was_chosen():
    keep("owner/name", Mix.Q8)
    file = paths.config_dir() / "mixes.json"
    reach = reach_of_courier(paths.models_dir(), paths.policy_file(), (), {"HOME": "/home/user"})
    assert file.is_file()
    for named in (*reach.read, *reach.write):
        assert named not in (file, *file.parents)
