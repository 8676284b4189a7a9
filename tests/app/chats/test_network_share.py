"""Local disks and shares are told apart by the table of mounts, by drives and by flags."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

import pytest

from app.chats import network_share
from app.chats.network_share import linux_share, macos_share, share_kind, windows_share

ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"
PROC = "23 22 0:21 / /proc rw - proc proc rw"
ELSEWHERE = os.makedev(99, 99)  # in no table, as btrfs's subvolumes are not


def line(point: str, kind: str, source: str = "host:/x", device: str = "0:50") -> str:
    return f"40 22 {device} / {point} rw,relatime shared:2 master:1 - {kind} {source} rw,vers=4"


@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "davfs"],
)
def test_a_folder_on_a_share_is_on_a_share(kind: str) -> None:
    mounts = [ROOT, PROC, line("/srv/a", kind)]
    named = kind.removeprefix("fuse.")
    assert linux_share(Path("/srv/a/data"), ELSEWHERE, mounts) == named
    assert linux_share(Path("/srv/a"), ELSEWHERE, mounts) == named
    assert linux_share(Path("/srv/ab"), ELSEWHERE, mounts) is None


@pytest.mark.parametrize(
    "kind", ["ext4", "btrfs", "overlay", "fuseblk", "fuse.gocryptfs", "fuse.sshfs-like", "sshfs2"]
)
def test_a_local_or_unknown_kind_is_none(kind: str) -> None:
    assert linux_share(Path("/srv/a/x"), ELSEWHERE, [ROOT, line("/srv/a", kind)]) is None


def test_a_local_mount_inside_a_share_is_local_and_the_other_way_round() -> None:
    mounts = [ROOT, line("/srv", "nfs4"), line("/srv/a", "ext4", device="8:2")]
    assert linux_share(Path("/srv/a/x"), ELSEWHERE, mounts) is None
    assert linux_share(Path("/srv/b/x"), ELSEWHERE, mounts) == "nfs4"


def test_of_two_mounts_on_one_point_the_later_one_counts() -> None:
    mounts = [ROOT, line("/m", "ext4"), line("/m", "cifs")]
    assert linux_share(Path("/m/x"), ELSEWHERE, mounts) == "cifs"
    assert linux_share(Path("/m/x"), ELSEWHERE, [ROOT, *reversed(mounts[1:])]) is None


def test_a_share_that_lies_hidden_under_a_later_mount_does_not_count() -> None:
    mounts = [ROOT, line("/a/b", "nfs4"), line("/a", "ext4", device="8:7")]
    assert linux_share(Path("/a/b/c"), os.makedev(8, 7), mounts) is None
    assert linux_share(Path("/a/b/c"), os.makedev(0, 50), mounts) == "nfs4"


def test_blanks_in_a_mount_point_are_understood() -> None:
    mounts = [ROOT, line("/media/my\\040share", "cifs")]
    assert linux_share(Path("/media/my share/x"), ELSEWHERE, mounts) == "cifs"


def test_a_nameless_fuse_with_an_address_as_its_source_is_a_share() -> None:
    mounts = [ROOT, line("/d", "fuse", "https://cloud.example/dav"), line("/e", "fuse", "/dev/x")]
    assert linux_share(Path("/d/x"), ELSEWHERE, mounts) == "https://cloud.example/dav"
    assert linux_share(Path("/e/x"), ELSEWHERE, mounts) is None


@pytest.mark.parametrize("table", [[], [""], ["nonsense", "a b c - nfs x"], ["1 2 3:4 / / rw -"]])
def test_a_table_that_says_nothing_names_no_share(table: list[str]) -> None:
    assert linux_share(Path("/srv/a"), ELSEWHERE, table) is None


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="needs Linux's mount table")
@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\r"])
def test_a_mount_point_that_looks_like_two_lines_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    folder = tmp_path / f"a{mark}b"
    folder.mkdir()
    table = tmp_path / "mountinfo"
    table.write_bytes("\n".join([ROOT, line(str(folder), "nfs4")]).encode())
    monkeypatch.setattr(network_share, "_MOUNTS", table)
    assert share_kind(folder) == "nfs4"


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="needs Linux's mount table")
def test_this_systems_own_table_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "not" / "there yet"
    assert share_kind(folder) is None
    found = tmp_path.stat().st_dev
    number = f"{os.major(found)}:{os.minor(found)}"
    table = tmp_path / "mounts"
    table.write_text("\n".join([ROOT, line(str(tmp_path), "nfs4", device=number)]))
    monkeypatch.setattr(network_share, "_MOUNTS", table)
    assert share_kind(folder) == "nfs4"
    (tmp_path / "link").symlink_to(tmp_path / "not")
    assert share_kind(tmp_path / "link" / "history") == "nfs4"
    (tmp_path / "loop").symlink_to("loop")
    assert share_kind(tmp_path / "loop" / "history") == "nfs4"
    monkeypatch.setattr(network_share, "_MOUNTS", tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        share_kind(folder)


def test_a_network_drive_of_windows_is_a_share() -> None:
    assert windows_share("\\\\server\\share\\", lambda _root: 0) == "a network drive"
    assert windows_share("Z:\\", lambda root: 4 if root == "Z:\\" else 3) == "a network drive"
    assert windows_share("C:\\", lambda _root: 3) is None


class MacLibrary:
    """Answers as macOS's statfs does."""

    def __init__(self, flags: int, result: int = 0) -> None:
        self.flags, self.result = flags, result

    def statfs(self, path: bytes, answer: ctypes.Array[ctypes.c_char]) -> int:
        assert path == b"/Volumes/x"
        ctypes.memmove(ctypes.addressof(answer) + 64, self.flags.to_bytes(4, "little"), 4)
        ctypes.set_errno(errno.EIO)
        return self.result


def test_a_volume_of_macos_is_a_share_without_the_local_flag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for library, expected in (
        (MacLibrary(0x1000), None),
        (MacLibrary(0x0001), "a network volume"),
    ):
        monkeypatch.setattr(network_share.ctypes, "CDLL", lambda *_, found=library, **__: found)
        assert macos_share(Path("/Volumes/x")) == expected
    monkeypatch.setattr(network_share.ctypes, "CDLL", lambda *_, **__: MacLibrary(0, -1))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        macos_share(Path("/Volumes/x"))
