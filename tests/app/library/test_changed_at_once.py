"""Two jobs that change what is remembered of models at the same time: neither loses the other's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app import paths
from app.library import moving
from app.library.bundles.seen import SeenBundles
from app.library.bundles.trust import TrustStore
from app.library.moving import use_in_place
from app.library.places import Place, Places

_MEETING_S = 0.3  # as long as one waits for the other, which should not come


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    paths.models_dir().mkdir(parents=True)
    return tmp_path


@pytest.fixture
def at_once(monkeypatch):
    """Do two things in two threads, which meet behind what both read, unless one waits before."""

    def do(owner, read, *acts):
        both, plain = threading.Barrier(2), getattr(owner, read)

        def meeting(*given):
            found = plain(*given)
            with suppress(threading.BrokenBarrierError):
                both.wait(_MEETING_S)
            return found

        monkeypatch.setattr(owner, read, meeting)
        with ThreadPoolExecutor(2) as pool:
            results = [each.result() for each in [pool.submit(act) for act in acts]]
        monkeypatch.setattr(owner, read, plain)
        return results

    return do


def test_places(home, at_once):
    places = [Place(name, home / name, is_ours=False) for name in ("a", "b")]
    at_once(Places, "all", *(lambda p=place: Places().remember(p) for place in places))
    assert Places().all() == tuple(places)
    Places().remember(Place("c", home / "c", is_ours=True))
    at_once(Places, "all", *(lambda n=name: Places().forget(n) for name in ("a", "b")))
    assert [place.name for place in Places().all()] == ["c"]


def test_models_of_one_name_that_are_taken_in_place(home, at_once):
    files = [home / folder / "same.gguf" for folder in ("one", "two")]
    for file in files:
        file.parent.mkdir()
        file.write_bytes(b"GGUF")
    found = at_once(
        moving, "free_name", *(lambda f=file: use_in_place(f, "same") for file in files)
    )
    assert sorted(model.name for model in found) == ["same", "same 2"]
    assert {place.path for place in Places().all()} == set(files)


def test_trusted_keys(home, at_once):
    keys = ["".join(f"{number:02x}" for _ in range(32)) for number in (1, 2)]
    added = at_once(
        TrustStore, "trusted", *(lambda k=key: TrustStore().trust(k, k) for key in keys)
    )
    assert set(TrustStore().trusted()) == set(added)
    TrustStore().trust("03" * 32, "who stays")
    at_once(TrustStore, "trusted", *(lambda k=key: TrustStore().remove(k) for key in keys))
    assert [each.name for each in TrustStore().trusted()] == ["who stays"]


def test_installed_bundles(home, at_once):
    key = "04" * 32
    acts = [lambda n=name: SeenBundles().remember(n, 5, key, {}) for name in ("a", "b")]
    at_once(SeenBundles, "_all", *acts)
    assert [SeenBundles().of(name).is_installed for name in ("a", "b")] == [True, True]
    at_once(SeenBundles, "_all", *(lambda n=n: SeenBundles().forget_installed(n) for n in "ab"))
    assert [SeenBundles().of(name).is_installed for name in ("a", "b")] == [False, False]
