"""The window's main states, one after the other in one window: entered, looked at, left again.

For: `test_window_fits`. Each state is a generator of the widgets to look at; when it goes on, it
leaves everything as it found it, so that the same window can be had at another size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from app.application import Application
from app.notices import NoticeAction
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.export_dialog import ExportDialog
from app.pages.chat.foot import AnswerFoot
from app.pages.chat.reasoning_parts import ReasoningHead
from app.pages.chat.settings_dialog import SettingsDialog
from app.widgets.shortcuts_dialog import ShortcutsDialog
from app.widgets.small_dialog import SmallDialog
from inference.events import Overflow
from tools import screenshot_chats as chats
from tools import screenshot_texts as texts
from tools.screenshot_engine import Script, ScriptedEngine
from tools.screenshot_privacy import LEAKS, PRIVACY, PROVED

Roots = Iterator[QWidget]
_Dialog = TypeVar("_Dialog", bound=QDialog)
SHIFT = Qt.KeyboardModifier.ShiftModifier


class ChatStates:
    """Of a window over `seeded_home`, whose engine is scripted."""

    def __init__(
        self, app: Application, engine: ScriptedEngine, until: Callable[[Callable[[], bool]], None]
    ) -> None:
        self._app = app
        self._engine = engine
        self._until = until
        self._engine.scripts = {
            texts.RANGE_QUESTION: Script("23.", texts.RANGE_THOUGHTS, rests_in_thoughts=True)
        }

    def all(self) -> tuple[Callable[[], Roots], ...]:
        """Each by its name."""
        return (
            self.empty,
            self.conversation,
            self.foot_menu,
            self.thinking,
            self.attached,
            self.overflow,
            self.search,
            self.marked,
            self.palette,
            self.menus,
            self.shortcuts,
            self.settings,
            self.help,
            self.licences,
            self.tuning,
            self.details,
            self.export,
            self.privacy,
            self.history,
            self.toasts,
        )

    def empty(self) -> Roots:
        """Nothing was asked, kept or not."""
        self._app.page.new_chat()
        yield self._window
        self._app.page.new_temporary_chat()
        yield self._window
        self._app.page.new_chat()

    def conversation(self) -> Roots:
        """Formula, code, a foot with versions, opened thoughts, an edited question."""
        self._open(chats.PITCHER)
        yield self._window
        self._app.page.transcript.verticalScrollBar().setValue(0)
        self._fold_thoughts()
        yield self._window
        self._fold_thoughts()
        self._open(chats.TENDER)
        yield self._window
        self._open(chats.PITCHER)

    def foot_menu(self) -> Roots:
        """What else can be done with an answer, with a chat, with the thoughts to come."""
        foot = self._foot()
        yield from self._menu(foot.menu())
        yield from self._menu(self._app.page.composer.think.menu_now())

    def thinking(self) -> Roots:
        """Thoughts that come."""
        self._app.page.new_temporary_chat()
        self._app.chat.send(texts.RANGE_QUESTION)
        self._until(lambda: "deep to cover" in self._app.chat.turns[-1].reasoning)
        yield self._window
        self._app.chat.answering.answer_now()
        self._until(lambda: not self._app.chat.is_busy())
        self._open(chats.PITCHER)

    def attached(self) -> Roots:
        """Files beside the message, and what fills the context."""
        desk, composer = self._app.page.desk, self._app.page.composer
        for _ in range(2):
            desk.attaching.attach_text("offer;price\n" * 900, offers_insertion=True)
        self._until(lambda: len(composer.files.chips()) == 2)
        yield self._window
        composer.meter.click()
        yield self._window
        composer.meter.click()
        for chip in composer.files.chips():
            assert chip.remove is not None
            chip.remove.click()
        self._dismiss_toasts()

    def overflow(self) -> Roots:
        """A choice about what no longer fits."""
        self._engine.overflow = Overflow(33_210, 32_768, (0, 1))
        self._app.page.composer.edit.replace_text(texts.STEEL_QUESTION)
        self._app.page.composer.send()
        self._until(self._app.page.overflow.isVisible)
        yield self._window
        self._engine.overflow = None
        self._app.page.overflow.stop.click()
        self._until(lambda: not self._app.chat.is_busy())
        self._app.page.composer.edit.replace_text("")

    def search(self) -> Roots:
        """Words that were found in the chats."""
        search = self._app.window.sidebar.search
        self._app.finding.search()
        search.field.setText("pebble")
        results = self._app.window.sidebar.results
        self._until(lambda: results.isVisible() and results.model.rowCount() > 0)
        yield self._window
        search.end()
        self._app.window.shell.close_over()

    def marked(self) -> Roots:
        """Several chats, beside one that is being renamed."""
        shell, view = self._app.window.shell, self._app.window.sidebar.chats.view
        if shell.is_narrow():
            shell.toggle()
        view.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        yield self._window
        yield from self._menu(view.menu_of(self._app.window.sidebar.chats.model.chats[0]))
        QTest.keyClick(view, Qt.Key.Key_Escape)
        shell.close_over()

    def palette(self) -> Roots:
        """All commands, and what was found for some letters."""
        self._app.palette.turn()
        yield self._window
        self._app.palette.palette.field.setText("peb")
        yield self._window
        self._app.palette.turn()

    def menus(self) -> Roots:
        """The window's menu."""
        self._app.window.menu_requested.emit()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        yield from self._menu(menu)

    def shortcuts(self) -> Roots:
        """All keys."""
        self._app.palette.show_shortcuts()
        yield from dialog_now(self._window, ShortcutsDialog)

    def settings(self) -> Roots:
        """The page, from top to bottom, and after a search that found nothing."""
        self._app.settings.open()
        yield self._window
        self._app.settings.page.search.setText("xyz")
        yield self._window
        self._app.settings.page.search.clear()
        self._app.settings.leave()

    def help(self) -> Roots:
        """Its topics, hits, and a search that found nothing."""
        self._app.help.open()
        self._until(lambda: bool(self._app.help.page.text.rows()))
        yield self._window
        self._app.help.page.search.setText("pas")
        yield self._window
        self._app.help.page.search.setText("xyz")
        yield self._window
        self._app.help.page.search.clear()
        self._app.help.page.text.go_to("")
        self._app.help.leave()

    def licences(self) -> Roots:
        """While they are read, whose works there are, hits, and a search that found nothing."""
        self._app.licences.open()
        page = self._app.licences.page
        self._until(lambda: bool(page.text.rows()))
        for words in ("", "mit", "xyz"):
            page.search.setText(words)
            yield self._window
        page.search.clear()
        page.show_reading()
        yield self._window
        page.show_read()
        self._app.licences.leave()

    def tuning(self) -> Roots:
        """The chat's settings: another preset than what holds, and naming one."""
        self._app.tuning.open()
        for dialog in dialog_now(self._window, SettingsDialog):
            yield dialog
            dialog.presets.mark_changed(True)
            dialog.presets.menu_now().actions()[0].trigger()
            yield dialog

    def details(self) -> Roots:
        """What made an answer."""
        self._foot().details.click()
        yield from dialog_now(self._window, DetailsDialog)

    def export(self) -> Roots:
        """Where a chat is to be written."""
        self._app.page.export(self._app.window.sidebar.chats.model.chats[0])
        yield from dialog_now(self._window, ExportDialog)

    def privacy(self) -> Roots:
        """What the system refused, what stays open, what was downloaded."""
        page = self._app.privacy.page
        page.cards.chats.say("", "")  # what was gathered before: it is gathered at each opening
        self._app.privacy.open()
        self._until(lambda: bool(page.cards.chats.fact.text()))
        before = self._app.window.sidebar.lock.words
        yield self._window
        page.show_facts(PRIVACY)
        page.show_lock(PROVED)
        page.attempts.more.click()
        yield self._window
        page.attempts.more.click()
        page.show_lock(LEAKS)
        yield self._window
        assert self._app.window.sidebar.lock.words == before
        self._app.privacy.leave()

    def history(self) -> Roots:
        """How the chats are kept, with backups, and what it asks."""
        self._app.desk.open()
        dialog = self._app.desk.dialog
        assert dialog is not None
        restore = dialog.backups.restore_buttons
        self._until(lambda: bool(restore()))
        yield dialog
        for ask in (dialog.ways.to_passphrase, restore()[0], dialog.delete_all):
            ask.click()
            self._until(lambda: any(each.isVisible() for each in _small_dialogs(self._window)))
            yield from dialog_now(self._window, SmallDialog)
        dialog.reject()

    def toasts(self) -> Roots:
        """One that can be undone, an error, a warning."""
        notices = self._app.notices
        undo = NoticeAction(QApplication.translate("Chats", "Undo"), lambda: None)
        notices.news(QApplication.translate("Chats", "The chat was deleted."), undo)
        notices.error(
            "x.gguf: the file ends at 41 MB and its header promises 98 MB. Copy it again."
        )
        notices.warning("The settings were not saved. The disk is full.")
        yield self._window
        self._dismiss_toasts()

    # ------------------------------------------------------------------ hands

    @property
    def _window(self) -> QWidget:
        return self._app.window

    def _open(self, title: str) -> None:
        listed = self._app.window.sidebar.chats.model
        self._until(lambda: bool(listed.chats))
        chat = next(each for each in listed.chats if each.title == title)
        self._app.chat.open_chat(chat.id)
        self._until(lambda: self._app.page.header.title.text() == title)

    def _foot(self) -> AnswerFoot:
        last = self._app.chat.turns[-1].turn_id
        self._until(lambda: self._app.page.transcript.foot(last) is not None)
        foot = self._app.page.transcript.foot(last)
        assert foot is not None
        return foot

    def _fold_thoughts(self) -> None:
        """Of the first answer: open, or hide them."""
        self._until(lambda: bool(self._window.findChildren(ReasoningHead)))
        self._window.findChildren(ReasoningHead)[0].click()

    def _menu(self, menu: QMenu) -> Roots:
        menu.popup(self._app.window.mapToGlobal(self._app.window.rect().topLeft()))
        yield menu
        menu.close()

    def _dismiss_toasts(self) -> None:
        for toast in self._app.page.toasts.toasts():
            toast.closed.emit()


def dialog_now(window: QWidget, kind: type[_Dialog]) -> Iterator[_Dialog]:
    """The one that was opened last; it is closed when it was looked at."""
    dialog = [each for each in window.findChildren(kind) if each.isVisible()][-1]
    yield dialog
    dialog.reject()


def _small_dialogs(window: QWidget) -> list[SmallDialog]:
    return window.findChildren(SmallDialog)
