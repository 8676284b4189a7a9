"""Renders every screen and dialog of the history into a folder, for eyes.

`python -m tools.history_screenshots OUT [--scale 2] [--scheme dark]`: by default all of them,
light and dark, at 100 % and 200 %, without a display.
"""

from __future__ import annotations

import argparse
import threading
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from app.application import Application
from app.bridge import history_worker
from app.bridge.history_states import Opening
from app.chats.history_states import CannotOpen, InUse
from app.pages.history.history_dialog import HistoryDialog
from app.pages.history.screens import FirstTimeScreen
from app.widgets.small_dialog import SmallDialog
from tools.screenshot_engine import ScriptedEngine, ScriptedOpener
from tools.screenshot_home import PASSPHRASE, Home, backed_up_home, passphrase_home
from tools.screenshot_stage import Stage, looks_of, render_each, staged


class _Scenes:
    """The history's states, one after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def window(
        self, home: Home, size: tuple[int, int] = (1280, 800)
    ) -> AbstractContextManager[Application]:
        """A window over a home."""
        return self._stage.window(ScriptedOpener(ScriptedEngine()), home, size)

    def first_time(self) -> None:
        """No keyring: at rest, with a refused passphrase, in the smallest window."""
        for size, name in (((1280, 800), "first-time"), ((640, 480), "first-time-small")):
            home = Home()
            home.keyring.is_here = False
            with self.window(home, size) as application:
                screen = application.keeping.page.first_time
                self._stage.take(application.window, name)
                for field in (screen.fields.first, screen.fields.second):
                    field.edit.setText("short")
                screen.keep.click()
                self._stage.until(partial(_has_problem, screen))
                self._stage.take(application.window, f"{name}-refused")

    def locked(self) -> None:
        """Under a passphrase: asked for, wrong, locked again."""
        home = passphrase_home()
        with self.window(home) as application:
            screen = application.keeping.page.unlocking
            self._stage.take(application.window, "passphrase")
            screen.field.edit.setText("rain on the road")
            screen.unlock.click()
            self._stage.until(lambda: bool(screen.field.problem))
            self._stage.take(application.window, "passphrase-wrong")
            screen.field.edit.setText(PASSPHRASE)
            screen.set_busy("One moment")
            self._stage.take(application.window, "passphrase-busy")
            screen.set_busy("")
            screen.unlock.click()
            self._stage.until(lambda: application.keeping.can_lock)
            application.keeping.lock()
            self._stage.until(lambda: not isinstance(application.history.state, Opening))
            self._stage.take(application.window, "locked-passphrase")

    def locked_by_keyring(self) -> None:
        """The keyring has the key."""
        with self.window(backed_up_home()) as application:
            application.keeping.lock()
            self._stage.until(lambda: not isinstance(application.history.state, Opening))
            self._stage.take(application.window, "locked-keyring")

    def problems(self) -> None:
        """What can't be opened: damage, a lost entry, another program, a slow keyring."""
        home = backed_up_home()
        home.profile.database.write_bytes(b"\0" * 8192)
        with self.window(home) as application:
            problem = application.keeping.page.problem
            self._stage.until(lambda: bool(problem.newest.text()))
            self._stage.take(application.window, "damaged")
            problem.restore.click()
            self._stage.settle()
            self._stage.take_dialog(application, SmallDialog, "restore-newest")
        home = backed_up_home(has_recovery=True)
        home.keyring.entries.clear()
        with self.window(home) as application:
            self._stage.take(application.window, "entry-deleted")
        home = backed_up_home()
        other, _history = home.opened()
        with self.window(home) as application:
            assert isinstance(application.history.state, CannotOpen | InUse)
            self._stage.take(application.window, "in-use")
            other.close()

    def waiting(self) -> None:
        """A keyring that has not answered."""
        home = backed_up_home()
        home.keyring.gate = threading.Event()
        with self.window(home) as application:
            self._stage.take(application.window, "waiting")

    def dialog(self) -> None:
        """The dialog about the history, in the keyring and under a passphrase."""
        with self.window(backed_up_home()) as application:
            dialog = _opened_dialog(application)
            self._stage.take(dialog, "dialog")
            dialog.backups.check.click()
            self._stage.until(lambda: bool(dialog.toasts.toasts()))
            self._stage.take(dialog, "dialog-checked")
            dialog.ways.to_passphrase.click()
            self._stage.settle()
            self._stage.take_dialog(application, SmallDialog, "dialog-passphrase")
            dialog.delete_after.menu_now().popup(dialog.mapToGlobal(dialog.rect().topLeft()))
            self._stage.take_popup("dialog-menu")
            dialog.delete_all.click()
            self._stage.until(lambda: bool(dialog.findChildren(SmallDialog)))
            self._stage.take_dialog(application, SmallDialog, "dialog-delete-all")
        home = passphrase_home()
        with self.window(home, (640, 480)) as application:
            application.history.try_passphrase(PASSPHRASE)
            self._stage.until(lambda: application.keeping.can_lock)
            dialog = _opened_dialog(application)
            self._stage.take(dialog, "dialog-small")


def _has_problem(screen: FirstTimeScreen) -> bool:
    return bool(screen.fields.first.problem)


def _opened_dialog(application: Application) -> HistoryDialog:
    application.desk.open()
    dialog = application.desk.dialog
    if dialog is None:
        raise SystemExit("The dialog did not open.")
    return dialog


def _render(stage: Stage) -> None:
    """All pictures of one scale and scheme."""
    history_worker._FIRST_WAIT_S = 0.1
    scenes = _Scenes(stage)
    scenes.first_time()
    scenes.locked()
    scenes.locked_by_keyring()
    scenes.problems()
    scenes.waiting()
    scenes.dialog()


def main() -> None:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", choices=["1", "2", "3"])
    parser.add_argument("--scheme", choices=["light", "dark"])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.scale and options.scheme:
        with staged(options.out, options.scale, options.scheme) as stage:
            _render(stage)
    else:
        looks = looks_of(options.scale, options.scheme)
        render_each("tools.history_screenshots", options.out, looks)


if __name__ == "__main__":
    main()
