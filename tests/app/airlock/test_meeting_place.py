"""Where starts meet: the same place for the same profile, in a folder of the user's own."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app import paths
from app.airlock import meeting_place as module
from app.airlock.meeting_place import NoPlaceError, meeting_place, profile_folder
from app.airlock.syscalls import this_architecture

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the launcher's socket: Linux")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Not pytest's own, which may be too deep for a socket by itself."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    return {"XDG_RUNTIME_DIR": str(runtime), "PITCHER_HOME": str(tmp_path / "home")}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PITCHER_HOME", "/some/home"),
        ("PITCHER_HOME", "~/stick"),
        ("PITCHER_HOME", "relative"),
        ("PITCHER_HOME", ""),
        ("XDG_DATA_HOME", "/some/data"),
        ("XDG_DATA_HOME", ""),
        ("XDG_DATA_HOME", "relative"),
        ("XDG_DATA_HOME", None),
    ],
)
def test_the_profile_is_the_one_that_the_chat_process_will_open(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    monkeypatch.delenv("PITCHER_HOME", raising=False)
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    assert profile_folder(os.environ) == os.path.realpath(paths.data_dir() / "history")


def test_one_profile_is_one_place_whatever_its_spelling(
    environment: dict[str, str], tmp_path: Path
) -> None:
    first = meeting_place(environment)
    assert first.socket.parent == tmp_path / "run" / "pitcher"
    assert first.lock.parent == first.socket.parent
    assert mode_of(first.socket.parent) == 0o700
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to("home")
    for same in ("home/", "./home", "x/../home", "link"):
        assert meeting_place(environment | {"PITCHER_HOME": f"{tmp_path}/{same}"}) == first
    assert meeting_place(environment | {"PITCHER_HOME": f"{tmp_path}/other"}) != first
    assert "home" not in first.socket.name


@pytest.mark.parametrize("runtime", ["missing", "a file", "relative", "writable", "unset"])
def test_without_a_runtime_folder_of_ones_own_it_is_a_temporary_one(
    environment: dict[str, str], tmp_path: Path, runtime: str
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment["TMPDIR"] = str(temporary)
    folder = tmp_path / "run"
    match runtime:
        case "missing":
            folder.rmdir()
        case "a file":
            folder.rmdir()
            folder.touch()
        case "writable":
            folder.chmod(0o770)
        case "relative":
            environment["XDG_RUNTIME_DIR"] = "run"
        case "unset":
            del environment["XDG_RUNTIME_DIR"]
    place = meeting_place(environment)
    assert place.socket.parent == temporary / f"pitcher-{os.geteuid()}"
    assert mode_of(place.socket.parent) == 0o700


def test_a_path_too_deep_for_a_socket_is_passed_over(
    environment: dict[str, str], tmp_path: Path
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir(mode=0o700)
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment |= {"XDG_RUNTIME_DIR": str(deep), "TMPDIR": str(temporary)}
    assert meeting_place(environment).socket.parent.parent == temporary
    assert list(deep.iterdir()) == []


def test_where_every_path_is_too_deep_there_is_no_place(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ADDRESS_LIMIT_BYTES", 10)
    with pytest.raises(NoPlaceError, match="too long"):
        meeting_place(environment)


def test_a_folder_that_others_may_enter_is_closed_to_them(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "run" / "pitcher"
    folder.mkdir()
    folder.chmod(0o777)
    meeting_place(environment)
    assert mode_of(folder) == 0o700


def test_a_link_in_its_place_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "away").mkdir(mode=0o700)
    (tmp_path / "run" / "pitcher").symlink_to(tmp_path / "away")
    with pytest.raises(NoPlaceError, match="not this user's own"):
        meeting_place(environment)


def test_another_users_folder_is_refused(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user made the folder among the temporary files before we could."""
    del environment["XDG_RUNTIME_DIR"]
    environment["TMPDIR"] = str(tmp_path)
    other = os.getuid() + 1
    monkeypatch.setattr(module.os, "geteuid", lambda: other)
    with pytest.raises(NoPlaceError, match=f"pitcher-{other} is not this user's own"):
        meeting_place(environment)


def test_a_folder_that_cannot_be_made_is_a_sentence(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.Path, "mkdir", fail)
    with pytest.raises(NoPlaceError, match="can't be made: No space left"):
        meeting_place(environment)
