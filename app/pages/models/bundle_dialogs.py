"""What is asked and told of bundles: whether a signer is to be trusted, of a bundle or of what is
installed, and what was made.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.theme.icons import Icon
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.fingerprint import fingerprint_label
from app.widgets.label import Label
from app.widgets.setting_row import RowCard, SettingRow
from app.widgets.small_dialog import SmallDialog
from app.widgets.switch import Switch


class TrustDialog(SmallDialog):
    """Asks whether a bundle is taken whose signature is sound and whose signer is unknown."""

    chosen = Signal(bool)  # whether the key is trusted from now on, not this once alone

    def __init__(self, theme: Theme, fingerprint: str, parent: QWidget) -> None:
        super().__init__(
            theme,
            self.tr("This bundle’s signer is not known here"),
            self.tr(
                "The signature is sound: the bundle is as its signer made it. Whether that is who "
                "you think only they can tell: compare this fingerprint with what they told you by "
                "another way."
            ),
            self.tr("It is the same: import"),
            parent,
        )
        self.fingerprint = fingerprint_label(theme, fingerprint)
        self.stays = Switch(theme, self.tr("Trust this key from now on"))
        row = SettingRow(
            theme,
            self.tr("Trust this key from now on"),
            self.tr("Else for this import alone"),
            (self.stays,),
        )
        card = RowCard(theme, (row,))
        card.setAccessibleName(self.tr("Trust"))
        self.body.addWidget(self.fingerprint)
        self.body.addWidget(card)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self._on_act)

    def _on_act(self) -> None:
        self.chosen.emit(self.stays.isChecked())
        self.accept()


class KeyDialog(SmallDialog):
    """Asks whether the signer of a model that is installed is trusted; `accepted`: from now on."""

    def __init__(self, theme: Theme, model: str, fingerprint: str, parent: QWidget) -> None:
        super().__init__(
            theme,
            self.tr("Trust the signer of {model}?").format(model=model),
            self.tr(
                "Every byte is as it was signed. Whether the signer is who you think only they can "
                "tell: compare this fingerprint with what they told you by another way. If it is "
                "another one, remove the model."
            ),
            self.tr("It is the same: trust"),
            parent,
        )
        self.fingerprint = fingerprint_label(theme, fingerprint)
        self.body.addWidget(self.fingerprint)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self.accept)


class BundleMadeDialog(SmallDialog):
    """Says where a bundle is, and the fingerprint that its taker compares."""

    def __init__(self, theme: Theme, words: str, fingerprint: str, parent: QWidget) -> None:
        super().__init__(theme, self.tr("The bundle is made"), words, self.tr("Close"), parent)
        self._fingerprint = fingerprint
        self.cancel.hide()
        hint = self.tr(
            "It is signed with this computer’s key. Tell its fingerprint to whoever imports the "
            "bundle, by another way than the stick:"
        )
        self.body.addWidget(Label(theme, hint, Type.SMALL, Ink.TEXT2, wrap=True))
        self.fingerprint = fingerprint_label(theme, fingerprint)
        self.body.addWidget(self.fingerprint)
        self.copy = Button(theme, self.tr("Copy the fingerprint"), ButtonKind.QUIET, icon=Icon.COPY)
        self.body.addWidget(self.copy)
        self.copy.clicked.connect(self._on_copy)
        self.act.clicked.connect(self.accept)
        self.act.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._fingerprint)
