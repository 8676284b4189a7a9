"""An update becomes the version that starts next, beside the one that runs, which is kept.

For: the settings page and `pitcher update`. It is unpacked into a folder of its own that no name
leads to; each file is on the disk and as it was signed before that folder gets its name, and the
version that was in use is named `previous` before the new one is named `current`. A kill anywhere
leaves a version that starts, and the next try begins anew.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.installation import Installation, build_of
from app.library.bundles.files import opened, sync_folder, write_all
from app.policy import NO_POLICY, Policy
from app.updates.admission import (
    refuse_other_signer,
    refuse_unfit,
    refuse_unless_later,
    updatable,
)
from app.updates.errors import BusyError, NoRoomError, UpdateFileError, UpdateStoppedError
from app.updates.manifest import UpdateFile, UpdateLink, UpdateManifest
from app.updates.prefix import Prefix, changing, is_running, remove_tree
from app.updates.update_file import OpenUpdate, Payload, damaged, open_update
from inference.sentence import said

_CHUNK_BYTES = 1 << 20
_BESIDE_BYTES = 32 << 20
_ALL_MAY_START, _OTHERS_MAY_WRITE = 0o111, 0o022
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True)
class Watch:
    """Whom to tell how many bytes of how many are done, and whom to ask whether to stop."""

    tell: Callable[[int, int], None] = lambda _done, _total: None
    is_stopped: Callable[[], bool] = lambda: False


SILENT = Watch()


@dataclass(frozen=True)
class Applied:
    """`version` starts next; `previous` is what is kept."""

    version: str
    previous: str | None


def apply_update(
    file: Path,
    installation: Installation,
    *,
    policy: Policy = NO_POLICY,
    allow_downgrade: bool = False,
    agreed: UpdateManifest | None = None,
    watch: Watch = SILENT,
) -> Applied:
    """Have the update start from the next start on; raises UpdateError. `agreed`: what the user was
    asked about; a file that is another update by now is refused.
    """
    prefix = updatable(installation, policy)
    with open_update(file) as update:
        refuse_other_signer(update.signer, installation)
        refuse_unfit(update.manifest)
        if agreed is not None and update.manifest != agreed:
            raise UpdateFileError(
                said(
                    "The file is another update than the one that was asked about. Nothing was "
                    "changed; choose it again."
                )
            )
        with changing(prefix):
            refuse_unless_later(update.manifest, prefix, allow_downgrade=allow_downgrade)
            _refuse_running(update.manifest.version, prefix)
            try:
                return _apply(update, prefix, installation.program.name, watch)
            except OSError as error:
                if error.errno in _NO_ROOM:
                    raise _no_room(update.manifest, prefix) from error
                raise


def _refuse_running(version: str, prefix: Prefix) -> None:
    """An older one may still be open, or be what was started in place of one that is not whole."""
    if is_running(prefix.versions / version):
        raise BusyError(
            said(
                "Version {version} is open just now, and would lose its files. Close it, then try "
                "again; nothing was changed.",
                version=version,
            )
        )


def _apply(update: OpenUpdate, prefix: Prefix, runs: str, watch: Watch) -> Applied:
    manifest = update.manifest
    prefix.clear()
    if shutil.disk_usage(prefix.folder).free < manifest.total_bytes + _BESIDE_BYTES:
        raise _no_room(manifest, prefix)
    part = prefix.versions / f".{manifest.version}.part"
    if os.path.lexists(part):
        remove_tree(part)
    try:
        _Unpacking(update, part, watch).run()
        _check_build(part, manifest)
    except BaseException:
        # A failure keeps nothing: what a kill leaves, the next try removes.
        shutil.rmtree(part, ignore_errors=True)
        raise
    return _switch(prefix, part, manifest.version, runs)


def _switch(prefix: Prefix, part: Path, version: str, runs: str) -> Applied:
    """Names in an order in which each kill leaves one that starts."""
    kept = _kept(prefix, runs)
    if prefix.previous == version:
        prefix.name_previous(None)
    target = prefix.versions / version
    if os.path.lexists(target):
        remove_tree(target)
    part.rename(target)
    sync_folder(prefix.versions)
    prefix.begin_trial()
    prefix.name_previous(kept)
    prefix.name_current(version)
    return Applied(version, kept)


def _kept(prefix: Prefix, runs: str) -> str | None:
    """What the new version falls back to: the current one, if it is whole and ever started. It has
    if it is what runs just now; else the one before it is kept on.
    """
    has_started = not prefix.is_on_trial or prefix.current == runs
    return (prefix.current if has_started else None) or prefix.previous


def _check_build(part: Path, manifest: UpdateManifest) -> None:
    told = build_of(part)
    if (told.version, told.commit) != (manifest.version, manifest.commit):
        raise UpdateFileError(
            said(
                "The update holds another program than it says. Nothing was changed; tell whoever "
                "made it."
            )
        )


def _no_room(manifest: UpdateManifest, prefix: Prefix) -> NoRoomError:
    return NoRoomError(
        said(
            "The update needs {needed:,} MB of room in {folder}, and {free:,} MB are free. Make "
            "room, then try again; nothing was changed.",
            needed=-(-(manifest.total_bytes + _BESIDE_BYTES) // 1_000_000),
            folder=prefix.folder,
            free=shutil.disk_usage(prefix.folder).free // 1_000_000,
        )
    )


class _Unpacking:
    """Writes one update's files into `folder`, which is not there yet."""

    def __init__(self, update: OpenUpdate, folder: Path, watch: Watch) -> None:
        self._manifest = update.manifest
        self._payload = Payload(update)
        self._folder = folder
        self._watch = watch
        self._done_bytes = 0

    def run(self) -> None:
        self._folder.mkdir()
        for file in self._manifest.files:
            self._write(file)
        self._payload.end()
        for link in self._manifest.links:
            self._link(link)
        self._sync_folders()

    def _write(self, file: UpdateFile) -> None:
        path = self._folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, left = hashlib.sha256(), file.size
        with opened(path, os.O_RDWR | os.O_CREAT | os.O_EXCL) as stream:
            while left:
                chunk = self._payload.read(min(left, _CHUNK_BYTES))
                if not chunk:
                    raise damaged()
                digest.update(chunk)
                write_all(stream, chunk)
                left -= len(chunk)
                self._count(len(chunk))
            if digest.hexdigest() != file.sha256:
                raise damaged()
            _set_rights(stream.fileno(), file.is_executable)
            os.fsync(stream.fileno())

    def _link(self, link: UpdateLink) -> None:
        path = self._folder / link.path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.symlink_to(link.target)
        except OSError as error:
            # FAT on a stick has no links: there the file stands twice.
            if error.errno not in _NO_LINKS:
                raise
            shutil.copy2(path.parent / link.target, path)

    def _count(self, size: int) -> None:
        self._done_bytes += size
        self._watch.tell(self._done_bytes, self._manifest.total_bytes)
        if self._watch.is_stopped():
            raise UpdateStoppedError(said("The update was stopped. Nothing was changed."))

    def _sync_folders(self) -> None:
        for folder, _folders, _files in os.walk(self._folder, topdown=False):
            _take_from_others(folder)
            sync_folder(Path(folder))


def _set_rights(handle: int, is_executable: bool) -> None:
    """What is started may be, and nobody else may change it, whatever the user's mask says."""
    if is_executable and hasattr(os, "fchmod"):
        os.fchmod(handle, os.fstat(handle).st_mode | _ALL_MAY_START)
    _take_from_others(handle)


def _take_from_others(place: int | str) -> None:
    mode = stat.S_IMODE(os.stat(place).st_mode)
    if mode & _OTHERS_MAY_WRITE and sys.platform != "win32":
        os.chmod(place, mode & ~_OTHERS_MAY_WRITE)
