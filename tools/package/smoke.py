"""Runs the frozen program in every role, without any Python beside it: does it work at all?

For: whoever has frozen it (`python -m tools.package.smoke [TREE]`).
It gets an environment of four variables, a home with a space and an umlaut, and no display; the
window is drawn to memory. What people do with it on a screen is tried by `make package-test`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.airlock.command import ROLE_FLAG, Role
from app.airlock.formula_process import FormulaProcess
from app.airlock.markup_process import MarkupProcess
from app.airlock.sealed_process import SealedProcess, WorkerError
from app.markup.blocks import Code, Prose, Table
from app.markup.formula_outline import FormulaKey
from app.markup.formula_wire import REFUSED, box_in
from tools.package.freeze import TREE, PackageError, say

_LIMIT_S = 300.0
_OPENS_S = 120.0
_LEAVES_S = 30.0
_IS_OPEN = "Pitcher is already open"
_OF_A_WINDOW = ("libqoffscreen.so", "libtorch_cpu.so", "libpitcher_kernels.so")
# A second start asks the first to come forward, which a picture in memory can't.
_OF_NO_SCREEN = "This plugin does not support raise()"
_FORMULA = r"\sum_{i=1}^n \frac{x_i}{\sqrt{2}}"
_ANSWER = "# A *heading* &amp; $x$\n\n| a | b |\n|---|---|\n| c | d |\n\n```py\nx = 1\n```\n"
_FILTERS = "Seccomp_filters:"
_QUESTION = "What is the capital of France?"


@dataclass(frozen=True)
class Stage:
    """A frozen program, and somebody's home for it."""

    program: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """All that the program is told: no Python, no display, nobody's settings."""
        return {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "PATH": "/nonexistent",
            "LANG": "C.UTF-8",
        }

    def role(self, role: Role) -> list[str]:
        """The command line of a worker, with this environment alone."""
        told = (f"{name}={value}" for name, value in self.environment.items())
        return ["/usr/bin/env", "-i", *told, str(self.program), ROLE_FLAG, role.value]

    def says(self, *arguments: str, code: int | None = 0) -> str:
        """What a command prints; `code` None takes any. Raises PackageError."""
        command = [str(self.program), *arguments]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=self.home,
            timeout=_LIMIT_S,
        )
        if code is not None and done.returncode != code:
            said = (done.stderr or done.stdout).strip()[-600:]
            raise PackageError(f"pitcher {arguments[0]} ended with {done.returncode}: {said}")
        return done.stdout + done.stderr


def version(stage: Stage) -> None:
    """The launcher and the chat process, without Qt and torch."""
    _expect("Pitcher ", stage.says("--version"))


def doctor(stage: Stage) -> None:
    """torch, the native kernels, and the lock."""
    said = stage.says("doctor")
    _expect("lock       enforced", said)
    _expect("runs prepared models whole", said)


def audit(stage: Stage) -> None:
    """The probe: a child that tries the lock. How the files are is said by the audit itself."""
    said = stage.says("audit", code=None)
    _expect("in a child: ", said)
    _expect("The lock is enforced", said)


def answers(stage: Stage) -> None:
    """The starter model, prepared for the native kernels, and by the reference."""
    for more in ((), ("--compute", "reference")):
        _expect("Paris", stage.says("chat", *more, "--prompt", _QUESTION))


def template(stage: Stage) -> None:
    """The sealed worker."""
    messages = stage.home / "messages.json"
    messages.write_text(json.dumps([{"role": "user", "content": "Hi"}]), encoding="utf-8")
    said = stage.says("template", "--model", "starter", "--messages", str(messages))
    _expect("<|im_start|>user", said)


def formula(stage: Stage) -> None:
    """The sealed worker that draws formulas: one that it can draw, and one that nobody can."""
    process = FormulaProcess(stage.role(Role.FORMULA))
    try:
        is_sealed = _is_sealed(process.worker)
        drawn, refused = process.draw([FormulaKey(_FORMULA), FormulaKey(r"\frac{")])
    finally:
        process.close()
    if not is_sealed or drawn == REFUSED or refused != REFUSED or box_in(drawn)[2] <= 0:
        raise PackageError(f"The formula worker, sealed: {is_sealed}, draws {len(drawn)} bytes.")


def markup(stage: Stage) -> None:
    """The sealed worker that reads long answers."""
    process = MarkupProcess(stage.role(Role.MARKUP))
    try:
        is_sealed = _is_sealed(process.worker)
        kinds = [type(block) for block in process.read(_ANSWER)]
    finally:
        process.close()
    if not is_sealed or kinds != [Prose, Table, Code]:
        raise PackageError(f"The markup worker, sealed: {is_sealed}, reads {len(kinds)} blocks.")


def window(stage: Stage) -> None:
    """Qt, drawn to memory: it stands with its model loaded, a second start finds it, and it leaves
    when it is told to.
    """
    environment = stage.environment | {"QT_QPA_PLATFORM": "offscreen"}
    with (
        tempfile.TemporaryFile(mode="w+", encoding="utf-8") as log,
        subprocess.Popen([stage.program], env=environment, stdout=log, stderr=log) as opened,
    ):
        try:
            _wait_until_open(opened)
            again = subprocess.run(
                [stage.program], env=environment, capture_output=True, text=True, timeout=_OPENS_S
            )
            _expect(_IS_OPEN, again.stdout + again.stderr)
            opened.send_signal(signal.SIGTERM)
            code = opened.wait(_LEAVES_S)
        finally:
            opened.kill()
        log.seek(0)
        said = log.read().replace(_OF_NO_SCREEN, "").strip()
    if said or code not in (0, 128 + signal.SIGTERM):
        raise PackageError(f"The window ended with {code} and said: {said[-600:]}")


CHECKS: tuple[Callable[[Stage], None], ...] = (
    *(version, doctor, audit, answers),
    *(template, formula, markup, window),
)


def build(tree: Path, _out: Path) -> list[Path]:
    """Every check, as a step that makes nothing. Raises PackageError with the first that fails."""
    with tempfile.TemporaryDirectory(prefix="pitcher ü ") as home:
        (Path(home) / "run").mkdir(mode=0o700)
        stage = Stage(tree / "pitcher", Path(home))
        for check in CHECKS:
            began_s = time.monotonic()
            check(stage)
            say(f"  {check.__name__} works ({time.monotonic() - began_s:.1f} s)")
    return []


def _is_sealed(worker: SealedProcess) -> bool:
    """By its own word, and by the kernel’s: more filters of calls than whoever started it has."""
    return worker.is_sealed() and _filters_of(worker.process_id()) > _filters_of(os.getpid())


def _filters_of(process: int | None) -> int:
    """proc(5), Seccomp_filters."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    found = [line for line in status.splitlines() if line.startswith(_FILTERS)]
    return int(found[0].removeprefix(_FILTERS))


def _wait_until_open(opened: subprocess.Popen[bytes]) -> None:
    """Until the chat process has what only an open window with a model has in its memory."""
    ends_s = time.monotonic() + _OPENS_S
    while time.monotonic() < ends_s:
        if opened.poll() is not None:
            raise PackageError(f"The window ended with {opened.returncode} while it opened.")
        if all(name in _mapped_by_children(opened.pid) for name in _OF_A_WINDOW):
            return
        time.sleep(0.2)
    raise PackageError(f"The window was not open after {_OPENS_S:.0f} s.")


def _mapped_by_children(process: int) -> str:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        maps = [Path(f"/proc/{child}/maps") for child in children.split()]
        return "".join(each.read_text(encoding="utf-8", errors="replace") for each in maps)
    except OSError:
        return ""  # it has just ended


def _expect(words: str, said: str) -> None:
    if words not in said:
        raise PackageError(f"“{words}” was expected, and this was said: {said.strip()[-600:]}")


def main(arguments: Sequence[str]) -> int:
    """0, or 1 with one sentence on stderr."""
    tree = Path(arguments[0]) if arguments else TREE
    try:
        build(Path(os.path.abspath(tree)), tree)
    except (PackageError, WorkerError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
