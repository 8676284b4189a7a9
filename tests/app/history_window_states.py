"""What a window shows of a history that is not open, state by state.

For: `test_window_fits`. Each is a home, and a generator of the widgets to look at in a window
over it, which leaves all as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from app.application import Application
from app.widgets.small_dialog import SmallDialog
from tests.app.window_states import Roots, dialog_now
from tools.screenshot_home import Home, backed_up_home, passphrase_home

Until = Callable[[Callable[[], bool]], None]
HistoryState = Callable[[Application, Until], Roots]


def no_keyring() -> Home:
    """Nothing is kept yet, and no keyring answers."""
    home = Home()
    home.keyring.is_here = False
    return home


def damaged() -> Home:
    """Chats that were destroyed, and backups of them."""
    home = backed_up_home()
    home.profile.database.write_bytes(b"\0" * 8192)
    return home


def first_start(app: Application, until: Until) -> Roots:
    """A passphrase is to be chosen; then one that is too short."""
    screen = app.keeping.page.first_time
    until(screen.isVisible)
    screen.fields.forget()
    yield app.window
    for field in (screen.fields.first, screen.fields.second):
        field.edit.setText("short")
    screen.keep.click()
    until(lambda: bool(screen.fields.first.problem))
    yield app.window


def asked_for(app: Application, until: Until) -> Roots:
    """The passphrase is asked for, tried, and wrong."""
    screen = app.keeping.page.unlocking
    until(screen.isVisible)
    screen.field.forget()
    yield app.window
    screen.field.edit.setText("rain on the road")
    screen.unlock.click()
    until(lambda: bool(screen.field.problem))
    yield app.window
    screen.set_busy(app.keeping.page.tr("Opening the history"))
    yield app.window
    screen.set_busy("")


def restoring(app: Application, until: Until) -> Roots:
    """What is damaged, and whether a backup shall take its place."""
    problem = app.keeping.page.problem
    until(lambda: bool(problem.newest.text()))
    yield app.window
    problem.restore.click()
    yield from dialog_now(app.window, SmallDialog)


HISTORY_STATES: tuple[tuple[Callable[[], Home], HistoryState], ...] = (
    (no_keyring, first_start),
    (passphrase_home, asked_for),
    (damaged, restoring),
)
