"""A user's day in the real window with the real starter model, under whatever lock this was given.

    python quiet_journey.py MODEL FOLDER

Mouse and keyboard alone. Prints what was found of the lock, as JSON, and leaves with 0 only if all
of it was done.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.airlock import lock
from app.application import Application
from app.bridge.history_states import Locked
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.keyrings import Keyrings
from app.model_opening import FileModelOpener
from app.pages.privacy.save_dialog import SaveDialog
from app.settings import WELCOMED, Settings
from app.theme.assets import load_fonts
from app.widgets.faces import install_faces
from inference.request import SamplerSettings

LIMIT_S, IDLE_S = 150.0, 3.0
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LIMIT_S
    while not is_so():
        QTest.qWait(20)
        if time.monotonic() > end:
            sys.exit(f"it never came: {what}")


def walk(application: Application, folder: Path) -> None:
    window, page = application.window, application.page
    until(page.header.chip.isVisible, "the model")
    until(lambda: application.keeping.can_lock, "the history")
    page.take_focus()
    QTest.keyClicks(page.composer.edit, "What is the capital of France?")
    QTest.keyClick(page.composer.edit, Qt.Key.Key_Return)
    until(lambda: bool(page.transcript.turn_ids()), "the question")
    until(lambda: not application.chat.is_busy(), "the answer")
    (turn,) = page.transcript.turn_ids()
    assert "Paris" in page.transcript.answer_text(turn)
    QTest.keyClick(window, Qt.Key.Key_Comma, CTRL)
    assert window.page_now() is application.settings.page
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.page_now() is application.help.page
    QTest.keyClick(window, Qt.Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.page_now() is application.models.page
    prove(application, folder)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.activateWindow()  # the offscreen platform forgets it with each dialog
    until(window.isActiveWindow, "the window")
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(window.sidebar.search.field, "capital")
    until(lambda: window.sidebar.results.model.rowCount() > 0, "what was searched for")
    QTest.qWait(int(IDLE_S * 1000))
    QTest.keyClick(window, Qt.Key.Key_L, CTRL)
    until(lambda: isinstance(application.history.state, Locked), "the lock of the history")


def prove(application: Application, folder: Path) -> None:
    QTest.mouseClick(application.window.sidebar.lock, LEFT)
    page = application.privacy.page
    until(lambda: bool(page.cards.chats.fact.text()), "the page of privacy")
    QTest.mouseClick(page.banner.prove, LEFT)
    until(page.banner.prove.isEnabled, "the proof")
    QTest.mouseClick(page.report, LEFT)
    until(lambda: bool(_dialogs()), "the dialog")
    field = _dialogs()[0].findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(folder / "proof.html"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    until((folder / "proof.html").exists, "the report")


def _dialogs() -> list[SaveDialog]:
    everything = QApplication.topLevelWidgets()
    return [each for each in everything if isinstance(each, SaveDialog) and each.isVisible()]


def main() -> int:
    model, folder, at_start = sys.argv[1], Path(sys.argv[2]), lock.verify()
    qt = QApplication([sys.argv[0]])
    install_faces()
    load_fonts()
    settings = Settings(folder / "settings.json")
    settings.change(WELCOMED, True)
    application = Application(
        qt,
        at_start,
        settings,
        FileModelOpener(model),
        SamplerSettings(temperature=0.0),
        door=HistoryDoor(Profile(folder / "history"), Holder.WINDOW, Keyrings({})),
        passphrase="rain on the roof",
    )
    application.start()
    application.window.activateWindow()
    walk(application, folder)
    words = application.privacy.page.banner.headline.text()
    print(json.dumps({"lock": at_start.state, "banner": words}))
    sys.stdout.flush()
    return 0 if application.close() else 1


if __name__ == "__main__":
    sys.exit(main())
