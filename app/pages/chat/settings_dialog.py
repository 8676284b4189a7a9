"""The settings of the chat that is open: what is changed holds from the next answer on.

For: `Tuning`, which applies what is told here. Presets are chosen above, the rows below; at the
foot, what holds for new chats.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.chats.chat_settings import ChatSettings, settings_from
from app.chats.model import Preset
from app.pages.chat.preset_bar import PresetBar
from app.pages.chat.preset_shelf import PresetShelf
from app.theme.icons import Icon
from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets.answer_controls import AnswerControls
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog_foot import foot
from app.widgets.label import Label
from app.widgets.scroll_column import ScrollColumn
from app.widgets.setting_row import RowCard
from app.widgets.toast import ToastStack
from inference.request import SamplerSettings


class SettingsDialog(QDialog):
    """`changed` tells the chat's settings, a moment after the last change and at the end."""

    changed = Signal(object)  # ChatSettings
    preset_chosen = Signal(object)  # a Preset, or None

    def __init__(self, theme: Theme, shelf: PresetShelf, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shelf = shelf
        self._untold: ChatSettings | None = None
        self._recommended: tuple[SamplerSettings, bool] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings of this chat"))
        self.controls = AnswerControls(theme, self)
        self.presets = PresetBar(theme)
        self.restore = Button(
            theme, self.tr("Restore recommended"), ButtonKind.QUIET, icon=Icon.RESTORE
        )
        self.for_new = Button(theme, self.tr("Use for new chats"))
        self.done_button = Button(theme, self.tr("Done"), ButtonKind.PRIMARY)
        self._telling = QTimer(self, singleShot=True, interval=MOTION.patience_ms)
        self._lay_out(parent)
        self.toasts = ToastStack(theme, self)
        self.toasts.set_clearance(SIZE.button + 2 * SPACE.lg)
        self._connect()
        self._offer_presets()

    def show_chat(
        self,
        settings: ChatSettings,
        recommended: SamplerSettings,
        *,
        thinks: bool,
        preset_id: int | None = None,
    ) -> None:
        """What holds in the chat, and what its model recommends."""
        self.show_recommended(recommended, thinks=thinks)
        self.controls.show_settings(settings)
        self.show_preset(preset_id)

    def show_recommended(self, recommended: SamplerSettings, *, thinks: bool) -> None:
        """What the model recommends now; of the same nothing is touched that is being typed."""
        if (recommended, thinks) != self._recommended:
            self._recommended = recommended, thinks
            self.controls.show_model(recommended, thinks=thinks)

    def show_preset(self, preset_id: int | None) -> None:
        """The preset that the chat took; else one that says just what holds in the chat."""
        presets = self._shelf.presets
        known = {preset.id for preset in presets}
        if preset_id not in known:
            now = self.controls.settings
            equal = (one.id for one in presets if settings_from(one.settings) == now)
            preset_id = next(equal, None) if now != ChatSettings() else None
        self.presets.show_presets(presets, preset_id)
        self._mark()

    def flush(self) -> None:
        """Tell what was changed and is not told yet."""
        self._telling.stop()
        settings, self._untold = self._untold, None
        if settings is not None:
            self.changed.emit(settings)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    # ------------------------------------------------------------------ parts

    def _lay_out(self, parent: QWidget) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE.xxl, SPACE.sm, SPACE.xxl, SPACE.md)
        column.setSpacing(SPACE.block)
        area = ScrollColumn(self.tr("Settings of this chat"), content)
        area.leave_keyboard()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        outer.addWidget(area, 1)
        # From the outside in: whatever gets a parent tells all that is in it, each time, that its
        # style may be another; 40 ms of 100 to make all of it.
        for rows in ((self.controls.prompt_row,), self.controls.often, self.controls.seldom):
            card = RowCard(self._theme)
            column.addWidget(card)
            for row in rows:
                card.add(row)
        column.addStretch(1)
        outer.addLayout(foot(self.restore, self.for_new, self.done_button))
        width = min(SIZE.column, parent.width())
        self.setFixedWidth(width)
        self.resize(width, max(SIZE.window_min_height, parent.height() - SPACE.section))

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.md)
        head.setSpacing(SPACE.block)
        head.addWidget(Label(self._theme, self.tr("Settings of this chat"), Type.CARD_TITLE))
        head.addWidget(self.presets)
        return head

    def _connect(self) -> None:
        self.controls.changed.connect(self._on_changed)
        self._telling.timeout.connect(self.flush)
        self.finished.connect(lambda _result: self.flush())
        self.restore.clicked.connect(self.controls.restore)
        self.for_new.clicked.connect(self._on_for_new)
        self.done_button.clicked.connect(self.accept)
        self.presets.chosen.connect(self._on_preset_chosen)
        self.presets.save_requested.connect(
            lambda name: self._shelf.create(name, self.controls.settings, self._on_made)
        )
        self.presets.update_requested.connect(
            lambda preset: self._shelf.change(preset, self.controls.settings)
        )
        self.presets.rename_requested.connect(self._shelf.rename)
        self.presets.delete_requested.connect(self._shelf.delete)
        self._shelf.listed.connect(self._on_listed)

    # ------------------------------------------------------------------ what happens

    def _on_changed(self, settings: ChatSettings) -> None:
        self._untold = settings
        self._telling.start()
        self._mark()

    def _on_preset_chosen(self, preset: object) -> None:
        """Its values become the chat's; without one the chat's stay as they are."""
        if self.presets.preset is not None:
            self.controls.show_settings(settings_from(self.presets.preset.settings))
            self._on_changed(self.controls.settings)
        self.flush()
        self._mark()
        self.preset_chosen.emit(preset)

    def _on_listed(self, _presets: object) -> None:
        self._offer_presets()
        chosen = self.presets.preset
        self.show_preset(None if chosen is None else chosen.id)

    def _on_made(self, preset: Preset) -> None:
        """A preset that was just made of this chat's settings is the chat's."""
        if isValid(self):
            self.show_preset(preset.id)
            self.preset_chosen.emit(preset)

    def _on_for_new(self) -> None:
        self._shelf.begin_new_chats_with(self.controls.settings)
        self._mark()

    def _offer_presets(self) -> None:
        self.presets.setEnabled(self._shelf.is_open)

    def _mark(self) -> None:
        now, preset = self.controls.settings, self.presets.preset
        self.presets.mark_changed(preset is not None and settings_from(preset.settings) != now)
        is_default = self._shelf.new_chats == now
        self.for_new.setEnabled(self._shelf.is_open and not is_default)
