"""Finding words in titles and messages: the best first, with an excerpt of each.

For: the window's search field and the command line. What is asked for is text: no character
of it is syntax. All words must be there; the last one may be unfinished. Nothing is found by
punctuation alone, nor by the inside of a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.chats.database import Database, Row
from app.chats.documents import storable
from app.chats.model import Hit, Role
from app.chats.words import MATCH_BEGINS, MATCH_ENDS, plain_text, word_text

HITS = 50

_EXCERPT_WORDS = 32
_MAX_PIECE_CHARS = 200
_MAX_WORDS = 24
_MAX_WORD_CHARS = 100
# Words that are nearly everywhere are ranked among their newest messages only: ranking all of
# 170,000 takes 230 ms, the newest 20,000 take 25.
_RANKED = 20_000
_WEIGHTS = "bm25(1.0, 0.5, 0.5)"

_TITLES = """
    SELECT title_index.rowid,
        CASE WHEN length(conversation.title) <= ?5 THEN highlight(title_index, 0, ?2, ?3)
            ELSE first_match(title_index, ?2, ?3, ?6) END,
        conversation.title, updated_at_ms
    FROM title_index JOIN conversation ON conversation.id = title_index.rowid
    WHERE title_index MATCH ?1 ORDER BY rank LIMIT ?4
"""
_OLDEST_RANKED = """
    SELECT rowid FROM message_index WHERE message_index MATCH ?1
    ORDER BY rowid DESC LIMIT 1 OFFSET ?2
"""
_MESSAGES = """
    SELECT conversation_id, message.id, title, role, message.created_at_ms, excerpt
    FROM (
        SELECT rowid AS found_id, rank AS place,
            CASE WHEN (SELECT octet_length(parts) FROM message WHERE id = message_index.rowid) <= ?8
                THEN snippet(message_index, -1, ?2, ?3, '…', ?4) END AS excerpt
        FROM message_index
        WHERE message_index MATCH ?1 AND rowid >= ?5 AND rank MATCH ?6
        ORDER BY rank LIMIT ?7
    )
    JOIN message ON message.id = found_id
    JOIN conversation ON conversation.id = conversation_id
    ORDER BY place, message.id DESC
"""
# FTS5 looks for the best place of an excerpt in a time that grows as the square of the matches: a
# page of one word again and again takes minutes. Of a long message the first match is shown. Its
# bytes on the disk say how long it is: counting characters would have all of its words cut again.
_MOST_WEIGHED_CHARS = 8_000  # of a title
_MOST_WEIGHED_BYTES = 8_000  # of a message
_AROUND_CHARS = 120
_FIRST_MATCH = """
    SELECT first_match(message_index, ?2, ?3, ?4) FROM message_index
    WHERE message_index MATCH ?1 AND rowid = ?5
"""


def search(
    database: Database,
    asked: str,
    limit: int = HITS,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[Hit, ...]:
    """At most `limit` hits in titles, then at most `limit` in messages, each the best first.

    Nothing once it is not wanted any more, which is asked again and again: thirty long messages
    take a second, and what is to be stored waits. Raises StoreError.
    """
    query = fts_query(asked)
    if not query:
        return ()
    titles = _found_titles(database, query, limit)
    hits: list[Hit] = []
    for row in _message_rows(database, query, limit):
        if not is_wanted():
            return ()
        hits.append(_hit(database, query, row))
    return (*titles, *hits)


def fts_query(asked: str) -> str:
    """`asked` in FTS5's language: each word a quoted phrase, the last one a beginning.

    A single letter is no beginning: every second message has a word that starts with it.
    """
    words = storable(asked).replace("\0", " ").split()[:_MAX_WORDS]
    phrases = [_phrase(word[:_MAX_WORD_CHARS]) for word in words]
    if phrases and len(words[-1]) > 1:
        phrases[-1] += " *"
    return " ".join(phrases)


def _phrase(word: str) -> str:
    return '"' + word_text(word).replace('"', '""') + '"'


def _found_titles(database: Database, query: str, limit: int) -> tuple[Hit, ...]:
    rows = database.read(
        _TITLES, query, MATCH_BEGINS, MATCH_ENDS, limit, _MOST_WEIGHED_CHARS, _AROUND_CHARS
    )
    return tuple(
        Hit(
            chat_id,
            None,
            title,
            None,
            updated_at_ms,
            _pieces(_whole_words(marked) if len(title) > _MOST_WEIGHED_CHARS else marked),
        )
        for chat_id, marked, title, updated_at_ms in rows
    )


def _message_rows(database: Database, query: str, limit: int) -> list[Row]:
    oldest = database.read(_OLDEST_RANKED, query, _RANKED)
    return database.read(
        _MESSAGES,
        query,
        MATCH_BEGINS,
        MATCH_ENDS,
        _EXCERPT_WORDS,
        oldest[0][0] if oldest else 0,
        _WEIGHTS,
        limit,
        _MOST_WEIGHED_BYTES,
    )


def _hit(database: Database, query: str, row: Row) -> Hit:
    chat_id, message_id, title, role, created_at_ms, marked = row
    excerpt = _first_match(database, query, message_id) if marked is None else marked
    return Hit(chat_id, message_id, title, Role(role), created_at_ms, _pieces(excerpt))


def _first_match(database: Database, query: str, message_id: int) -> str:
    """The first match of a long message and what is around it."""
    rows = database.read(_FIRST_MATCH, query, MATCH_BEGINS, MATCH_ENDS, _AROUND_CHARS, message_id)
    return _whole_words(str(rows[0][0])) if rows and rows[0][0] is not None else ""


def _whole_words(marked: str) -> str:
    """What was cut anywhere, without the words that this cut, unless they are what was found."""
    before, begins, after = marked.partition(MATCH_BEGINS)
    if len(before) == _AROUND_CHARS:
        before = "…" + (before.partition(" ")[2] or before)
    if len(marked) == 2 * _AROUND_CHARS:
        last = after.rpartition(" ")[0] or after
        is_open = last.count(MATCH_ENDS) <= last.count(MATCH_BEGINS)
        after = f"{last}{MATCH_ENDS if is_open else ''}…"
    return before + begins + after


def _pieces(marked: str) -> tuple[tuple[str, bool], ...]:
    """An excerpt as (text, whether it matched), spaces and line ends made one space each."""
    text = " ".join(plain_text(marked).split())
    found = re.split(f"{MATCH_BEGINS}([^{MATCH_ENDS}]*){MATCH_ENDS}", text)
    pieces = [(_shortened(piece, place), place % 2 == 1) for place, piece in enumerate(found)]
    return tuple((piece, matched) for piece, matched in pieces if piece)


def _shortened(piece: str, place: int) -> str:
    """One "word" can be a page of Base64: the end that touches a match is what counts."""
    if len(piece) <= _MAX_PIECE_CHARS:
        return piece
    if place == 0:
        return "…" + piece[-_MAX_PIECE_CHARS:]
    return piece[:_MAX_PIECE_CHARS] + "…"
