"""Settings: typed, stored whole, and never lost without a word."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from app.settings import (
    SEND_KEY,
    SIDEBAR_SHOWN,
    SIDEBAR_WIDTH,
    THEME,
    Effective,
    SendKey,
    Settings,
    SettingsError,
    ThemeChoice,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_without_a_file_the_defaults_apply(file):
    settings = Settings(file)
    assert settings.effective(THEME) == Effective(ThemeChoice.AUTO, None)
    assert settings.effective(SEND_KEY).value is SendKey.ENTER
    assert settings.problem is None
    assert not file.exists()


def test_what_was_changed_is_there_again(file):
    settings = Settings(file)
    settings.change(THEME, ThemeChoice.DARK)
    settings.change(SIDEBAR_WIDTH, 300)
    settings.save()
    again = Settings(file)
    assert again.effective(THEME).value is ThemeChoice.DARK
    assert again.effective(SIDEBAR_WIDTH).value == 300
    assert again.problem is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b'"x"'])
def test_a_damaged_file_is_kept_aside_and_said(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    settings = Settings(file)
    assert settings.effective(THEME).value is ThemeChoice.AUTO
    assert settings.problem is not None
    assert "Defaults apply" in settings.problem
    assert (file.parent / "settings.damaged.json").read_bytes() == content
    assert not file.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "sepia"),
        ("theme", 3),
        ("sidebar_width", 10_000),
        ("sidebar_width", True),
        ("sidebar_width", "264"),
        ("sidebar_shown", 1),
    ],
)
def test_one_bad_value_costs_only_itself(file, name, value):
    file.parent.mkdir()
    file.write_text(json.dumps({"send_key": "ctrl-enter", name: value}))
    settings = Settings(file)
    assert settings.effective(SEND_KEY).value is SendKey.CTRL_ENTER
    assert settings.effective(SIDEBAR_WIDTH).value == 264
    assert settings.effective(SIDEBAR_SHOWN).value is True
    assert settings.problem is not None
    assert name in settings.problem


def test_names_of_a_newer_version_survive(file):
    file.parent.mkdir()
    file.write_text(json.dumps({"from_the_future": [1, 2]}))
    settings = Settings(file)
    settings.change(THEME, ThemeChoice.LIGHT)
    settings.save()
    assert json.loads(file.read_text())["from_the_future"] == [1, 2]


def test_a_write_that_fails_leaves_the_old_file_whole(file, monkeypatch):
    settings = Settings(file)
    settings.change(THEME, ThemeChoice.DARK)
    settings.save()
    before = file.read_bytes()
    settings.change(THEME, ThemeChoice.LIGHT)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.settings.os.fsync", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        settings.save()
    assert file.read_bytes() == before
    assert [f.name for f in file.parent.iterdir()] == ["settings.json"]


def test_a_damaged_file_that_cannot_be_moved_is_said(file, monkeypatch):
    file.parent.mkdir()
    file.write_text("{")

    def refuse(_source: object, _target: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("app.settings.os.replace", refuse)
    assert "Read-only file system" in (Settings(file).problem or "")
