"""What is seen of updates in pictures: the settings' section, and what is asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from PySide6.QtWidgets import QScrollArea

from app.application import Application
from app.library.bundles.signing import SigningKey
from app.pages.settings.program import ProgramState
from app.pages.settings.update_dialogs import UpdateDialog
from tests.app.updates.updates_hand import Copy, some_key
from tools.screenshot_stage import Stage

OPENED = Callable[[tuple[int, int]], AbstractContextManager[Application]]


def show_updates(stage: Stage, window: OPENED, sizes: dict[str, tuple[int, int]]) -> None:
    """The section as it is, while an update is unpacked, and both questions."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder), some_key())
        copy.install("0.1.0", schema=1)
        newer, _manifest = copy.update("0.2.0")
        older, _manifest = copy.update("0.0.9", history_schema=1)
        seen = replace(copy.running(), prefix=Path("/media/ada/Stick/Pitcher"))
        with (
            patch("app.application.installation", copy.running),
            patch("app.pages.settings.page.installation", lambda: seen),
        ):
            for name, size in sizes.items():
                with window(size) as app:
                    _show(stage, app, f"updates{name}", copy.key)
                    for kind, file in (("newer", newer), ("older", older)):
                        app.updates.take(file)
                        stage.take_dialog(app, UpdateDialog, f"updates{name}-{kind}")
                    app.settings.page.program.show_progress("0.2.0", 0.4)
                    stage.take(app.window, f"updates{name}-under-way")
                    app.settings.page.program.end_progress()


def _show(stage: Stage, app: Application, name: str, key: SigningKey) -> None:
    section = app.settings.page.program
    app.settings.open()
    stage.until(lambda: bool(section.updates.words.text()))
    section.show_state(ProgramState(None, key.public.fingerprint, "0.1.0", "0.0.8"))
    stage.settle()
    _scroll_down(app)
    stage.take(app.window, name)


def _scroll_down(app: Application) -> None:
    area = app.settings.page.findChild(QScrollArea)
    assert area is not None
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
