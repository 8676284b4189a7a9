"""A conversation: its turns in a list of rows, of which only those in sight are laid out.

Shows what the controller holds and tells what is done in it. A turn is read, and becomes more
than a placeholder, when the reader comes near; a growing answer changes only at its end.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.notices import Notices
from app.pages.chat.foot import AnswerFoot
from app.pages.chat.foot_menu import add_turn_actions
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.transcript_hands import Revealing
from app.pages.chat.transcript_reading import AnswerReader
from app.pages.chat.transcript_speech import Speech
from app.pages.chat.transcript_turn import TurnRows, UnreadRow
from app.pages.chat.transcript_turns import ShownTurns
from app.pages.chat.turns import Turn
from app.theme.theme import Theme
from app.widgets.row_list import RowList
from app.widgets.rows import Row

_COPY_KEYS = QKeySequence("Ctrl+Shift+C")
_BREATH_MS = 10  # between steps of what came at once


class Transcript(RowList):
    """A scrolling list of turns; what is done in them is told by its desk."""

    def __init__(self, theme: Theme, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Conversation"))
        self.desk = TranscriptDesk(theme, notices, self)
        self._reader = AnswerReader(notices, self)
        self._turns = ShownTurns(self.desk)
        self._opens_thoughts = False  # as the reader chose last
        self._behind: dict[int, TurnRows] = {}  # what of them came is not all shown yet
        self._catching_up = QTimer(self, singleShot=True, interval=_BREATH_MS)
        self._catching_up.timeout.connect(self._catch_up)
        self._speech = Speech(self, self.desk.tools.colours.label)
        self._revealing = Revealing(self, self.desk)
        QShortcut(_COPY_KEYS, self).activated.connect(self.copy_last_answer)
        self._connect_desk()

    # ------------------------------------------------------------------ what it shows

    def turn_ids(self) -> tuple[int, ...]:
        """The turns, the oldest first."""
        return self._turns.ids

    def add(self, turn: Turn) -> None:
        """Show a new turn and go to it."""
        self._reader.is_ready(self.refill)
        before = self._turns.last
        made = self._turns.append(turn, is_open=self._opens_thoughts)
        self.replace(len(self.rows()), 0, made.lay_out(is_last=True))
        self._go_on_later(made)
        if before is not None:
            self._show(before)
        self.go_to_end()

    def show_all(self, turns: Sequence[Turn]) -> None:
        """Show a conversation, from its end."""
        self._reader.drop()
        self._turns.put(turns)
        self.set_rows(UnreadRow(turn) for turn in turns)
        self._read_all_unwritten()

    def show_before(self, turns: Sequence[Turn]) -> None:
        """Show turns before all that are shown, by and by; the reader's place stays."""
        self._turns.keep_above(turns)
        self._show_above()

    def show_from(self, turn_id: int, turns: Sequence[Turn]) -> None:
        """Show turns in the place of one and of all that followed it, or at the end where there
        is no such turn. The reader's place stays.
        """
        self._reach(turn_id)
        first = self.first_row(turn_id)
        gone = self._turns.cut_from(turn_id)
        was_open = bool(gone) and gone[0].is_open
        rows: list[Row] = []
        for turn in turns:
            made = self._turns.append(turn, is_open=was_open and turn.turn_id == turn_id)
            if turn is turns[0] and not made.is_long:
                made.read()  # at once, so that what has the focus in it keeps it
            rows += made.lay_out(is_last=turn is turns[-1])
        self.stay()
        self.replace(first, len(self.rows()) - first, rows)
        self._show_last()

    def change(self, turn: Turn) -> None:
        """Show a turn as it is now."""
        made = self._turns.get(turn.turn_id)
        if made is None:
            return
        was_live = made.is_live
        if made.change(turn):
            self._reader.read(made, self.column_px(), self._on_read)
        elif made.grows_elsewhere:
            self._reader.grow(made, self._on_grown)
        self._show_grown(made, was_live=was_live)

    def _show_grown(self, made: TurnRows, *, was_live: bool) -> None:
        self._show(made)
        self._speech.follow(made.turn, made.blocks, was_live=was_live)

    def _go_on_later(self, made: TurnRows) -> None:
        if made.is_behind:
            self._behind[made.turn.turn_id] = made
            self._catching_up.start()

    def _catch_up(self) -> None:
        """Show more of one turn of which much came at once, and then of the next."""
        while self._behind:
            turn_id = next(iter(self._behind))
            made = self._behind.pop(turn_id)
            if made.is_behind and self._turns.get(turn_id) is made:
                self._show_grown(made, was_live=made.is_live)
                break
        if self._behind:
            self._catching_up.start()

    def show_prefill(self, turn_id: int, done_tokens: int, total_tokens: int) -> None:
        """Say how much of a prompt was read."""
        foot = self.foot(turn_id)
        if foot is not None:
            foot.show_prefill(done_tokens, total_tokens)

    def remove(self, turn_id: int) -> None:
        """Take a turn away."""
        if self._turns.get(turn_id) is not None:
            first = self.first_row(turn_id)
            count = self._turns.pop(turn_id).count
            self.replace(first, count, ())
            self._show_last()

    def clear(self) -> None:
        """Take all turns away."""
        self._turns.put(())
        self._reader.drop()
        self._speech.stop()
        self.set_rows(())

    def forget(self) -> None:
        """Keep nothing of what was shown, drawn formulas and coloured code neither."""
        self.desk.tools.forget()
        self._reader.forget()

    def show_turn_at(self, turn_id: int) -> None:
        """Bring a turn into sight and mark it for a moment."""
        self._reach(turn_id)
        if self._turns.get(turn_id) is not None:
            self.show_row(self.first_row(turn_id), is_marked=True)

    def foot(self, turn_id: int) -> AnswerFoot | None:
        """The foot of a turn, if it is in sight or near."""
        made = self._turns.get(turn_id)
        if made is None:
            return None
        view = self.view_at(self.first_row(turn_id) + made.count - 1)
        return view if isinstance(view, AnswerFoot) else None

    def answer_text(self, turn_id: int) -> str:
        """A turn's answer as it is copied as plain text."""
        made = self._turns.get(turn_id)
        return "" if made is None else made.text

    def views_of(self, turn_id: int) -> tuple[QWidget, ...]:
        """The widgets of a turn's rows that are in sight or near."""
        made = self._turns.get(turn_id)
        if made is None:
            return ()
        first = self.first_row(turn_id)
        views = (self.view_at(index) for index in range(first, first + made.count))
        return tuple(view for view in views if view is not None)

    def copy_last_answer(self) -> None:
        """Put the last answer on the clipboard, as Markdown."""
        answer = self._turns.last_answer
        if answer:
            QGuiApplication.clipboard().setText(answer)
            self._speech.say(self.tr("The last answer is copied."))

    def end_workers(self) -> bool:
        """The window goes: end the threads; False if one would not end."""
        has_ended = self.desk.tools.close()
        return self._reader.close() and has_ended

    # ------------------------------------------------------------------ what the list asks

    def rows_near(self, first: int, last: int) -> None:
        """Read the turns that come into sight; a long one elsewhere."""
        near = range(first, last + 1)
        if not self._reader.is_ready(self.refill):
            return
        for index in reversed(near) if self.follows_end() else near:
            row = self.rows()[index] if index < len(self.rows()) else None
            if not isinstance(row, UnreadRow):
                continue
            made = self._turns[row.turn.turn_id]
            if made.is_long:
                self._reader.read(made, self.column_px(), self._on_read)
            else:
                made.read()
                self._show(made)
                return  # other rows are near now

    def fill_menu(self, menu: QMenu, row: Row) -> None:
        """What can be done with the turn."""
        made = self._turns.get(turn_of(row.key))
        if made is not None:
            menu.addSeparator()
            add_turn_actions(menu, self.desk, made.turn, is_last=made is self._turns.last)

    def first_row(self, turn_id: int) -> int:
        """The index of a turn's first row."""
        return self._turns.first_row(turn_id, len(self.rows()))

    # ------------------------------------------------------------------ the steps

    def _show_above(self) -> None:
        """Show as many earlier turns as a frame has time for, and others in the next one."""
        piece = self._turns.take_above()
        if piece:
            self.replace(0, 0, [UnreadRow(turn) for turn in piece])
            QTimer.singleShot(0, self, self._show_above)

    def _reach(self, turn_id: int) -> None:
        """See to it that a turn is shown, if it is one of those that are not yet."""
        while self._turns.is_above(turn_id):
            self._show_above()

    def _show_last(self) -> None:
        last = self._turns.last
        if last is not None:
            self._show(last)

    def _show(self, made: TurnRows) -> None:
        """Put a turn's rows as they are now in the place of those as they were."""
        first = self.first_row(made.turn.turn_id)
        old = self.rows()[first : first + made.count]
        new = made.lay_out(is_last=made is self._turns.last)
        above = _alike(old, new)
        below = _alike(tuple(reversed(old[above:])), tuple(reversed(new[above:])))
        if len(old) != len(new) or above < len(new):
            self.replace(first + above, len(old) - above - below, new[above : len(new) - below])
        self._go_on_later(made)

    def _read_all_unwritten(self) -> None:
        """Turns without an answer need no reading, and one may be growing."""
        for made in self._turns:
            if made.is_read or made.is_live:
                self._show(made)

    def _on_read(self, made: TurnRows) -> None:
        if self._turns.get(made.turn.turn_id) is made:
            self._show(made)

    def _on_grown(self, made: TurnRows) -> None:
        if self._turns.get(made.turn.turn_id) is made:
            self._show_grown(made, was_live=True)

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.edit_begun.connect(lambda turn_id: self._edit(turn_id, is_begun=True))
        desk.edit_ended.connect(lambda turn_id: self._edit(turn_id, is_begun=False))
        desk.thoughts_toggled.connect(self._on_thoughts_toggled)
        desk.plain_copy_requested.connect(self._on_plain_copy)

    def edit_last(self) -> None:
        """Change the last question in its place."""
        turn_ids = self.turn_ids()
        if turn_ids:
            self._edit(turn_ids[-1], is_begun=True)

    def _edit(self, turn_id: int, *, is_begun: bool) -> None:
        made = self._turns.get(turn_id)
        if made is not None:
            made.is_editing = is_begun
            self._show(made)
            if is_begun:
                self._bring(self.first_row(turn_id))

    def _bring(self, index: int) -> None:
        """A row into sight, as little as it takes; one that is far has no widget yet."""
        view = self.made(index)
        if view is None:
            self.show_row(index)
        else:
            self.ensure_seen(view)

    def _on_thoughts_toggled(self, turn_id: int) -> None:
        made = self._turns.get(turn_id)
        if made is not None:
            made.is_open = self._opens_thoughts = not made.is_open
            self._show(made)

    def _on_plain_copy(self, turn_id: int) -> None:
        QGuiApplication.clipboard().setText(self.answer_text(turn_id))


def turn_of(key: object) -> int:
    """The turn that a row belongs to, by its key."""
    assert isinstance(key, tuple)
    return int(key[0])


def _alike(old: Sequence[Row], new: Sequence[Row]) -> int:
    """How many rows at the beginning are the same."""
    count = 0
    for before, now in zip(old, new, strict=False):
        if before is not now and before != now:
            break
        count += 1
    return count
