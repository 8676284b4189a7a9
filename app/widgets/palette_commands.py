"""What can be done in the window, by name: one list for the palette and for the page of shortcuts.

For: `Application`, which fills it, and whoever adds a thing to do. It does nothing by itself; the
keys are bound where they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.theme.icons import Icon


class CommandGroup(StrEnum):
    """What a command is about, as the page of shortcuts orders them."""

    CHATS = "chats"
    WRITING = "writing"
    READING = "reading"
    LIST = "list"
    WINDOW = "window"


@dataclass(frozen=True)
class Command:
    """A thing to do. `words` are more names by which it is found, with commas between them;
    `is_offered` says whether it can be done just now.
    """

    name: str
    icon: Icon
    run: Callable[[], object]
    shortcut: str = ""  # as QKeySequence reads it: "Ctrl+N"
    words: str = ""
    group: CommandGroup = CommandGroup.WINDOW
    is_offered: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class KeyHint:
    """Keys that do something where the keyboard is, and are no command of the window."""

    name: str
    keys: str
    group: CommandGroup


class Commands:
    """All of them, in the order in which they were added."""

    def __init__(self) -> None:
        self._commands: list[Command] = []
        self._hints: list[Callable[[], Sequence[KeyHint]]] = []

    def add(self, *commands: Command) -> None:
        """Offer more."""
        self._commands += commands

    def hint(self, hints: Callable[[], Sequence[KeyHint]]) -> None:
        """Tell of more keys, as they are when they are asked for."""
        self._hints.append(hints)

    def all(self) -> tuple[Command, ...]:
        """Those that can't be done just now too."""
        return tuple(self._commands)

    def offered(self) -> tuple[Command, ...]:
        """What can be done just now."""
        return tuple(command for command in self._commands if command.is_offered())

    def shortcuts(self) -> tuple[KeyHint, ...]:
        """Every shortcut with its name, by group."""
        of_commands = (
            KeyHint(command.name, command.shortcut, command.group)
            for command in self._commands
            if command.shortcut
        )
        order = list(CommandGroup)
        others = (hint for hints in self._hints for hint in hints())
        every = (*of_commands, *others)
        return tuple(sorted(every, key=lambda hint: order.index(hint.group)))
