"""The courier's question, in its window and on a terminal, for `hostile_player`: each hostile text
is the model's name, its files', its hosts' and the folder's.
"""

from __future__ import annotations

import os
import pty
import threading

from app.airlock.courier.asking import Question, Room, Way, fetch_question, list_question
from app.airlock.courier.question_dialog import QuestionDialog
from app.airlock.courier.terminal import TerminalAsker
from app.airlock.download.choices import Choice, Kind
from app.airlock.download.hosts import Host, HostRules, Proxy
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import RepositoryName
from app.airlock.download.token import Token
from app.theme.theme import Theme
from inference.sentence import said
from tests.flows.hostile_eyes import Eyes
from tests.flows.hostile_models import words_in
from tests.flows.hostile_shelf import path_of

# Names are refused that are as long as this; a question shows the whole of what is not.
_NAME_CHARACTERS = 1_200
_PROMPTS = (b"[y/N] ", b"a token ", b"a proxy ", b"(none: Enter) ")
_PROMPT_BYTES = 80
_NO = b"1\n"  # the first of several, and no yes


class CourierSurfaces:
    """Its two questions, asked both ways."""

    def __init__(self, eyes: Eyes, theme: Theme) -> None:
        self._eyes = eyes
        self._theme = theme

    def play(self, text: str) -> None:
        """Both of them."""
        text = text[:_NAME_CHARACTERS]
        for question in _questions(text):
            self._in_window(question, text)
            self._on_terminal(question, text)

    def _in_window(self, question: Question, text: str) -> None:
        dialog = QuestionDialog(self._theme, question, guard_ms=0)
        with self._eyes.step("courier's question"):
            dialog.show()
            self._eyes.pause(3)
        self._eyes.see_clean("courier's title", dialog.windowTitle())
        self._eyes.see("courier's question", words_in(dialog), text)
        if len(question.options) > 1:
            self._options(dialog, text)
        self._eyes.hear("courier's question", dialog)
        dialog.reject()
        dialog.deleteLater()
        self._eyes.settle()

    def _options(self, dialog: QuestionDialog, text: str) -> None:
        self._eyes.see("courier's files", dialog.files.toPlainText(), text)
        self._eyes.see_part("courier's options", dialog.options.text().replace("&&", "&"), text)
        menu = dialog.options.menu_now()
        for action in menu.actions():
            self._eyes.see_part("courier's options", action.text().replace("&&", "&"), text)
        with self._eyes.step("courier's question"):
            menu.actions()[1].trigger()
            self._eyes.pause(2)
        menu.deleteLater()
        lines = dialog.files.toPlainText().splitlines()
        if len(lines) != len(dialog._question.options[1].files):
            self._eyes.hide("courier's files", "a name that looks like two")

    def _on_terminal(self, question: Question, text: str) -> None:
        """All that reaches a terminal: words, and no sign that steers it."""
        written = _asked_on_terminal(question)
        self._eyes.see("courier's terminal", written.replace("\r\n", "\n"), text)


def _asked_on_terminal(question: Question) -> str:
    """What a terminal is sent, whose user says no."""
    ours, theirs = pty.openpty()
    asker = TerminalAsker.__new__(TerminalAsker)  # it would open the program's own
    asker._terminal = theirs
    pieces: list[bytes] = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # the other end was closed
                return
            pieces.append(piece)
            if b"".join(pieces)[-_PROMPT_BYTES:].endswith(_PROMPTS):
                os.write(ours, _NO)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with asker:
            asker.ask(question, threading.Event())
    finally:
        reader.join()
        os.close(ours)
    return b"".join(pieces).decode("utf-8", "replace")


def _questions(text: str) -> tuple[Question, Question]:
    rules = HostRules(Host(text), (Host("*.example.invalid"),))
    way = Way(rules, Proxy(Host(text, "http", 3128)), Token(text))
    problem = said("It could not be asked: {why}", why=text)
    listing = Listing(RepositoryName("", text), "main", text, ())
    files = (HubFile(text, 1_000, None, None), HubFile(f"{text}.gguf", 5_000_000, None, None))
    choices = [Choice(Kind.GGUF, label, text, files) for label in (text, f"{text} again")]
    room = Room(path_of(text), 10_000_000, {})
    return (
        list_question(text, way, problem, wants_token=True),
        fetch_question(listing, choices, way, room, problem, wants_token=True),
    )
