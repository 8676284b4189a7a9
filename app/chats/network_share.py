"""Whether a folder lies on another machine, where locks and fsync can't be trusted.

For: `profile.py`. Linux tells by its table of mounts. A kind of FUSE that is not named here
counts as local, as encrypted folders and NTFS are such. Not here: what follows from it.

Windows (the kind of drive) and macOS (the mount's flags) are written from their manuals and
have not been tried on such systems.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from inference.sentence import said

_MOUNTS = Path("/proc/self/mountinfo")
_LEAST_FIELDS = 6  # before the dash; more are optional
_OCTAL = re.compile(r"\\([0-7]{3})")  # a blank in a path is \040

# fmt: off
# Kernel file systems by their names in that table. The last row is folders that a virtual
# machine shares with its host, which have the same faults.
_SHARES = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "auristorfs", "coda", "ceph",
    "lustre", "gpfs", "beegfs", "orangefs", "pvfs2", "ocfs2", "gfs2", "glusterfs", "davfs",
    "9p", "vboxsf", "vmhgfs", "prl_fs",
})
# FUSE by the name that its program gives: `fuse.NAME`.
_FUSE_SHARES = frozenset({
    "sshfs", "s3fs", "s3backer", "mount-s3", "goofys", "gcsfuse", "blobfuse", "blobfuse2",
    "rclone", "glusterfs", "ceph", "ceph-fuse", "juicefs", "mfs", "moosefs", "lizardfs",
    "seaweedfs", "curlftpfs", "davfs", "davfs2", "smbnetfs", "gvfsd-fuse", "kio-fuse",
    "google-drive-ocamlfuse", "onedriver", "vmhgfs-fuse", "cvmfs2", "xrootdfs", "fuse_dfs",
})
# fmt: on

_DRIVE_REMOTE = 4  # GetDriveTypeW
_MNT_LOCAL = 0x1000  # sys/mount.h of macOS
_STATFS_BYTES = 2168  # its struct statfs with 64-bit inodes
_STATFS_FLAGS_AT = 64


def share_kind(folder: Path) -> str | None:
    """What kind of share `folder`, which need not exist yet, is on; None for a local disk.

    Raises OSError where the system can't be asked.
    """
    real = Path(os.path.realpath(folder))
    if sys.platform == "win32":
        return windows_share(real.anchor, ctypes.windll.kernel32.GetDriveTypeW)
    existing = next(found for found in (real, *real.parents) if found.exists())
    if sys.platform == "darwin":
        return macos_share(existing)
    text = _MOUNTS.read_bytes().decode("utf-8", "surrogateescape")
    # Not `splitlines`: a mount point may hold what that takes for a line's end, and be missed.
    return linux_share(existing, existing.stat().st_dev, text.split("\n"))


@dataclass(frozen=True)
class _Mount:
    point: Path
    device: str
    kind: str
    source: str


def linux_share(real: Path, device: int, mounts: Iterable[str]) -> str | None:
    """The kind of the mount that holds `real`, a path without links, by a mountinfo table.

    The deepest mount above a folder holds it, and of several on one point the last. One that
    has the folder's own device number goes before, because a deeper one may lie hidden under
    a later mount; btrfs gives its subvolumes numbers that the table does not have.
    """
    found = [mount for line in mounts if (mount := _mount(line))]
    above = [mount for mount in found if real.is_relative_to(mount.point)]
    number = f"{os.major(device)}:{os.minor(device)}"
    fitting = [mount for mount in above if mount.device == number] or above
    if not fitting:
        return None
    depth = max(len(mount.point.parts) for mount in fitting)
    return _share([mount for mount in fitting if len(mount.point.parts) == depth][-1])


def windows_share(root: str, drive_type: Callable[[str], int]) -> str | None:
    """The kind of the drive with this root; `drive_type` is GetDriveTypeW."""
    if root.startswith("\\\\") or drive_type(root) == _DRIVE_REMOTE:
        return said("a network drive")
    return None


def macos_share(existing: Path) -> str | None:
    """The kind of the volume: a local one has a flag that says so. Raises OSError."""
    answer = ctypes.create_string_buffer(_STATFS_BYTES)
    library = ctypes.CDLL(None, use_errno=True)
    call = getattr(library, "statfs$INODE64", None) or library.statfs
    if call(os.fsencode(existing), answer) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    flags = int.from_bytes(answer.raw[_STATFS_FLAGS_AT : _STATFS_FLAGS_AT + 4], "little")
    return None if flags & _MNT_LOCAL else said("a network volume")


def _mount(line: str) -> _Mount | None:
    before, _, after = line.partition(" - ")
    fields = before.split(" ")
    if len(fields) < _LEAST_FIELDS:
        return None
    kind, source = (*after.split(" "), "", "")[:2]
    point = _OCTAL.sub(lambda digits: chr(int(digits[1], 8)), fields[4])
    return _Mount(Path(point), fields[2], kind, source)


def _share(mount: _Mount) -> str | None:
    program = mount.kind.removeprefix("fuse.")
    if mount.kind in _SHARES or (program != mount.kind and program in _FUSE_SHARES):
        return program
    # davfs2 and others say nothing but `fuse`; their source is an address.
    return mount.source if mount.kind == "fuse" and "://" in mount.source else None
