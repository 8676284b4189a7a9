"""Installs, starts, renews and removes Pitcher for Windows under Wine, with a stand-in for it.

For: `make soak`, and whoever changes packaging/windows. The installer and the starters are
those that are shipped; the frozen program, which only Windows can make, is a program of a few lines
that tells how it was started. Needs wine, nsis and mingw's gcc.

    python -m tools.windows_installer_checks
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.package import nsis
from tools.package.freeze import ROOT, PackageError

BUILD = ROOT / "build" / "windows" / "installer"
FIRST, EARLY, SECOND = "0.1.0", "0.2.0rc1", "0.2.0"
_REFUSED = 2
_TIME_LIMIT_S = 120
_OWN_LIBRARIES = {"kernel32.dll", "user32.dll", "msvcrt.dll"}
_KEYS = (
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Pitcher",
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\pitcher.exe",
    r"HKCU\Software\Classes\Pitcher.Model\shell\open\command",
    r"HKCU\Software\Classes\Pitcher.Update\shell\open\command",
    r"HKCU\Software\Classes\.gguf\OpenWithProgids",
    r"HKCU\Software\Classes\.pitcher-update",
)


class CheckError(Exception):
    """What is not as it should be."""


class Wine:
    """A Windows of its own: a fresh prefix."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        # Without Mono and a browser, which nobody needs here and which would ask for themselves.
        quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
        self._environment = os.environ | quiet | {"WINEPREFIX": str(folder), "LC_ALL": "C.UTF-8"}
        self.run("winecfg", "-v", "win7")
        self.local = next(folder.glob("drive_c/users/*/AppData/Local"))

    def run(self, program: Path | str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program, until it ends."""
        return subprocess.run(
            ["wine", str(program), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_S,
            check=False,
        )

    @contextmanager
    def running(self, program: Path, *arguments: str) -> Iterator[None]:
        """A program, while something else is done; it is ended then."""
        command = ["wine", str(program), *arguments]
        process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout:
            try:
                process.stdout.readline()  # it has started
                yield
            finally:
                self.run("taskkill", "/f", "/im", program.name)
                process.wait(_TIME_LIMIT_S)

    def has_key(self, key: str) -> bool:
        """Whether the registry has it."""
        return self.run("reg", "query", key).returncode == 0

    def value(self, key: str, name: str) -> str:
        """A value of the registry."""
        said = self.run("reg", "query", key, "/v", name).stdout
        lines = [line for line in said.splitlines() if "REG_" in line]
        expect(len(lines) == 1, f"{key} has no {name}")
        return lines[0].split("REG_SZ", 1)[-1].strip()

    def close(self) -> None:
        """End every program of it."""
        subprocess.run(["wineserver", "-k"], env=self._environment, check=False)


def expect(is_right: bool, what: str) -> None:
    """Raises CheckError with `what` where it is not."""
    if not is_right:
        raise CheckError(what)


def stand_in(version: str) -> Path:
    """A frozen program's folder, its programs a few lines each."""
    tree = BUILD / version
    (tree / "_internal").mkdir(parents=True, exist_ok=True)
    (tree / "_internal" / "ein Name mit ä.txt").write_text(version, encoding="utf-8")
    (tree / "build.json").write_text(f'{{"version": "{version}"}}', encoding="utf-8")
    for name in (nsis.PROGRAM, nsis.CONSOLE_PROGRAM):
        source, define = str(nsis.SOURCES / "stand_in.cpp"), f'-DPK_STAND_IN="{version}"'
        nsis.run(
            [
                "x86_64-w64-mingw32-g++-posix",
                "-Os",
                "-static",
                "-municode",
                define,
                source,
                "-o",
                str(tree / name),
            ]
        )
    return tree


def installers() -> dict[str, Path]:
    """One for each version."""
    brought = nsis.parts(BUILD / "parts")
    for starter in brought.starters:
        said = subprocess.run(
            ["objdump", "-p", str(starter)], capture_output=True, text=True, check=True
        )
        asked = {
            line.split()[-1].lower() for line in said.stdout.splitlines() if "DLL Name:" in line
        }
        expect(asked <= _OWN_LIBRARIES, f"{starter.name} asks for {sorted(asked - _OWN_LIBRARIES)}")
    return {
        version: nsis.installer(stand_in(version), version, brought, BUILD / f"setup-{version}.exe")
        for version in (FIRST, EARLY, SECOND)
    }


def line_of(prefix: Path, name: str) -> str:
    """What a file of the prefix names."""
    return (prefix / name).read_text(encoding="ascii").strip()


def starts(wine: Wine, prefix: Path, *arguments: str, code: int = 0) -> str:
    """The version that the console's starter starts; arguments and exit code are passed on."""
    done = wine.run(prefix / nsis.CONSOLE_PROGRAM, str(code), *arguments)
    expect(
        done.returncode == code, f"the exit code is {done.returncode}, not {code}: {done.stderr}"
    )
    lines = done.stdout.splitlines()
    for number, argument in enumerate(arguments, 2):
        expect(
            f"argument {number}: {argument}" in lines, f"{argument!r} was not passed on: {lines}"
        )
    return lines[0].removeprefix("stand-in ")


def check_old_system(wine: Wine, made: dict[str, Path]) -> None:
    """Windows 7 is refused, and nothing is written there."""
    done = wine.run(made[FIRST], "/S")
    expect(done.returncode == _REFUSED, f"Windows 7: exit code {done.returncode}")
    expect(not (wine.local / "Programs").exists(), "something was installed on Windows 7")
    wine.run("winecfg", "-v", "win10")


def check_install(wine: Wine, made: dict[str, Path]) -> Path:
    """Files, registry, menu, and a start with arguments of every kind."""
    expect(wine.run(made[FIRST], "/S").returncode == 0, "the installer failed")
    prefix = wine.local / "Programs" / "Pitcher"
    expect(line_of(prefix, "current") == FIRST, "`current` does not name the version")
    expect(
        not (prefix / "tries").exists() and not (prefix / "previous").exists(),
        "a trial of the first version",
    )
    expect(
        (prefix / "versions" / FIRST / "_internal" / "ein Name mit ä.txt").is_file(),
        "a file is missing",
    )
    for key in _KEYS:
        expect(wine.has_key(key), f"the registry has no {key}")
    command = wine.value(_KEYS[0], "UninstallString")
    expect(command.startswith('"') and command.endswith('uninstall.exe"'), f"not quoted: {command}")
    expect(
        any(wine.folder.rglob("Start Menu/**/Pitcher.lnk")), "there is no entry in the Start menu"
    )
    expect(
        starts(wine, prefix, "a b", "", 'c"d', "e\\", code=7) == FIRST, "another version started"
    )
    return prefix


def check_open(wine: Wine, made: dict[str, Path], prefix: Path) -> None:
    """Neither renewed nor removed while it is open."""
    with wine.running(prefix / "versions" / FIRST / nsis.CONSOLE_PROGRAM, "wait"):
        expect(wine.run(made[SECOND], "/S").returncode == _REFUSED, "it was renewed while open")
        removed = wine.run(
            prefix / "uninstall.exe", "/S", *f"_?={windows_path(wine, prefix)}".split(" ")
        )
        expect(removed.returncode == _REFUSED, f"it was removed while open: {removed.returncode}")
    expect(line_of(prefix, "current") == FIRST, "`current` changed while it was open")
    expect((prefix / "versions" / FIRST / nsis.PROGRAM).is_file(), "files went while it was open")


def check_renewal(wine: Wine, made: dict[str, Path], prefix: Path) -> None:
    """The version before stays, and comes back by itself where the new one never starts."""
    expect(wine.run(made[SECOND], "/S").returncode == 0, "the second installer failed")
    named = (line_of(prefix, "current"), line_of(prefix, "previous"), line_of(prefix, "tries"))
    expect(named == (SECOND, FIRST, ""), f"current, previous and tries are {named}")
    expect(
        starts(wine, prefix) == SECOND and starts(wine, prefix) == SECOND,
        "the new version is not tried twice",
    )
    expect(starts(wine, prefix) == FIRST, "the version before did not come back")
    expect(line_of(prefix, "fell-back") == SECOND, "nobody is told what fell back")
    expect(
        not (prefix / "tries").exists() and not (prefix / "previous").exists(), "the trial goes on"
    )
    expect(wine.run(made[SECOND], "/S").returncode == 0, "the installer failed after that")
    expect(
        line_of(prefix, "current") == SECOND and not (prefix / "fell-back").exists(),
        "it is not renewed again",
    )
    (prefix / "versions" / SECOND / nsis.CONSOLE_PROGRAM).unlink()
    expect(starts(wine, prefix) == FIRST, "a version that is not whole was started")


def check_downgrade(wine: Wine, made: dict[str, Path], prefix: Path) -> None:
    """An older version is refused unless it is asked for; an early one is older than its own."""
    expect(wine.run(made[SECOND], "/S").returncode == 0, "the second version can't be put back")
    for older in (FIRST, EARLY):
        code = wine.run(made[older], "/S").returncode
        expect(code == _REFUSED, f"{older} over {SECOND}: exit code {code}")
        expect(line_of(prefix, "current") == SECOND, f"{older} was installed over {SECOND}")
    code = wine.run(made[EARLY], "/S", "/ALLOWDOWNGRADE").returncode
    expect(code == 0 and line_of(prefix, "current") == EARLY, f"/ALLOWDOWNGRADE: {code}")
    expect(wine.run(made[SECOND], "/S").returncode == 0, f"{SECOND} over {EARLY} was refused")


def check_removal(wine: Wine, prefix: Path) -> None:
    """Nothing stays but what is the user's."""
    kept = [wine.local / "pitcher" / "chats", prefix / "mine.txt"]
    for file in kept:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine", encoding="utf-8")
    done = wine.run(prefix / "uninstall.exe", "/S", *f"_?={windows_path(wine, prefix)}".split(" "))
    expect(done.returncode == 0, f"removing it failed: {done.returncode}")
    expect(all(file.is_file() for file in kept), "what is the user's was removed")
    left = sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*"))
    # Run with _? it can't remove itself; Windows does so where it is run without.
    expect(set(left) <= {"mine.txt", "uninstall.exe"}, f"left behind: {left}")
    for key in _KEYS:
        expect(not wine.has_key(key), f"the registry still has {key}")
    expect(not any(wine.folder.rglob("Start Menu/**/Pitcher.lnk")), "the Start menu still has it")


def check_other_folder(wine: Wine, made: dict[str, Path]) -> None:
    """A folder with spaces and umlauts; a folder that is not ours is not touched by removing."""
    prefix = wine.folder / "drive_c" / "Eigene Ordner" / "Püppi und Co"
    # NSIS takes the rest of the line for the folder, without quotes, so each word stands alone.
    words = f"/D={windows_path(wine, prefix)}".split(" ")
    expect(wine.run(made[FIRST], "/S", *words).returncode == 0, "/D failed")
    expect(starts(wine, prefix, "ä ö") == FIRST, "it does not start there")
    (prefix / "current").unlink()
    done = wine.run(prefix / "uninstall.exe", "/S", *f"_?={windows_path(wine, prefix)}".split(" "))
    expect(
        done.returncode == _REFUSED and (prefix / "versions").is_dir(),
        "a folder without `current` was emptied",
    )


def windows_path(wine: Wine, path: Path) -> str:
    """A path below drive C as Windows writes it."""
    return "C:\\" + str(path.relative_to(wine.folder / "drive_c")).replace("/", "\\")


def check_all(tell: Callable[[str], None]) -> None:
    """Everything in order. Raises CheckError, PackageError."""
    made = installers()
    wine = Wine(BUILD / "wine")
    try:
        check_old_system(wine, made)
        tell("Windows 7: refused, nothing written")
        prefix = check_install(wine, made)
        tell("installed for one user; files, registry, menu, start: right")
        check_open(wine, made, prefix)
        tell("while it is open: neither renewed nor removed")
        check_renewal(wine, made, prefix)
        tell("renewed; tried twice; the version before came back: right")
        check_downgrade(wine, made, prefix)
        tell("an older version is refused unless it is asked for")
        check_removal(wine, prefix)
        tell("removed; only what is the user's is left")
        check_other_folder(wine, made)
        tell("in a folder with spaces and umlauts: right")
    finally:
        wine.close()


def what_is_missing() -> list[str]:
    """Tools that are not installed here."""
    return nsis.what_is_missing() + [name for name in ("wine", "objdump") if not shutil.which(name)]


def main() -> int:
    """0: right, or not run and why; 1 with what is wrong."""
    missing = what_is_missing()
    if missing:
        print(f"windows installer: not run, not installed: {', '.join(missing)}")
        return 0
    try:
        check_all(lambda text: print(f"windows installer: {text}", flush=True))
    except (CheckError, PackageError, subprocess.TimeoutExpired) as failure:
        print(f"windows installer: WRONG: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
