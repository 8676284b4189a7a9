"""Starts the worker as the launcher starts the chat process: by its own code, under the lock.

    python -m tools.history_kills.launching PASSPHRASE_FD ORDERS

For: `killing`. This process is the launcher of the tree that is killed.
"""

from __future__ import annotations

import sys

from app.airlock import launcher, setting


def main(passphrase: str, orders: str) -> int:
    """The worker's exit code."""
    command = [sys.executable, "-m", "tools.history_kills.worker", passphrase, orders]
    return launcher.launch(command, setting.prepare(), passphrase=int(passphrase))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
