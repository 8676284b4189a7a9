"""The theme in force: follows the system or the user's choice, and tells widgets to repaint.

It also sets how large the text is, and whether it has the system's font; all follows at once.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from app.settings import ThemeChoice
from app.theme.growing import regrow
from app.theme.icons import Icons
from app.theme.metrics import SIZE
from app.theme.palette import high_contrast, palette_of
from app.theme.stylesheet import stylesheet_of
from app.theme.tokens import DARK, LIGHT, Tokens
from app.theme.type_styles import LETTERING, Type, font_of


class Theme(QObject):
    """Owns the tokens in force; `changed` is emitted after they, or the text's size, changed.

    Fills the application's palette and stylesheet. Widgets that paint hold this object and
    read `tokens` in their paint event.
    """

    text_changed = Signal()  # before `changed`: its size or its font, so lines have new heights
    changed = Signal()

    def __init__(
        self, application: QApplication, choice: ThemeChoice, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.icons = Icons()
        self._application = application
        self._system_palette = QPalette(application.palette())
        self._choice = choice
        self._reduce_motion = False
        self._hints = application.styleHints()
        accessibility = self._hints.accessibility()
        self._system_is_dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        self._wants_contrast = (
            accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast
        )
        self._tokens = self._wanted()
        application.setStyle("Fusion")
        application.setFont(font_of(Type.INTERFACE))
        self._fill()
        self._hints.colorSchemeChanged.connect(self._on_scheme_changed)
        accessibility.contrastPreferenceChanged.connect(self._on_contrast_changed)

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def choice(self) -> ThemeChoice:
        """What was asked for."""
        return self._choice

    @property
    def reduced_motion(self) -> bool:
        """Whether the user, or the system where Qt can tell, asks for stillness."""
        return self._reduce_motion or _system_reduces_motion(self._hints)

    def reduce_motion(self, is_wanted: bool) -> None:
        """The user's own wish."""
        self._reduce_motion = is_wanted
        self.changed.emit()

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._refresh()

    def set_text(self, percent: int, *, is_system_font: bool) -> None:
        """How large all text is, and whether it is in the system's font."""
        if (percent, is_system_font) == (LETTERING.percent, LETTERING.is_system):
            return
        regrow(self._application.allWidgets(), lambda: self._letter(percent, is_system_font))
        self.text_changed.emit()
        self.changed.emit()

    def _letter(self, percent: int, is_system_font: bool) -> None:
        LETTERING.percent, LETTERING.is_system = percent, is_system_font
        SIZE.grow(percent)
        self._application.setFont(font_of(Type.INTERFACE))

    def duration_ms(self, full_ms: int) -> int:
        """How long an animation lasts: no time where motion is reduced."""
        return 0 if self.reduced_motion else full_ms

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system_is_dark = scheme == Qt.ColorScheme.Dark
        self._refresh()

    def _on_contrast_changed(self, preference: Qt.ContrastPreference) -> None:
        self._wants_contrast = preference == Qt.ContrastPreference.HighContrast
        self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self._tokens:
            self._tokens = wanted
            self._fill()
            self.changed.emit()

    def _wanted(self) -> Tokens:
        is_dark = self._choice is ThemeChoice.DARK or (
            self._choice is ThemeChoice.AUTO and self._system_is_dark
        )
        base = DARK if is_dark else LIGHT
        return high_contrast(base, self._system_palette) if self._wants_contrast else base

    def _fill(self) -> None:
        self._application.setPalette(palette_of(self._tokens))
        self._application.setStyleSheet(stylesheet_of(self._tokens))


def _system_reduces_motion(hints: QStyleHints) -> bool:
    """Qt tells from 6.12 on; before that only the user's setting speaks."""
    ask = getattr(hints.accessibility(), "motionPreference", None)
    return ask is not None and ask().name == "ReducedMotion"
