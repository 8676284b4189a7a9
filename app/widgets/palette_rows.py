"""The palette's rows, made of commands, of titles, and of what the history's search found.

For: the window, which knows all three. The best first: what begins with the words typed, then
where words do, then where they stand inside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest

from app.chats.model import Conversation, Hit
from app.theme.icons import Icon
from app.widgets.one_line import one_line
from app.widgets.palette_commands import Command
from app.widgets.search_match import Match, Pieces, Rank, folded, match, rough_ranker
from app.widgets.search_model import excerpt_of

_MOST_TITLES = 6
_MOST_RECENT = 4
_MOST_HITS = 6


@dataclass(frozen=True)
class PaletteLabel:
    """The name of a group."""

    words: str


@dataclass(frozen=True)
class PaletteRow:
    """Something to choose; `aside` stands at its right, or else the shortcut's cap."""

    icon: Icon
    name: Pieces
    run: Callable[[], object]
    aside: Pieces = ()
    keys: str = ""


PaletteItem = PaletteLabel | PaletteRow


def command_rows(asked: str, commands: Sequence[Command]) -> tuple[PaletteRow, ...]:
    """Commands whose name, or another word for them, answers; one that is called just so first."""
    found: list[tuple[int, int, PaletteRow]] = []
    for place, command in enumerate(commands):
        by_name = match(asked, command.name)
        if by_name is not None:
            row = PaletteRow(command.icon, by_name.pieces, command.run, (), command.shortcut)
            is_whole = folded(asked.strip()) == folded(command.name)
            found.append((-1 if is_whole else by_name.rank, place, row))
        elif (by_word := _best_word(asked, command)) is not None:
            name = ((command.name, False),)
            row = PaletteRow(command.icon, name, command.run, by_word.pieces, "")
            found.append((len(Rank) + by_word.rank, place, row))
    return tuple(row for *_, row in sorted(found, key=lambda each: each[:2]))


def title_rows(
    asked: str,
    chats: Sequence[Conversation],
    untitled: str,
    open_chat: Callable[[int], object],
    fold: Callable[[str], str] | None = None,
) -> tuple[tuple[PaletteRow, ...], frozenset[int]]:
    """Chats whose title answers, newest first where they answer alike; and which they are.

    With nothing typed, the newest ones. `fold` as for `rough_ranker`.
    """
    rank_of = rough_ranker(asked, fold)
    ranked = (
        (rank, -chat.updated_at_ms, chat)
        for chat in chats
        if (rank := rank_of(chat.title or untitled)) is not None
    )
    most = _MOST_TITLES if asked.strip() else _MOST_RECENT
    best = [chat for *_, chat in nsmallest(most, ranked, key=lambda each: each[:2])]
    rows = tuple(
        PaletteRow(Icon.CHAT, _found_in(asked, chat, untitled), partial(open_chat, chat.id))
        for chat in best
    )
    return rows, frozenset(chat.id for chat in best)


def hit_rows(
    hits: Iterable[Hit], untitled: str, known: Collection[int], open_hit: Callable[[Hit], object]
) -> tuple[PaletteRow, ...]:
    """The best message of each chat in which words were found, beside those that are `known`."""
    rows: list[PaletteRow] = []
    seen = set(known)
    for hit in hits:
        if hit.conversation_id not in seen and hit.message_id is not None:
            seen.add(hit.conversation_id)
            name = ((one_line(hit.title) or untitled, False),)
            rows.append(PaletteRow(Icon.CHAT, name, partial(open_hit, hit), excerpt_of(hit)))
    return tuple(rows[:_MOST_HITS])


def _found_in(asked: str, chat: Conversation, untitled: str) -> Pieces:
    title = one_line(chat.title) or untitled
    found = match(asked, title)
    return ((title, False),) if found is None else found.pieces


def _best_word(asked: str, command: Command) -> Match | None:
    words = (word.strip() for word in command.words.split(",") if word.strip())
    found = [by_word for word in words if (by_word := match(asked, word)) is not None]
    return min(found, key=lambda by_word: by_word.rank, default=None)
