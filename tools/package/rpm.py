"""The package for Fedora and its relatives: `dist/pitcher-VERSION-1.MACHINE.rpm`, by rpmbuild.

For: `make package`. The same files as the .deb. What it needs is said by the libraries' own names,
which every distribution of RPM knows; rpm's own search, which would also say what the bundled
libraries offer to others, is off.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package.freeze import PackageError, say
from tools.package.linux_files import (
    LINUX,
    OF_GLIBC,
    Build,
    Entry,
    filled,
    is_folder,
    read_build,
    system_entries,
    with_folders,
)

_OURS = ("usr/lib/pitcher",)


def build(tree: Path, out: Path) -> list[Path]:
    """The package, where it can be made; else none, said. Raises PackageError."""
    if shutil.which("rpmbuild") is None:
        say("No .rpm: rpmbuild is missing, which makes it. Install it (rpm).")
        return []
    told = read_build(tree)
    entries = with_folders(package_entries(tree, told))
    file = out / f"pitcher-{told.packaged}-1.{told.machine}.rpm"
    with TemporaryDirectory(dir=out) as folder:
        root = Path(folder, "root")
        lay_out(entries, root, told.seconds)
        spec = Path(folder, "pitcher.spec")
        spec.write_text(spec_text(entries, told), encoding="utf-8")
        _rpmbuild(spec, root, Path(folder), told)
        Path(folder, file.name).rename(file)
    return [file]


def package_entries(tree: Path, told: Build) -> list[Entry]:
    """The program, and its licence where these distributions have licences."""
    licences = (Entry(f"usr/share/licenses/pitcher/{n}", 0o644, tree / n) for n in _LICENCES)
    return [*system_entries(tree, told), *licences]


_LICENCES = ("LICENSE", "NOTICE")


def spec_text(entries: Sequence[Entry], told: Build) -> str:
    """`packaging/linux/pitcher.rpm.spec`, filled in."""
    template = filled(LINUX / "pitcher.rpm.spec", told).decode()
    return (
        template.replace("@RPM_DATE@", f"{told.date:%a %b %d %Y}")
        .replace("@REQUIRES@", "\n".join(f"Requires: {name}" for name in requires(told)))
        .replace("@FILES@", "\n".join(_file_lines(entries)))
    )


def requires(told: Build) -> list[str]:
    """Capabilities as rpm names them, for 64 bits."""
    named = [f"{name}()(64bit)" for name in told.needed if not name.startswith(OF_GLIBC)]
    if told.glibcxx:
        named.append(f"libstdc++.so.6(GLIBCXX_{told.glibcxx})(64bit)")
    return [f"libc.so.6(GLIBC_{told.glibc})(64bit)", *named]


def lay_out(entries: Sequence[Entry], root: Path, seconds: int) -> None:
    """The files as rpmbuild wants them: in a folder; contents are linked, not copied."""
    for entry in entries:
        path = root / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.link is not None:
            path.symlink_to(entry.link)
        elif is_folder(entry):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(entry.read())
            path.chmod(entry.mode)
    for path in (*root.rglob("*"), root):
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def _file_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """Each file by its rights; of folders only our own are ours."""
    for entry in entries:
        if is_folder(entry):
            if entry.path.startswith(_OURS) or entry.path.endswith("licenses/pitcher"):
                yield f'%dir %attr({entry.mode:o},root,root) "/{_escaped(entry.path)}"'
        elif entry.link is not None:
            yield f'"/{_escaped(entry.path)}"'
        else:
            kind = "%doc " if entry.path.startswith("usr/share/man") else ""
            kind = "%license " if entry.path.startswith("usr/share/licenses") else kind
            yield f'{kind}%attr({entry.mode:o},root,root) "/{_escaped(entry.path)}"'


def _escaped(path: str) -> str:
    if any(sign in path for sign in '*?[]{}"\\\n'):
        raise PackageError(f"rpm can't be told of a file named {path}.")
    return path.replace("%", "%%")


def _rpmbuild(spec: Path, root: Path, folder: Path, told: Build) -> None:
    definitions = {
        "_topdir": folder / "top",
        "_rpmdir": folder,
        "_build_name_fmt": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        "_buildhost": "pitcher.internal",
        "use_source_date_epoch_as_buildtime": 1,
        "clamp_mtime_to_source_date_epoch": 1,
        "_build_id_links": "none",
        "__os_install_post": "%{nil}",
        "_binary_payload": "w2.xzdio",
    }
    command = ["rpmbuild", "-bb", "--quiet", "--buildroot", str(root), "--target", told.machine]
    for name, value in definitions.items():
        command += ["--define", f"{name} {value}"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(told.seconds), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*command, str(spec)], capture_output=True, text=True, env=environment, errors="replace"
    )
    if done.returncode:
        raise PackageError(f"rpmbuild failed: {done.stderr.strip() or done.stdout.strip()}")
