"""The courier's lock, tried by a real process that is under it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock import landlock, seccomp
from app.airlock.courier import allow_list, lockdown, reach
from app.airlock.courier.errors import NotConfinedError
from app.airlock.syscalls import X86_64, this_architecture

ROOT = Path(__file__).resolve().parents[4]
NATIVE = ROOT / "tests" / "flows" / "native"
ARCHITECTURE = this_architecture()
needs_linux = pytest.mark.skipif(ARCHITECTURE is None, reason="the lock needs Linux")
needs_landlock = pytest.mark.skipif(
    ARCHITECTURE is None or not allow_list.is_possible(ARCHITECTURE),
    reason="this kernel has no Landlock that can hold files to a list",
)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("courier")
    models, secret = folder / "models", folder / "data" / "history.db"
    for made in (models, secret.parent):
        made.mkdir()
    secret.write_text("secret")
    policy = folder / "policy.toml"
    lock = lockdown.prepare_for(models, policy, (NATIVE,), os.environ)
    ended = subprocess.run(
        [sys.executable, str(NATIVE / "courier_attempts.py"), str(models), str(secret)],
        capture_output=True,
        text=True,
        preexec_fn=lock.engage,
        env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")},
        cwd="/",
    )
    lock.close()
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert isinstance(found, dict)
    return {**found, "secret": secret.read_text() if secret.exists() else "gone"}


@needs_landlock
def test_it_writes_the_models_folder_and_nothing_else(tried: dict[str, str]) -> None:
    assert tried["write models"] == "done"
    assert tried["rename in models"] == "done"
    for refused in ("write beside", "truncate", "delete", "write program"):
        assert tried[refused] == "EACCES", refused
    assert tried["link out"] in ("EACCES", "EXDEV")
    assert tried["secret"] == "secret"


@needs_landlock
def test_it_reads_no_chats_and_lists_no_folder_of_the_users(tried: dict[str, str]) -> None:
    for refused in ("read secret", "list secret", "list root", "read passwords"):
        assert tried[refused] == "EACCES", refused
    assert tried["environment of the parent"] == "EACCES"
    assert tried["read resolver"] in ("done", "ENOENT")
    assert tried["files are held"] == "True"


@needs_landlock
def test_no_signal_leaves_it(tried: dict[str, str]) -> None:
    assert ARCHITECTURE is not None
    expected = "EPERM" if landlock.version(ARCHITECTURE) >= 6 else "done"
    assert tried["signal to the parent"] == expected


@needs_linux
def test_it_may_ask_the_internet_and_listens_to_nobody(tried: dict[str, str]) -> None:
    assert tried["IPv4"] == tried["Unix"] == "done"
    assert tried["IPv6"] in ("done", "EAFNOSUPPORT")
    for refused in ("netlink", "packet", "vsock", "thread", "accept4"):
        assert tried[refused] == "EPERM", refused
    assert tried["listen"] == "EPERM"


@needs_linux
def test_other_processes_and_the_kernels_other_ways_are_closed(tried: dict[str, str]) -> None:
    for refused in ("ptrace", "pidfd_getfd", "io_uring_setup", "request_key"):
        assert tried[refused] == "EPERM", refused


@needs_linux
def test_sealed_it_has_threads_and_starts_no_process(tried: dict[str, str]) -> None:
    assert tried["start a program"] == "done"
    for refused in ("start a program", "fork", "replace itself"):
        assert tried[f"{refused}, sealed"] == "EPERM", refused
    assert tried["thread"] == "EPERM"  # it ran, and its socket was refused
    assert int(tried["open files"]) <= 512


@needs_linux
def test_a_process_that_nobody_locked_is_found_out() -> None:
    with pytest.raises(NotConfinedError, match="does not hold"):
        lockdown.verify(Path("/"))


@needs_linux
def test_a_list_that_does_not_hold_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lockdown, "_refuses_to_listen", lambda _known: True)
    monkeypatch.setattr(allow_list, "is_possible", lambda _known: True)
    with pytest.raises(NotConfinedError):
        lockdown.verify(tmp_path)
    monkeypatch.setattr(allow_list, "is_possible", lambda _known: False)
    assert lockdown.verify(tmp_path) is False


def test_where_no_filter_can_be_had_no_courier_is_made_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lockdown, "this_architecture", lambda: None)
    with pytest.raises(NotConfinedError, match="on this system yet"):
        lockdown.prepare_for(tmp_path, tmp_path / "policy.toml", (), {})
    with pytest.raises(NotConfinedError):
        lockdown.seal()
    with pytest.raises(NotConfinedError):
        lockdown.verify(tmp_path)


@needs_linux
def test_a_layer_that_is_there_and_cannot_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_: object) -> int:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(allow_list, "is_possible", lambda _known: True)
    monkeypatch.setattr(allow_list, "make", fails)
    with pytest.raises(NotConfinedError, match="Cannot allocate memory"):
        lockdown.prepare_for(tmp_path, tmp_path / "policy.toml", (), {})
    monkeypatch.setattr(seccomp, "install", fails)
    with pytest.raises(NotConfinedError, match="could not be set"):
        lockdown.seal()


def test_without_landlock_the_other_layers_hold_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lockdown, "this_architecture", lambda: X86_64)
    monkeypatch.setattr(seccomp, "is_available", lambda _known: True)
    monkeypatch.setattr(allow_list, "is_possible", lambda _known: False)
    lock = lockdown.prepare_for(tmp_path, tmp_path / "policy.toml", (), {})
    assert lock.ruleset is None
    lock.close()


@pytest.mark.parametrize(
    ("version", "expected"),
    [(2, (1 << 14) - 1), (3, (1 << 15) - 1), (4, (1 << 15) - 1), (7, (1 << 16) - 1)],
)
def test_each_version_handles_what_it_knows(version: int, expected: int) -> None:
    assert allow_list._handled(version) == expected


@needs_landlock
def test_names_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert ARCHITECTURE is not None
    allowed = allow_list.AllowList((tmp_path / "none",), (tmp_path,))
    os.close(allow_list.make(allowed, ARCHITECTURE))


# --------------------------------------------------------------------------- the reach


def test_of_the_users_own_only_what_a_window_needs_is_reached(tmp_path: Path) -> None:
    home, authority = tmp_path / "home", tmp_path / "run" / "xauth"
    allowed = reach.reach_of_courier(
        tmp_path / "models",
        tmp_path / "policy.toml",
        (tmp_path / "ca.pem",),
        {"HOME": str(home), "XAUTHORITY": str(authority)},
    )
    assert allowed.write == (tmp_path / "models",)
    at_home = {path.relative_to(home).parts[0] for path in allowed.read if home in path.parents}
    assert at_home == {".Xauthority", ".fonts", ".local", ".config", ".XCompose"}
    assert {authority, tmp_path / "ca.pem", tmp_path / "policy.toml"} <= set(allowed.read)
    assert home not in allowed.read
    assert Path("/") not in allowed.read
    assert ROOT not in allowed.read


def test_a_home_that_is_no_absolute_path_is_none() -> None:
    allowed = reach.reach_of_courier(Path("/m"), Path("/p"), (), {"HOME": "x", "XAUTHORITY": "y"})
    assert all(path.is_absolute() for path in allowed.read)


def test_frozen_it_reads_its_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pitcher"))
    allowed = reach.reach_of_courier(Path("/m"), Path("/p"), (), {})
    assert tmp_path.resolve() in allowed.read
    assert ROOT / "app" not in allowed.read
    assert allowed.listed == ()
