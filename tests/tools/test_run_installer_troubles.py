"""The installer for one user where something about the computer is odd, damaged or in its way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.updates.prefix import Prefix
from tests.tools.linux_tree import write
from tests.tools.run_hand import Install, files_of, prefix_of, starts

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("xz") is None, reason="Linux's installer, packed by xz"
)


def stand_in(folder: Path, name: str, script: str) -> str:
    """A PATH on which a tool is this script."""
    folder.mkdir(exist_ok=True)
    write(folder / name, f"#!/bin/sh\n{script}\n", 0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("fault", ["no name", "no program"])
def test_what_is_gone_back_to_is_whole(install: Install, home: Path, fault: str) -> None:
    for version in ("0.1.0", "0.2.0rc1"):
        assert install(version).returncode == 0
    prefix = Prefix(prefix_of(home))
    prefix.end_trial()
    if fault == "no name":
        write(prefix.folder / "current", "no version\n")
    else:
        (prefix.versions / "0.2.0rc1" / "pitcher").unlink()
    assert starts(prefix.folder)[0] == "0.1.0"
    assert install("0.2.0").returncode == 0
    assert (prefix.current, prefix.previous, prefix.is_on_trial) == ("0.2.0", "0.1.0", True)
    assert sorted(path.name for path in prefix.versions.iterdir()) == ["0.1.0", "0.2.0"]


@pytest.mark.parametrize("place", ["/media/me/MY 2 GB STICK", "/media/me/5% of it", "/"])
@pytest.mark.parametrize(("free_kb", "installs"), [(9_000_000, True), (9_000, False)])
def test_room_is_read_whatever_the_disk_is_called(
    install: Install, tmp_path: Path, place: str, free_kb: int, *, installs: bool
) -> None:
    told = f"Filesystem 1024-blocks Used Available Capacity Mounted on\\n//pc/My Disk 1 1 {free_kb}"
    path = stand_in(tmp_path / "bin", "df", f"printf '%b 1%% %s\\n' '{told}' '{place}'")
    done = install("0.1.0", PATH=path)
    assert (done.returncode == 0) is installs, done.stderr
    assert installs or "8 MB are free" in done.stderr


def test_variables_that_turn_tar_and_xz_round_do_nothing(install: Install, home: Path) -> None:
    turned = {
        "TAR_OPTIONS": "--strip-components=1",
        "XZ_OPT": "--memlimit-decompress=1MiB",
        "XZ_DEFAULTS": "--memlimit-decompress=1MiB",
        "CDPATH": "/",
    }
    assert install("0.1.0", **turned).returncode == 0
    assert starts(prefix_of(home))[0] == "0.1.0"


def test_nobody_else_may_change_what_is_installed(installers: dict[str, Path], home: Path) -> None:
    command = ["sh", "-c", 'umask 0; exec sh "$0"', str(installers["0.1.0"])]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wrong = [
        path for path in home.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o022
    ]
    assert [path for path in wrong if "cache" not in path.name] == []


def test_a_disk_that_is_full_for_the_menu_leaves_a_version_that_starts(
    install: Install, home: Path, tmp_path: Path
) -> None:
    real = shutil.which("cp")
    script = f'case $* in *icons*) exit 1 ;; esac\nexec {real} "$@"'
    done = install("0.1.0", PATH=stand_in(tmp_path / "bin", "cp", script))
    assert done.returncode == 1
    assert done.stderr.startswith("pitcher: Pitcher 0.1.0 is installed, and starts as ")
    assert done.stderr.count("\n") == 1
    assert starts(prefix_of(home))[0] == "0.1.0"
    assert install("0.1.0").returncode == 0
    assert install("0.1.0", "--uninstall").returncode == 0
    assert {name for name in files_of(home) if "pitcher" in name} == set()


def test_an_entry_that_can_not_be_written_is_one_sentence(install: Install, home: Path) -> None:
    entry = home / ".local/share/applications/pitcher.desktop.new"
    entry.parent.mkdir(parents=True)
    entry.symlink_to("/dev/full")
    done = install("0.1.0")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "its entry in the menu could not be written" in done.stderr


@pytest.mark.parametrize("why", ["a name with two lines", "the user deleted it"])
def test_without_an_entry_in_the_menu_nothing_is_said_of_one_and_nothing_stays(
    installers: dict[str, Path], tmp_path: Path, why: str
) -> None:
    home = tmp_path / ("two\nlines" if why.startswith("a name") else "home")
    home.mkdir()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    command = ["sh", str(installers["0.1.0"])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    entry = home / ".local/share/applications/pitcher.desktop"
    assert entry.exists() is ("It is in the menu" in done.stdout) is (home.name == "home")
    entry.unlink(missing_ok=True)
    removed = subprocess.run([*command, "--uninstall"], env=environment, capture_output=True)
    assert removed.returncode == 0, removed.stderr
    left = {name for name in files_of(home) if "pitcher" in Path(name).name}
    assert left == set()


def test_an_entry_of_somebody_elses_keeps_its_icons(install: Install, home: Path) -> None:
    assert install("0.1.0").returncode == 0
    entry = home / ".local/share/applications/pitcher.desktop"
    entry.write_text("[Desktop Entry]\nType=Application\nName=Beer\nExec=beer\n")
    assert install("0.1.0", "--uninstall").returncode == 0
    assert entry.exists()
    assert (home / ".local/share/icons/hicolor/scalable/apps/pitcher.svg").exists()
