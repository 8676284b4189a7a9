"""The open chat, its titles, panels and exports, for `hostile_player`: each hostile text stands
there as question, answer (streamed), thoughts, title, model's name, notice, tooltip, target of a
link, file, preset, search and export.
"""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QRect

from app.application import Application
from app.chats.chat_settings import ChatSettings
from app.chats.export_format import ExportFormat
from app.markup.visible import visible
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.question_edit import QuestionEdit
from app.pages.chat.turns import Attached
from app.widgets.markup.flow_text import FlowText
from tests.flows.hostile_eyes import NOTICE_CHARACTERS, Eyes, first_word
from tests.flows.hostile_watching import References, markdown_references, model_named, targets

_SCREENS = 6
_PARSED_CHARACTERS = 20_000


class ChatSurfaces:
    """Asks and answers, names, searches and exports."""

    def __init__(self, eyes: Eyes, application: Application, folder: Path) -> None:
        self._eyes = eyes
        self._app = application
        self._folder = folder
        self._loads = 0
        application.worker.loaded.connect(self._on_loaded)

    def play(self, text: str) -> None:
        """All places of the chat."""
        app = self._app
        app.page.new_chat()
        self._eyes.settle()
        with self._eyes.step("model"):
            before = self._loads
            app.worker.load(lambda _progress: model_named(text))
            self._eyes.until(lambda: self._loads > before)
            self._eyes.pause(3)
        self._eyes.see("model", app.page.header.model.text(), text, whole=False)
        with self._eyes.step("composer"):
            app.page.composer.take_back(text)
            self._eyes.pause(2)
            app.page.composer.show_text("")
        with self._eyes.step("attach"):
            app.page.desk.attaching.attach_text(text, offers_insertion=True)
            self._eyes.pause(3)
            for held in tuple(app.page.desk._files):
                app.page.desk.attaching.detach(held.key)
        self._ask(text)
        self._look(text)
        self._name(text)
        self._notices(text)
        self._panels(text)
        self._export(text)

    def _on_loaded(self) -> None:
        self._loads += 1

    # ------------------------------------------------------------------ the conversation

    def _ask(self, text: str) -> None:
        app = self._app
        asked = text if text.strip() else "empty"
        with self._eyes.step("asked and streamed"):
            app.chat.send(asked, (Attached(text[:4_000], text, len(text)),))
            self._eyes.until(lambda: len(app.chat.turns) > 0 and not app.chat.is_busy())
            self._eyes.until(lambda: self._made().is_whole and not self._made().is_behind)
            self._eyes.pause(3)

    def _made(self):
        transcript = self._app.page.transcript
        return transcript._turns[transcript.turn_ids()[-1]]

    def _look(self, text: str) -> None:
        transcript = self._app.page.transcript
        made = self._made()
        shown = transcript.answer_text(made.turn.turn_id)
        leads = "".join(targets(made._blocks))
        self._eyes.see("answer", f"{shown} {leads}", text)
        with self._eyes.step("scrolled"):
            bar = transcript.verticalScrollBar()
            for screen in range(_SCREENS + 1):
                bar.setValue(bar.maximum() * screen // _SCREENS)
                self._eyes.pause(1)
        self._hear_answer(f"{shown} {leads}")
        with self._eyes.step("thoughts"):
            transcript._on_thoughts_toggled(made.turn.turn_id)
            self._eyes.until(lambda: not made.is_behind)
            self._eyes.pause(2)
            for screen in range(_SCREENS + 1):
                bar.setValue(bar.maximum() * screen // _SCREENS)
                self._eyes.pause(1)
        rows = [row for row in transcript.rows() if row.key[0] == made.turn.turn_id]
        kinds = {type(row).__name__: "" for row in rows}
        for row in rows:
            kinds[type(row).__name__] += row.text_between(0, None)
        for name in ("QuestionRow", "ThoughtRow"):
            if name in kinds:
                self._eyes.see(name, kinds[name], text)
        self._eyes.hear("thoughts")
        with self._eyes.step("links"):
            self._links(text)
        transcript._on_thoughts_toggled(made.turn.turn_id)
        with self._eyes.step("edit"):
            transcript.edit_last()
            self._eyes.pause(3)
        for edit in transcript.findChildren(QuestionEdit):
            self._eyes.hear("edit", edit)
        with self._eyes.step("edit"):
            transcript.desk.edit_ended.emit(made.turn.turn_id)
            self._eyes.pause(1)

    def _links(self, text: str) -> None:
        transcript = self._app.page.transcript
        made = self._made()
        for view in transcript.views_of(made.turn.turn_id):
            for flow in (view, *view.findChildren(FlowText)):
                if not isinstance(flow, FlowText):
                    continue
                for link in flow.marks().links[:2]:
                    area = QRect(0, 0, 10, 10)
                    flow.tools.strip.show_target(flow.viewport(), area, link.target)
                    self._eyes.see_clean("target", flow.tools.strip.text())
                    self._eyes.pause(1)
                    flow.tools.strip.leave(flow.viewport())

    def _hear_answer(self, shown: str) -> None:
        """Where all of it is in sight, all that is shown is told too."""
        bar = self._app.page.transcript.verticalScrollBar()
        told = self._eyes.hear("conversation")
        if bar.maximum() == 0:
            self._eyes.see("told", told, shown, is_clean=False)

    # ------------------------------------------------------------------ titles and names

    def _name(self, text: str) -> None:
        app = self._app
        self._eyes.until(lambda: app.chat.shown_id is not None)
        shown_id = app.chat.shown_id
        assert shown_id is not None
        with self._eyes.step("title"):
            app.chats.rename(shown_id, text)
            header = app.page.header
            self._eyes.until(lambda: header.title.text() != "New chat")
            self._eyes.pause(3)
        self._eyes.see("title", header.title.text(), text, whole=False)
        self._eyes.see("window title", app.window.windowTitle(), text, whole=False)
        listed = app.window.sidebar.chats.model
        shown = str(listed.data(listed.index_of(shown_id)))
        self._eyes.see("sidebar", shown, text, whole=False)
        for name, label in (("title", header.title), ("model", header.model)):
            with self._eyes.step(f"tooltip of {name}"):
                self._eyes.rest_on(name, label)
            self._eyes.see_clean(f"tooltip of {name}", label.toolTip())
        with self._eyes.step("search"):
            app.finding.search()
            box = app.window.sidebar.search
            box.field.setText(text)
            self._eyes.pause(3)
            box.field.setText(first_word(text))
            self._eyes.pause(8)
        self._eyes.hear("search")
        with self._eyes.step("search"):
            box.end()
            self._eyes.pause(1)
        with self._eyes.step("palette"):
            app.palette.turn()
            self._eyes.pause(2)
            app.palette.palette.field.setText(text)
            self._eyes.pause(3)
            app.palette.palette.field.setText(first_word(text))
            self._eyes.pause(6)
        self._eyes.hear("palette")
        with self._eyes.step("palette"):
            app.palette.turn()
            self._eyes.pause(1)

    def _notices(self, text: str) -> None:
        app = self._app
        with self._eyes.step("notices"):
            app.notices.error(text)
            app.notices.warning("A sentence. " + text)
            self._eyes.pause(4)
        toasts = app.page.toasts.toasts()
        for said in ("", "A sentence. "):
            shown = next((t.words.text() for t in toasts if t.notice.text == said + text), "")
            self._eyes.see_part("notice", shown, text[:NOTICE_CHARACTERS])
        for toast in toasts:
            self._eyes.see_clean("notice", toast.words.text())
            self._eyes.hear("notice", toast)
            toast.closed.emit()
        self._eyes.pause(1)

    def _panels(self, text: str) -> None:
        app = self._app
        turn_id = self._made().turn.turn_id
        with self._eyes.step("foot"):
            app.page.transcript.go_to_end()
            self._eyes.pause(2)
        foot = app.page.transcript.foot(turn_id)
        if foot is not None:
            self._eyes.see("foot", foot.model.text(), text, whole=False)
        with self._eyes.step("details"):
            app.page.transcript.desk.details_requested.emit(turn_id)
            self._eyes.pause(3)
        for dialog in app.page.findChildren(DetailsDialog):
            self._eyes.see_clean("details", "".join(words for _name, words in dialog.rows))
            self._eyes.hear("details", dialog)
            dialog.reject()
        self._eyes.pause(1)
        made = []
        with self._eyes.step("preset"):
            app.tuning.shelf.create(text, ChatSettings(), made.append)
            self._eyes.until(lambda: bool(made))
            app.tuning.open()
            self._eyes.pause(3)
            assert app.tuning.dialog is not None
            app.tuning.dialog.show_preset(made[0].id)
            self._eyes.pause(2)
        self._eyes.hear("preset", app.tuning.dialog)
        with self._eyes.step("system prompt"):
            app.tuning.dialog.controls.show_settings(ChatSettings(system_prompt=text))
            self._eyes.pause(3)
        self._eyes.hear("system prompt", app.tuning.dialog)
        with self._eyes.step("preset"):
            app.tuning.dialog.reject()
            app.tuning.shelf.delete(made[0])
            self._eyes.pause(3)
        with self._eyes.step("settings"):
            app.settings.open()
            self._eyes.pause(3)
            app.settings.leave()
            self._eyes.pause(1)

    def _export(self, text: str) -> None:
        shown_id = self._app.chat.shown_id
        assert shown_id is not None
        with self._eyes.step("export"):
            for form in ExportFormat:
                target = self._folder / f"export{form.suffix}"
                target.unlink(missing_ok=True)
                self._app.chats.export(shown_id, form, target)
                self._eyes.until(lambda target=target: target.exists() or self._has_failed())
                self._eyes.pause(1)
                for toast in self._app.page.toasts.toasts():
                    toast.closed.emit()
        self._read_exports(text)

    def _read_exports(self, text: str) -> None:
        """Nothing is to be fetched by who opens them, and all of it is there."""
        page, note, data = (
            self._folder / f"export{form.suffix}"
            for form in (ExportFormat.HTML, ExportFormat.MARKDOWN, ExportFormat.JSON)
        )
        if page.exists():
            reader = References()
            reader.feed(page.read_text(encoding="utf-8"))
            self._eyes.refer("html", reader.found)
            self._eyes.see("html", "".join(reader.words), text)
        if note.exists():
            written = note.read_text(encoding="utf-8")
            self._eyes.see("markdown", written, text, is_clean=False)
            if len(text) < _PARSED_CHARACTERS:
                self._eyes.refer("markdown", markdown_references(written))
        if data.exists():
            kept = json.loads(data.read_text(encoding="utf-8"))
            self._eyes.see("json", visible(json.dumps(kept, ensure_ascii=False)), text)

    def _has_failed(self) -> bool:
        toasts = self._app.page.toasts.toasts()
        return any("not exported" in toast.notice.text for toast in toasts)
