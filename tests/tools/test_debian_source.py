"""A source package by apt: the newest that can be had, with lists of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.package.debian_source import SourceError, fetch

MIRROR = "http://mirror.invalid/debian/"
# Stand-ins for apt and dpkg: they print what those print, and remember how they were asked.
APT_GET = """
echo "$@" >> "$LOG"
case "$*" in
  *indextargets*) cat "$BOOK/targets" ;;
  *source*3.11.2-9*) echo "E: Failed to fetch it  404" >&2; exit 100 ;;
  *source*) touch "python3.11_${*##*=}.dsc" ;;
esac
"""
APT_CACHE = 'cat "$BOOK/sources"'
DPKG = '[ "$(printf "%s\\n" "$2" "$4" | sort -V | tail -1)" = "$2" ] && [ "$2" != "$4" ]'
DPKG_SOURCE = 'mkdir -p "$4/debian"; touch "$4/debian/changelog"; [ -f "$3" ]'
CHANGELOG = "echo 1700000000"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stand-ins read: which archives there are, and which versions."""
    programs = tmp_path / "bin"
    programs.mkdir()
    named = {"apt-get": APT_GET, "apt-cache": APT_CACHE, "dpkg": DPKG}
    named |= {"dpkg-source": DPKG_SOURCE, "dpkg-parsechangelog": CHANGELOG}
    for name, script in named.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.setenv("BOOK", str(tmp_path))
    write_targets(tmp_path, f"{MIRROR} main Debian", "http://other.invalid main Node")
    write_versions(tmp_path, "3.11.2-6+deb12u8", "3.11.2-6+deb12u10")
    return tmp_path


def write_targets(book: Path, *lines: str) -> None:
    (book / "targets").write_text("".join(f"{line}\n" for line in lines))


def write_versions(book: Path, *versions: str) -> None:
    text = "".join(f"Package: python3.11\nVersion: {each}\n\n" for each in versions)
    (book / "sources").write_text(text)


def test_the_newest_version_is_unpacked_with_its_own_time(book):
    found = fetch("python3.11", "bookworm", book / "folder")
    assert found.version == "3.11.2-6+deb12u10"
    assert found.seconds == 1_700_000_000
    assert (found.folder / "debian" / "changelog").is_file()


def test_one_that_the_mirror_lists_and_does_not_have_gives_way_to_the_one_before(book):
    write_versions(book, "3.11.2-6+deb12u8", "3.11.2-9")
    assert fetch("python3.11", "bookworm", book / "folder").version == "3.11.2-6+deb12u8"


def test_only_debians_own_archives_are_asked_by_lists_of_our_own(book):
    write_targets(
        book, f"{MIRROR} main Debian", f"{MIRROR} contrib Debian", "http://s main Debian-Security"
    )
    fetch("python3.11", "bookworm", book / "folder")
    listed = (book / "folder" / "sources.list").read_text().splitlines()
    assert [line.split("] ")[1] for line in listed] == [
        f"{MIRROR} bookworm main",
        "http://s bookworm-security main",
    ]
    asked = [line for line in (book / "log").read_text().splitlines() if "update" in line]
    assert all(f"Dir::State::Lists={book}/folder/lists" in line for line in asked)
    assert asked


@pytest.mark.parametrize(
    ("versions", "words"), [((), "has no source"), (("3.11.2-9",), "Failed to fetch it  404")]
)
def test_none_that_can_be_had_is_told(book, versions, words):
    write_versions(book, *versions)
    with pytest.raises(SourceError, match=words):
        fetch("python3.11", "bookworm", book / "folder")


def test_a_system_without_debians_mirror_is_told(book):
    write_targets(book, "http://other.invalid main Node")
    with pytest.raises(SourceError, match="no Debian mirror"):
        fetch("python3.11", "bookworm", book / "folder")


def test_a_system_without_apt_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="apt-get is not installed here"):
        fetch("python3.11", "bookworm", tmp_path / "folder")
