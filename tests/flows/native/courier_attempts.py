"""What a process under the courier's lock can do (tests only): one JSON object on its output.

python courier_attempts.py MODELS SECRET     as the launcher starts a courier
"""

import errno
import json
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock import native
from app.airlock.courier import lockdown
from app.airlock.syscalls import this_architecture

FOUND: dict[str, str] = {}


def attempt(name: str, act: Callable[[], object]) -> None:
    try:
        act()
    except OSError as error:
        FOUND[name] = errno.errorcode.get(error.errno or 0, str(error))
    else:
        FOUND[name] = "done"


def a_socket(family: int) -> Callable[[], object]:
    return lambda: socket.socket(family, socket.SOCK_DGRAM).close()


def listen() -> None:
    with socket.socket() as listener:
        listener.listen()


def call(name: str) -> Callable[[], object]:
    def make() -> None:
        architecture = this_architecture()
        assert architecture is not None
        _, code = native.system_call(architecture.numbers[name], 0, 0, 0, 0)
        if code:
            raise OSError(code, name)

    return make


def rename(models: Path) -> None:
    (models / ".arriving").mkdir()
    (models / ".arriving" / "file").write_text("x")
    os.rename(models / ".arriving" / "file", models / "file")


def look(models: Path, secret: Path) -> None:
    attempt("write models", lambda: (models / "model").write_text("x"))
    attempt("rename in models", lambda: rename(models))
    attempt("read secret", secret.read_text)
    attempt("list secret", lambda: os.listdir(secret.parent))
    attempt("write beside", lambda: (secret.parent / "new").write_text("x"))
    attempt("truncate", lambda: os.truncate(secret, 0))
    attempt("delete", secret.unlink)
    attempt("link out", lambda: os.link(models / "model", secret.parent / "link"))
    attempt("write program", lambda: Path(lockdown.__file__).open("ab").close())
    attempt("read resolver", Path("/etc/nsswitch.conf").read_text)
    attempt("read passwords", Path("/etc/shadow").read_text)
    attempt("list root", lambda: os.listdir("/"))
    attempt("environment of the parent", Path(f"/proc/{os.getppid()}/environ").read_bytes)
    attempt("signal to the parent", lambda: os.kill(os.getppid(), signal.SIGCONT))
    families = {"IPv4": 2, "IPv6": 10, "Unix": 1, "netlink": 16, "packet": 17, "vsock": 40}
    for name, number in families.items():
        attempt(name, a_socket(number))
    attempt("listen", listen)
    for name in ("ptrace", "pidfd_getfd", "io_uring_setup", "accept4", "request_key"):
        attempt(name, call(name))


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def program() -> None:
    os.posix_spawn("/bin/true", ["true"], {})


if __name__ == "__main__":
    models_folder, secret_file = map(Path, sys.argv[1:])
    look(models_folder, secret_file)
    attempt("start a program", program)
    FOUND["files are held"] = str(lockdown.verify(Path("/")))
    lockdown.seal()
    attempt("start a program, sealed", program)
    attempt("fork, sealed", fork)
    attempt("replace itself, sealed", lambda: os.execv("/bin/true", ["true"]))
    thread = threading.Thread(target=lambda: attempt("thread", a_socket(16)))
    thread.start()
    thread.join()
    FOUND["open files"] = str(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    print(json.dumps(FOUND))
