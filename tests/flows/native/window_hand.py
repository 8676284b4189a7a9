"""The real window in its real process tree, with a hand that types what it is told (tests only).

python window_hand.py FLAG…          the launcher, by its own code and under the whole lock
python window_hand.py --chat FLAG…   the window; lines on standard input: type WORDS, send, stop,
                                     drafted WORDS, diagnose FILE, close. What happened is told,
                                     a word a line
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock import descriptors, launcher, leaving, setting
from app.airlock.command import passphrase_descriptor

_LOOK_MS = 50


def tell(word: str) -> None:
    print(word, flush=True)


def window(arguments: list[str]) -> int:
    """The chat process's own order of steps, then the window with the hand on it."""
    from app.airlock import hardening, lock

    leaving.install()
    hardening.harden()
    found = lock.verify()
    leaving.leave_at_once()
    from app import application

    go_on = application.run

    def run(made: application.Application, qt: object) -> int:
        # Held until the window is closed.
        hand = make_hand(made)
        code = go_on(made, qt)
        del hand
        return code

    application.run = run
    return application.main(arguments, found)


def make_hand(made: object) -> object:
    """Late: nothing of Qt is loaded before the lock was proved."""
    from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
    from PySide6.QtTest import QTest

    from app.chats.history_states import Ready

    class Hand(QObject):
        def __init__(self) -> None:
            super().__init__(made)
            self._read = b""
            self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._on_input)
            self._once("ready", self._is_ready)

        def _is_ready(self) -> bool:
            """The chats are open, and a first start's page is left for them."""
            if not isinstance(made.history.state, Ready):
                return False
            if made.first_run.is_open:
                QTest.keyClick(made.first_run.page.start, Qt.Key.Key_Return)
            return made.window.page_now() is made.page

        def _on_input(self) -> None:
            piece = os.read(0, 4096)
            if not piece:
                self._notifier.setEnabled(False)
            *lines, self._read = (self._read + piece).split(b"\n")
            for line in lines:
                verb, _, words = line.decode().partition(" ")
                getattr(self, f"_{verb}")(words)

        def _type(self, words: str) -> None:
            QTest.keyClicks(made.page.composer.edit, words)
            tell("typed")

        def _send(self, _words: str) -> None:
            QTest.keyClick(made.page.composer.edit, Qt.Key.Key_Return)
            self._once("answering", self._has_words)

        def _diagnose(self, file: str) -> None:
            made.diagnostics.open()
            dialog = made.diagnostics.dialog

            def is_saved() -> bool:
                if dialog.save.isEnabled():
                    dialog.save_requested.emit(Path(file))
                    dialog.save.setEnabled(False)
                return Path(file).exists()

            self._once("diagnosed", is_saved)

        def _stop(self, _words: str) -> None:
            QTest.keyClick(made.window, Qt.Key.Key_Escape)
            self._once("stopped", lambda: not made.chat.is_busy())

        def _drafted(self, words: str) -> None:
            kept: list[str] = []

            def is_kept() -> bool:
                made.history.do(
                    lambda history: [chat.draft for chat in history.store.conversations()],
                    kept.extend,
                    what_failed="",
                )
                return words in kept

            self._once("drafted", is_kept)

        def _close(self, _words: str) -> None:
            made.window.close()

        def _has_words(self) -> bool:
            shown = made.page.transcript
            ids = shown.turn_ids()
            return bool(ids) and bool(shown.answer_text(ids[-1]))

        def _once(self, word: str, holds: Callable[[], bool]) -> None:
            timer = QTimer(self)

            def look() -> None:
                if holds():
                    timer.stop()
                    tell(word)

            timer.timeout.connect(look)
            timer.start(_LOOK_MS)

    return Hand()


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--chat"]:
        return window(arguments[1:])
    number = passphrase_descriptor(arguments)
    assert number is not None
    assert descriptors.passphrase_problem(number) is None
    command = [sys.executable, __file__, "--chat", *arguments]
    return launcher.launch_once(command, setting.prepare(), number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
