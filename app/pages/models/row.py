"""A model as a row: its name, what is known of it, whether it is loaded, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu

from app.library.shelved import Shelved
from app.pages.models.chip_row import ChipRow
from app.pages.models.words import row_words
from app.theme.icons import Icon
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.widgets.button import Button, IconButton
from app.widgets.one_line import one_line


class Doing(StrEnum):
    """What can be done with a model."""

    LOAD = "load"
    UNLOAD = "unload"
    DETAILS = "details"
    VERIFY = "verify"
    BUNDLE = "bundle"
    TRUST = "trust"
    MOVE = "move"
    REMOVE = "remove"
    LOCATE = "locate"
    FORGET = "forget"


class InUse(StrEnum):
    """What the engine does with a model."""

    NOT = "not"
    LOADING = "loading"
    LOADED = "loaded"
    RESTING = "resting"


class ModelRow(ChipRow):
    """`wanted` tells what is to be done."""

    wanted = Signal(object, object)  # a Doing and the Shelved

    def __init__(self, theme: Theme, model: Shelved, in_use: InUse, graphics: str = "") -> None:
        """`graphics`: the card on which the loaded model computes, by name."""
        self.model = model
        self.in_use = in_use
        self.act = Button(theme, "")
        self.more = IconButton(theme, Icon.MORE, "")
        super().__init__(theme, (self.act, self.more))
        self.act.clicked.connect(self._on_act)
        self.more.clicked.connect(self._on_more)
        self.show_model(model, in_use, graphics)

    def show_model(self, model: Shelved, in_use: InUse, graphics: str = "") -> None:
        """As things stand now."""
        self.model, self.in_use = model, in_use
        self.title = title_of(model)
        self.name.setText(self.title)
        self.words.set_ink(Ink.BAD if model.problem else Ink.TEXT2)
        on_card = in_use is InUse.LOADED and bool(graphics)
        self.explain_kept(row_words(model, graphics if on_card else ""))
        self.chip.say(*self._chip_words())
        self._show_act()
        self.more.rename(self.tr("More about {model}").format(model=self.title))

    def explain_kept(self, detail: str) -> None:
        """Other words, in the ink that they have."""
        self._detail = detail
        self.say(detail)

    def set_busy(self, is_busy: bool) -> None:
        """Something is being done with its files."""
        self.act.setEnabled(not is_busy and self._can_act())
        self.more.setEnabled(not is_busy)

    def menu_now(self) -> QMenu:
        """All else that can be done."""
        menu = QMenu(self)
        for doing, words in self._offers():
            action = menu.addAction(words)
            action.triggered.connect(self._teller(doing))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _teller(self, doing: Doing) -> Callable[[], None]:
        return lambda: self.wanted.emit(doing, self.model)

    def _offers(self) -> list[tuple[Doing, str]]:
        model = self.model
        if not model.is_there:
            return [(Doing.FORGET, self.tr("Forget this model…"))]
        offers = [
            (Doing.DETAILS, self.tr("What it is and needs…")),
            (Doing.VERIFY, self.tr("Verify all its bytes")),
        ]
        if model.checked is not None and not model.checked.is_trusted:
            offers.append((Doing.TRUST, self.tr("Compare its signer’s key…")))
        if not model.problem:
            offers.append((Doing.BUNDLE, self.tr("Make a bundle…")))
        if model.is_ours:
            offers.append((Doing.MOVE, self.tr("Move to another disk…")))
            offers.append((Doing.REMOVE, self.tr("Remove…")))
        elif model.is_elsewhere:
            offers.append((Doing.FORGET, self.tr("Forget this model…")))
        return offers

    def _chip_words(self) -> tuple[str, Ink]:
        if not self.model.is_there:
            return self.tr("Not connected"), Ink.WARN
        checked = self.model.checked
        if self.model.is_damaged or (checked is not None and not checked.is_sound):
            return self.tr("Damaged"), Ink.BAD
        if checked is not None and not checked.is_trusted:
            return self.tr("Signer not trusted"), Ink.WARN
        words = {
            InUse.LOADING: self.tr("Loading"),
            InUse.LOADED: self.tr("Loaded"),
            InUse.RESTING: self.tr("Resting"),
            InUse.NOT: self.tr("Starter model") if self.model.is_starter else "",
        }
        return words[self.in_use], Ink.ACCENT

    def _show_act(self) -> None:
        if not self.model.is_there:
            words, name = self.tr("Locate…"), self.tr("Locate {model}")
        elif self.in_use is InUse.LOADED:
            words, name = self.tr("Unload"), self.tr("Unload {model}")
        else:
            words, name = self.tr("Load"), self.tr("Load {model}")
        self.act.setText(words)
        self.act.setAccessibleName(name.format(model=self.title))
        self.act.setEnabled(self._can_act())
        self.act.updateGeometry()

    def _can_act(self) -> bool:
        return not self.model.problem and self.in_use is not InUse.LOADING

    def _on_act(self) -> None:
        doing = Doing.UNLOAD if self.in_use is InUse.LOADED else Doing.LOAD
        self.wanted.emit(doing if self.model.is_there else Doing.LOCATE, self.model)

    def _on_more(self) -> None:
        menu = self.menu_now()
        below = QPoint(self.more.width() - menu.sizeHint().width(), self.more.height())
        menu.popup(self.more.mapToGlobal(below))


def title_of(model: Shelved) -> str:
    """What a model is called: the starter by its makers' name, others as they are named here."""
    if model.is_starter and model.facts is not None:
        return one_line(model.facts.title)
    return one_line(model.name)
