"""A chat's branches: how many versions there are of what, walked, taken out and put back.

For: the window's chats. What a single message is, and how it grows, is in `messages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.chats.database import Database
from app.chats.errors import MissingError
from app.chats.messages import Messages
from app.chats.model import Message
from app.chats.rows import set_leaf

_FORKS = """
    SELECT id, number, versions FROM (
        SELECT id, row_number() OVER (PARTITION BY parent_id ORDER BY id) AS number,
            count(*) OVER (PARTITION BY parent_id) AS versions
        FROM message WHERE conversation_id = ?
    ) WHERE versions > 1
"""


@dataclass(frozen=True)
class Fork:
    """A message that is one of several: `number` of `count`, from 1, the oldest first."""

    number: int
    count: int


@dataclass(frozen=True)
class TakenOut:
    """Messages that were deleted, parents before children, and the branch shown before."""

    messages: tuple[Message, ...]
    leaf_id: int | None


class Branches:
    """The branches of all chats of one database."""

    def __init__(self, database: Database, messages: Messages) -> None:
        self._database = database
        self._messages = messages

    def forks(self, conversation_id: int) -> Mapping[int, Fork]:
        """Those messages of a chat that have others beside them, by their ids, in one query.

        Raises StoreError.
        """
        rows = self._database.read(_FORKS, conversation_id)
        return {message_id: Fork(number, count) for message_id, number, count in rows}

    def show(self, message_id: int) -> int:
        """Show the newest branch through a message; where it ends. Raises MissingError,
        StoreError.
        """
        with self._database.write() as cursor:
            leaf_id = self._messages.newest_leaf(message_id)
            set_leaf(cursor, self._messages.get(message_id).conversation_id, leaf_id)
        return leaf_id

    def beside(self, message_id: int, step: int) -> int:
        """The version so many steps on, or the last one that way. Raises MissingError,
        StoreError.
        """
        ids = [message.id for message in self._messages.siblings(message_id)]
        place = ids.index(message_id) + step
        return ids[max(0, min(place, len(ids) - 1))]

    def take_out(self, message_id: int) -> TakenOut:
        """Delete a message and all below it, and hand it over, should it be wanted back.

        Raises MissingError, StoreError.
        """
        with self._database.write():
            message = self._messages.get(message_id)
            sql = "SELECT leaf_id FROM conversation WHERE id = ?"
            leaf_id: int | None = self._database.read(sql, message.conversation_id)[0][0]
            taken = self._messages.below(message_id)
            self._messages.delete(message_id)
        return TakenOut(taken, leaf_id)

    def put_back(self, taken: TakenOut) -> None:
        """Undo `take_out`: the same messages under their ids, and the branch shown then.

        Raises MissingError where the chat, or what they stood below, is gone; StoreError.
        """
        if not taken.messages:
            raise MissingError("There is nothing to bring back.")
        with self._database.write() as cursor:
            for message in taken.messages:
                self._messages.add_copy(message, keeps_id=True)
            set_leaf(cursor, taken.messages[0].conversation_id, taken.leaf_id)

    def close_gap(self, question_id: int, answer_id: int) -> None:
        """Take a question with its answer out from between; what followed stands below what
        stood above. Raises MissingError, StoreError.
        """
        with self._database.write() as cursor:
            question = self._messages.get(question_id)
            cursor.execute(
                "UPDATE message SET parent_id = ? WHERE conversation_id = ? AND parent_id = ?",
                (question.parent_id, question.conversation_id, answer_id),
            )
            self._messages.delete(question_id)
