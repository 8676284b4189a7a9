"""A stage for pictures: windows over homes of their own, and how they are played and taken.

For: `tools.screenshots` and `tools.history_screenshots`, which bring the scenes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import translations
from app.airlock.report import Attempt, LockReport, LockState
from app.application import Application
from app.bridge.engine_port import ModelOpener
from app.bridge.history_states import Opening
from app.chats.history_states import KeyringWaits
from app.policy import Policy
from app.restrictions import Banner, BannerColour, Restrictions
from app.settings import (
    SUGGEST_TITLES,
    THEME,
    WELCOMED,
    Language,
    Settings,
    ThemeChoice,
)
from app.theme.assets import load_fonts
from app.widgets.faces import install_faces
from inference.request import SamplerSettings
from tools.screenshot_home import Home

_WAIT_S = 60.0
_REST_S = 0.4
_NAMES = ("TCP", "UDP", "TCP over IPv6", "netlink", "packet", "vsock", "io_uring", "ping")
ENFORCED = LockReport(
    LockState.ENFORCED,
    "Every attempt was refused.",
    tuple(Attempt(name, True, "EPERM: Operation not permitted") for name in _NAMES),
)
NOT_ENFORCED = LockReport(
    LockState.NOT_ENFORCED,
    "This kernel cannot filter system calls: the system does not block the network.",
)

POLICY = Policy(
    Path("/etc/pitcher/policy.toml"),
    {"auto_lock_minutes": 15, "delete_after_days": 90, "suggest_titles": False},
    restrictions=Restrictions(
        air_gapped=True,
        exports_off=True,
        allowed_models=frozenset({"0" * 64, "1" * 64}),
        banner=Banner("NATO RESTRICTED", BannerColour.BLUE),
    ),
)


class Stage:
    """Opens windows, lets them live, and takes pictures of what is seen."""

    def __init__(
        self, qt: QApplication, out: Path, suffix: str, settings: Settings, language: Language
    ) -> None:
        self.qt = qt
        self.settings = settings
        self._language = language
        self._out = out
        self._suffix = suffix

    @contextmanager
    def window(
        self,
        opener: ModelOpener,
        home: Home | None = None,
        size: tuple[int, int] = (1280, 800),
        report: LockReport = ENFORCED,
        sampler: SamplerSettings | None = None,
    ) -> Iterator[Application]:
        """A window over a home, once its history is in a state that stays."""
        home = home or Home()
        application = Application(
            self.qt,
            report,
            self.settings,
            opener,
            sampler,
            door=home.door(),
            language=self._language,
        )
        application.window.resize(*size)
        application.start()
        application.window.activateWindow()
        self.until(lambda: _is_settled(application))
        self.settle()
        yield application
        if home.keyring.gate is not None:
            home.keyring.gate.set()
        application.close()
        application.window.close()
        application.window.deleteLater()
        application.deleteLater()
        self.settle()
        home.close()

    @contextmanager
    def under(self, policy: Policy) -> Iterator[None]:
        """Windows of machines on which an administrator decided."""
        before = self.settings
        with tempfile.TemporaryDirectory() as folder:
            self.settings = Settings(Path(folder) / "settings.json", policy)
            self.settings.change(THEME, before.effective(THEME).value)
            self.settings.change(WELCOMED, True)
            yield
            self.settings = before

    def take(self, widget: QWidget, name: str) -> None:
        """A picture of a widget, with the popups and dialogs that lie over it left out."""
        self.settle()
        widget.grab().save(str(self._out / f"{name}-{self._suffix}.png"))

    def take_dialog(self, application: Application, kind: type[QDialog], name: str) -> None:
        """A picture of the dialog that was opened last, which is closed."""
        self.until(lambda: bool(_open_dialogs(application, kind)))
        dialog = _open_dialogs(application, kind)[-1]
        self.take(dialog, name)
        dialog.reject()
        self.settle()

    def take_popup(self, name: str) -> None:
        """A picture of the menu that is open, which is closed."""
        self.until(lambda: self.qt.activePopupWidget() is not None)
        popup = self.qt.activePopupWidget()
        if popup is not None:
            self.take(popup, name)
            popup.close()
        self.settle()

    def settle(self) -> None:
        """Let what moves come to rest."""
        end = time.monotonic() + _REST_S
        while time.monotonic() < end:
            self.qt.processEvents()
            time.sleep(0.01)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        end = time.monotonic() + _WAIT_S
        while not holds():
            if time.monotonic() > end:
                raise SystemExit("A state did not come.")
            self.qt.processEvents()
            time.sleep(0.01)


@contextmanager
def staged(out: Path, scale: str, scheme: str, language: str = "en") -> Iterator[Stage]:
    """A stage of one scale and scheme, in this process, with settings that go with it.

    A `language` that is none of the window's is that of `PITCHER_LANGUAGE`, such as pseudo.
    """
    qt = QApplication([])
    load_fonts()
    install_faces()
    spoken = {each.value: each for each in Language}.get(language, Language.ENGLISH)
    translations.install(qt, spoken)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.change(THEME, ThemeChoice(scheme))
        settings.change(SUGGEST_TITLES, False)
        settings.change(WELCOMED, True)
        suffix = f"{scheme}-{scale}x" if language == "en" else f"{scheme}-{scale}x-{language}"
        yield Stage(qt, out, suffix, settings, spoken)


def render_each(
    module: str,
    out: Path,
    looks: Sequence[tuple[str, str]],
    *more: str,
    language: str = "en",
) -> None:
    """Start `module` once for each scale and scheme: Qt reads its scale once."""
    for scale, scheme in looks:
        command = [sys.executable, "-m", module, str(out)]
        command += ["--scale", scale, "--scheme", scheme, *more]
        given = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        given |= {"QT_SCALE_FACTOR": scale, "PITCHER_LANGUAGE": language}
        subprocess.run(command, env=given, check=True)


def looks_of(scale: str | None, scheme: str | None) -> list[tuple[str, str]]:
    """Light and dark at 100 % and 200 %, or what was asked for of them."""
    scales = [scale] if scale else ["1", "2"]
    schemes = [scheme] if scheme else ["light", "dark"]
    return [(one_scale, one_scheme) for one_scale in scales for one_scheme in schemes]


def _is_settled(application: Application) -> bool:
    state = application.history.state
    if isinstance(state, Opening):
        return state.waits
    return not isinstance(state, KeyringWaits)


def _open_dialogs(application: Application, kind: type[QDialog]) -> list[QDialog]:
    return [each for each in application.window.findChildren(kind) if each.isVisible()]
