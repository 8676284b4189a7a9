"""The asking side of `benchmarks.protocol`: one loaded engine in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from benchmarks.protocol import Hello, Phase, Sample

ROOT = Path(__file__).resolve().parent.parent
LAST_WORDS_BYTES = 2000


class EngineError(Exception):
    """An engine could not be started, failed, or went away; says which and its last words."""


@dataclass(frozen=True)
class Command:
    """How an engine is started; `environment` comes on top of ours."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class EngineProcess:
    """Started by `with`; answers one question at a time and sleeps between them."""

    def __init__(self, command: Command) -> None:
        self._name = command.name
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._started_s = time.perf_counter()
        try:
            self._process = subprocess.Popen(
                command.words,
                cwd=ROOT,
                env={**os.environ, **command.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
            )
        except OSError as error:
            self._errors.close()
            raise EngineError(f"{self._name} could not be started: {error}") from error
        try:
            self.hello = Hello(**self._answer())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def sample(self, phase: Phase, tokens: int, depth: int) -> Sample:
        """Times one piece of work; raises EngineError."""
        return Sample(**self.ask("sample", phase=phase, tokens=tokens, depth=depth))

    def ask(self, what: str, **more: object) -> dict[str, Any]:
        """Any question; raises EngineError."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"ask": what, **more}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None
        return self._answer()

    def seconds_since_start(self) -> float:
        """Since the process was started, loading and all."""
        return time.perf_counter() - self._started_s

    def cpu_seconds(self) -> float:
        """Processor time used so far, to see that an idle engine is idle."""
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    def close(self) -> None:
        """Ends the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._gone()
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:
            raise EngineError(f"{self._name} answered with something else: {line!r}") from None
        if "error" in answer:
            raise EngineError(f"{self._name}: {answer['error']}")
        return answer

    def _gone(self) -> EngineError:
        code = self._process.wait()
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - LAST_WORDS_BYTES))
        words = self._errors.read().decode(errors="replace").strip()
        return EngineError(f"{self._name} ended with {code}. Its last words: {words or 'none'}")


def python_module(module: str, python: Path = Path(sys.executable)) -> list[str]:
    """The start of a command that runs one of our modules."""
    return [str(python), "-m", module]
