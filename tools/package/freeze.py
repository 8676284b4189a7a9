"""Builds the wheel, installs it into an environment of its own, and freezes the program there.

For: `make package` (`tools.package`), as its first step. Everything is built from what is
committed, in the same folders each time: two builds of a commit are to be the same bytes. What
was built last stays until the next is whole.

    build/package/source         the commit's files
    build/package/frozen         what PyInstaller made, before it was given its name
    build/package/pitcher        the program, with build.json, LICENSE and NOTICE
    build/package/sources.json   which file each part came of
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from app.chats.schema import MIGRATIONS
from tools.package.floors import NEWEST, as_numbers, scan
from tools.package.own_python import VERSION_FILE, PythonError, own_python
from tools.package.search_paths import SearchPathError, confine
from tools.setup_environment import CONSTRAINTS, STARTER, pip_environment

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "package"
SOURCE = BUILD / "source"
WHEELS = BUILD / "wheels"
TREE = BUILD / "pitcher"
ENVIRONMENT = ROOT / ".venv-package"
PYTHON = ENVIRONMENT / "bin" / "python"
LOG = BUILD / "freeze.log"
_KEY_BYTES = 32
_ELF = b"\x7fELF"


class PackageError(Exception):
    """The program can't be built; the message is one sentence for the person who ran it."""


@dataclass(frozen=True)
class Commit:
    """What is built, and when it was made: the time that everything built of it bears."""

    name: str
    seconds: int
    version: str


def commit() -> Commit:
    """The commit that is checked out. Raises PackageError."""
    name, seconds = _git("log", "-1", "--format=%H %ct").decode().split()
    text = _git("show", f"{name}:pyproject.toml").decode()
    return Commit(name, int(seconds), tomllib.loads(text)["project"]["version"])


def freeze(release_key: bytes | None) -> Path:
    """Builds all of it, and returns the program's folder. Raises PackageError."""
    built = commit()
    BUILD.mkdir(parents=True, exist_ok=True)
    LOG.unlink(missing_ok=True)
    write_source(_git("archive", "--format=tar", built.name), SOURCE)
    environment = building_environment(built)
    make_environment(environment, python_to_freeze())
    wheel = build_wheel(environment)
    _pip(environment, "install", "--no-deps", "--force-reinstall", str(wheel))
    frozen = run_pyinstaller(environment)
    try:
        confine(frozen)
    except SearchPathError as error:
        raise PackageError(str(error)) from error
    strip(frozen)
    hold_floor(frozen)
    finish(frozen, built, release_key)
    put_in_place(frozen, TREE)
    return TREE


def write_source(archive: bytes, target: Path) -> None:
    """Makes `target` hold what the archive holds, and touches no file that is the same already, so
    that only what has changed is compiled again.
    """
    wanted: dict[str, tarfile.TarInfo] = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            if not member.isfile():
                continue
            wanted[member.name] = member
            stream = opened.extractfile(member)
            assert stream is not None
            _write_if_new(target / member.name, stream.read(), member.mode & 0o777)
    for path in sorted(target.rglob("*"), reverse=True):
        name = path.relative_to(target).as_posix()
        if name.startswith("build/") or name == "build":
            continue  # the compiler's own folder
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in wanted:
            path.unlink()


def building_environment(built: Commit) -> dict[str, str]:
    """This process's variables, with what makes two builds of a commit alike."""
    return pip_environment() | {
        "SOURCE_DATE_EPOCH": str(built.seconds),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PITCHER_SOURCE": str(SOURCE),
        "PATH": os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)]),
        "CXXFLAGS": f"-ffile-prefix-map={SOURCE}=.",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def python_to_freeze() -> Path:
    """On Linux one of our own building, as any other may ask for a newer system; raises
    PackageError.
    """
    if sys.platform != "linux":
        return Path(sys.executable)
    try:
        return own_python(LOG, say)
    except PythonError as error:
        raise PackageError(str(error)) from error


def make_environment(environment: dict[str, str], python: Path) -> None:
    """An environment that holds what the program needs, and what freezes it, and nothing else."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *optional["build"], *optional["package"]]
    stamp = ENVIRONMENT / ".ready"
    asked = "\n".join([str(python), *wanted, CONSTRAINTS.read_text(encoding="utf-8")])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == asked:
        return
    say("Making the environment that freezes, in .venv-package.")
    _run([str(python), "-m", "venv", "--clear", "--without-pip", str(ENVIRONMENT)], environment)
    # The Python that is frozen has no pip: the one that runs this brings it in.
    pip = [sys.executable, "-I", "-m", "pip", "--no-input", "--quiet", "--python", str(PYTHON)]
    _run([*pip, "install", "pip", "setuptools", "-c", str(CONSTRAINTS)], environment)
    index = os.environ.get("TORCH_INDEX")
    if index:
        torch = [each for each in wanted if each.startswith("torch")]
        _pip(environment, "install", *torch, "--extra-index-url", index)
    _pip(environment, "install", *wanted)
    _pip(environment, "install", "--no-deps", STARTER)
    stamp.write_text(asked, encoding="utf-8")


def build_wheel(environment: dict[str, str]) -> Path:
    """The wheel of the commit, with the kernels for every instruction set."""
    say("Building the wheel (the kernels take some minutes the first time).")
    shutil.rmtree(WHEELS, ignore_errors=True)
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", str(WHEELS))
    _pip(environment, "wheel", *options, str(SOURCE))
    found = list(WHEELS.glob("pitcher-*.whl"))
    if len(found) != 1:
        raise PackageError(f"Building the wheel left {len(found)} wheels in {WHEELS}.")
    return found[0]


def run_pyinstaller(environment: dict[str, str]) -> Path:
    """Freezes what is installed; the folder that it made."""
    say("Freezing the program (a minute or two).")
    output = BUILD / "frozen"
    shutil.rmtree(output, ignore_errors=True)
    command = [str(PYTHON), "-m", "PyInstaller", str(SOURCE / "packaging" / "pitcher.spec")]
    command += ["--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(output), "--workpath", str(BUILD / "work")]
    _run(command, environment)
    return output / "pitcher"


def strip(tree: Path) -> None:
    """Takes what only a debugger reads out of every library.

    A library that was edited after it was linked (by `patchelf`, as wheels' are) may come out
    damaged: one whose segments are no longer as they were stays as it was.
    """
    for path in sorted(tree.rglob("*")):
        if path.is_symlink() or not path.is_file() or not _is_elf(path):
            continue
        if path == tree / "pitcher":
            continue  # the modules lie behind the executable: nothing may be cut off there
        stripped = path.with_name(f"{path.name}.stripped")
        command = ["strip", "--strip-unneeded", "-o", str(stripped), str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0 and _is_sound(path, stripped):
            shutil.copymode(path, stripped)
            stripped.replace(path)
        else:
            stripped.unlink(missing_ok=True)


def finish(tree: Path, built: Commit, release_key: bytes | None) -> None:
    """What lies beside the executable, the rights of every file, and its time."""
    told = {
        "version": built.version,
        "commit": built.name,
        "release_key": None if release_key is None else release_key.hex(),
        # The newest form of a history that it reads: said before somebody goes back to it.
        "history_schema": MIGRATIONS[-1].version,
        "built_with": built_with(),
    }
    (tree / "build.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(SOURCE / name, tree / name)
    for path in sorted(tree.rglob("*"), reverse=True):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (built.seconds, built.seconds), follow_symlinks=False)
    tree.chmod(0o755)
    os.utime(tree, (built.seconds, built.seconds))


def built_with() -> dict[str, str]:
    """The versions of what made the program."""
    asked = (
        "import PyInstaller, platform, sys; "
        "print(platform.python_version(), PyInstaller.__version__, sys.base_prefix)"
    )
    said = subprocess.run([PYTHON, "-I", "-c", asked], capture_output=True, text=True, check=True)
    python, pyinstaller, prefix = said.stdout.rstrip("\n").split(" ", 2)
    told = {"python": python, "pyinstaller": pyinstaller}
    built = Path(prefix) / VERSION_FILE
    return told | ({"python_of_debian": built.read_text().strip()} if built.is_file() else {})


def put_in_place(made: Path, target: Path) -> None:
    """Gives what was made its name; what bore it before goes."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def read_release_key(file: Path) -> bytes:
    """The release's public key: 64 hexadecimal digits in a file. Raises PackageError."""
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise PackageError(f"The release key can't be read from {file}: {error}.") from error
    if len(key) != _KEY_BYTES:
        raise PackageError(f"{file} holds {len(key)} bytes; an Ed25519 public key has 32.")
    return key


def say(text: str) -> None:
    """A line of progress."""
    print(text, flush=True)


def hold_floor(tree: Path) -> None:
    """Raises PackageError where a file asks for a newer system than the program is for."""
    for floor in scan(tree).floors:
        newest = NEWEST.get(floor.family)
        if newest is not None and as_numbers(floor.version) > as_numbers(newest):
            raise PackageError(
                f"{', '.join(floor.files)} want {floor.family} {floor.version}; the program is "
                f"for systems with {newest}. Build on an older system, or leave that to the system."
            )


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == _ELF


def _is_sound(before: Path, after: Path) -> bool:
    """Whether what the loader reads is the same: segments and the dynamic section, less places."""
    return _loaded(before) == _loaded(after)


def _loaded(path: Path) -> list[str]:
    command = ["readelf", "-W", "--program-headers", "--dynamic", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C"})
    lines = [line.split() for line in said.stdout.splitlines()]
    segments = [
        f"{w[0]} {w[2]} {w[5]}" for w in lines if len(w) > 6 and w[0] in ("LOAD", "DYNAMIC")
    ]
    dynamic = [" ".join(w) for w in lines if len(w) > 2 and w[0].startswith("0x0000")]
    return [said.stderr, *segments, *dynamic]


def _write_if_new(path: Path, content: bytes, mode: int) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    path.chmod(mode)


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True)
    if done.returncode:
        raise PackageError(
            f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}"
        )
    return done.stdout


def _pip(environment: dict[str, str], *arguments: str) -> None:
    command = [str(PYTHON), "-I", "-m", "pip", "--no-input", "--quiet", *arguments]
    _run([*command, "-c", str(CONSTRAINTS)], environment)


def _run(command: list[str], environment: dict[str, str]) -> None:
    with LOG.open("a", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    if done.returncode:
        said = LOG.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = said[-1] if said else "no word"
        raise PackageError(f"{' '.join(command[:4])} … failed: {last} (all of it: {LOG}).")
