"""The sentences of disks that fail: what each has to say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

# What a sentence may say is safe, and what may be asked of a person.
_SAFE = re.compile(
    r"safe|[Nn]othing (that was saved )?(is|was) (lost|changed|exported|created|written)"
    r"|was not changed|What was there is unchanged|is written|What was wiped is gone"
)
_TODO = re.compile(
    r"[Ff]ree |[Tt]ry again|tries again|[Cc]heck |[Cc]hoose |[Rr]estore|can be restored"
    r"|[Ee]xport again|[Cc]lose |[Oo]pen it again|[Pp]ut |[Aa]llow |[Ii]nstall |Unlock|move "
)
_NEVER = re.compile(r"Errno|errno|[A-Za-z]Error\b|SQLITE|Traceback|\b0x|None\b|<")


@pytest.fixture
def missing_in() -> Callable[[str], str]:
    """What a sentence lacks: what happened, what is safe, what to do, in a person's words."""

    def missing(said: str) -> str:
        lacks = []
        if not said.endswith("."):
            lacks.append("its end")
        if not said[0].isupper() and not said.startswith(("/", "vault.json")):
            lacks.append("a beginning")
        if not _SAFE.search(said):
            lacks.append("what is safe")
        if not _TODO.search(said):
            lacks.append("what to do")
        if _NEVER.search(said):
            lacks.append("a person's words")
        return ", ".join(lacks)

    return missing
