"""What the models page is told of each model."""

import os

import pytest

from app import paths
from app.library.bundles.checking import open_bundle
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.signing import SigningKey
from app.library.checks import Checks, check_model
from app.library.facts import shelf
from app.library.models import resolve
from app.library.moving import use_in_place
from app.library.places import Place, Places
from app.library.shelved import PlanPart
from inference.prepared.automatic import ready
from inference.request import Compute
from tests.app.library.bundles.conftest import PART_BYTES, source_in
from tests.inference.prepared.making import quantized_llama


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    paths.models_dir().mkdir(parents=True)
    return tmp_path


def named(name):
    return next(model for model in shelf() if model.name == name)


def test_a_models_files_say_what_it_is_and_needs(home):
    file = quantized_llama(paths.models_dir() / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    model = named("tiny")
    assert (model.is_ours, model.is_elsewhere, model.is_starter) == (True, False, False)
    assert model.stored_bytes == file.stat().st_size
    assert model.copy_bytes == 0
    facts = model.facts
    assert facts is not None
    assert facts.quantization == "Q8_0"
    assert facts.fits
    assert facts.runs
    assert [part for part, _ in facts.parts] == [PlanPart.SHARED, PlanPart.CACHE, PlanPart.WORK]
    assert facts.needed_bytes == sum(count for _, count in facts.parts) > model.stored_bytes / 2
    assert facts.usable_bytes > 0
    copy = ready(file, Compute.FAST, paths.prepared_dir()).path
    assert named("tiny").copy_bytes == sum(each.stat().st_size for each in copy.iterdir())
    prepared = named("tiny").facts
    assert prepared is not None
    assert prepared.quantization


def test_what_can_not_be_used_says_why_and_stays_listed(home):
    (paths.models_dir() / "broken.gguf").write_bytes(b"GGUF and no more")
    model = named("broken")
    assert model.facts is None
    assert "broken.gguf" in model.problem
    assert model.is_there


def test_what_is_known_of_its_bytes_is_told(home):
    quantized_llama(paths.models_dir() / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    assert named("tiny").checked is None
    checked = check_model(resolve("tiny"), Checks())
    assert named("tiny").checked == checked


def test_one_that_came_by_a_bundle_says_from_where(home):
    (home / "stick").mkdir()
    key = SigningKey.make(home / "key.pem")
    folder, _ = export_bundle(source_in(home / "source"), home / "stick", key, PART_BYTES)
    imported = import_bundle(open_bundle(folder), paths.models_dir(), "me")
    assert named("tiny").source == "GGUF 3"
    (imported.folder / "bundle.json").write_bytes(b"{}")
    assert named("tiny").source == ""


def test_models_elsewhere_are_told_from_those_whose_disk_is_gone(home):
    file = home / "theirs.gguf"
    quantized_llama(file, {"weight": "Q8_0"}, layers=1)
    use_in_place(file, "theirs")
    Places().remember(Place("far", home / "vault" / "far", is_ours=True))
    there, gone = named("theirs"), named("far")
    assert (there.is_there, there.is_elsewhere, there.is_ours) == (True, True, False)
    assert (gone.is_there, gone.is_elsewhere, gone.is_ours) == (False, True, True)
    assert [model.name for model in shelf()][-1] == "far"
    os.rename(file, home / "renamed.gguf")
    assert not named("theirs").is_there


def test_the_starter_is_one(home):
    starter = named("starter")
    assert starter.is_starter
    assert not starter.is_ours
    assert starter.facts is not None
    assert "SmolLM2" in starter.facts.title
