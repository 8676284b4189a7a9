"""A new user's way to a better model, in the real window with mouse and keyboard.

Once from a hub on loopback, once with no network and a bundle: from the first page to an answer.
The model is the small trained one of the test data, under a name of the catalogue.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from app import paths
from app.application import Application
from app.library.bundles.exporting import export_bundle
from app.library.bundles.signing import SigningKey
from app.library.bundles.sources import source_of
from app.library.catalogue import find
from app.library.mixes import Mix
from app.library.models import ModelChoice
from app.library.preflight import Here, Recommendation, needs_of, preflight
from app.pages.models.bundle_dialogs import TrustDialog
from app.window_first_run import Advice
from tests.app.airlock.download.scripted_hub import ScriptedHub
from tests.app.pages.models.choosing import pick
from tests.flows.first_courier import PlayedCourier
from tests.flows.journeys import Traveller

# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
MODEL = Path(__file__).resolve().parents[1] / "data" / "tiny-r1"
QUESTION = "What is the capital of France?"
LONG_MS = 60_000
ENTRY = find("DeepSeek-R1-Distill-Qwen-1.5B")
ROOMY = Here(64 * 10**9, 48 * 10**9, 900 * 10**9)


@pytest.fixture(autouse=True)
def newcomer_home(tmp_path, monkeypatch) -> None:
    """Folders of their own, and a computer that is not measured."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    found = Recommendation(ENTRY, preflight(needs_of(ENTRY, Mix.Q8), ROOMY))
    monkeypatch.setattr("app.window_first_run.advised", lambda _stop: Advice(found, 9 * 10**11, 3))


class Newcomer(Traveller):
    """Someone who opens the window for the first time."""

    def load_what_came(self) -> None:
        """The toast of the models page, once all is done."""
        toasts = self.application.models.page.toasts

        def button():
            for toast in toasts.toasts():
                for each in toast.findChildren(type(self.application.models.page.files)):
                    if each.text() == "Load":
                        return each
            return None

        self.until(lambda: button() is not None, timeout=LONG_MS)
        self.click(button())

    def ask_the_model(self, name: str) -> None:
        """Back over the first page to the chat; the answer says who made it."""
        header = self.page.header
        self.until(lambda: header.model.text() == name, timeout=LONG_MS)
        self.press(Qt.Key.Key_Escape)
        assert self.application.window.page_now() is self.application.first_run.page
        # The engine's thread tells each who follows it by itself, the header first.
        self.until(lambda: name in self.application.first_run.page.start.sentence)
        self.press(Qt.Key.Key_Return)
        self.ask(QUESTION)
        self.until(lambda: not self.application.chat.is_busy() and bool(self.answer()), LONG_MS)
        assert "Paris" in self.answer()
        assert self.application.chat.turns[-1].model_name == name


@pytest.fixture
def newcomer(qtbot, open_window) -> Newcomer:
    made = Newcomer(qtbot, open_window(is_new=True))
    made.application.models.downloads.may_measure = False
    assert made.application.window.page_now() is made.application.first_run.page
    return made


@pytest.fixture
def greedy(tmp_path) -> Path:
    """The model, recommending the likeliest token.

    With its makers' temperature another capital comes in one answer of twelve.
    """
    folder = shutil.copytree(MODEL, tmp_path / "greedy" / MODEL.name)
    path = folder / "generation_config.json"
    recommended = json.loads(path.read_bytes())
    path.write_text(json.dumps(recommended | {"do_sample": False}), encoding="utf-8")
    return folder


@pytest.fixture
def hub(greedy: Path) -> Iterator[ScriptedHub]:
    files = {path.name: path.read_bytes() for path in greedy.iterdir()}
    with ScriptedHub({ENTRY.repository: files}) as started:
        yield started


@pytest.fixture
def courier(hub: ScriptedHub, newcomer: Newcomer) -> Iterator[PlayedCourier]:
    played = PlayedCourier(hub, paths.models_dir())
    played.start()
    application: Application = newcomer.application
    application.models.lead_to(played.door)
    yield played
    application.models.close()
    played.join()


def test_from_the_first_page_over_a_download_to_an_answer(newcomer, courier, hub):
    first = newcomer.application.first_run
    first.open()  # with the way to a courier, which `main` names before
    card = first.page.card
    newcomer.until(lambda: card.shown is not None)
    assert card.title.text() == ENTRY.title
    newcomer.click(card.download)
    assert newcomer.application.models.is_open
    newcomer.load_what_came()
    assert [question.rows[0].value for question in courier.user.asked] == [ENTRY.repository] * 2
    assert (paths.models_dir() / ENTRY.name / "model.safetensors").is_file()
    newcomer.ask_the_model(ENTRY.name)
    assert not first.is_due


def test_from_the_first_page_with_no_network_and_a_bundle_to_an_answer(newcomer, greedy, tmp_path):
    key = SigningKey.make(tmp_path / "theirs.pem")
    stick = tmp_path / "stick"
    stick.mkdir()
    export_bundle(source_of(ModelChoice(greedy, "tiny-r1", is_starter=False)), stick, key)
    newcomer.click(newcomer.application.first_run.page.bundle)
    pick(newcomer.dialog(QFileDialog), stick)
    trust = newcomer.dialog(TrustDialog)
    assert trust.fingerprint.text() == key.public.fingerprint
    newcomer.click(trust.act)
    newcomer.load_what_came()
    assert QApplication.activeModalWidget() is None
    newcomer.ask_the_model("tiny-r1")
