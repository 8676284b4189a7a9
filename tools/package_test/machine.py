"""A userland in namespaces of its own: no network, its own processes, files that are thrown away.

For: the checks. The untouched userland is the lower layer of an overlay, so that every check finds
the same system. Loopback is down too, unless a check needs it. There is no graphics device.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from tools.package_test.userlands import KEPT, USER, USER_ID

HOME = f"/home/{USER}"
RUNTIME = f"/run/user/{USER_ID}"
BUS = f"unix:path={RUNTIME}/bus"
ARTEFACTS = "/srv/dist"  # what was built, read-only, as on a stick
KEYRING_PASSWORD = "open sesame"
_READY_S = 60.0
_AT_WORK = ("R", "D")
_WITH_US = ("setpriv", "--pdeathsig=KILL")  # whatever ends us, the machine ends too
_NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts")
_AS_USER = ("setpriv", f"--reuid={USER_ID}", f"--regid={USER_ID}", "--clear-groups")
_ROOTS_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
_SCRIPT = r"""
set -euo pipefail
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$UPPER,workdir=$WORK" "$ROOT"
cd "$ROOT"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch dev/$device; mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p run/user run/sshd run/lock
install -d -m 700 -o "$USER_ID" -g "$USER_ID" "run/user/$USER_ID"
install -d -m 1777 tmp/.X11-unix
if [ -n "$DISPLAY_SOCKET" ]; then
  touch "tmp/.X11-unix/${DISPLAY_SOCKET##*/}"
  mount --bind "$DISPLAY_SOCKET" "tmp/.X11-unix/${DISPLAY_SOCKET##*/}"
fi
while IFS=$'\t' read -r outside inside; do
  [ -n "$outside" ] || continue
  mkdir -p ".$inside"
  mount --bind "$outside" ".$inside"
  mount -o remount,bind,ro ".$inside"
done <<< "$LENT"
hostname userland
[ -z "$LOOPBACK" ] || ip link set lo up
pivot_root . mnt
exec chroot . /bin/sh -c 'cd /; umount -l /mnt; echo ready; exec sleep infinity'
"""


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str
    took_s: float

    @property
    def said(self) -> str:
        """Both outputs, as a user of a terminal sees them."""
        return "\n".join(part for part in (self.out.strip(), self.err.strip()) if part)


class MachineError(Exception):
    """A machine does not start; the message is a sentence."""


class Machine:
    """One throwaway system; a context manager."""

    def __init__(
        self,
        lower: Path,
        lent: Mapping[str, Path],
        display: int | None = None,
        *,
        loopback: bool = False,
    ) -> None:
        """`lent`: folders of ours that are read-only there, by the path they get."""
        self._lower, self._lent = lower, lent
        self.display = display
        self._loopback = loopback
        self._folder = Path(tempfile.mkdtemp(dir=KEPT, prefix="machine."))
        self._holder: subprocess.Popen[str] | None = None
        self._pid = 0

    @property
    def holder_id(self) -> int:
        """Its first process, as we see it."""
        return self._pid

    def __enter__(self) -> Machine:
        for name in ("upper", "work", "root"):
            (self._folder / name).mkdir()
        shown = "" if self.display is None else f"/tmp/.X11-unix/X{self.display}"
        environment = dict(os.environ) | {
            "LOWER": str(self._lower),
            "UPPER": str(self._folder / "upper"),
            "WORK": str(self._folder / "work"),
            "ROOT": str(self._folder / "root"),
            "LENT": "\n".join(f"{outside}\t{inside}" for inside, outside in self._lent.items()),
            "DISPLAY_SOCKET": shown,
            "LOOPBACK": "yes" if self._loopback else "",
            "USER_ID": str(USER_ID),
        }
        self._holder = subprocess.Popen(
            [*_WITH_US, "unshare", *_NAMESPACES, "--fork", "--kill-child", "bash", "-c", _SCRIPT],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._holder.stdout is not None
        said = self._holder.stdout.readline()
        if said != "ready\n":
            self.__exit__(None, None, None)
            raise MachineError(f"The namespaces can't be made: {said.strip() or 'no answer'}.")
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
        self._pid = int(children.read_text().split()[0])
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._holder is not None:
            self._holder.kill()
            self._holder.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def outside(self, path: str) -> Path:
        """Where a path of the machine lies for us."""
        return Path(f"/proc/{self._pid}/root") / path.lstrip("/")

    def write(self, path: str, text: str, mode: int = 0o644, *, owner: int = USER_ID) -> None:
        """Put a file there, with its folders."""
        file = self.outside(path)
        for parent in reversed(file.parents):
            if not parent.exists():
                parent.mkdir()
                os.chown(parent, owner, owner)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        os.chown(file, owner, owner)

    def environment(self, *, bus: bool = True) -> dict[str, str]:
        """What a user's session gives to a program."""
        found = {
            "HOME": HOME,
            "USER": USER,
            "LOGNAME": USER,
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": RUNTIME,
        }
        if self.display is not None:
            found["DISPLAY"] = f":{self.display}"
        if bus:
            found["DBUS_SESSION_BUS_ADDRESS"] = BUS
        return found

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        folder: str = "/",
        is_root: bool = False,
        output: int | IO[str] = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start a command as the user (or root) and go on."""
        given = environment
        if given is None:
            given = _ROOTS_ENVIRONMENT if is_root else self.environment()
        return subprocess.Popen(
            [
                *("nsenter", f"--target={self._pid}", *_NAMESPACES, "--root", "--wd=/", "--"),
                *("/usr/bin/env", "-i", f"--chdir={folder}"),
                *(f"{name}={value}" for name, value in given.items()),
                *([] if is_root else _AS_USER),
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.PIPE if output is subprocess.PIPE else output,
            text=True,
            errors="replace",
        )

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        folder: str = "/",
        is_root: bool = False,
        typed: str = "",
        limit_s: float = 300.0,
    ) -> Done:
        """Run a command to its end; exit code 124 where it took longer than `limit_s`."""
        began_s = time.monotonic()
        process = self.start(command, environment, folder=folder, is_root=is_root)
        try:
            out, err = process.communicate(typed, timeout=limit_s)
        except subprocess.TimeoutExpired:
            self.end_all()
            out, err = process.communicate()
            return Done(124, out, err, time.monotonic() - began_s)
        return Done(process.returncode, out, err, time.monotonic() - began_s)

    def open_session(self, *, keyring: bool = True) -> None:
        """The user's session bus, and the keyring that a login unlocks."""
        daemon = ["dbus-daemon", "--session", f"--address={BUS}", "--fork", "--nopidfile"]
        self._must(self.run(daemon, limit_s=_READY_S))
        if keyring:
            unlock = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"]
            self._must(self.run(unlock, typed=KEYRING_PASSWORD, limit_s=_READY_S))

    def end_all(self, number: str = "KILL") -> None:
        """A signal to every process of the user."""
        self.run(["pkill", f"-{number}", "-u", USER], is_root=True)

    def is_at_rest(self) -> bool:
        """Whether no thread in it computes, waits for a processor or for the disk."""
        for task in self.outside("/proc").glob("[0-9]*/task/[0-9]*"):
            with suppress(OSError):  # it has just ended
                # The state stands behind the name, which may hold anything (proc(5)).
                state = (task / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
                if state in _AT_WORK:
                    return False
        return True

    def files(self) -> dict[str, tuple[int, int]]:
        """Every file of the system as it lies on the disk now: its size and its kind and rights."""
        root = self.outside("/")
        found = {}
        for folder, names, files in os.walk(root):
            inside = "/" + os.path.relpath(folder, root)
            names[:] = [name for name in names if not os.path.ismount(os.path.join(folder, name))]
            for name in (*names, *files):
                facts = os.lstat(os.path.join(folder, name))
                size = 0 if name in names else facts.st_size
                found[os.path.normpath(f"{inside}/{name}")] = (size, facts.st_mode)
        return found

    @staticmethod
    def _must(done: Done) -> None:
        if done.code:
            raise MachineError(f"The session does not start: {done.said}.")
