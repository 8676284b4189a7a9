"""What ELF files ask the system for, and the floor that follows for a tree."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.tools.made_elf import made_elf
from tools.package import floors
from tools.package.elf import ElfError, is_elf, read_elf
from tools.package.floors import Floor, scan, table

LIBC, LIBCXX = "libc.so.6", "libstdc++.so.6"


def test_libraries_and_versions_are_read():
    found = read_elf(made_elf({LIBC: ("GLIBC_2.17", "GLIBC_2.2.5"), "libz.so.1": ()}))
    assert found.machine == "x86-64"
    assert found.soname == "libmade.so"
    assert found.needed == (LIBC, "libz.so.1")
    assert found.versions == {LIBC: ("GLIBC_2.17", "GLIBC_2.2.5")}
    two = made_elf({LIBC: ("GLIBC_2.17",), LIBCXX: ("GLIBCXX_3.4.29", "CXXABI_1.3")}, machine=183)
    assert read_elf(two).machine == "AArch64"
    assert read_elf(two).versions[LIBCXX] == ("CXXABI_1.3", "GLIBCXX_3.4.29")


def test_a_real_program_is_read_as_the_systems_own_tool_reads_it():
    python = Path("/bin/ls")
    found = read_elf(python.read_bytes())
    assert LIBC in found.needed
    assert any(version.startswith("GLIBC_2.") for version in found.versions[LIBC])


@pytest.mark.parametrize("raw", [b"", b"#!/bin/sh\n", b"\x7fELF\x01\x01", b"\x7fELF\x02\x02"])
def test_what_is_no_elf_of_64_bits_is_told(raw):
    with pytest.raises(ElfError):
        read_elf(raw)


def test_a_damaged_one_is_told():
    whole = made_elf({LIBC: ("GLIBC_2.34",)})
    for length in range(6, len(whole) - 16, 7):
        with pytest.raises(ElfError):
            read_elf(whole[:length])
    with pytest.raises(ElfError):
        read_elf(whole.replace(struct.pack("<Q", 0x1000), struct.pack("<Q", 0x900000)))


def test_one_that_is_linked_with_nothing_asks_for_nothing():
    alone = made_elf({LIBC: ()}).replace(struct.pack("<II", 2, 6), struct.pack("<II", 6, 6))
    assert read_elf(alone).needed == ()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "program").write_bytes(made_elf({LIBC: ("GLIBC_2.9",), "libown.so": ()}))
    (tmp_path / "inner" / "libown.so").write_bytes(
        made_elf({LIBC: ("GLIBC_2.34", "GLIBC_2.4"), LIBCXX: ("GLIBCXX_3.4.9", "CXXABI_1.3.13")})
    )
    (tmp_path / "inner" / "b.so").write_bytes(made_elf({LIBC: ("GLIBC_2.34", "GLIBC_ABI_DT_RELR")}))
    (tmp_path / "text.txt").write_text("\x7fEL")
    (tmp_path / "link.so").symlink_to(tmp_path / "inner" / "libown.so")
    return tmp_path


def test_the_newest_version_counts_as_numbers_and_names_who_asks(tree):
    found = scan(tree)
    assert found.count == 3
    assert found.machines == ("x86-64",)
    assert found.floors == (
        Floor("GLIBC", "2.34", ("inner/b.so", "inner/libown.so")),
        Floor("GLIBCXX", "3.4.9", ("inner/libown.so",)),
        Floor("CXXABI", "1.3.13", ("inner/libown.so",)),
    )
    assert found.foreign == {
        LIBC: ("inner/b.so", "inner/libown.so", "program"),
        LIBCXX: ("inner/libown.so",),
    }
    assert "| GLIBC | 2.34 | `b.so`, `libown.so` |" in table(found)
    assert not is_elf(tree / "link.so")


def test_it_is_printed(tree, capsys):
    assert floors.main([str(tree)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 ELF files for x86-64\n")
    assert "libstdc++.so.6" in out
