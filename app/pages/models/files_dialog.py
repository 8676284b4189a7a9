"""“I have the files”: what other programs keep here, a file or folder of one's own, and whether it
is used where it lies or copied.

For: `WindowModels`, which looks for them beside the window and does what was chosen.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.library.found import Found
from app.pages.models.words import size_words
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.setting_row import RowCard, SettingRow
from app.widgets.small_dialog import SmallDialog
from app.widgets.wrap_layout import WrapLayout

_IN_PLACE, _COPIED = 0, 1


class FilesDialog(SmallDialog):
    """`chosen` tells a path, a name for it, and whether it is to be copied."""

    chosen = Signal(object, str, bool)
    file_requested = Signal()
    folder_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(
            theme,
            self.tr("I have the files"),
            self.tr(
                "GGUF files, or a folder with safetensors and config.json. They are opened by "
                "Pitcher alone, and nothing in them is run."
            ),
            self.tr("Close"),
            parent,
        )
        self.cancel.hide()
        self.act.clicked.connect(self.accept)
        self.how = ChoiceButton(
            theme,
            self.tr("What happens with the files"),
            {_IN_PLACE: self.tr("Use where they lie"), _COPIED: self.tr("Copy them")},
            _IN_PLACE,
        )
        how = SettingRow(
            theme,
            self.tr("What happens with the files"),
            self.tr("Copies lie in Pitcher’s own folder and stay when the others go"),
            (self.how,),
        )
        card = RowCard(theme, (how,))
        card.setAccessibleName(self.tr("What happens with the files"))
        self.body.addWidget(card)
        self.file = Button(theme, self.tr("Choose a file…"))
        self.folder = Button(theme, self.tr("Choose a folder…"))
        self.body.addLayout(WrapLayout((self.file, self.folder)))
        self.state = Label(
            theme, self.tr("Looking into other programs’ folders"), Type.SMALL, Ink.TEXT2, wrap=True
        )
        self.body.addWidget(self.state)
        self.found = RowCard(theme)
        self.found.setAccessibleName(self.tr("Found on this computer"))
        self.found.hide()
        self.body.addWidget(self.found)
        self.file.clicked.connect(self.file_requested)
        self.folder.clicked.connect(self.folder_requested)
        self.file.setFocus()

    @property
    def copies(self) -> bool:
        """Whether what is chosen is copied."""
        return self.how.choice == _COPIED

    def show_found(self, found: tuple[Found, ...]) -> None:
        """What other programs have."""
        self.state.setText(
            self.tr("Found on this computer:")
            if found
            else self.tr("Ollama, LM Studio and the Hub’s cache have no models here.")
        )
        for model in found:
            self.found.add(self._row(model))
        self.found.setVisible(bool(found))
        self.fit()

    def take(self, path: Path, name: str) -> None:
        """It was chosen."""
        self.chosen.emit(path, name, self.copies)
        self.accept()

    def _row(self, model: Found) -> SettingRow:
        use = Button(self.theme, self.tr("Use"))
        name = one_line(model.name)
        use.setAccessibleName(self.tr("Use {model}").format(model=name))
        use.clicked.connect(lambda: self.take(model.path, model.name))
        form = self.tr("{program} · {size}")
        words = form.format(program=model.program.value, size=size_words(model.size_bytes))
        return SettingRow(self.theme, name, words, (use,))
