"""Which file a name means."""

import pytest

from app import paths
from app.library import models


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    paths.models_dir().mkdir()
    return paths.models_dir()


def test_the_models_folder_comes_before_the_starter(folder):
    (folder / "mine.gguf").write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    assert [m.name for m in models.installed()] == ["mine", "starter"]
    assert models.resolve(None).path == folder / "mine.gguf"
    assert models.resolve("mine.gguf").name == "mine"


def test_folders_and_files_in_parts_are_one_model_each(folder):
    for number in (1, 2):
        (folder / f"big-0000{number}-of-00002.gguf").write_bytes(b"1234")
    (folder / "hub").mkdir()
    (folder / "hub" / "config.json").write_text("{}")
    (folder / "hub" / "model.safetensors").write_bytes(b"12345")
    (folder / "split").mkdir()
    (folder / "split" / "a.gguf").write_bytes(b"1")
    (folder / "pictures").mkdir()
    found = {m.name: models.stored_bytes(m) for m in models.installed() if not m.is_starter}
    assert found == {"big-00001-of-00002": 8, "hub": 5, "split": 1}
    assert models.resolve("hub").path == folder / "hub"


def test_the_starter_is_said_to_be_one_by_path_too(folder):
    starter = models.resolve("starter")
    assert starter.is_starter
    assert starter.recommended.temperature < 0.5
    assert models.resolve(str(starter.path)).is_starter


def test_any_path_is_a_model_to_try(folder, tmp_path):
    file = tmp_path / "other.bin"
    file.write_bytes(b"")
    choice = models.resolve(str(file))
    assert (choice.path, choice.is_starter) == (file, False)


def test_an_unknown_name_says_what_there_is(folder):
    with pytest.raises(models.NoSuchModelError, match=r"“nope”.*starter"):
        models.resolve("nope")


def test_without_the_starter_package_there_may_be_none(folder, monkeypatch):
    monkeypatch.setattr(models, "_STARTER_PACKAGE", "no_such_package")
    assert models.starter() is None
    with pytest.raises(models.NoSuchModelError, match="make setup"):
        models.resolve(None)


def test_without_a_home_the_systems_folders_are_used(monkeypatch):
    monkeypatch.delenv("PITCHER_HOME", raising=False)
    assert {paths.config_dir().name, paths.data_dir().name} == {"pitcher"}
    assert paths.models_dir() != paths.data_dir()
