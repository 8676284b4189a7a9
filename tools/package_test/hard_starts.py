"""Starts that are not easy: each works, or says in a sentence what is wrong.

For: `python -m tools.package_test`. All in the oldest userland.
"""

from __future__ import annotations

import re

from tools.package_test.checks import PROGRAM, Bench, Check
from tools.package_test.machine import ARTEFACTS, HOME, Done, Machine
from tools.package_test.person import CheckFailed, Person
from tools.package_test.userlands import USER, USER_ID

_SENTENCE = re.compile(r"pitcher: [A-Z“/].+\.")
_NOBODY = ("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups")
_UMLAUTS = "/srv/Programme für Anna Grün"
_STICK = f"{HOME}/Stick für Anna"
_GL = "libGL.so* libEGL.so* libOpenGL.so* libGLX*.so* libGLdispatch.so* libEGL_*.so* libgbm.so*"
_DRIVERS = "dri gbm libGLX_mesa.so* libEGL_mesa.so*"
_LIBRARIES = "/usr/lib/x86_64-linux-gnu"


def checks() -> list[Check]:
    """All of them."""
    return [
        Check("start-twice", "a second start brings the first window forward", _twice),
        Check("start-umlauts", "from a path with spaces and umlauts", _umlauts),
        Check("start-portable", "a portable copy keeps everything beside itself", _portable),
        Check("start-read-only", "from a read-only medium", _read_only),
        Check("start-full-disk", "with a full disk", _full_disk),
        Check("start-no-home", "with HOME unset", _no_home),
        Check("start-no-bus", "with no session bus", _no_bus),
        Check("start-no-gpu", "with no GPU driver", _no_gpu_driver),
        Check("start-no-gl", "with no OpenGL library at all", _no_gl),
        Check("start-no-display", "with no display", _no_display),
        Check("start-ssh", "over SSH with X forwarding", _ssh),
    ]


def _twice(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        machine.open_session()
        person = Person(screen, machine, bench.command)
        first = person.see_window()
        screen.minimize()
        screen.wait(lambda: not screen.windows(), 10, "The window does not go away")
        second = machine.run(bench.command, limit_s=120)
        took_s = screen.wait(lambda: bool(screen.windows()), 10, "The window does not come forward")
        person.wait_until_at_rest()  # it is seen before anything is drawn in it
        screen.take(bench.picture("start-twice"))
        if second.code != 0 or not _SENTENCE.search(second.err):
            raise CheckFailed(f"the second start ended with {second.code}: {second.said}")
        person.leave()
    return f"window after {first:.1f} s, forward again after {took_s:.1f} s: {second.err.strip()}"


def _umlauts(bench: Bench) -> str:
    command = [part.replace(PROGRAM, _UMLAUTS) for part in bench.command]
    with bench.sitting(lent={_UMLAUTS: bench.frozen}) as (screen, machine):
        machine.open_session()
        person = Person(screen, machine, command)
        seen = person.ask()
        screen.take(bench.picture("start-umlauts"))
        person.leave()
    return f"answered after {seen.answer_s:.1f} s, from a read-only folder"


def _portable(bench: Bench) -> str:
    """On a stick, whose folder has a space and umlauts; nothing of it goes into the home."""
    with bench.sitting() as (screen, machine):
        _make_portable(bench, machine)
        machine.open_session()
        before = machine.files().keys()
        person = Person(screen, machine, [f"{_STICK}/pitcher"])
        person.choose_passphrase()
        seen = person.ask()
        screen.take(bench.picture("start-portable"))
        person.leave()
        outside = [
            path
            for path in machine.files().keys() - before
            if path.startswith(HOME) and not path.startswith((_STICK, f"{HOME}/.local/share/key"))
        ]
        if outside:
            raise CheckFailed(f"left in the home: {', '.join(sorted(outside)[:8])}")
        if not machine.outside(f"{_STICK}/data").is_dir():
            raise CheckFailed("there is no data folder beside the program")
    return f"answered: {seen.answer}; all of it lies in the stick’s folder"


def _read_only(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        _make_portable(bench, machine)
        freeze = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"'
        done = machine.run(["sh", "-c", freeze, _STICK], is_root=True)
        if done.code:
            raise CheckFailed(f"it can't be made read-only: {done.said}")
        machine.open_session()
        terminal = machine.run([f"{_STICK}/pitcher", "chats", "list"], limit_s=240)
        _no_traceback(terminal)
        person = Person(screen, machine, [f"{_STICK}/pitcher"])
        person.see_window()
        person.wait_until_at_rest()  # it says that nothing can be kept
        screen.take(bench.picture("start-read-only"))
        code = person.leave()
    return f"a window stands and quits with {code}; the terminal: {_first_line(terminal)}"


def _make_portable(bench: Bench, machine: Machine) -> None:
    package = bench.artefact("pitcher-*.run")
    command = ["sh", f"{ARTEFACTS}/{package.name}", "--portable", _STICK]
    done = machine.run(command, limit_s=600)
    if done.code:
        raise CheckFailed(f"the portable copy is not made: {done.said}")


def _full_disk(bench: Bench) -> str:
    """Nothing can be written below HOME: the window says so, and so does the terminal."""
    with bench.sitting() as (screen, machine):
        _small_home(machine)
        machine.open_session()
        machine.run(["sh", "-c", "cat /dev/zero > ~/filler 2>/dev/null; : > ~/more"])
        terminal = machine.run([*bench.command, "chat", "--prompt", "Hello"], limit_s=240)
        person = Person(screen, machine, bench.command)
        person.choose_passphrase()
        screen.take(bench.picture("start-full-disk"))
        code = person.leave()
        _no_traceback(terminal)
        if code not in (0, 1):
            raise CheckFailed(f"the window ended with {code}: {person.said}")
    return f"a window stands and quits with {code}; the terminal: {_first_line(terminal)}"


def _no_home(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        machine.open_session()
        environment = machine.environment()
        del environment["HOME"]
        person = Person(screen, machine, bench.command, environment)
        seen = person.ask()
        screen.take(bench.picture("start-no-home"))
        person.leave()
        nobody = machine.run(
            [*_NOBODY, *bench.command, "chat", "--temporary", "--prompt", "Hello"],
            {"PATH": "/usr/bin:/bin"},
            is_root=True,
        )
        _no_traceback(nobody)
    return (
        f"answered after {seen.answer_s:.1f} s in the home that the system names; a user whom the "
        f"system does not know: exit code {nobody.code}, {_first_line(nobody)}"
    )


def _no_bus(bench: Bench) -> str:
    """No keyring either: the key is made from a passphrase, which the window asks for."""
    with bench.sitting() as (screen, machine):
        environment = machine.environment(bus=False)
        person = Person(screen, machine, bench.command, environment)
        person.choose_passphrase()
        seen = person.ask()
        screen.take(bench.picture("start-no-bus"))
        if code := person.leave():
            raise CheckFailed(f"it ended with {code}: {person.said}")
    return f"asks for a passphrase, then answers: {seen.answer}"


def _no_gpu_driver(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        machine.run(["sh", "-c", f"cd {_LIBRARIES} && rm -rf {_DRIVERS}"], is_root=True)
        machine.open_session()
        person = Person(screen, machine, bench.command)
        seen = person.ask()
        screen.take(bench.picture("start-no-gpu"))
        person.leave()
    return f"answered after {seen.answer_s:.1f} s"


def _no_gl(bench: Bench) -> str:
    """The package depends on the library; a folder that is unpacked can be without."""
    with bench.sitting() as (screen, machine):
        machine.run(["sh", "-c", f"cd {_LIBRARIES} && rm -rf {_GL} {_DRIVERS}"], is_root=True)
        machine.open_session()
        person = Person(screen, machine, bench.command)
        try:
            seen = person.ask()
        except CheckFailed:
            if not _SENTENCE.search(person.said):
                raise
            return f"says: {person.said.splitlines()[0]}"
        screen.take(bench.picture("start-no-gl"))
        person.leave()
    return f"answered after {seen.answer_s:.1f} s"


def _no_display(bench: Bench) -> str:
    with bench.sitting() as (_screen, machine):
        machine.open_session()
        environment = machine.environment()
        del environment["DISPLAY"]
        done = machine.run(bench.command, environment, typed="Hello\n/quit\n", limit_s=240)
        _no_traceback(done)
        if not _SENTENCE.search(done.said):
            raise CheckFailed(f"it ended with {done.code} and says: {done.said}")
    return f"exit code {done.code}, {_first_line(done)}"


def _ssh(bench: Bench) -> str:
    with bench.sitting(loopback=True) as (screen, machine):
        machine.open_session()
        _serve_ssh(machine)
        reach = ["ssh", "-X", "-o", "StrictHostKeyChecking=no", f"{USER}@127.0.0.1"]
        display = machine.run([*reach, "echo $DISPLAY; xauth list | wc -l"])
        if not display.out.startswith("localhost:"):
            raise CheckFailed(f"X is not forwarded: {display.said}")
        quoted = " ".join(f"'{part}'" for part in bench.command)
        done = machine.run([*reach, quoted], typed="/quit\n", limit_s=240)
        screen.take(bench.picture("start-ssh"))
        _no_traceback(done)
        if not _SENTENCE.search(done.said):
            raise CheckFailed(f"it ended with {done.code} and says: {done.said}")
    return f"DISPLAY={display.out.split()[0]}: exit code {done.code}, {_first_line(done)}"


def _serve_ssh(machine: Machine) -> None:
    steps = (
        f"mkdir -p -m 700 {HOME}/.ssh && ssh-keygen -q -t ed25519 -N '' -f {HOME}/.ssh/id_ed25519"
        f" && cp {HOME}/.ssh/id_ed25519.pub {HOME}/.ssh/authorized_keys && touch {HOME}/.Xauthority"
    )
    made = machine.run(["sh", "-c", steps])
    served = machine.run(
        ["sh", "-c", "ssh-keygen -A >/dev/null && /usr/sbin/sshd -o ListenAddress=127.0.0.1"],
        is_root=True,
    )
    for done in (made, served):
        if done.code:
            raise CheckFailed(f"the ssh server does not start: {done.said}")


def _small_home(machine: Machine) -> None:
    options = f"size=256k,mode=700,uid={USER_ID},gid={USER_ID}"
    done = machine.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", HOME], is_root=True)
    if done.code:
        raise CheckFailed(f"there is no small disk: {done.said}")


def _no_traceback(done: Done) -> None:
    if "Traceback" in done.said or done.code not in (0, 1, 2):
        raise CheckFailed(f"it ended with {done.code}: {done.said[-600:]}")


def _first_line(done: Done) -> str:
    lines = [line for line in done.err.splitlines() if line.startswith("pitcher: ")]
    return lines[0] if lines else (done.said.splitlines() or ["nothing said"])[0]
