"""What all rows of a conversation share: how they look, and where what is done in them goes.

For the rows' views, and the page, which follows its signals; `Transcript` owns it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.notices import Notices
from app.theme.theme import Theme
from app.widgets.markup.tools import MarkupTools


class TranscriptDesk(QObject):
    """The theme, the tools that draw blocks, and one signal for each doing, by the turn's id."""

    edit_begun = Signal(int)
    edit_ended = Signal(int)
    edit_requested = Signal(int, str, object)  # the text, and its files: a tuple of Attached
    files_given = Signal(object)  # pasted where a question is edited: a tuple of Path
    regenerate_requested = Signal(int)
    regenerate_otherwise_requested = Signal(int)
    branch_requested = Signal(int, str, int)  # the part: "question" or "answer"; and the step
    delete_requested = Signal(int)
    continue_requested = Signal(int)
    details_requested = Signal(int)
    answer_now_requested = Signal()
    thoughts_toggled = Signal(int)
    plain_copy_requested = Signal(int)

    def __init__(self, theme: Theme, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.notices = notices
        self.tools = MarkupTools(theme, notices, self)
        self.revealed: frozenset[int] = frozenset()  # turns under the mouse or with the focus
        self.prefilled: tuple[int, int, int] | None = None  # a turn, and tokens read of all
