"""What differs between two builds, and why."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from tools.package import reproducible
from tools.package.differences import why
from tools.package.reproducible import compare


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("one", "other"):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "inner" / "a.so").write_bytes(b"library")
        (tmp_path / name / "pitcher").write_bytes(b"program")
        (tmp_path / name / "link").symlink_to("pitcher")
    return tmp_path / "one", tmp_path / "other"


def test_two_that_are_the_same_have_no_difference(pair, capsys):
    os.utime(pair[0] / "pitcher", (1, 1))
    assert list(compare(*pair)) == []
    assert reproducible.main([str(each) for each in pair]) == 0
    assert "The same bytes, modes and links." in capsys.readouterr().out


def test_each_difference_is_a_line(pair, capsys):
    one, other = pair
    (one / "pitcher").chmod(0o755)
    (other / "inner" / "a.so").write_bytes(b"libraRy!")
    (other / "link").unlink()
    (other / "link").symlink_to("inner")
    (one / "mine").write_text("")
    (other / "yours").mkdir()
    assert list(compare(*pair)) == [
        f"mine: only in {one}",
        f"yours: only in {other}",
        "inner/a.so: other bytes from 5 on, 7 and 8 bytes",
        "link: leads to pitcher here, to inner there",
        "pitcher: mode 755 here, 644 there",
    ]
    assert reproducible.main([str(each) for each in pair]) == 1
    assert "5 differences" in capsys.readouterr().out


def test_files_are_compared_too_and_what_is_not_there_is_told(pair, capsys):
    one, other = (each / "pitcher" for each in pair)
    other.write_bytes(b"prOgram")
    assert list(compare(one, other)) == ["pitcher: other bytes from 2 on"]
    assert reproducible.main([str(one), str(pair[1] / "none")]) == 2
    assert "is not there" in capsys.readouterr().err
    (pair[1] / "link").unlink()
    (pair[1] / "link").write_text("")
    assert "link: link here, file there" in list(compare(*pair))


def tar(content: bytes, seconds: int = 1, order: tuple[str, ...] = ("a", "b")) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in order:
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), seconds
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def ar(content: bytes) -> bytes:
    head = f"{'data.tar':16}{1:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n"
    return b"!<arch>\n" + head.encode() + content


def zipped(year: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.pyc", (year, 1, 1, 0, 0, 0)), b"code")
    return out.getvalue()


PYC = b"\xa7\x0d\r\n\x00\x00\x00\x00"
NOTE = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (PYC + b"12345678code", PYC + b"87654321code", "the same code, compiled from a source of"),
        (b"\x7fELF" + NOTE + b"1" * 20, b"\x7fELF" + NOTE + b"2" * 20, "another build id"),
        (b"\x7fELFone", b"\x7fELFtwo", "other bytes from 4 on"),
        (tar(b"x"), tar(b"x", 2), "tar: a has time 1 here, 2 there; b has time 1 here, 2 there"),
        (tar(b"x"), tar(b"y"), "tar: a: other bytes from 0 on; b: other bytes from 0 on"),
        (tar(b"x"), tar(b"x", 1, ("b", "a")), "tar: the same entries in another order"),
        (tar(b"x"), tar(b"x", 1, ("a",)), "tar: b is only in one"),
        (
            gzip.compress(tar(b"x"), mtime=1),
            gzip.compress(tar(b"x"), mtime=2),
            "the same content, gzip packed it otherwise",
        ),
        (
            gzip.compress(tar(b"x"), mtime=1),
            gzip.compress(tar(b"y"), mtime=1),
            "in gzip: tar: a: other bytes",
        ),
        (ar(tar(b"x")), ar(tar(b"y")), "ar: data.tar: tar: a: other bytes from 0 on"),
        (zipped(2020), zipped(2021), "zip: a.pyc has time (2020, 1, 1, 0, 0, 0) here"),
    ],
)
def test_it_is_said_why(one, other, words):
    assert words in why(one, other)


def test_of_many_entries_some_are_named():
    names = tuple(f"file{n}" for n in range(9))
    assert why(tar(b"x", 1, names), tar(b"y", 1, names)).endswith("; and 4 more")
