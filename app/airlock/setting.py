"""Making the lock ready, and putting a process under it between fork and exec.

For: the launcher. Not here: what is refused (`rules.py`), whether it holds (`lock.py`).

Setting it never ends the program: what counts is the test that the locked process itself
makes before it loads Qt, torch or any user data, and a lock that could not be set shows
there as "not enforced".
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from app.airlock import landlock, seccomp
from app.airlock.rules import CHAT_RULES, LockRules, lock_filter
from app.airlock.syscalls import Architecture, this_architecture


@dataclass(frozen=True)
class Lock:
    """A lock made ready by the launcher: little is left to do after the fork."""

    architecture: Architecture
    program: bytes
    domain: landlock.Domain | None

    def engage(self) -> None:
        """Put this process under it, the domain first, as the filter could refuse its calls."""
        for step in (self._enter_domain, self._install_filter):
            try:
                step()
            except OSError as error:
                os.write(2, f"pitcher: The lock could not be set: {error}.\n".encode())

    def _enter_domain(self) -> None:
        if self.domain is not None:
            landlock.enter(self.domain, self.architecture)

    def _install_filter(self) -> None:
        seccomp.install(self.program, self.architecture)


def prepare(rules: LockRules = CHAT_RULES) -> Lock | None:
    """The lock for this system; None where it has none to offer."""
    architecture = this_architecture()
    if architecture is None or not seccomp.is_available(architecture):
        return None
    domain = landlock.domain_for(landlock.version(architecture))
    return Lock(architecture, lock_filter(rules, architecture), domain)
