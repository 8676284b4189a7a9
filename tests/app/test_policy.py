"""An administrator's policy: what it locks, and what holds when it can't be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths
from app.policy import NO_POLICY, read_policy
from app.settings import (
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_DAYS,
    LOCKABLE,
    SUGGEST_TITLES,
    THEME,
    Settings,
    SettingsError,
    ThemeChoice,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def settings_under(file: Path) -> Settings:
    return Settings(file.with_name("settings.json"), read_policy(file, LOCKABLE))


def test_without_a_file_nothing_is_locked(file):
    assert read_policy(file, LOCKABLE) is NO_POLICY
    assert read_policy(file / "below", LOCKABLE) is NO_POLICY
    file.write_text("")
    assert read_policy(file / "below", LOCKABLE) is NO_POLICY, "its folder is a file"
    assert settings_under(file).effective(AUTO_LOCK_MINUTES).locked_by is None


def test_a_policy_goes_before_what_the_user_chose(file):
    settings_under(file).change(AUTO_LOCK_MINUTES, 60)
    before = Settings(file.with_name("settings.json"))
    before.change(AUTO_LOCK_MINUTES, 60)
    before.change(THEME, ThemeChoice.DARK)
    before.save()
    file.write_text("[settings]\nauto_lock_minutes = 15\n")
    settings = settings_under(file)
    assert settings.effective(AUTO_LOCK_MINUTES).value == 15
    assert settings.effective(AUTO_LOCK_MINUTES).locked_by == file
    assert settings.effective(THEME).value is ThemeChoice.DARK
    assert settings.effective(THEME).locked_by is None
    assert settings.policy.problem is None


def test_what_is_locked_cannot_be_changed(file):
    file.write_text("[settings]\nauto_lock_minutes = 15\n")
    settings = settings_under(file)
    with pytest.raises(SettingsError, match="your organisation"):
        settings.change(AUTO_LOCK_MINUTES, 0)
    assert settings.effective(AUTO_LOCK_MINUTES).value == 15


def test_the_users_own_choice_is_back_when_the_policy_goes(file):
    settings = settings_under(file)
    settings.change(AUTO_LOCK_MINUTES, 60)
    settings.save()
    file.write_text("[settings]\nauto_lock_minutes = 5\ntheme = 'light'\n")
    locked = settings_under(file)
    locked.change(DELETE_AFTER_DAYS, 30)
    locked.save()
    file.unlink()
    assert settings_under(file).effective(AUTO_LOCK_MINUTES).value == 60


@pytest.mark.parametrize(
    "content",
    [
        b"[settings",
        b"\xff\xfe\x00",
        b"settings = 3",
        b"[settings]\nauto_lock_minutes = 16",
        b"[settings]\nauto_lock_minutes = true",
        b"[settings]\nauto_lock_minutes = 15.0",
        b"[settings]\nauto_lock_minutes = '15'",
        b"[settings]\nauto_lock_minutes = 2021-02-31",
        b"[settings]\nauto_lock_minutes = " + b"9" * 5000,
        b"[settings]\nauto_lock_minutes = 15\nauto_lock_minutes = 60",
        b"[settings]\nsidebar_width = 300",
        b"[settings]\nno_such_setting = 1",
        b"[from_the_future]\nair_gapped = true",
        b"x = " + b"[" * 20_000,
        b"# " + b"x" * 70_000,
        b"\x00",
        '[settings]\n"\u202eevil\\n" = 1'.encode(),
    ],
)
def test_what_cannot_be_used_means_the_strictest_reading_and_says_so(file, content):
    file.write_bytes(content)
    settings = settings_under(file)
    assert settings.effective(AUTO_LOCK_MINUTES).value == 1
    assert settings.effective(SUGGEST_TITLES).value is False
    assert settings.effective(AUTO_LOCK_MINUTES).locked_by == file
    assert settings.effective(DELETE_AFTER_DAYS).locked_by is None, "nothing is deleted by a guess"
    problem = settings.policy.problem or ""
    assert "strictest" in problem
    assert str(file) in problem
    assert problem.isprintable()
    assert len(problem) < 500 + len(str(file))


def test_a_line_that_can_be_read_holds_beside_one_that_cannot(file):
    file.write_text("[settings]\ndelete_after_days = 90\ntheme = 'dark'\nauto_lock_minutes = 7\n")
    settings = settings_under(file)
    assert settings.effective(DELETE_AFTER_DAYS).value == 90
    assert settings.effective(THEME).value is ThemeChoice.DARK
    assert settings.effective(AUTO_LOCK_MINUTES).value == 1


def test_a_link_to_what_is_not_there_is_no_reason_to_allow_all(file, tmp_path):
    file.symlink_to(tmp_path / "share" / "policy.toml")
    policy = read_policy(file, LOCKABLE)
    assert "No such file" in (policy.problem or "")
    assert settings_under(file).effective(AUTO_LOCK_MINUTES).value == 1


needs_posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps such rights elsewhere")


@needs_posix
def test_a_file_of_somebody_else_is_no_policy(file, monkeypatch):
    file.write_text("[settings]\nauto_lock_minutes = 60\n")
    monkeypatch.setattr("app.policy.OWNERS", frozenset({os.geteuid() + 1}))
    policy = read_policy(file, LOCKABLE)
    assert "not root’s" in (policy.problem or "")
    assert policy.restrictions.air_gapped
    assert settings_under(file).effective(AUTO_LOCK_MINUTES).value == 1


@needs_posix
@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_may_change_makes_no_policy(tmp_path, mode):
    folder = tmp_path / "pitcher"
    folder.mkdir()
    file = folder / "policy.toml"
    file.write_text("")
    assert read_policy(file, LOCKABLE).problem is None
    folder.chmod(mode)
    assert "may change its folder" in (read_policy(file, LOCKABLE).problem or "")


@needs_posix
def test_a_folder_of_somebody_else_makes_no_policy(file, monkeypatch):
    file.write_text("")
    real = os.stat(file.parent)
    other = os.stat_result((*real[:4], real.st_uid + 1, *real[5:]))
    monkeypatch.setattr("app.policy.os.stat", lambda _path: other)
    assert "may change its folder" in (read_policy(file, LOCKABLE).problem or "")


@needs_posix
def test_a_link_out_of_a_folder_that_others_may_change_is_followed_to_the_end(file, tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "policy.toml").write_text("")
    file.symlink_to(loose / "policy.toml")
    assert read_policy(file, LOCKABLE).problem is None
    loose.chmod(0o777)
    assert "may change its folder" in (read_policy(file, LOCKABLE).problem or "")


def test_by_default_a_policy_is_roots_alone():
    code = "from app import policy; print(policy.OWNERS == {0})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"


def test_a_system_without_flags_for_opening_reads_it_all_the_same(file, monkeypatch):
    file.write_text("[settings]\nauto_lock_minutes = 15\n")
    monkeypatch.setattr("app.policy._FLAGS", 0)
    assert read_policy(file, LOCKABLE).problem is None


def test_a_pipe_in_its_place_is_not_waited_for(file):
    os.mkfifo(file)
    assert "ordinary file" in (read_policy(file, LOCKABLE).problem or "")


def test_a_folder_in_its_place_is_said(file):
    file.mkdir()
    assert read_policy(file, LOCKABLE).problem is not None


def test_a_file_that_may_not_be_read_is_said(file, monkeypatch):
    file.write_text("")

    def refuse(_file: object, _flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.policy.os.open", refuse)
    assert "Permission denied" in (read_policy(file, LOCKABLE).problem or "")


@pytest.mark.parametrize(
    ("system", "start"),
    [("linux", "/etc/pitcher/"), ("darwin", "/Library/"), ("win32", "C:\\ProgramData\\")],
)
def test_no_variable_moves_the_policy(monkeypatch, system, start):
    monkeypatch.setenv("PITCHER_HOME", "elsewhere")
    monkeypatch.setenv("XDG_CONFIG_DIRS", "elsewhere")
    monkeypatch.setattr("app.paths.sys.platform", system)
    assert str(paths.policy_file()).startswith(start)
