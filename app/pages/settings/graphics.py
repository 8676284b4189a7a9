"""The settings' row of the graphics card: a switch where a card can be used, else why none can.

For: `SettingsPage`, which places it, and `WindowGraphics`, which says what was found and what the
loaded model uses of it. The row itself asks nothing of the machine.
"""

from __future__ import annotations

from pathlib import Path

from app.error_words import words_of
from app.theme.theme import Theme
from app.widgets.one_line import one_line
from app.widgets.setting_row import SettingRow
from app.widgets.switch import Switch
from inference.card_use import CardUse
from inference.graphics import FoundCard


class GraphicsRow(SettingRow):
    """Without a card that can be used the switch is shown only while it is on, to turn it off."""

    def __init__(self, theme: Theme, locked_by: Path | None) -> None:
        title = self.tr("Graphics card")
        self.switch = Switch(theme, title)
        self._found: FoundCard | None = None
        self._use: CardUse | None = None
        super().__init__(theme, title, "", (self.switch,), locked_by)
        self._show()

    def show_value(self, is_on: bool) -> None:
        """What is in force."""
        self.switch.setChecked(is_on)
        self._show()

    def show_found(self, found: FoundCard) -> None:
        """What the driver said."""
        self._found = found
        self._show()

    def show_use(self, use: CardUse | None) -> None:
        """What the loaded model uses; None where it was loaded without a card in mind."""
        self._use = use
        self._show()

    def _show(self) -> None:
        has_card = self._found is not None and bool(self._found.name)
        self.switch.setVisible(has_card or self.switch.isChecked())
        self.explain(self._words())

    def _words(self) -> str:
        found, use = self._found, self._use
        if found is None:
            return self.tr("Looking for a card…")
        if not found.name:
            form = self.tr("No NVIDIA card that Pitcher can use: {reason}.")
            return form.format(reason=one_line(words_of(found.reason)).rstrip("."))
        if self.switch.isChecked() and use is not None:
            if use.card:
                return one_line(words_of(use.plan))
            return self.tr("On the processor: {reason}").format(
                reason=one_line(words_of(use.reason))
            )
        form = self.tr(
            "{card}, as far as its memory goes. This was never run on any card: answers may end "
            "early or be wrong."
        )
        return form.format(card=one_line(found.name))
