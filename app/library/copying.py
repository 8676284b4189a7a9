"""A model's files copied into a folder of its own, so that a kill never leaves half of one.

For: moving a model to another disk, and taking one in that lies elsewhere. It works in
`NAME.copying`, which is no model. What is there of an earlier start is compared byte by byte, so
that it goes on from there; all of it is read back before it gets its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from app.library.bundles.checking import Meter
from app.library.bundles.files import CHUNK_BYTES, opened, sync_folder, write_all
from app.library.errors import MovingError
from inference.errors import NotEnoughDiskError
from inference.prepared.lock import work_folder
from inference.prepared.preparing import SILENT, Watch
from inference.sentence import said, system_words

_WORKING = ".copying"
_FILES = "files"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BESIDE_BYTES = 16 << 20


def copy_model(files: Mapping[str, Path], target: Path, watch: Watch = SILENT) -> None:
    """Copy files, by their names below it, into the folder `target`, which must not be there.

    Raises MovingError, NotEnoughDiskError, PreparationError (stopped, somebody else is at it).
    """
    if os.path.lexists(target):
        raise MovingError(said("{target} is there already. Nothing was changed.", target=target))
    if not target.parent.is_dir():
        raise MovingError(
            said("There is no folder {folder}. Is its disk connected?", folder=target.parent)
        )
    try:
        with work_folder(target, _WORKING) as work:
            _Copy(files, work / _FILES, watch).run()
            (work / _FILES).rename(target)
            work.rmdir()
        sync_folder(target.parent)
    except OSError as error:
        raise _disk_error(error, target) from error


def same_files(files: Mapping[str, Path], folder: Path, watch: Watch = SILENT) -> bool:
    """Whether a folder holds these very files and no other; reads all of both. Raises OSError."""
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    if there != set(files):
        return False
    meter = Meter(said("Comparing"), sum(f.stat().st_size for f in files.values()), watch)
    return all(_is_same(path, folder / name, meter) for name, path in files.items())


def _is_same(one: Path, other: Path, meter: Meter) -> bool:
    with opened(one.resolve()) as first, opened(other) as second:
        while True:
            chunk = _read(first, CHUNK_BYTES)
            if chunk != _read(second, CHUNK_BYTES):
                return False
            if not chunk:
                return True
            meter.add(len(chunk))


def _disk_error(error: OSError, target: Path) -> Exception:
    if error.errno in _NO_ROOM:
        return NotEnoughDiskError(target.name, _BESIDE_BYTES, _free(target.parent))
    return MovingError(
        said(
            "{name} was not copied to {folder}: {why}. What is done is kept; the model is where "
            "it was.",
            name=target.name,
            folder=target.parent,
            why=system_words(error),
        )
    )


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:  # its disk is gone, which the first error said
        return 0


class _Copy:
    def __init__(self, files: Mapping[str, Path], folder: Path, watch: Watch) -> None:
        self._files = files
        self._folder = folder
        self._watch = watch
        self._total = sum(path.stat().st_size for path in files.values())

    def run(self) -> None:
        """Raises OSError, MovingError, PreparationError."""
        self._clear()
        self._check_room()
        meter = Meter(said("Copying"), self._total, self._watch)
        hashes = {name: self._copy(name, path, meter) for name, path in self._files.items()}
        meter = Meter(said("Verifying"), self._total, self._watch)
        for name, sha256 in hashes.items():
            if self._sha256(name, meter) != sha256:
                (self._folder / name).unlink()
                raise MovingError(
                    said(
                        "{name} did not arrive as it was: the disk may be damaged. The model is "
                        "where it was.",
                        name=name,
                    )
                )
        for folder in (self._folder, *(p for p in self._folder.rglob("*") if p.is_dir())):
            sync_folder(folder)

    def _clear(self) -> None:
        """Nothing but these files, and no link in the place of one."""
        if self._folder.is_symlink():
            self._folder.unlink()
        self._folder.mkdir(exist_ok=True)
        for path in sorted(self._folder.rglob("*"), reverse=True):
            name = path.relative_to(self._folder).as_posix()
            is_way = path.is_dir() and any(each.startswith(f"{name}/") for each in self._files)
            if path.is_symlink() or (path.is_file() and name not in self._files):
                path.unlink()
            elif path.is_dir() and not is_way:
                shutil.rmtree(path)

    def _check_room(self) -> None:
        there = sum(p.stat().st_size for p in self._folder.rglob("*") if p.is_file())
        needed = self._total - there + _BESIDE_BYTES
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            raise NotEnoughDiskError(self._folder.parent.stem, needed, free)

    def _copy(self, name: str, source: Path, meter: Meter) -> str:
        """The SHA-256 of what was read."""
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        flags = os.O_RDWR | os.O_CREAT
        with opened(source.resolve()) as reads, opened(target, flags) as writes:
            is_kept = True  # so far all that is there is the same
            while chunk := _read(reads, CHUNK_BYTES):
                digest.update(chunk)
                start = writes.tell()
                is_kept = is_kept and _read(writes, len(chunk)) == chunk
                if not is_kept:
                    writes.seek(start)
                    writes.truncate()
                    write_all(writes, chunk)
                meter.add(len(chunk))
            writes.truncate()
            os.fsync(writes.fileno())
        return digest.hexdigest()

    def _sha256(self, name: str, meter: Meter) -> str:
        digest = hashlib.sha256()
        with opened(self._folder / name) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                meter.add(len(chunk))
        return digest.hexdigest()


def _read(stream: BinaryIO, count: int) -> bytes:
    """So many bytes, or what there is: an unbuffered file may give less at a time."""
    found = stream.read(count)
    while found and len(found) < count:
        more = stream.read(count - len(found))
        if not more:
            break
        found += more
    return found or b""
