"""The window's states that `tools.screenshots` renders, each from a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.application import Application
from app.model_opening import FileModelOpener
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.reasoning_block import ReasoningBar
from app.pages.chat.settings_dialog import SettingsDialog
from app.pages.chat.turns import Turn
from app.pages.privacy.diagnostics_dialog import DiagnosticsDialog
from app.settings import TEXT_SIZE_PERCENT
from app.widgets.shortcuts_dialog import ShortcutsDialog
from inference.events import Overflow
from inference.request import SamplerSettings
from tools import screenshot_chats as chats
from tools import screenshot_texts as texts
from tools.screenshot_engine import Script, ScriptedEngine, ScriptedOpener
from tools.screenshot_first_run import recommend
from tools.screenshot_home import Home
from tools.screenshot_models import show_models
from tools.screenshot_privacy import LEAKS, PRIVACY, PROVED
from tools.screenshot_stage import ENFORCED, NOT_ENFORCED, POLICY, Stage
from tools.screenshot_updates import show_updates

_REAL_QUESTION = "What is the capital of France?"
_SMALL = (640, 480)
_TALL = (1280, 840)  # what the drawings show, with the place of the foot that is hidden


class Scenes:
    """The window's states, each from a window of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def all(self) -> dict[str, Callable[[], None]]:
        """Each by its name."""
        scenes = (
            self.first_run,
            self.empty,
            self.chat,
            self.streaming,
            self.tender,
            self.prose,
            self.scripts,
            self.overflow,
            self.branch,
            self.temporary,
            self.attached,
            self.finding,
            self.settings,
            self.updates,
            self.policy,
            self.help,
            self.licences,
            self.models,
            self.privacy,
            self.tuning,
            self.small,
            self.large_text,
            self.diagnostics,
            self.failed,
        )
        return {scene.__name__: scene for scene in scenes}

    def first_run(self) -> None:
        """What a new user sees, at two widths."""
        for size, name in (((1280, 800), "first-run"), (_SMALL, "first-run-small")):
            with self._window(home=Home(), size=size) as app:
                recommend(app)
                self._stage.take(app.window, name)

    def empty(self) -> None:
        """Nothing was asked; the keys."""
        with self._window(home=Home()) as app:
            self._stage.take(app.window, "empty")
            app.palette.show_shortcuts()
            self._stage.take_dialog(app, ShortcutsDialog, "shortcuts")
            app.window.menu_requested.emit()
            self._stage.take_popup("menu")

    def chat(self) -> None:
        """As in the drawing: an answer with a formula and code, and thoughts that go on."""
        script = Script(texts.RANGE_ANSWER, texts.RANGE_THOUGHTS, rests_in_thoughts=True)
        with self._window({texts.RANGE_QUESTION: script}, size=_TALL) as app:
            self._open(app, chats.PITCHER)
            self._stage.take(app.window, "chat-done")
            app.chat.send(texts.RANGE_QUESTION)
            self._stage.until(lambda: "deep to cover" in app.chat.turns[-1].reasoning)
            self._stage.take(app.window, "chat")
            app.chat.answering.answer_now()
            self._stage.until(lambda: not app.chat.is_busy())
            self._stage.take(app.window, "chat-answered")
            self._open_thoughts(app)
            self._stage.take(app.window, "chat-thoughts")
            self._show_details(app)

    def streaming(self) -> None:
        """An answer in the middle of its code, then stopped."""
        cut = texts.PITCHER_ANSWER.index("radius**2")
        script = Script(texts.PITCHER_ANSWER[:cut], rests_in_answer=True)
        with self._window({texts.PITCHER_QUESTION: script}, home=Home()) as app:
            app.chat.send(texts.PITCHER_QUESTION)
            self._stage.until(lambda: bool(_last(app)) and "ceil(pi" in _last(app).answer)
            app.page.composer.edit.replace_text("Is the difference worth the trouble?")
            self._stage.take(app.window, "streaming")
            app.chat.stop()
            self._stage.until(lambda: not app.chat.is_busy())
            self._stage.take(app.window, "stopped")

    def tender(self) -> None:
        """The other drawing: a file, opened thoughts, a table."""
        script = Script("", texts.SHEET_THOUGHTS, rests_in_thoughts=True)
        with self._window({texts.SHEET_QUESTION: script}, size=_TALL) as app:
            self._open(app, chats.TENDER)
            self._open_thoughts(app)
            app.chat.send(texts.SHEET_QUESTION)
            self._stage.until(lambda: "D2 to" in app.chat.turns[-1].reasoning)
            self._stage.take(app.window, "tender")

    def prose(self) -> None:
        """Headings, lists, a quote, tasks, a rule, a table, notes."""
        with self._window() as app:
            self._open(app, chats.NOTES)
            self._stage.take(app.window, "prose-end")
            app.page.transcript.verticalScrollBar().setValue(0)
            self._stage.take(app.window, "prose")
            app.page.transcript.select_all()
            self._stage.take(app.window, "prose-selected")

    def scripts(self) -> None:
        """Text from right to left, and such as needs other fonts."""
        with self._window() as app:
            self._open(app, chats.ARABIC)
            self._stage.take(app.window, "arabic")
            self._open(app, chats.CHINESE)
            self._stage.take(app.window, "chinese")

    def overflow(self) -> None:
        """What no longer fits is asked about."""
        engine = ScriptedEngine()
        with self._stage.window(ScriptedOpener(engine), chats.seeded_home()) as app:
            self._wait_for_model(app)
            self._open(app, chats.PITCHER)
            engine.overflow = Overflow(33_210, 32_768, (0, 1))
            app.chat.send(texts.RANGE_QUESTION)
            self._stage.until(app.page.overflow.isVisible)
            self._stage.take(app.window, "overflow")

    def branch(self) -> None:
        """A question edited in its place, the menu of an answer, a turn deleted."""
        with self._window() as app:
            self._open(app, chats.PITCHER)
            app.page.transcript.edit_last()
            self._stage.take(app.window, "editing")
            app.chat.branching.edit(_last(app).turn_id, texts.STEEL_QUESTION)
            self._stage.until(lambda: not app.chat.is_busy())
            self._stage.take(app.window, "branch")
            foot = app.page.transcript.foot(_last(app).turn_id)
            if foot is not None:
                menu: QMenu = foot.menu()
                menu.popup(app.window.mapToGlobal(app.window.rect().center()))
                self._stage.take_popup("answer-menu")
            app.chat.deleting.delete(_last(app).turn_id)
            self._stage.take(app.window, "deleted")

    def temporary(self) -> None:
        """A chat of which nothing is stored."""
        with self._window() as app:
            app.chat.new_temporary_chat()
            self._stage.take(app.window, "temporary-empty")
            app.chat.send(texts.RANGE_QUESTION)
            self._stage.until(lambda: not app.chat.is_busy() and bool(app.chat.turns))
            self._stage.take(app.window, "temporary")

    def attached(self) -> None:
        """Files that go with the next question, and what fills the context."""
        with self._window() as app:
            self._open(app, chats.PITCHER)
            folder = app.page.desk
            folder.attaching.attach_text("offer;price\n" * 4000, offers_insertion=True)
            app.page.composer.edit.replace_text(texts.TENDER_QUESTION)
            self._stage.take(app.window, "attached")
            app.page.composer.meter.click()
            self._stage.take(app.window, "context")

    def finding(self) -> None:
        """The palette and the search, with hits."""
        with self._window() as app:
            self._open(app, chats.PITCHER)
            app.palette.turn()
            self._stage.take(app.window, "palette")
            app.palette.palette.field.setText("peb")
            self._stage.take(app.window, "palette-found")
            app.palette.turn()
            app.finding.search()
            app.window.sidebar.search.field.setText("pebble")
            self._stage.take(app.window, "search")

    def settings(self) -> None:
        """The page of settings, at two widths."""
        for size, name in (((1280, 800), "settings"), (_SMALL, "settings-small")):
            with self._window(size=size) as app:
                app.settings.open()
                self._stage.take(app.window, name)

    def updates(self) -> None:
        """What the settings say of the program, and what is asked, at two widths."""
        sizes = {"": (1280, 800), "-small": _SMALL}
        show_updates(self._stage, lambda size: self._window(size=size), sizes)

    def policy(self) -> None:
        """An administrator's classification above all, what is locked, and no export."""
        for size, name in (((1280, 800), "policy"), (_SMALL, "policy-small")):
            with self._stage.under(POLICY), self._window(size=size) as app:
                self._open(app, chats.PITCHER)
                self._stage.take(app.window, name)
                app.settings.open()
                self._stage.take(app.window, f"{name}-settings")
                app.window.lock_requested.emit()
                self._stage.take(app.window, f"{name}-lock")
                app.privacy.leave()
                app.palette.turn()
                app.palette.palette.field.setText("export")
                self._stage.take(app.window, f"{name}-palette")
                listed = app.window.sidebar.chats
                listed.model.mark(chat.id for chat in listed.model.chats[:2])
                app.palette.turn()
                listed.bar.export.click()
                self._stage.take(app.window, f"{name}-export")

    def models(self) -> None:
        """What is installed, what can be had, a download on its way."""
        for size, name in (((1280, 900), "models"), (_SMALL, "models-small")):
            with self._window(size=size) as app:
                show_models(self._stage, app)
                self._stage.take(app.window, name)

    def licences(self) -> None:
        """Whose works there are, one of them, a text; in a small window too."""
        for size, name in (((1280, 800), "licences"), (_SMALL, "licences-small")):
            with self._window(size=size) as app:
                app.licences.open()
                page = app.licences.page
                self._stage.until(lambda: bool(app.licences.page.text.rows()))
                self._stage.take(app.window, name)
                for place in ("about", "python-20", "text-5"):
                    page.text.go_to(place)
                    self._stage.take(app.window, f"{name}-{place}")
                page.search.setText("permission is hereby")
                self._stage.take(app.window, f"{name}-found")

    def privacy(self) -> None:
        """The page: as it starts, proved with all that was tried and downloaded, and in red."""
        for size, name in (((1280, 1400), "privacy"), (_SMALL, "privacy-small")):
            with self._window(size=size) as app:
                app.window.lock_requested.emit()
                self._stage.take(app.window, f"{name}-start")
                app.privacy.page.show_facts(PRIVACY)
                app.window.show_lock(PROVED)
                self._stage.take(app.window, name)
                app.window.show_lock(LEAKS)
                self._stage.take(app.window, f"{name}-leaks")

    def help(self) -> None:
        """The help: its topics, one that a link leads to, and hits; in a small window too."""
        with self._window() as app:
            self._open_help(app)
            self._stage.take(app.window, "help")
            app.help.page.text.go_to("history")
            self._stage.take(app.window, "help-topic")
            app.help.page.search.setText("backup")
            self._stage.take(app.window, "help-found")
        with self._window(size=_SMALL) as app:
            self._open_help(app)
            app.help.page.search.setText("passphrase")
            self._stage.take(app.window, "help-small")

    def _open_help(self, app: Application) -> None:
        app.window.help_requested.emit()
        self._stage.until(lambda: bool(app.help.page.text.rows()))

    def tuning(self) -> None:
        """What this chat's answers are made with."""
        for size, name in (((1280, 800), "chat-settings"), (_SMALL, "chat-settings-small")):
            with self._window(size=size) as app:
                self._open(app, chats.PITCHER)
                app.tuning.open()
                self._stage.take_dialog(app, SettingsDialog, name)

    def small(self) -> None:
        """Narrow windows, the sidebar over the page, a long title."""
        with self._window(size=(900, 600)) as app:
            self._open(app, chats.PITCHER)
            self._stage.take(app.window, "small")
            app.window.shell.toggle()
            self._stage.take(app.window, "small-sidebar")
        with self._window(size=_SMALL) as app:
            self._stage.take(app.window, "smallest-empty")
            self._open(app, chats.TENDER)
            chat_id = app.chat.shown_id
            if chat_id is not None:
                app.chats.rename(chat_id, texts.LONG_TITLE)
            self._stage.take(app.window, "smallest")
            app.palette.turn()
            self._stage.take(app.window, "smallest-palette")

    def large_text(self) -> None:
        """Text at twice its size."""
        self._stage.settings.change(TEXT_SIZE_PERCENT, 200)
        with self._window() as app:
            self._open(app, chats.PITCHER)
            self._stage.take(app.window, "large-text")
            app.settings.open()
            self._stage.take(app.window, "large-text-settings")
        with self._window(size=_SMALL) as app:
            self._open(app, chats.PITCHER)
            self._stage.take(app.window, "large-text-smallest")
        self._stage.settings.change(TEXT_SIZE_PERCENT, 100)

    def diagnostics(self) -> None:
        """What support or an auditor is given, before it is saved."""
        for size, name in (((1280, 800), "diagnostics"), (_SMALL, "diagnostics-small")):
            with self._window(size=size) as app:
                app.diagnostics.open()
                self._stage.until(partial(_has_diagnostics, app))
                self._stage.take_dialog(app, DiagnosticsDialog, name)

    def failed(self) -> None:
        """No model, no lock, and a disk that is full."""
        sentence = (
            "model.gguf: the file ends at 41 MB and its header promises 98 MB. Copy it again."
        )
        opener = ScriptedOpener(ScriptedEngine(), sentence)
        with self._stage.window(opener, report=NOT_ENFORCED) as app:
            self._stage.until(lambda: bool(app.page.toasts.toasts()))
            app.notices.warning("The settings were not saved. The disk is full.")
            app.page.header.more.setFocus(Qt.FocusReason.TabFocusReason)
            self._stage.take(app.window, "failed")

    def real(self) -> None:
        """An answer of the starter model."""
        greedy = SamplerSettings(temperature=0.0)
        with self._stage.window(FileModelOpener(None), sampler=greedy) as app:
            app.chat.send(_REAL_QUESTION)
            self._stage.until(lambda: bool(app.chat.turns) and not app.chat.is_busy())
            self._stage.take(app.window, "real")

    def _window(
        self,
        scripts: dict[str, Script] | None = None,
        home: Home | None = None,
        size: tuple[int, int] = (1280, 800),
    ) -> AbstractContextManager[Application]:
        opener = ScriptedOpener(ScriptedEngine(scripts))
        return self._stage.window(opener, home or chats.seeded_home(), size, ENFORCED)

    def _wait_for_model(self, app: Application) -> None:
        self._stage.until(lambda: app.page.header.model.text().startswith("R1"))

    def _open(self, app: Application, title: str) -> None:
        self._wait_for_model(app)
        listed = app.window.sidebar.chats.model
        self._stage.until(lambda: bool(listed.chats))
        app.chat.open_chat(next(chat.id for chat in listed.chats if chat.title == title))
        self._stage.until(lambda: app.page.header.title.text().startswith(title[:8]))
        self._stage.settle()

    def _open_thoughts(self, app: Application) -> None:
        shown = app.page.transcript
        views = shown.views_of(shown.turn_ids()[0])
        bars = [view for view in views if isinstance(view, ReasoningBar)]
        if not bars:
            raise SystemExit("There are no thoughts to open.")
        bars[0].head.click()

    def _show_details(self, app: Application) -> None:
        foot = app.page.transcript.foot(_last(app).turn_id)
        if foot is not None:
            foot.details.click()
            self._stage.take_dialog(app, DetailsDialog, "details")


def _has_diagnostics(app: Application) -> bool:
    dialog = app.diagnostics.dialog
    return dialog is not None and dialog.save.isEnabled()


def _last(app: Application) -> Turn:
    return app.chat.turns[-1]
