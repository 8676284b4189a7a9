"""Renders every screen and dialog of the history into a folder, for eyes.

`python -m tools.history_screenshots OUT [--scale 2] [--scheme dark]`: by default all of them,
light and dark, at 100 % and 200 %, without a display.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.application import Application
from app.bridge import history_worker
from app.bridge.history_states import Opening
from app.chats.history_states import CannotOpen, InUse, KeyringWaits, NeedsPassphrase
from app.chats.profile import Holder
from app.pages.history.confirm_dialog import SmallDialog
from app.pages.history.history_dialog import HistoryDialog
from app.pages.history.screens import FirstTimeScreen
from app.settings import THEME, Settings, ThemeChoice
from app.theme.assets import load_fonts
from tools.screenshot_home import Home
from tools.screenshots import ENFORCED, ScriptedEngine, ScriptedOpener, render_each, settle, until

_PASSPHRASE = "rain on the roof"


class _Stage:
    """Plays the states and takes the pictures."""

    def __init__(self, qt: QApplication, out: Path, suffix: str, settings: Settings) -> None:
        self._qt = qt
        self._out = out
        self._suffix = suffix
        self._settings = settings

    @contextmanager
    def window(self, home: Home, width: int = 1280, height: int = 800) -> Iterator[Application]:
        """A window over a home, once its history is in a state that stays."""
        opener = ScriptedOpener(ScriptedEngine())
        application = Application(self._qt, ENFORCED, self._settings, opener, door=home.door())
        application.window.resize(width, height)
        application.start()
        until(self._qt, lambda: self._settled(application))
        settle(self._qt)
        yield application
        if home.keyring.gate is not None:
            home.keyring.gate.set()
        application.close()
        application.window.close()
        application.window.deleteLater()
        application.deleteLater()
        settle(self._qt)
        home.close()

    def first_time(self) -> None:
        """No keyring: at rest, with a refused passphrase, in the smallest window."""
        for size, name in (((1280, 800), "first-time"), ((640, 480), "first-time-small")):
            home = Home()
            home.keyring.is_here = False
            with self.window(home, *size) as application:
                screen = application.keeping.page.first_time
                self.take(application.window, name)
                for field in (screen.fields.first, screen.fields.second):
                    field.edit.setText("short")
                screen.keep.click()
                self.until(partial(_has_problem, screen))
                self.take(application.window, f"{name}-refused")

    def locked(self) -> None:
        """Under a passphrase: asked for, wrong, locked again."""
        home = self._under_passphrase()
        with self.window(home) as application:
            screen = application.keeping.page.unlocking
            self.take(application.window, "passphrase")
            screen.field.edit.setText("rain on the road")
            screen.unlock.click()
            self.until(lambda: bool(screen.field.problem))
            self.take(application.window, "passphrase-wrong")
            screen.field.edit.setText(_PASSPHRASE)
            screen.set_busy("One moment")
            self.take(application.window, "passphrase-busy")
            screen.set_busy("")
            screen.unlock.click()
            self.until(lambda: application.keeping.can_lock)
            application.keeping.lock()
            self.until(lambda: not isinstance(application.history.state, Opening))
            self.take(application.window, "locked-passphrase")

    def locked_by_keyring(self) -> None:
        """The keyring has the key."""
        with self.window(self._with_backups()) as application:
            application.keeping.lock()
            self.until(lambda: not isinstance(application.history.state, Opening))
            self.take(application.window, "locked-keyring")

    def problems(self) -> None:
        """What can't be opened: damage, a lost entry, another program, a slow keyring."""
        home = self._with_backups()
        home.profile.database.write_bytes(b"\0" * 8192)
        with self.window(home) as application:
            problem = application.keeping.page.problem
            self.until(lambda: bool(problem.newest.text()))
            self.take(application.window, "damaged")
            problem.restore.click()
            settle(self._qt)
            self._take_dialog(application, SmallDialog, "restore-newest")
        home = self._with_backups(recovery=True)
        home.keyring.entries.clear()
        with self.window(home) as application:
            self.take(application.window, "entry-deleted")
        home = self._with_backups()
        other, _history = home.opened()
        with self.window(home) as application:
            assert isinstance(application.history.state, CannotOpen | InUse)
            self.take(application.window, "in-use")
            other.close()

    def waiting(self) -> None:
        """A keyring that has not answered."""
        home = self._with_backups()
        home.keyring.gate = threading.Event()
        with self.window(home) as application:
            self.take(application.window, "waiting")

    def dialog(self) -> None:
        """The dialog about the history, in the keyring and under a passphrase."""
        with self.window(self._with_backups()) as application:
            dialog = _opened_dialog(application)
            self.take(dialog, "dialog")
            dialog.backups.check.click()
            self.until(lambda: bool(dialog.toasts.toasts()))
            self.take(dialog, "dialog-checked")
            dialog.ways.to_passphrase.click()
            settle(self._qt)
            self._take_dialog(application, SmallDialog, "dialog-passphrase")
            dialog.delete_after.menu_now().popup(dialog.mapToGlobal(dialog.rect().topLeft()))
            settle(self._qt)
            menu = self._qt.activePopupWidget()
            assert menu is not None
            self.take(menu, "dialog-menu")
            menu.close()
            dialog.delete_all.click()
            self.until(lambda: bool(dialog.findChildren(SmallDialog)))
            self._take_dialog(application, SmallDialog, "dialog-delete-all")
        home = self._under_passphrase()
        with self.window(home, 640, 480) as application:
            application.history.try_passphrase(_PASSPHRASE)
            self.until(lambda: application.keeping.can_lock)
            dialog = _opened_dialog(application)
            self.take(dialog, "dialog-small")

    def take(self, widget: QWidget, name: str) -> None:
        """A picture of a widget."""
        settle(self._qt)
        widget.grab().save(str(self._out / f"{name}-{self._suffix}.png"))

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        until(self._qt, holds)

    def _take_dialog(self, application: Application, kind: type[QDialog], name: str) -> None:
        dialog = [d for d in application.window.findChildren(kind) if d.isVisible()][-1]
        self.take(dialog, name)
        dialog.reject()
        settle(self._qt)

    def _settled(self, application: Application) -> bool:
        state = application.history.state
        if isinstance(state, Opening):
            return state.waits
        return not isinstance(state, KeyringWaits)

    def _with_backups(self, *, recovery: bool = False) -> Home:
        home = Home()
        door, history = home.opened()
        for title in ("A pitcher and a crow", "Tax return 2025", "Letter to the landlord"):
            history.store.create(title)
        history.back_up_if_due()
        history.back_up()
        if recovery:
            history.set_recovery(_PASSPHRASE)
        door.close()
        return home

    def _under_passphrase(self) -> Home:
        home = Home()
        home.keyring.is_here = False
        door = home.door(Holder.COMMAND)
        door.open()
        door.begin_under_passphrase(_PASSPHRASE)
        door.close()
        assert isinstance(door.open(), NeedsPassphrase)
        door.close()
        return home


def _has_problem(screen: FirstTimeScreen) -> bool:
    return bool(screen.fields.first.problem)


def _opened_dialog(application: Application) -> HistoryDialog:
    application.desk.open()
    dialog = application.desk.dialog
    if dialog is None:
        raise SystemExit("The dialog did not open.")
    return dialog


def _render(out: Path, scale: str, scheme: str) -> None:
    """All pictures of one scale and scheme."""
    history_worker._FIRST_WAIT_S = 0.1
    qt = QApplication([])
    load_fonts()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.change(THEME, ThemeChoice(scheme))
        stage = _Stage(qt, out, f"{scheme}-{scale}x", settings)
        stage.first_time()
        stage.locked()
        stage.locked_by_keyring()
        stage.problems()
        stage.waiting()
        stage.dialog()


def main() -> None:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", choices=["1", "2", "3"])
    parser.add_argument("--scheme", choices=["light", "dark"])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.scale and options.scheme:
        _render(options.out, options.scale, options.scheme)
    else:
        render_each("tools.history_screenshots", options.out, options.scale, options.scheme)


if __name__ == "__main__":
    main()
