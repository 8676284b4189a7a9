"""The product's own chat on a pseudo-terminal, with a real model, killed while it answers.

For: the campaign. Nothing in it knows that it is watched: what is on the screen is what was
acknowledged, a question by the first character of its answer.
"""

from __future__ import annotations

import os
import pty
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.chats.model import MessageState, Role
from tools.history_kills.killing import ENDS_S, PASSPHRASE, ROOT, Ended, Target, kill, started
from tools.history_kills.oracle import AT_RISK_S
from tools.history_kills.orders import Orders
from tools.history_kills.worlds import Chat

# Where no other is named, the program takes the starter model, which is slow enough to be hit.
QUESTION = "Tell me a very long story about the sea."
_COMES_UP_S = 60.0
_PROMPT = "> "
_CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


@dataclass(frozen=True)
class Typed:
    """What was on the screen when."""

    seen: tuple[tuple[float, str], ...]
    killed_at_s: float

    @property
    def is_acknowledged(self) -> bool:
        """Whether an answer had begun."""
        return bool(self._answer(float("inf")))

    def wrong(self, chat: Chat) -> str:
        """What is not as it was on the screen, or nothing."""
        question, *answers = (chat.messages[number] for number in sorted(chat.messages))
        if (question.role, question.flat, len(answers)) != (Role.USER, QUESTION, 1):
            return f"a typed question became {chat!r}"
        kept, shown = _bare(answers[0].flat), self._answer(float("inf"))
        if answers[0].state is MessageState.DONE:
            return "" if shown.startswith(kept) else "the end of an answer was not on the screen"
        if answers[0].state is not MessageState.STOPPED:
            return f"a killed answer is {answers[0].state}"
        due = self._answer(self.killed_at_s - AT_RISK_S)
        return "" if kept.startswith(due) else f"of {len(due)} characters {len(kept)} were kept"

    def _answer(self, until_s: float) -> str:
        screen = "".join(text for at_s, text in self.seen if at_s <= until_s)
        return _bare(_CONTROLS.sub("", screen).partition(QUESTION)[2])


def run_and_kill_chat(orders: Orders, words: Sequence[str], delay_s: float) -> tuple[Ended, Typed]:
    """Ask a question, and kill all `delay_s` later; now and then so soon that none is asked."""
    errors_file = orders.folder.parent.parent / "errors.txt"
    ours, theirs = pty.openpty()
    flags = ["--temperature", "0", "--max-tokens", "1000", "--passphrase-fd", PASSPHRASE]
    arguments = [str(ROOT / "main.py"), "chat", *flags]
    with open(errors_file, "wb") as errors, open(theirs, "wb", buffering=0) as terminal:
        process = started(arguments, orders.folder, words, terminal, errors, terminal)
    screen = _Screen(ours)
    if Random(orders.seed).random() < 0.8:
        screen.wait_for(_PROMPT)
        os.write(ours, f"{QUESTION}\n".encode())
    time.sleep(delay_s)
    killed_at_s = time.monotonic()
    kill(process.pid, Target.TREE, Random(orders.seed))
    seen = screen.to_the_end()
    code = process.wait(ENDS_S)
    told = errors_file.read_text(errors="replace")
    return Ended(() if seen is not None else None, killed_at_s, code, told), Typed(
        seen or (), killed_at_s
    )


class _Screen:
    """Reads a terminal until nobody writes on it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._seen: list[tuple[float, str]] = []
        self._thread = threading.Thread(target=self._read, name="screen", daemon=True)
        self._thread.start()

    def wait_for(self, word: str) -> None:
        """Until it was written, or can't be any more."""
        ends_at_s = time.monotonic() + _COMES_UP_S
        while self._thread.is_alive() and time.monotonic() < ends_at_s:
            if word in "".join(text for _, text in self._seen):
                return
            time.sleep(0.01)

    def to_the_end(self) -> tuple[tuple[float, str], ...] | None:
        """All of it; None where somebody still has the terminal."""
        self._thread.join(ENDS_S)
        return None if self._thread.is_alive() else tuple(self._seen)

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._descriptor, 4096)
            except OSError:  # how Linux says that the last writer is gone
                break
            if not piece:
                break
            self._seen.append((time.monotonic(), piece.decode("ascii", "replace")))
        os.close(self._descriptor)


def _bare(text: str) -> str:
    return "".join(text.split())
