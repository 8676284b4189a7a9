"""What the packages for Debian and Fedora hold, and that two of one commit are the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.tools.linux_tree import SECONDS, make_tree
from tools.package import deb, rpm, run_installer
from tools.package.freeze import PackageError
from tools.package.linux_files import LINUX, Build, Entry, filled, read_build, with_folders

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("xz") is None, reason="Linux's packages, packed by xz"
)
BUILD = Build("0.1.0", SECONDS, "x86_64", "2.34", ("libX11.so.6", "libc.so.6", "libEGL.so.1"))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "tree")


def members(package: Path) -> dict[str, bytes]:
    """Of an ar archive, read by the form alone."""
    data = package.read_bytes()
    assert data.startswith(b"!<arch>\n")
    found, at = {}, 8
    while at < len(data):
        head = data[at : at + 60]
        assert head.endswith(b"`\n")
        assert (int(head[16:28]), int(head[28:34]), int(head[34:40])) == (SECONDS, 0, 0)
        size = int(head[48:58])
        found[head[:16].decode().strip()] = data[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    return found


def test_a_debian_package_holds_the_program_and_what_its_desktop_wants(
    tree: Path, tmp_path: Path
) -> None:
    (package,) = deb.build(tree, tmp_path)
    assert re.fullmatch(r"pitcher_0\.1\.0_(amd64|arm64)\.deb", package.name)
    found = members(package)
    assert list(found) == ["debian-binary", "control.tar.gz", "data.tar.xz"]
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(found["data.tar.xz"]))) as data:
        entries = {member.name: member for member in data.getmembers()}
        for member in entries.values():
            assert (member.uid, member.gid, member.uname, member.mtime) == (0, 0, "root", SECONDS)
            assert not member.mode & 0o022 or member.issym()
            parent = member.name.rpartition("/")[0]
            assert parent == "." or entries[parent].isdir()
        control = io.BytesIO(gzip.decompress(found["control.tar.gz"]))
        with tarfile.open(fileobj=control) as papers:
            listed = papers.extractfile("./md5sums").read().decode().splitlines()
        for line in listed:
            digest, _, name = line.partition("  ")
            content = data.extractfile(f"./{name}").read()
            assert hashlib.md5(content).hexdigest() == digest
        assert len(listed) == sum(member.isfile() for member in entries.values())
    assert list(entries) == sorted(entries)
    assert entries["./usr/bin/pitcher"].linkname == "../lib/pitcher/pitcher"
    assert entries["./usr/lib/pitcher/_internal/link.so"].issym()
    assert entries["./usr/lib/pitcher/pitcher"].mode == 0o755
    assert entries["./usr/lib/pitcher/_internal/true.so"].mode == 0o644
    assert "./usr/lib/pitcher/_internal/ä b/words.txt" in entries
    for name in (
        "applications/pitcher.desktop",
        "mime/packages/pitcher.xml",
        "icons/hicolor/scalable/apps/pitcher.svg",
        "metainfo/internal.pitcher.pitcher.metainfo.xml",
        "man/man1/pitcher.1.gz",
        "doc/pitcher/copyright",
        "doc/pitcher/changelog.gz",
    ):
        assert f"./usr/share/{name}" in entries


def test_two_debian_packages_and_two_specs_of_a_commit_are_the_same(
    tree: Path, tmp_path: Path
) -> None:
    (package,) = deb.build(tree, tmp_path)
    first = package.read_bytes()
    again = make_tree(tmp_path / "elsewhere")
    for path in again.rglob("*"):
        path.touch()  # files bear another time, the build its own
    shutil.copystat(tree / "build.json", again / "build.json")
    deb.build(again, tmp_path)
    assert package.read_bytes() == first
    specs = {
        rpm.spec_text(with_folders(rpm.package_entries(each, BUILD)), BUILD)
        for each in (tree, again)
    }
    assert len(specs) == 1


def test_control_says_what_the_system_has_to_have() -> None:
    assert deb.depends(BUILD) == ["libc6 (>= 2.34)", "libegl1", "libx11-6"]
    text = deb.control_text(BUILD, 1234)
    assert "Depends: libc6 (>= 2.34), libegl1, libx11-6\n" in text
    assert "Installed-Size: 1234\n" in text
    assert "{" not in text
    plus = Build("0.1.0", SECONDS, "x86_64", "2.34", ("libstdc++.so.6",), "3.4.29")
    assert deb.depends(plus) == ["libc6 (>= 2.34)", "libstdc++6 (>= 11)"]
    assert rpm.requires(plus)[1:] == [
        "libstdc++.so.6()(64bit)",
        "libstdc++.so.6(GLIBCXX_3.4.29)(64bit)",
    ]
    future = Build("0.1.0", SECONDS, "x86_64", "2.34", ("libstdc++.so.6",), "3.5.0")
    with pytest.raises(PackageError, match="which GCC"):
        deb.depends(future)
    unknown = Build("0.1.0", SECONDS, "x86_64", "2.34", ("libnew.so.9",))
    with pytest.raises(PackageError, match=r"libnew\.so\.9 is taken from the system"):
        deb.depends(unknown)


def test_an_rpm_asks_for_libraries_and_owns_its_own_folders_alone(tree: Path) -> None:
    assert rpm.requires(BUILD) == [
        "libc.so.6(GLIBC_2.34)(64bit)",
        "libX11.so.6()(64bit)",
        "libEGL.so.1()(64bit)",
    ]
    text = rpm.spec_text(with_folders(rpm.package_entries(tree, BUILD)), BUILD)
    assert "@" not in re.sub(r"<[^>]*>", "", text)
    assert '%attr(755,root,root) "/usr/lib/pitcher/pitcher"' in text
    assert '%license %attr(644,root,root) "/usr/share/licenses/pitcher/LICENSE"' in text
    folders = re.findall(r'%dir .*"(.*)"', text)
    assert all("/pitcher" in folder for folder in folders)


def test_an_early_version_is_older_than_the_version_itself(tmp_path: Path) -> None:
    early = make_tree(tmp_path / "early", "0.2.0rc1")
    (package,) = deb.build(early, tmp_path)
    assert re.fullmatch(r"pitcher_0\.2\.0~rc1_(amd64|arm64)\.deb", package.name)
    told = Build("0.2.0rc1", SECONDS, "x86_64", "2.34", ())
    assert "Version: 0.2.0~rc1\n" in deb.control_text(told, 1)
    assert deb.changelog(told).startswith(b"pitcher (0.2.0~rc1) ")
    assert b'<release version="0.2.0~rc1"' in filled(LINUX / "pitcher.metainfo.xml", told)
    assert "Version: 0.2.0~rc1\n" in rpm.spec_text([], told)
    if shutil.which("dpkg"):
        order = ["dpkg", "--compare-versions", "0.2.0~rc1", "lt", "0.2.0"]
        assert subprocess.run(order).returncode == 0
    if shutil.which("rpmbuild"):
        (package,) = rpm.build(early, tmp_path)
        assert package.name.startswith("pitcher-0.2.0~rc1-1.")
    versions = ("0.1.0", "0.2.0a1", "0.2.0b12", "1.0rc3")
    packaged = [Build(each, 0, "", "", ()).packaged for each in versions]
    assert packaged == ["0.1.0", "0.2.0~a1", "0.2.0~b12", "1.0~rc3"]


def test_without_rpmbuild_no_rpm_is_made_and_that_is_said(
    tree: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert rpm.build(tree, tmp_path) == []
    assert "rpmbuild is missing" in capsys.readouterr().out


def test_a_tree_that_is_no_program_is_a_sentence(tree: Path) -> None:
    assert read_build(tree).version == "0.1.0"
    (tree / "_internal" / "true.so").unlink()
    (tree / "_internal" / "link.so").unlink()
    (tree / "top.so").unlink()
    with pytest.raises(PackageError, match="built for no processor"):
        read_build(tree)
    (tree / "build.json").unlink()
    with pytest.raises(PackageError, match="does not say which version"):
        read_build(tree)


def test_two_files_of_one_path_and_names_that_rpm_can_not_hold_are_refused() -> None:
    twice = [Entry("usr/a", 0o644, b""), Entry("usr/a", 0o644, b"")]
    with pytest.raises(PackageError, match="one path"):
        with_folders(twice)
    with pytest.raises(PackageError, match="rpm can't be told"):
        rpm.spec_text([Entry("usr/a*", 0o644, b"")], BUILD)


def test_a_link_that_leads_out_is_not_carried(tree: Path, tmp_path: Path) -> None:
    (tree / "_internal" / "out").symlink_to("/etc/passwd")
    with pytest.raises(PackageError, match="can't be carried"):
        run_installer.build(tree, tmp_path)


def test_every_place_of_the_texts_is_filled() -> None:
    for name in ("control", "pitcher.1", "pitcher.metainfo.xml"):
        assert b"@" not in filled(LINUX / name, BUILD).replace(b"@pitcher.internal", b"")


@pytest.mark.parametrize("script", ["installer.sh", "pitcher-uninstall.sh", "pitcher-start.sh"])
def test_the_scripts_are_sh_without_bashs_own(script: str, tmp_path: Path) -> None:
    text = run_installer.with_common(script)
    file = tmp_path / script
    file.write_text(text)
    assert subprocess.run(["sh", "-n", file]).returncode == 0
    for word in ("[[", "local ", "function ", "<<<", "source "):
        assert not re.search(rf"^\s*{re.escape(word)}", text, re.MULTILINE)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", "-s", "sh", file], check=True)


def test_the_entry_in_the_menu_is_the_windows_own() -> None:
    text = (LINUX / "pitcher.desktop").read_text(encoding="utf-8")
    application = (LINUX.parents[1] / "app" / "application.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("pitcher")' in application  # what Wayland goes by
    assert 'setApplicationName("pitcher")' in application  # WM_CLASS
    assert "StartupWMClass=pitcher\n" in text
    types = re.search(r"^MimeType=(.*)$", text, re.MULTILINE)
    assert types is not None
    declared = (LINUX / "pitcher.xml").read_text(encoding="utf-8")
    assert all(f'type="{name}"' in declared for name in types[1].strip(";").split(";"))
