"""Planted surprises load nothing: search paths, variables, the current folder, files beside.

For: `python -m tools.package_test`. What no program can prevent is shown too, with what the lock
makes of it: the system's loader loads what LD_PRELOAD names before a program's first instruction.
"""

from __future__ import annotations

from tools.package.search_paths import binaries, leading_outside
from tools.package_test.checks import PROGRAM, Bench, Check
from tools.package_test.machine import HOME
from tools.package_test.person import CheckFailed, Person
from tools.package_test.planting import (
    BUNDLED,
    PLANTED,
    VARIABLES,
    plant,
    plant_beside,
    read,
    sung,
)


def checks() -> list[Check]:
    """All of them."""
    return [
        Check("surprise-environment", "variables and the current folder load nothing", _variables),
        Check("surprise-beside", "files beside the program load nothing", _beside),
        Check("surprise-libraries", "LD_LIBRARY_PATH replaces no bundled library", _libraries),
        Check("surprise-preload", "LD_PRELOAD runs, and the lock holds for it", _preload),
        Check("surprise-rpaths", "no library is looked for outside the program", _rpaths),
    ]


def _variables(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        machine.open_session()
        plant(machine)
        environment = machine.environment() | VARIABLES
        person = Person(screen, machine, bench.command, environment, folder=PLANTED)
        seen = person.ask()
        screen.take(bench.picture("surprise-environment"))
        person.leave()
        audit = machine.run([*bench.command, "audit"], environment, folder=PLANTED)
        if audit.code:
            raise CheckFailed(f"audit ended with {audit.code}: {audit.said[-400:]}")
        loaded, touched = sung(machine), read(machine)
        if loaded or touched:
            raise CheckFailed(f"loaded: {', '.join(loaded) or '–'}; read: {', '.join(touched)}")
    return (
        f"{len(VARIABLES)} variables: nothing loaded or read; answered after {seen.answer_s:.1f} s"
    )


def _beside(bench: Bench) -> str:
    """In a copy that the user may write, as a stick is."""
    own = f"{HOME}/pitcher"
    command = [part.replace(PROGRAM, own) for part in bench.command]
    with bench.sitting() as (screen, machine):
        machine.run(["cp", "-r", PROGRAM, own])
        machine.open_session()
        plant_beside(machine, own)
        person = Person(screen, machine, command, folder=own)
        seen = person.ask()
        person.leave()
        if loaded := sung(machine):
            raise CheckFailed(f"loaded: {', '.join(loaded)}")
    return f"nothing loaded; answered after {seen.answer_s:.1f} s"


def _libraries(bench: Bench) -> str:
    with bench.sitting() as (screen, machine):
        machine.open_session()
        plant(machine)
        environment = machine.environment() | {"LD_LIBRARY_PATH": f"{PLANTED}/lib"}
        person = Person(screen, machine, bench.command, environment)
        person.ask()
        person.leave()
        if loaded := sung(machine):
            raise CheckFailed(f"loaded: {', '.join(loaded)}")
    return f"{', '.join(BUNDLED)}: the program’s own were loaded"


def _preload(bench: Bench) -> str:
    with bench.sitting() as (_screen, machine):
        machine.open_session()
        plant(machine)
        preloaded = {"LD_PRELOAD": f"{PLANTED}/engine/planted.so"}
        audit = machine.run([*bench.command, "audit"], machine.environment() | preloaded)
        if audit.code:
            raise CheckFailed(f"audit ended with {audit.code}: {audit.said[-400:]}")
        loaded = sung(machine)
        if not loaded:
            raise CheckFailed("the canary does not sing: this proves nothing")
    refused = audit.out.count("\nrefused ") + audit.out.startswith("refused ")
    return (
        f"loaded into {len(loaded)} processes by the system; audit all the same: {refused} refused"
    )


def _rpaths(bench: Bench) -> str:
    found = binaries(bench.frozen)
    if not found:
        raise CheckFailed("there is no program: make package comes first")
    outside = [
        f"{each.name}: {path}" for each in found for path in leading_outside(each, bench.frozen)
    ]
    if outside:
        count, some = len(outside), "; ".join(outside[:4])
        raise CheckFailed(f"{count} search paths lead outside: {some}")
    return f"{len(found)} ELF files: every search path begins at the file itself"
