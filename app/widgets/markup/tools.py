"""What all views of a message's blocks share: theme, formats, drawn formulas, code's colours.

Made once a window, beside the list that shows the blocks, and closed with it.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt

from app.notices import Notices
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.markup.code_colours import CodeColours
from app.widgets.markup.formula_pictures import FormulaPictures
from app.widgets.markup.formula_renderer import FormulaRenderer
from app.widgets.markup.link_strip import LinkStrips
from app.widgets.markup.span_formats import SpanFormats


class InnerLinks(Protocol):
    """Links that lead to another place of the same text; no other link is ever followed."""

    def title_of(self, target: str) -> str:
        """What is at that place; nothing where a target leads elsewhere."""
        ...

    def follow(self, target: str, reason: Qt.FocusReason) -> None:
        """Show that place, with the keyboard there."""
        ...


class MarkupTools(QObject):
    """Belongs to the GUI thread; its workers start with the first formula or code."""

    def __init__(
        self,
        theme: Theme,
        notices: Notices,
        parent: QObject | None = None,
        *,
        formulas: FormulaRenderer | None = None,
        colours: CodeColours | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.formats = SpanFormats(theme)
        self.formulas = formulas or FormulaRenderer(notices, self)
        self.pictures = FormulaPictures()
        self.colours = colours or CodeColours(notices, self)
        self.strip = LinkStrips(theme, self)
        # As wide as the text measured last: the next one is filled in, and laid out, at that width.
        self.text_px = SIZE.column
        self.inner_links: InnerLinks | None = None  # a text that others wrote has none
        # Connected before any view is made: views find the new formats.
        theme.changed.connect(self.formats.forget)

    def forget(self) -> None:
        """Keep nothing of what was shown: the history is locked, or a temporary chat is gone."""
        self.formulas.forget()
        self.pictures.forget()
        self.colours.forget()

    def close(self) -> bool:
        """End the workers; False where one would not end."""
        has_ended = self.formulas.close()
        return self.colours.close() and has_ended
