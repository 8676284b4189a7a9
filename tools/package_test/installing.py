"""Install, use, take away again: nothing is left but what is the user's own.

For: `python -m tools.package_test`. In each userland, which has no Python and no network.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import partial

from tools.package_test.checks import Bench, Check
from tools.package_test.machine import ARTEFACTS, HOME, Done, Machine
from tools.package_test.person import CheckFailed, Person
from tools.package_test.screen import Screen
from tools.package_test.userlands import RELEASES, Release, pythons_in, userland

LIMIT_S = 10.0
_INSTALL_S = 600.0
# What a user keeps: chats, settings, models and the ledger; and what their keyring, fonts and
# graphics keep for themselves, whichever program uses them.
_USERS_OWN = re.compile(
    rf"{HOME}/\.(config|cache)(/(pitcher|dconf|fontconfig|mesa_shader_cache(_db)?)(/.*)?)?"
    rf"|{HOME}/\.local/share/(pitcher|pitcher-ledger|pitcher-models|keyrings)(/.*)?"
)
# Folders that were there, or that many programs share; empty ones harm nobody.
_SHARED_FOLDERS = re.compile(
    rf"{HOME}/\.(local|local/(bin|lib|share)|local/share/(applications|icons|mime)(/.*)?)"
)
# Made anew from what is installed, by programs of the system.
_MADE_FROM_OTHERS = re.compile(
    r"/var/(lib/dpkg|log|cache)(/.*)?|.*/(mimeinfo\.cache|icon-theme\.cache)"
    r"|.*/share/mime/.*|/etc/ld\.so\.cache|/root(/.*)?"
)


@dataclass(frozen=True)
class _Used:
    """What was seen of the program, and how long the slower answer took from the start."""

    words: str
    slowest_s: float


def checks() -> list[Check]:
    """Both installers in each userland."""
    made = []
    for release in RELEASES:
        words = f"in Debian {release.name}: install, ask, see the lock’s proof, remove"
        made += [
            Check(f"bare-{release.name}", "the userland has no Python", partial(_bare, release)),
            Check(f"deb-{release.name}", f"the .deb {words}", partial(_deb, release)),
            Check(f"run-{release.name}", f"the .run as a user {words}", partial(_run, release)),
        ]
    return made


def _bare(release: Release, bench: Bench) -> str:
    found = pythons_in(userland(release))
    if found:
        raise CheckFailed(f"there is a Python: {', '.join(found[:5])}")
    with bench.sitting(release) as (_screen, machine):
        inside = machine.run(["sh", "-c", "command -v python3 python perl; cat /proc/net/dev"])
        links = [line.split(":")[0].strip() for line in inside.out.splitlines() if ":" in line]
        up = machine.run(["cat", "/sys/class/net/lo/operstate"]).out.strip()
        if "python" in inside.out or links != ["lo"]:
            raise CheckFailed(f"not bare: {inside.out}")
    return f"no Python; the only network interface is a loopback, {up}"


def _deb(release: Release, bench: Bench) -> str:
    package = bench.artefact("pitcher_*.deb")
    with bench.sitting(release) as (screen, machine):
        before = machine.files()
        installed = machine.run(
            ["dpkg", "-i", f"{ARTEFACTS}/{package.name}"], is_root=True, limit_s=_INSTALL_S
        )
        _must(installed, "dpkg -i")
        _nobody_may_write(machine, before)
        used = _use(bench, screen, machine, ("/usr/bin/pitcher",), f"deb-{release.name}")
        _must(machine.run(["dpkg", "--purge", "pitcher"], is_root=True), "dpkg --purge")
        _nothing_left(before, machine.files())
    _in_time(used)
    return f"installed in {installed.took_s:.0f} s; {used.words}; removed without a trace"


def _run(release: Release, bench: Bench) -> str:
    package = bench.artefact("pitcher-*.run")
    with bench.sitting(release) as (screen, machine):
        before = machine.files()
        install = ["sh", f"{ARTEFACTS}/{package.name}"]
        installed = machine.run(install, limit_s=_INSTALL_S)
        _must(installed, "the installer")
        used = _use(bench, screen, machine, (f"{HOME}/.local/bin/pitcher",), f"run-{release.name}")
        uninstall = [f"{HOME}/.local/lib/pitcher/pitcher-uninstall"]
        _must(machine.run(uninstall), "the uninstaller")
        _nothing_left(before, machine.files())
    _in_time(used)
    return f"installed in {installed.took_s:.0f} s; {used.words}; removed without a trace"


def _use(
    bench: Bench, screen: Screen, machine: Machine, command: tuple[str, ...], name: str
) -> _Used:
    """A first conversation and the lock's proof, in the window and in the terminal."""
    machine.open_session()
    person = Person(screen, machine, command)
    person.see_window()
    screen.take(bench.picture(f"{name}-1-first"))
    seen = person.ask()
    screen.take(bench.picture(f"{name}-2-answer"))
    person.see_privacy(bench.picture(f"{name}-3-privacy"))
    if code := person.leave():
        raise CheckFailed(f"it ended with {code}: {person.said}")
    again = Person(screen, machine, command)
    second = again.ask()
    screen.take(bench.picture(f"{name}-4-again"))
    again.leave()
    audit = machine.run([*command, "audit"])
    refused = audit.out.count("\nrefused ") + audit.out.startswith("refused ")
    if audit.code or not refused or "ALLOWED" in audit.out:
        raise CheckFailed(f"audit ended with {audit.code}: {audit.said[-500:]}")
    words = (
        f"first window {seen.window_s:.1f} s, answer {seen.answer_s:.1f} s after start; "
        f"again {second.window_s:.1f} s and {second.answer_s:.1f} s; {refused} of audit refused"
    )
    return _Used(words, max(seen.answer_s, second.answer_s))


def _in_time(used: _Used) -> None:
    if used.slowest_s > LIMIT_S:
        busy = f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
        raise CheckFailed(f"an answer came after {used.slowest_s:.1f} s ({busy}): {used.words}")


def _must(done: Done, what: str) -> None:
    if done.code:
        raise CheckFailed(f"{what} ended with {done.code}: {done.said[-500:]}")


def _nobody_may_write(machine: Machine, before: dict[str, tuple[int, int]]) -> None:
    """No installed file or folder can be changed by anybody but root."""
    others = stat.S_IWGRP | stat.S_IWOTH
    found = machine.files()
    wrong = [
        path
        for path, (_size, mode) in found.items()
        if path not in before and mode & others and not stat.S_ISLNK(mode)
    ]
    if wrong:
        raise CheckFailed(f"others may write {', '.join(sorted(wrong)[:5])}")


def _nothing_left(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> None:
    left = [path for path in after if path not in before and not _may_stay(path, after[path][1])]
    gone = [path for path in before if path not in after and not _MADE_FROM_OTHERS.fullmatch(path)]
    if left or gone:
        raise CheckFailed(f"left: {', '.join(sorted(left)[:8]) or '–'}; gone: {gone[:8] or '–'}")


def _may_stay(path: str, mode: int) -> bool:
    if stat.S_ISDIR(mode) and _SHARED_FOLDERS.fullmatch(path):
        return True
    return bool(_USERS_OWN.fullmatch(path) or _MADE_FROM_OTHERS.fullmatch(path))
