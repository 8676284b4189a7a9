"""The command line in a process of its own, through the launcher and under the lock."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, str(ROOT / "main.py")]
WORDS = "rain on the roof"


def passphrase_pipe(words: str = WORDS) -> int:
    """A descriptor that gives a passphrase."""
    reader, writer = os.pipe()
    os.write(writer, f"{words}\n".encode())
    os.close(writer)
    return reader


def chats(
    environment: Mapping[str, str],
    *arguments: str,
    words: str = WORDS,
    limit_s: int = 30,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """`chats …` with its passphrase on a pipe, run in `folder`; `limit_s` bounds hanging."""
    reader = passphrase_pipe(words)
    try:
        return subprocess.run(
            [*MAIN, "chats", *arguments, "--passphrase-fd", str(reader)],
            env=environment,
            cwd=folder,
            pass_fds=[reader],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
        )
    finally:
        os.close(reader)
