"""The command line: the same services as the window, without one.

`main` runs in the chat process, under the lock. Exit codes: 0; 1 with one sentence on
stderr for whatever a user, a file or the machine caused; 2 for usage; 130 for Ctrl-C.
"""

from __future__ import annotations

from app.cli.entry import main

__all__ = ["main"]
