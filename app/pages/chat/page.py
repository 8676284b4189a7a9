"""The chat page: header, transcript or empty state, composer. Shows what the controller holds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.airlock.report import LockReport
from app.bridge.engine_worker import EngineWorker
from app.bridge.tasks import Tasks
from app.chats.model import Conversation
from app.notices import Notices
from app.pages.base import Page
from app.pages.chat.composer import Composer
from app.pages.chat.composer_desk import ComposerDesk
from app.pages.chat.composer_overflow import OverflowPanel
from app.pages.chat.controller import ChatController
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.empty_state import EmptyState
from app.pages.chat.export_dialog import ExportDialog, ExportFolderDialog
from app.pages.chat.overflow import Overflowing
from app.pages.chat.page_state import PageState
from app.pages.chat.transcript import Transcript
from app.pages.chat.turns import Attached, Turn, TurnState
from app.settings import SendKey
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.header import Header
from app.widgets.panel import Ground, Panel
from app.widgets.toast import ToastStack

_TEMPORARY_KEYS = QKeySequence("Ctrl+Shift+N")


class ChatPage(Page):
    """Wires the widgets of a chat to its controller."""

    is_ground = True

    def __init__(
        self,
        theme: Theme,
        controller: ChatController,
        notices: Notices,
        report: LockReport,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._controller = controller
        self.header = Header(theme, report)
        self.empty = EmptyState(theme, report)
        self.transcript = Transcript(theme, notices)
        self.composer = Composer(theme)
        self.overflow = OverflowPanel(theme)
        self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self.toasts.keyboard_left.connect(self.take_focus)
        notices.show_on(self.toasts.show_notice)
        self.composer.installEventFilter(self)
        self._temporary_keys = QShortcut(_TEMPORARY_KEYS, self)
        self._temporary_keys.activated.connect(self.new_temporary_chat)
        self._connect_header()
        self._connect_controller()
        PageState(controller, self.header, self.empty, self.composer, self)

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """What the sidebar held moves to the header, or back."""
        self.header.set_sidebar_docked(is_docked)

    def show_lock(self, report: LockReport) -> None:
        """In the header, and where nothing was asked yet."""
        self.header.show_lock(report)
        self.empty.show_lock(report)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.header.more

    def take_focus(self) -> None:
        """To the field."""
        self.composer.edit.setFocus()

    def set_send_key(self, key: SendKey) -> None:
        """Which key sends."""
        self.composer.edit.send_key = key

    def new_chat(self) -> None:
        """Start an empty conversation and be ready to write."""
        self._controller.new_chat()
        self.take_focus()

    def new_temporary_chat(self) -> None:
        """The same, and nothing of it is stored."""
        self._controller.new_temporary_chat()
        self.take_focus()

    def export(self, chat: Conversation) -> ExportDialog:
        """Ask where a chat is to be written; the dialog tells what was chosen."""
        dialog = ExportDialog(chat, self)
        dialog.open()
        return dialog

    def export_several(self, count: int) -> ExportFolderDialog:
        """Ask where several chats are to be written."""
        dialog = ExportFolderDialog(count, self)
        dialog.open()
        return dialog

    def equip(self, tasks: Tasks, worker: EngineWorker) -> None:
        """Take the services by which the composer reads files and counts tokens."""
        self.desk = ComposerDesk(
            self._theme, self, self.composer, self._controller, tasks, worker, self._notices
        )
        self.transcript.desk.files_given.connect(self.desk.attaching.attach_files)
        self.desk.watch.turns_counted.connect(self.overflow.show_tokens)

    def escape(self) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """Stop the answer; where a choice is waited for, that is to leave things as they are."""
        if self.overflow.isVisible():
            self.overflow.stop.click()
        else:
            self._controller.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep toasts above the composer as it grows."""
        if watched is self.composer and event.type() == QEvent.Type.Resize:
            self.toasts.set_clearance(self.composer.height())
        return False

    def _lay_out(self, theme: Theme) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(self.empty)
        self._middle.addWidget(self.transcript)
        self._limit_width()
        theme.text_changed.connect(self._limit_width)
        ground = Panel(theme, Ground.SURFACE)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._middle, 1)
        column.addLayout(_centred(self.overflow))
        column.addLayout(_centred(self.composer))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE.hair - 1)
        outer.addWidget(ground)

    def _limit_width(self) -> None:
        """As wide as the reading column asks for, at any text size."""
        width = self.composer.sizeHint().width()
        for card in (self.overflow, self.composer):
            card.setMaximumWidth(width)

    def _connect_header(self) -> None:
        self.header.sidebar_requested.connect(self.sidebar_requested)
        self.header.lock_requested.connect(self.lock_requested)
        self.header.menu_requested.connect(self.menu_requested)
        self.header.new_chat_requested.connect(self.new_chat)
        self.empty.other_place_requested.connect(self._on_other_place)

    def _connect_controller(self) -> None:
        controller = self._controller
        self.composer.sent.connect(self._on_sent)
        self.composer.changed.connect(controller.change_draft)
        self.composer.stop_requested.connect(self.stop)
        self.composer.edit_last_requested.connect(self._on_edit_last_requested)
        self.composer.think.chosen.connect(controller.choose_thinking)
        desk, branching, stage = self.transcript.desk, controller.branching, controller.stage
        desk.answer_now_requested.connect(controller.answering.answer_now)
        desk.regenerate_requested.connect(branching.regenerate)
        desk.edit_requested.connect(branching.edit)
        desk.branch_requested.connect(branching.walk)
        desk.delete_requested.connect(controller.deleting.delete)
        desk.continue_requested.connect(branching.continue_answer)
        desk.details_requested.connect(self._on_details_requested)
        controller.message_shown.connect(self.transcript.show_turn_at)
        stage.turn_added.connect(self._on_turn_added)
        stage.turn_changed.connect(self.transcript.change)
        stage.branch_shown.connect(self._on_branch_shown)
        stage.prefilled.connect(self._on_prefilled)
        stage.turn_removed.connect(self._on_turn_removed)
        controller.cleared.connect(self._on_cleared)
        controller.unseen.connect(self.transcript.forget)
        controller.opened.connect(self._on_opened)
        controller.earlier_shown.connect(self.transcript.show_before)
        stage.text_returned.connect(self.composer.take_back)
        controller.draft_shown.connect(self.composer.show_text)
        stage.resend_requested.connect(self.composer.send)
        stage.title_changed.connect(self.title_changed)
        controller.answering.overflowed.connect(self._on_overflowed)
        stage.turn_changed.connect(self.overflow.follow)
        controller.cleared.connect(self.overflow.put_away)
        stage.branch_shown.connect(self.overflow.hide)
        self.overflow.leave_out_chosen.connect(controller.leave_out_oldest)
        self.overflow.new_chat_chosen.connect(self.new_chat)
        self.overflow.dismissed.connect(self.take_focus)

    def _on_sent(self, text: str, attached: tuple[Attached, ...]) -> None:
        if self._controller.send(text, attached):
            self.composer.clear_sent()

    def _on_edit_last_requested(self) -> None:
        """Not while it is being answered: whoever presses Up then wants to look, not to change."""
        if not self._controller.is_busy():
            self.transcript.edit_last()

    def _on_overflowed(self, found: Overflowing) -> None:
        """The keyboard goes there, unless someone is writing: a key would choose for them."""
        self.overflow.ask(found)
        if self.isActiveWindow() and not self.composer.edit.toPlainText():
            self.overflow.first_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_turn_added(self, turn: Turn) -> None:
        self.transcript.add(turn)
        self._middle.setCurrentWidget(self.transcript)

    def _on_prefilled(self, turn_id: int, done_tokens: int, total_tokens: int) -> None:
        self.transcript.show_prefill(turn_id, done_tokens, total_tokens)

    def _on_turn_removed(self, turn_id: int) -> None:
        self.transcript.remove(turn_id)
        if not self.transcript.turn_ids():
            self._middle.setCurrentWidget(self.empty)

    def _on_branch_shown(self, turns: tuple[Turn, ...], turn_id: int) -> None:
        self.transcript.show_from(turn_id, turns)
        if turns and turns[-1].state is TurnState.WAITING:  # what comes is at the end
            self.transcript.go_to_end()
        self._middle.setCurrentWidget(self.transcript if self._controller.turns else self.empty)

    def _on_details_requested(self, turn_id: int) -> None:
        made_by = self._controller.replaying.provenance(turn_id)
        if made_by is None:
            self._notices.news(self.tr("What made this answer is not recorded."))
            return
        dialog = DetailsDialog(self._theme, made_by, self)
        dialog.replay_requested.connect(partial(self._controller.replaying.replay, turn_id))
        dialog.open()

    def _on_cleared(self) -> None:
        self.transcript.clear()
        self._middle.setCurrentWidget(self.empty)

    def _on_opened(self, turns: tuple[Turn, ...]) -> None:
        self.transcript.show_all(turns)
        self._middle.setCurrentWidget(self.transcript)

    def _on_other_place(self) -> None:
        if self._controller.is_temporary:
            self.new_chat()
        else:
            self.new_temporary_chat()


def _centred(card: QWidget) -> QHBoxLayout:
    """In the middle, and as wide as it may be."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(card, 1000)
    row.addStretch(1)
    return row
