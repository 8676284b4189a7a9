"""The line of a chat's settings where a preset is chosen, kept, renamed and deleted.

For: `SettingsDialog`. A name is asked for in the line itself.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QWidget

from app.chats.model import Preset
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import Button, ButtonKind, IconButton
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.one_line import one_line

_NONE = 0  # no preset has this id
_MOST_LETTERS = 60


class NameEdit(QLineEdit):
    """A name; Esc leaves it."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(font_of(Type.SMALL))
        self.setFixedHeight(SIZE.button)
        self.setMaxLength(_MOST_LETTERS)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc closes no more than this."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PresetBar(QStackedWidget):
    """What is chosen here the dialog does."""

    chosen = Signal(object)  # a Preset, or None
    save_requested = Signal(str)
    update_requested = Signal(object)
    rename_requested = Signal(object, str)
    delete_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._presets: dict[int, Preset] = {}
        self._preset: Preset | None = None
        self._is_changed = False
        self._renaming: Preset | None = None
        self.words = Label(theme, self.tr("Preset"), Type.INTERFACE_MEDIUM)
        self.state = Label(theme, "", Type.CAPTION, Ink.TEXT2, grow=True)
        self.choice = ChoiceButton(theme, self.tr("Preset"), {_NONE: self.tr("None")}, _NONE)
        self.more = IconButton(theme, Icon.MORE, self.tr("More about presets"))
        self.name = NameEdit(self.tr("Name of the preset"))
        self.save = Button(theme, self.tr("Save"), ButtonKind.PRIMARY)
        self.cancel = Button(theme, self.tr("Cancel"))
        self.addWidget(self._line(self.words, self.state, self.choice, self.more))
        self.addWidget(self._line(self.name, self.cancel, self.save))
        self.setFixedHeight(SIZE.button)
        self.choice.chosen.connect(self._on_chosen)
        self.more.clicked.connect(self._on_more)
        self.name.returnPressed.connect(self._on_save)
        self.name.left.connect(self._end_naming)
        self.save.clicked.connect(self._on_save)
        self.cancel.clicked.connect(self._end_naming)

    @property
    def preset(self) -> Preset | None:
        """The one that is shown as chosen."""
        return self._preset

    def show_presets(self, presets: tuple[Preset, ...], chosen_id: int | None) -> None:
        """All there are, and the chosen one."""
        self._presets = {preset.id: preset for preset in presets}
        self._preset = self._presets.get(chosen_id or _NONE)
        words = {number: one_line(preset.name) for number, preset in self._presets.items()}
        self.choice.offer(
            {_NONE: self.tr("None")} | words, self._preset.id if self._preset else _NONE
        )

    def mark_changed(self, is_changed: bool) -> None:
        """Whether the chat's settings are others than the preset's."""
        self._is_changed = is_changed and self._preset is not None
        self.state.setText(self.tr("Changed in this chat") if self._is_changed else "")

    def menu_now(self) -> QMenu:
        """What can be done with presets."""
        menu = QMenu(self)
        menu.addAction(self.tr("Save as a new preset…")).triggered.connect(lambda: self._ask(None))
        preset = self._preset
        if preset is not None:
            update = menu.addAction(self.tr("Update this preset"))
            update.setEnabled(self._is_changed)
            update.triggered.connect(lambda: self.update_requested.emit(preset))
            rename = menu.addAction(self.tr("Rename…"))
            rename.triggered.connect(lambda: self._ask(preset))
            delete = menu.addAction(self.tr("Delete"))
            delete.triggered.connect(lambda: self.delete_requested.emit(preset))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _ask(self, renaming: Preset | None) -> None:
        self._renaming = renaming
        self.name.setText(renaming.name if renaming else "")
        self.setCurrentIndex(1)
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_save(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        renaming = self._renaming
        self._end_naming()
        if renaming is None:
            self.save_requested.emit(name)
        elif name != renaming.name:
            self.rename_requested.emit(renaming, name)

    def _end_naming(self) -> None:
        self._renaming = None
        self.setCurrentIndex(0)
        self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, number: int) -> None:
        self._preset = self._presets.get(number)
        self.chosen.emit(self._preset)

    def _on_more(self) -> None:
        self.menu_now().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _line(self, *widgets: QWidget) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.sm)
        for widget in widgets:
            row.addWidget(widget, int(widget is self.name))
        return line
