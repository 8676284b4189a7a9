"""The installer for one user, run by /bin/sh as it is, with a tiny program in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.updates.prefix import Prefix
from tests.tools.linux_tree import PROGRAM, make_tree, write
from tests.tools.run_hand import Install, files_of, prefix_of, starts
from tools.package import run_installer

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("xz") is None, reason="Linux's installer, packed by xz"
)


def test_it_installs_for_the_user_and_leaves_only_data_when_it_is_removed(
    install: Install, home: Path
) -> None:
    done = install("0.1.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Pitcher 0.1.0 is installed" in done.stdout
    prefix = prefix_of(home)
    assert Prefix(prefix).current == "0.1.0"
    assert Prefix(prefix).previous is None
    assert not Prefix(prefix).is_on_trial
    program = prefix / "versions" / "0.1.0"
    assert (program / "_internal" / "link.so").read_bytes() == Path("/bin/true").read_bytes()
    assert (program / "_internal" / "link.so").is_symlink()
    assert (program / "_internal" / "ä b" / "words.txt").read_text() == "words"
    assert starts(home / ".local/bin", "a b")[::2] == ["0.1.0", "a b"]
    assert sorted(p.name for p in (prefix / "versions").iterdir()) == ["0.1.0"]
    share = home / ".local/share"
    assert files_of(share) == {
        "applications/pitcher.desktop",
        "mime/packages/pitcher.xml",
        *(f"icons/hicolor/{size}x{size}/apps/pitcher.png" for size in (16, 256)),
        "icons/hicolor/scalable/apps/pitcher.svg",
    } | {name for name in files_of(share) if "cache" in name or name.startswith("mime/")}
    write(prefix / "current.partial", "")
    write(prefix / ".previous.new", "")
    (share / "pitcher").mkdir()
    write(share / "pitcher" / "vault.json", "chats")
    removed = subprocess.run(
        [prefix / "pitcher-uninstall"],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert (removed.returncode, removed.stderr) == (0, "")
    for kept in (
        *map(share.joinpath, ("pitcher", "pitcher-models", "pitcher-ledger")),
        home / ".cache/pitcher",
        home / ".config/pitcher",
    ):
        assert re.search(rf" {re.escape(str(kept))}[.,\s]", removed.stdout), kept
    assert not prefix.exists()
    left = {name for name in files_of(home) if "pitcher" in name}
    assert left == {".local/share/pitcher/vault.json"}


def test_the_entry_in_the_menu_names_the_program_whole(
    installers: dict[str, Path], tmp_path: Path
) -> None:
    home = tmp_path / 'Ünser "Heim" $HOME `x` 100%'
    home.mkdir()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(["sh", installers["0.1.0"]], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    entry = home / ".local/share/applications/pitcher.desktop"
    exec_lines = [line for line in entry.read_text().splitlines() if line.startswith("Exec=")]
    quoted = str(prefix_of(home)).replace("%", "%%")
    for sign in '"$`':
        quoted = quoted.replace(sign, f"\\\\{sign}")
    assert exec_lines == [
        f'Exec="{quoted}/pitcher" %F',
        f'Exec="{quoted}/pitcher-uninstall" --from-menu',
    ]
    assert starts(prefix_of(home), "x")[::2] == ["0.1.0", "x"]
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", entry], check=True)


def test_an_update_keeps_the_version_before_and_a_third_one_removes_the_first(
    install: Install, home: Path
) -> None:
    install("0.1.0")
    prefix = Prefix(prefix_of(home))
    done = install("0.2.0rc1", "--silent")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (prefix.current, prefix.previous, prefix.is_on_trial) == ("0.2.0rc1", "0.1.0", True)
    assert starts(prefix.folder)[0] == "0.2.0rc1"
    prefix.end_trial()  # as the program does once it has started
    assert install("0.2.0").returncode == 0
    assert (prefix.current, prefix.previous) == ("0.2.0", "0.2.0rc1")
    assert sorted(p.name for p in prefix.versions.iterdir()) == ["0.2.0", "0.2.0rc1"]


def test_a_version_that_never_started_is_not_what_is_gone_back_to(
    install: Install, home: Path
) -> None:
    for version in ("0.1.0", "0.2.0rc1", "0.2.0"):
        assert install(version).returncode == 0
    prefix = Prefix(prefix_of(home))
    assert (prefix.current, prefix.previous) == ("0.2.0", "0.1.0")


def test_an_older_version_is_refused_unless_it_is_asked_for(install: Install, home: Path) -> None:
    install("0.2.0")
    prefix = Prefix(prefix_of(home))
    for older in ("0.1.0", "0.2.0rc1"):
        done = install(older)
        assert done.returncode == 1
        assert "Version 0.2.0 is installed, which is later" in done.stderr
        assert prefix.current == "0.2.0"
    assert install("0.2.0rc1", "--allow-downgrade").returncode == 0
    assert (prefix.current, prefix.previous) == ("0.2.0rc1", "0.2.0")


def test_the_same_version_again_makes_it_whole(install: Install, home: Path) -> None:
    install("0.1.0")
    prefix = Prefix(prefix_of(home))
    (prefix.versions / "0.1.0" / "pitcher").unlink()
    (prefix.versions / ".0.1.0.part" / "program").mkdir(parents=True)
    (prefix.versions / ".9.gone").symlink_to("/")
    assert install("0.1.0").returncode == 0
    assert starts(prefix.folder)[0] == "0.1.0"
    assert sorted(p.name for p in prefix.versions.iterdir()) == ["0.1.0"]
    assert not prefix.is_on_trial


@pytest.mark.parametrize("cut", ["previous", "tries"])
def test_a_switch_that_was_cut_short_is_completed(install: Install, home: Path, cut: str) -> None:
    install("0.1.0")
    prefix = Prefix(prefix_of(home))
    make_tree(prefix.versions / "0.2.0", "0.2.0")
    prefix.name_previous("0.1.0")
    if cut == "tries":
        prefix.begin_trial()
    assert starts(prefix.folder)[0] == "0.1.0"
    assert install("0.2.0").returncode == 0
    assert (prefix.current, prefix.previous, prefix.is_on_trial) == ("0.2.0", "0.1.0", True)


@pytest.mark.parametrize("damage", ["flipped", "short", "long", "head alone"])
def test_a_damaged_file_installs_nothing(
    installers: dict[str, Path], home: Path, tmp_path: Path, damage: str
) -> None:
    data = bytearray(installers["0.1.0"].read_bytes())
    match damage:
        case "flipped":
            data[-100] ^= 1
        case "short":
            del data[-1]
        case "long":
            data += b"x"
        case "head alone":
            del data[data.index(b"!<arch>") :]
    file = tmp_path / "damaged.run"
    file.write_bytes(data)
    done = subprocess.run(
        ["sh", file], env={"HOME": str(home), "PATH": os.environ["PATH"]}, capture_output=True
    )
    assert done.returncode == 1
    assert b"Get it again." in done.stderr
    assert files_of(home) == set()


@pytest.mark.parametrize(
    ("home_named", "words"),
    [
        (None, "HOME is not set"),
        ("", "HOME is not set"),
        ("here", "no whole path"),
        ("/no", "not there"),
    ],
)
def test_without_a_home_it_says_so(
    installers: dict[str, Path], home_named: str | None, words: str
) -> None:
    environment = {"PATH": os.environ["PATH"]}
    if home_named is not None:
        environment["HOME"] = home_named
    done = subprocess.run(
        ["sh", installers["0.1.0"]], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("told", "installs"),
    [
        ("glibc 2.31", False),
        ("glibc 2.9", False),
        ("glibc 1.99", False),
        ("glibc 2.34", True),
        ("glibc 2.41.9000", True),
        ("glibc 3.0", True),
        ("glibc", True),  # what nobody can tell is seen when it is started
        (None, True),
    ],
)
def test_a_system_that_is_too_old_is_told_so(
    install: Install, home: Path, tmp_path: Path, told: str | None, *, installs: bool
) -> None:
    stand_in = tmp_path / "bin" / "getconf"
    stand_in.parent.mkdir()
    stand_in.write_text("#!/bin/sh\n" + ("exit 1\n" if told is None else f"echo '{told}'\n"))
    stand_in.chmod(0o755)
    done = install("0.1.0", PATH=f"{stand_in.parent}:{os.environ['PATH']}")
    assert (done.returncode == 0) is installs
    assert prefix_of(home).exists() is installs
    if not installs:
        assert done.stderr.startswith("pitcher: Pitcher needs a system with glibc 2.34 or later")
        assert done.stderr.count("\n") == 1


def test_what_stands_in_the_way_is_said_and_stays(install: Install, home: Path) -> None:
    foreign = home / "foreign"
    (foreign / "versions").mkdir(parents=True)
    prefix_of(home).parent.mkdir(parents=True)
    prefix_of(home).symlink_to(foreign)
    assert "is a link to another folder" in install("0.1.0").stderr
    prefix_of(home).unlink()
    write(prefix_of(home), "a file")
    assert "can't be written to" in install("0.1.0").stderr
    prefix_of(home).unlink()
    (home / ".local/bin").mkdir()
    write(home / ".local/bin/pitcher", "somebody else's")
    done = install("0.1.0")
    assert done.returncode == 0
    assert "is somebody else's and stays" in done.stdout
    assert install("0.1.0", "--uninstall").returncode == 0
    assert (home / ".local/bin/pitcher").read_text() == "somebody else's"
    assert "No Pitcher is installed" in install("0.1.0", "--uninstall").stderr


def test_removing_follows_no_link_out_of_the_folder(install: Install, home: Path) -> None:
    install("0.1.0")
    foreign = home / "foreign"
    foreign.mkdir()
    write(foreign / "precious", "x")
    prefix = prefix_of(home)
    (prefix / "versions" / "link").symlink_to(foreign)
    (prefix / "versions" / "0.1.0" / "_internal" / "out").symlink_to(foreign)
    write(prefix / "notes.txt", "a user's own")
    done = install("0.1.0", "--uninstall")
    assert done.returncode == 0
    assert (foreign / "precious").is_file()
    assert files_of(prefix) == {"notes.txt"}
    assert "they stay" in done.stdout


@pytest.mark.parametrize("what", ["removing", "the same version again"])
def test_while_it_is_open_nothing_is_taken_away(home: Path, tmp_path: Path, what: str) -> None:
    tree = make_tree(tmp_path / "tree", program=PROGRAM)
    shutil.copyfile("/bin/sleep", tree / "_internal" / "sleeper")
    (tree / "_internal" / "sleeper").chmod(0o755)
    (file,) = run_installer.build(tree, tmp_path)
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    subprocess.run(["sh", file], env=environment, check=True, capture_output=True)
    sleeper = prefix_of(home) / "versions" / "0.1.0" / "_internal" / "sleeper"
    with subprocess.Popen([sleeper, "600"]) as open_one:
        options = ["--uninstall"] if what == "removing" else []
        done = subprocess.run(
            ["sh", file, *options], env=environment, capture_output=True, text=True
        )
        open_one.kill()
    assert done.returncode == 1
    assert "is open. Close it" in done.stderr
    assert sleeper.is_file()
    assert (home / ".local/share/applications/pitcher.desktop").is_file()


def test_a_program_that_can_not_start_here_changes_nothing(home: Path, tmp_path: Path) -> None:
    broken = "#!/bin/sh\necho 'GLIBC_9.9 not found' >&2\nexit 1\n"
    (file,) = run_installer.build(make_tree(tmp_path / "tree", program=broken), tmp_path)
    done = subprocess.run(
        ["sh", file],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "It said: GLIBC_9.9 not found" in done.stderr
    assert files_of(home) == set()


def test_a_portable_copy_touches_no_home_and_is_removed_by_its_own(
    installers: dict[str, Path], tmp_path: Path
) -> None:
    stick = tmp_path / "a stick"
    environment = {"PATH": os.environ["PATH"]}

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, cwd=tmp_path
        )

    stick.mkdir()
    write(stick / "photo.jpg", "x")
    done = run("sh", installers["0.1.0"], "--portable", "a stick")
    assert done.returncode == 1
    assert "Name an empty folder, such as" in done.stderr
    copy = stick / "Pitcher"
    assert run("sh", installers["0.1.0"], "--portable", "a stick/Pitcher").returncode == 0
    assert (copy / "portable").is_file()
    assert starts(copy)[0] == "0.1.0"
    assert run("sh", installers["0.2.0"], "--portable", str(copy)).returncode == 0
    assert Prefix(copy).previous == "0.1.0"
    (copy / "data").mkdir()
    write(copy / "data" / "chats", "x")
    done = run(copy / "pitcher-uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    assert files_of(stick) == {"photo.jpg", "Pitcher/data/chats", "Pitcher/portable"}


def test_a_stick_that_knows_no_links_gets_copies(install: Install, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    write(tools / "ln", "#!/bin/sh\nexit 1\n", 0o755)
    stick = tmp_path / "stick"
    path = f"{tools}:{os.environ['PATH']}"
    assert install("0.1.0", "--portable", str(stick), PATH=path).returncode == 0
    program = stick / "versions" / "0.1.0"
    for link in (program / "_internal" / "link.so", program / "top.so"):
        assert not link.is_symlink()
        assert link.read_bytes() == Path("/bin/true").read_bytes()


@pytest.mark.parametrize(
    "options", [("--portable",), ("--nonsense",), ("--portable", "x", "--uninstall")]
)
def test_wrong_options_are_wrong_usage(install: Install, home: Path, options: tuple[str]) -> None:
    done = install("0.1.0", *options)
    assert done.returncode == 2
    assert "--allow-downgrade" in done.stderr
    assert files_of(home) == set()


def test_two_builds_are_the_same_bytes(installers: dict[str, Path], tmp_path: Path) -> None:
    (again,) = run_installer.build(make_tree(tmp_path / "tree"), tmp_path)
    assert again.read_bytes() == installers["0.1.0"].read_bytes()
