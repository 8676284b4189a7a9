"""Reading what a program writes on a pseudo-terminal."""

import os
import select


def read_until(terminal: int, limit_s: float, word: str) -> str:
    """Everything up to the piece that holds `word`; fails where nothing comes for `limit_s`."""
    seen = ""
    while word not in seen:
        assert select.select([terminal], [], [], limit_s)[0], f"no {word!r} after {seen!r}"
        seen += os.read(terminal, 4096).decode(errors="replace")
    return seen
