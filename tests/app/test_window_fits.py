"""Nothing in the window is clipped: in English, in German and in longer words, in a usual window
and in the smallest, with small, usual and large text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app import translations
from app.application import Application
from app.library.places import Place, Places
from app.settings import Language
from app.widgets.faces import install_faces
from tests.app.first_run_window_states import FirstRunStates
from tests.app.fitting import faults
from tests.app.history_window_states import HISTORY_STATES
from tests.app.models_window_states import ModelsStates
from tests.app.window_states import ChatStates, Roots
from tools.screenshot_chats import seeded_home
from tools.screenshot_engine import ScriptedEngine, ScriptedOpener
from tools.screenshot_home import Home
from tools.screenshot_texts import LONG_TITLE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

# With a word of each, which says that it is spoken.
LANGUAGES = {"en": "Settings", "de": "Einstellungen", "pseudo": "[Šéttîñgš~~~]"}
USUAL, SMALLEST = (1200, 800), (640, 480)
# A window's size, and the text's in percent. Small text shrinks nothing else: one size shows it.
LOOKS = ((USUAL, 100), (USUAL, 200), (SMALLEST, 100), (SMALLEST, 200), (SMALLEST, 80))


@pytest.fixture(autouse=True)
def faces() -> None:
    install_faces()


@pytest.fixture
def speak(qapp, monkeypatch) -> Iterator[Callable[[str], None]]:
    """Makes all words those of a language, until the test is over."""
    before, installed = QLocale(), []
    install = qapp.installTranslator

    def kept(translator: QTranslator) -> bool:
        installed.append(translator)
        return install(translator)

    def speak_now(language: str) -> None:
        monkeypatch.setenv("PITCHER_LANGUAGE", language)
        known = {each.value: each for each in Language}
        translations.install(qapp, known.get(language, Language.ENGLISH))

    monkeypatch.setattr(qapp, "installTranslator", kept)
    yield speak_now
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)


class Inspector:
    """Has a window at each size, goes through its states, and keeps what does not fit."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.found: dict[str, list[str]] = defaultdict(list)
        application.theme.reduce_motion(True)

    def inspect(self, *states: Callable[[], Roots]) -> None:
        theme, window = self._application.theme, self._application.window
        for size, percent in LOOKS:
            window.resize(*size)
            theme.set_text(percent, is_system_font=False)
            _settle()
            look = f"{size[0]} × {size[1]}, {percent} %"
            if window.size().toTuple() != size:
                self.found[f"the window is {window.size().toTuple()}"].append(look)
            for state in states:
                for root in state():
                    _settle()
                    self._judge(root, size, f"{look}, {getattr(state, '__name__', '')}")
        theme.set_text(100, is_system_font=False)

    def _judge(self, root: QWidget, size: tuple[int, int], look: str) -> None:
        found = faults(root)
        if found:
            # What comes from another thread may have come just now. What stays is a fault.
            _settle()
            found = faults(root)
        for fault in found:
            self.found[fault].append(look)
        # Qt scrolls a menu that is higher than the screen.
        room = root.screen().size().toTuple() if isinstance(root, QMenu) else size
        if root.width() > room[0] or (root.height() > room[1] and not isinstance(root, QMenu)):
            self.found[f"{type(root).__name__} is {root.size().toTuple()}"].append(look)


def _settle() -> None:
    """Layouts that follow from layouts."""
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def _said(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{fault} ({looks[0]}; {len(looks)} times)" for fault, looks in found.items())


@pytest.fixture
def homes() -> Iterator[list[Home]]:
    made: list[Home] = []
    yield made
    for home in made:
        home.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_and_controls_of_the_chats_fit(language, speak, homes, open_window, qtbot):
    speak(language)
    home = seeded_home()
    homes.append(home)
    door, history = home.opened()
    history.store.create(LONG_TITLE)
    history.back_up_if_due()
    door.close()
    engine = ScriptedEngine()
    application = open_window(opener=ScriptedOpener(engine), door=home.door(), waits=False)
    qtbot.waitUntil(lambda: application.page.header.model.text() == engine.info.name)
    assert application.window.sidebar.settings.text() == LANGUAGES[language]
    inspector = Inspector(application)
    inspector.inspect(*ChatStates(application, engine, qtbot.waitUntil).all())
    assert not inspector.found, _said(inspector.found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_and_controls_of_the_models_fit(
    language, speak, homes, open_window, qtbot, tmp_path, monkeypatch
):
    speak(language)
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "pitcher"))
    Places().remember(Place("R1-Distill-Llama-70B", tmp_path / "gone", is_ours=True))
    home = seeded_home()
    homes.append(home)
    application = open_window(
        opener=ScriptedOpener(ScriptedEngine()), door=home.door(), waits=False
    )
    inspector = Inspector(application)
    states = ModelsStates(application, qtbot.waitUntil)
    inspector.inspect(*states.all())
    states.close()
    assert not inspector.found, _said(inspector.found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_and_controls_of_the_first_page_fit(language, speak, homes, open_window, qtbot):
    speak(language)
    home = Home()
    homes.append(home)
    engine = ScriptedEngine()
    application = open_window(opener=ScriptedOpener(engine), door=home.door(), waits=False)
    qtbot.waitUntil(lambda: application.page.header.model.text() == engine.info.name)
    inspector = Inspector(application)
    inspector.inspect(*FirstRunStates(application).all())
    assert not inspector.found, _said(inspector.found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("made", "state"), HISTORY_STATES)
def test_all_words_and_controls_of_a_closed_history_fit(
    language, made, state, speak, homes, open_window, qtbot
):
    speak(language)
    home = made()
    homes.append(home)
    application = open_window(door=home.door(), waits=False)
    inspector = Inspector(application)
    inspector.inspect(lambda: state(application, qtbot.waitUntil))
    assert not inspector.found, _said(inspector.found)
