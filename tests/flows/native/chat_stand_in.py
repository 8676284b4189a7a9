"""Stands where the chat process stands, and does what its first argument says (tests only)."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock import leaving
from app.airlock.template_process import TemplateProcess
from tests.flows.native.resting import rest


def tell(*words: object) -> None:
    print(*words, flush=True)


def wait_in_order() -> None:
    """Until it is asked to leave, and then in order."""
    leaving.install()
    worker = TemplateProcess()
    tell("sealed" if worker.is_sealed() else "not sealed")
    try:
        tell("ready", os.getpid(), worker.process_id())
        rest()
    finally:
        tell("left in order")
        worker.close()


def be_stubborn() -> None:
    """Deaf to every request."""
    leaving.on_parent_death(lambda: tell("told"))
    leaving.install()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell("ready", os.getpid())
    rest()


def count_interrupts() -> None:
    """Like the terminal chat: the first Ctrl-C stops an answer, the second leaves."""
    leaving.install()
    worker = TemplateProcess()
    worker.is_sealed()
    before = worker.process_id()
    try:
        tell("ready")
        rest()
    except KeyboardInterrupt:
        pass
    try:
        tell("stopped")
        rest()
    except KeyboardInterrupt:
        tell("left")
    tell("same worker" if worker.process_id() == before else "another worker")
    worker.close()
    sys.exit(130)


def list_descriptors() -> None:
    lifeline = int(os.environ[leaving.LIFELINE_VARIABLE])
    names = {int(name) for name in os.listdir("/proc/self/fd")}
    tell(*(n for n in sorted(names) if n > 2 and n != lifeline and is_open(n)))


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def die(number: int) -> None:
    signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
    os.kill(os.getpid(), number)


ACTIONS = {
    "wait": wait_in_order,
    "stubborn": be_stubborn,
    "interrupts": count_interrupts,
    "descriptors": list_descriptors,
    "killed": lambda: die(signal.SIGKILL),
    "crashed": lambda: die(signal.SIGSEGV),
    "leave": lambda: sys.exit(int(sys.argv[2])),
    "echo": lambda: tell(sys.stdin.read()),
    "environment": lambda: tell(*sorted(os.environ)),
}

if __name__ == "__main__":
    ACTIONS[sys.argv[1]]()
