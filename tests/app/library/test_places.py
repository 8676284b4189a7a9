"""Where models lie that are not in the models folder: remembered, offline, never forgotten."""

import json
import os

import pytest

from app import paths
from app.library.errors import PlacesError
from app.library.models import NoSuchModelError, installed, resolve
from app.library.places import Place, Places, free_name
from app.library.removing import NotRemovableError, is_removable, remove_model


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    paths.models_dir().mkdir(parents=True)
    return tmp_path


def elsewhere(home, name="far", *, is_ours=True):
    path = home / "vault" / f"{name}.gguf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"1234")
    Places().remember(Place(name, path, is_ours))
    return path


def test_a_remembered_model_is_installed_by_its_name(home):
    path = elsewhere(home)
    assert [model.name for model in installed()] == ["far", "starter"]
    assert resolve("far").path == path


def test_one_whose_disk_is_gone_is_said_to_be_offline_and_stays_remembered(home):
    elsewhere(home)
    os.rename(home / "vault", home / "unplugged")
    assert [model.name for model in installed()] == ["starter"]
    with pytest.raises(NoSuchModelError, match=r"“far” is not connected.*vault"):
        resolve("far")
    place = Places().named("far")
    assert place is not None
    assert not place.is_there
    os.rename(home / "unplugged", home / "vault")
    assert resolve("far").name == "far"


def test_a_model_of_the_folder_goes_before_one_elsewhere_of_its_name(home):
    elsewhere(home, "twice")
    (paths.models_dir() / "twice.gguf").write_bytes(b"1")
    assert resolve("twice").path == paths.models_dir() / "twice.gguf"
    assert [model.name for model in installed()].count("twice") == 1


def test_ours_is_deleted_and_that_of_others_only_forgotten(home):
    ours, others = elsewhere(home, "ours"), elsewhere(home, "others", is_ours=False)
    assert is_removable(resolve("ours"))
    assert not is_removable(resolve("others"))
    remove_model(resolve("ours"))
    remove_model(resolve("others"))
    assert not ours.exists()
    assert others.read_bytes() == b"1234"
    assert Places().all() == ()
    with pytest.raises(NotRemovableError):
        remove_model(resolve(str(others)))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"a": 3}',
        '{"a": {"path": "relative", "is_ours": true}}',
        '{"a": {"path": "/x\\u0000", "is_ours": true}}',
        '{"a": {"path": "/x", "is_ours": 1}}',
        '{"a\\nb": {"path": "/x", "is_ours": true}}',
        '{"": {"path": "/x", "is_ours": true}}',
        json.dumps({"a": {"path": "/" + "x" * 5000, "is_ours": True}}),
        json.dumps({str(n): {"path": "/x", "is_ours": True} for n in range(1001)}),
        "{" + " " * (1 << 20) + "}",
    ],
)
def test_a_list_that_is_not_ours_is_said_and_left_as_it_is(home, text):
    file = paths.config_dir() / "places.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(PlacesError, match="left as it is"):
        Places().all()
    with pytest.raises(PlacesError):
        Places().remember(Place("x", home, is_ours=True))
    assert file.read_text() == text
    assert [model.name for model in installed()] == ["starter"]


def test_a_folder_in_the_place_of_the_list_is_said(home):
    (paths.config_dir() / "places.json").mkdir(parents=True)
    with pytest.raises(PlacesError):
        Places().all()


def test_a_list_that_can_not_be_written_is_said(home):
    paths.config_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.config_dir().write_text("a file in the place of the folder")
    with pytest.raises(PlacesError):
        Places().remember(Place("x", home, is_ours=True))


def test_a_name_is_taken_once():
    assert free_name("a", frozenset()) == "a"
    assert free_name("a", frozenset({"a", "a 2"})) == "a 3"
    assert free_name("\n", frozenset()) == "model"
