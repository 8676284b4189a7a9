"""Where things are kept, whatever folder the program is started from."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import installation, paths
from app.airlock.meeting_place import profile_folder


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("PITCHER_HOME", "PITCHER_PREPARED", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("value", [None, "", "relative"])
def test_without_a_base_folder_it_is_the_homes(
    monkeypatch: pytest.MonkeyPatch, home: Path, value: str | None
) -> None:
    if value is not None:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, value)
    assert paths.data_dir() == home / ".local/share/pitcher"
    assert paths.models_dir() == home / ".local/share/pitcher-models"
    assert paths.config_dir() == home / ".config/pitcher"
    assert paths.prepared_dir() == home / ".cache/pitcher/prepared"


def test_a_base_folder_that_is_named_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    assert paths.data_dir() == tmp_path / "XDG_DATA_HOME/pitcher"
    assert paths.config_dir() == tmp_path / "XDG_CONFIG_HOME/pitcher"
    assert paths.prepared_dir() == tmp_path / "XDG_CACHE_HOME/pitcher/prepared"


def test_a_portable_copy_keeps_everything_beside_itself_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "stick" / "versions" / "1.2.3"
    program.mkdir(parents=True)
    for name in ("current", "portable"):
        (tmp_path / "stick" / name).write_text("1.2.3\n")
    found = installation.installed_at(program)
    monkeypatch.setattr(installation, "installation", lambda: found)
    data = tmp_path / "stick" / "data"
    assert paths.data_dir() == data / "data"
    assert paths.config_dir() == data / "config"
    assert paths.models_dir() == data / "models"
    assert paths.prepared_dir() == data / "prepared"
    assert paths.ledger_dir() == data / "ledger"
    assert profile_folder({}) == str((data / "data" / "history").resolve())
    assert not paths.home_is_named()
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "named"))
    assert paths.data_dir() == tmp_path / "named" / "data"
    assert profile_folder({"PITCHER_HOME": str(tmp_path / "named")}) == str(
        (tmp_path / "named" / "data" / "history").resolve()
    )


def test_one_folder_may_hold_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "stick"))
    assert paths.data_dir() == tmp_path / "stick/data"
    assert paths.config_dir() == tmp_path / "stick/config"
    assert paths.models_dir() == tmp_path / "stick/models"
    assert paths.prepared_dir() == tmp_path / "stick/prepared"
    monkeypatch.setenv("PITCHER_PREPARED", str(tmp_path / "large"))
    assert paths.prepared_dir() == tmp_path / "large"
