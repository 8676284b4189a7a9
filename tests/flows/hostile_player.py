"""A real window in which hostile texts stand everywhere. For `hostile_window`, which starts it.

It plays each text as question, answer (streamed), thoughts, title, model's name, notice, tooltip,
target of a link, file, preset, search and export. It prints a JSON object for each: what of it
was not to be seen (`hidden`), what an export refers to (`refers`), and the longest time for which
the window did not answer, surface by surface (`worst_ms`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.application import Application
from app.bridge import quick_imports
from app.bridge.engine_port import OpenModel
from app.chats.chat_settings import ChatSettings
from app.chats.export_format import ExportFormat
from app.chats.history_states import Ready
from app.markup.visible import visible
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.turns import Attached
from app.settings import WELCOMED, Settings
from app.theme.assets import load_fonts
from app.widgets.faces import install_faces
from app.widgets.markup.flow_text import FlowText
from inference.request import SamplerSettings
from tests.flows.hostile_eyes import WORDS, Eyes
from tests.flows.hostile_payloads import ADDRESS, Payload, payloads
from tests.flows.hostile_watching import Echo, References, markdown_references, targets
from tools.screenshot_home import Home
from tools.screenshot_stage import ENFORCED

_SCREENS = 6
_PARSED_CHARACTERS = 20_000


class Player(Eyes):
    """Shows texts in a window, one after the other, in every place that has words."""

    def __init__(self, qt: QApplication, application: Application, folder: Path) -> None:
        super().__init__(qt, application.window)
        self._app = application
        self._folder = folder
        self._loads = 0
        application.worker.loaded.connect(self._on_loaded)

    def play(self, payload: Payload) -> dict[str, object]:
        """All places; what was found of it."""
        text, app = payload.text, self._app
        self._begin()
        app.page.new_chat()
        self._settle()
        with self._step("model"):
            before = self._loads
            app.worker.load(lambda _progress: _model(text))
            self._until(lambda: self._loads > before)
            self._pause(3)
        self._see("model", app.page.header.model.text(), text, whole=False)
        with self._step("composer"):
            app.page.composer.take_back(text)
            self._pause(2)
            app.page.composer.show_text("")
        with self._step("attach"):
            app.page.desk.attaching.attach_text(text, offers_insertion=True)
            self._pause(3)
            for held in tuple(app.page.desk._files):
                app.page.desk.attaching.detach(held.key)
        self._ask(text)
        self._look(text)
        self._name(text)
        self._notices(text)
        self._panels(text)
        self._export(text)
        return {"name": payload.name, "characters": len(text), **self._found()}

    def _on_loaded(self) -> None:
        self._loads += 1

    # ------------------------------------------------------------------ the conversation

    def _ask(self, text: str) -> None:
        app = self._app
        asked = text if text.strip() else "empty"
        with self._step("asked and streamed"):
            app.chat.send(asked, (Attached(text[:4_000], text, len(text)),))
            self._until(lambda: len(app.chat.turns) > 0 and not app.chat.is_busy())
            self._until(lambda: self._made().is_whole and not self._made().is_behind)
            self._pause(3)

    def _made(self):
        transcript = self._app.page.transcript
        return transcript._turns[transcript.turn_ids()[-1]]

    def _look(self, text: str) -> None:
        transcript = self._app.page.transcript
        made = self._made()
        shown = transcript.answer_text(made.turn.turn_id)
        leads = "".join(targets(made._blocks))
        self._see("answer", f"{shown} {leads}", text)
        with self._step("scrolled"):
            bar = transcript.verticalScrollBar()
            for screen in range(_SCREENS + 1):
                bar.setValue(bar.maximum() * screen // _SCREENS)
                self._pause(1)
        self._hear_answer(f"{shown} {leads}")
        with self._step("thoughts"):
            transcript._on_thoughts_toggled(made.turn.turn_id)
            self._until(lambda: not made.is_behind)
            self._pause(2)
            for screen in range(_SCREENS + 1):
                bar.setValue(bar.maximum() * screen // _SCREENS)
                self._pause(1)
        rows = [row for row in transcript.rows() if row.key[0] == made.turn.turn_id]
        kinds = {type(row).__name__: "" for row in rows}
        for row in rows:
            kinds[type(row).__name__] += row.text_between(0, None)
        for name in ("QuestionRow", "ThoughtRow"):
            if name in kinds:
                self._see(name, kinds[name], text)
        self._hear("thoughts")
        with self._step("links"):
            self._links(text)
        transcript._on_thoughts_toggled(made.turn.turn_id)

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
                    self._see_clean("target", flow.tools.strip.text())
                    self._pause(1)
                    flow.tools.strip.leave(flow.viewport())

    def _hear_answer(self, shown: str) -> None:
        """Where all of it is in sight, all that is shown is told too."""
        bar = self._app.page.transcript.verticalScrollBar()
        told = self._hear("conversation")
        if bar.maximum() == 0:
            self._see("told", told, shown, is_clean=False)

    # ------------------------------------------------------------------ titles and names

    def _name(self, text: str) -> None:
        app = self._app
        self._until(lambda: app.chat.shown_id is not None)
        shown_id = app.chat.shown_id
        assert shown_id is not None
        with self._step("title"):
            app.chats.rename(shown_id, text)
            header = app.page.header
            self._until(lambda: header.title.text() != "New chat")
            self._pause(3)
        self._see("title", header.title.text(), text, whole=False)
        self._see("window title", app.window.windowTitle(), text, whole=False)
        listed = app.window.sidebar.chats.model
        shown = str(listed.data(listed.index_of(shown_id)))
        self._see("sidebar", shown, text, whole=False)
        for name, label in (("title", header.title), ("model", header.model)):
            with self._step(f"tooltip of {name}"):
                self._tooltip(label)
            self._see_clean(f"tooltip of {name}", label.toolTip())
        with self._step("search"):
            app.finding.search()
            box = app.window.sidebar.search
            box.field.setText(text)
            self._pause(3)
            box.field.setText(_first_word(text))
            self._pause(8)
        self._hear("search")
        with self._step("search"):
            box.end()
            self._pause(1)
        with self._step("palette"):
            app.palette.turn()
            self._pause(2)
            app.palette.palette.field.setText(text)
            self._pause(3)
            app.palette.palette.field.setText(_first_word(text))
            self._pause(6)
        self._hear("palette")
        with self._step("palette"):
            app.palette.turn()
            self._pause(1)

    def _tooltip(self, widget: QWidget) -> None:
        at = widget.rect().center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
        self._qt.sendEvent(widget, event)
        self._pause(2)
        QToolTip.hideText()
        self._pause(1)

    def _notices(self, text: str) -> None:
        app = self._app
        with self._step("notices"):
            app.notices.error(text)
            app.notices.warning("A sentence. " + text)
            self._pause(4)
        for toast in app.page.toasts.toasts():
            self._see_clean("notice", toast.words.text())
            self._hear("notice", toast)
            toast.closed.emit()
        self._pause(1)

    def _panels(self, text: str) -> None:
        app = self._app
        turn_id = self._made().turn.turn_id
        with self._step("foot"):
            app.page.transcript.go_to_end()
            self._pause(2)
        foot = app.page.transcript.foot(turn_id)
        if foot is not None:
            self._see("foot", foot.model.text(), text, whole=False)
        with self._step("details"):
            app.page.transcript.desk.details_requested.emit(turn_id)
            self._pause(3)
        for dialog in app.page.findChildren(DetailsDialog):
            self._see_clean("details", "".join(words for _name, words in dialog.rows))
            self._hear("details", dialog)
            dialog.reject()
        self._pause(1)
        made = []
        with self._step("preset"):
            app.tuning.shelf.create(text, ChatSettings(), made.append)
            self._until(lambda: bool(made))
            app.tuning.open()
            self._pause(3)
            assert app.tuning.dialog is not None
            app.tuning.dialog.show_preset(made[0].id)
            self._pause(2)
        self._hear("preset", app.tuning.dialog)
        with self._step("preset"):
            app.tuning.dialog.reject()
            app.tuning.shelf.delete(made[0])
            self._pause(3)
        with self._step("settings"):
            app.settings.open()
            self._pause(3)
            app.settings.leave()
            self._pause(1)

    def _export(self, text: str) -> None:
        shown_id = self._app.chat.shown_id
        assert shown_id is not None
        with self._step("export"):
            for form in ExportFormat:
                target = self._folder / f"export{form.suffix}"
                target.unlink(missing_ok=True)
                self._app.chats.export(shown_id, form, target)
                self._until(lambda target=target: target.exists() or self._has_failed())
                self._pause(1)
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
            self._refer("html", reader.found)
            self._see("html", "".join(reader.words), text)
        if note.exists():
            written = note.read_text(encoding="utf-8")
            self._see("markdown", written, text, is_clean=False)
            if len(text) < _PARSED_CHARACTERS:
                self._refer("markdown", markdown_references(written))
        if data.exists():
            kept = json.loads(data.read_text(encoding="utf-8"))
            self._see("json", visible(json.dumps(kept, ensure_ascii=False)), text)

    def _has_failed(self) -> bool:
        toasts = self._app.page.toasts.toasts()
        return any("not exported" in toast.notice.text for toast in toasts)


def _first_word(text: str) -> str:
    words = WORDS.findall(text)
    return words[0][:40] if words else "words"


def _model(name: str) -> OpenModel:
    return OpenModel(Echo(name), name, False, SamplerSettings(), lambda: None)


def _misbehave(how: str, canary: Path) -> None:
    """What the watchers of this process must notice."""
    if how == "open":
        canary.read_bytes()
    elif how == "connect":
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as it:
            it.connect((ADDRESS, 9))


def main() -> None:
    """Play what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("canary", type=Path)
    parser.add_argument("--giants", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--misbehave", default="")
    options = parser.parse_args()
    qt = QApplication([])
    load_fonts()
    install_faces()
    home = Home()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.change(WELCOMED, True)
        application = Application(
            qt, ENFORCED, settings, lambda _progress: _model("first"), door=home.door()
        )
        player = Player(qt, application, Path(folder))
        application.start()
        player._until(lambda: isinstance(application.history.state, Ready))
        quick_imports.keep_modules()  # as the opener of models does
        player._settle()
        number, parts = map(int, options.part.split("/"))
        for each in _chosen(options)[number::parts]:
            sys.stdout.write(json.dumps(player.play(each)) + "\n")
            sys.stdout.flush()
        _misbehave(options.misbehave, options.canary)
        application.close()
    home.close()


def _chosen(options: argparse.Namespace) -> list[Payload]:
    every = payloads(options.canary)
    if options.only:
        return [each for each in every if each.name in options.only]
    if options.giants or options.short:
        return [each for each in every if each.is_giant == options.giants]
    return list(every)
