"""Which backend runs an op, and why not another.

For: layers, once, when a model is loaded; `doctor`, to tell. Backends are asked in the
order given; the first that accepts runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernels.contracts import Accepted, Backend, Op, Rejected
from kernels.hardware import Hardware
from kernels.schemes.base import Scheme
from kernels.sentence import joined, said


class NoBackendError(Exception):
    """No backend runs this op; the message lists each one's reason."""


@dataclass(frozen=True)
class Rejection:
    """A backend that was asked first and said no."""

    backend: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """The backend that runs an op, and those that were asked before it."""

    op: Op
    scheme: str
    backend: Backend
    rejected: tuple[Rejection, ...]


class Registry:
    """Backends in order of preference, on one machine; `first_for`: the name of one that is
    asked before the others about an op."""

    def __init__(
        self,
        backends: Sequence[Backend],
        hardware: Hardware,
        first_for: Mapping[Op, str] | None = None,
    ) -> None:
        self._backends = tuple(backends)
        self._first_for = first_for or {}
        self._hardware = hardware
        self._choices: dict[tuple[Op, str, tuple[int, ...]], Choice] = {}

    @property
    def backends(self) -> tuple[Backend, ...]:
        """In order of preference."""
        return self._backends

    def behind(self, first: Sequence[Backend]) -> Registry:
        """The same, with others that are asked before it."""
        return Registry((*first, *self._backends), self._hardware, self._first_for)

    @property
    def hardware(self) -> Hardware:
        """The machine that backends are asked about."""
        return self._hardware

    def choose(self, op: Op, scheme: Scheme | None = None, shape: Sequence[int] = ()) -> Choice:
        """The first backend that accepts; raises NoBackendError with everyone's reason."""
        key = (op, scheme.name if scheme else "", tuple(shape))
        if key not in self._choices:
            self._choices[key] = self._ask(op, scheme, shape)
        return self._choices[key]

    def _ask(self, op: Op, scheme: Scheme | None, shape: Sequence[int]) -> Choice:
        rejected: list[Rejection] = []
        for backend in self._order(op):
            answer = backend.accepts(op, scheme, shape, self._hardware)
            match answer:
                case Accepted():
                    scheme_name = scheme.name if scheme else ""
                    return Choice(op, scheme_name, backend, tuple(rejected))
                case Rejected(reason):
                    rejected.append(Rejection(backend.name, reason))
        told = [said("{backend}: {reason}", backend=r.backend, reason=r.reason) for r in rejected]
        reasons = joined("; ", told) if told else said("no backend is there")
        name = f"{op} for {scheme.name}" if scheme else str(op)
        raise NoBackendError(
            said("Nothing here runs {name} ({reasons}).", name=name, reasons=reasons)
        )

    def _order(self, op: Op) -> list[Backend]:
        first = self._first_for.get(op)
        return sorted(self._backends, key=lambda backend: backend.name != first)

    def choices(self) -> tuple[Choice, ...]:
        """Every choice made so far, one for an op and scheme, in the order made."""
        seen: dict[tuple[Op, str], Choice] = {}
        for choice in self._choices.values():
            seen.setdefault((choice.op, choice.scheme), choice)
        return tuple(seen.values())
