"""What a sentence about a failing disk or a damaged file has to say.

For: `fault_play`, which holds every refusal against it, and the tests of sentences.
"""

from __future__ import annotations

import re

_SAFE = re.compile(
    r"safe|[Nn]othing (that was saved )?(is|was) (lost|changed|exported|created|written)"
    r"|was not changed|What was there is unchanged|is written|What was wiped is gone"
)
_TODO = re.compile(
    r"[Ff]ree |[Tt]ry again|tries again|[Cc]heck |[Cc]hoose |[Rr]estore|can be restored"
    r"|[Ee]xport again|[Cc]lose |[Oo]pen it again|[Pp]ut |[Aa]llow |[Ii]nstall |Unlock|move "
)
_NEVER = re.compile(r"Errno|errno|[A-Za-z]Error\b|SQLITE|Traceback|\b0x|None\b|<")


def lacking(said: str) -> str:
    """What it lacks: its end, what is safe, what to do, a person's words; empty where nothing."""
    lacks = [
        name
        for name, is_there in (
            ("its end", said.endswith(".")),
            ("what is safe", _SAFE.search(said)),
            ("what to do", _TODO.search(said)),
            ("a person's words", not _NEVER.search(said)),
        )
        if not is_there
    ]
    return ", ".join(lacks)
