"""A window for views of blocks, and tools whose workers draw and colour at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QMouseEvent, QPainterPath
from PySide6.QtWidgets import QWidget

from app.markup.blocks import Line, Place, Prose, Span, Style
from app.markup.formula_outline import FormulaKey
from app.notices import Notices
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.widgets.markup.code_colours import CodeColours, CodeKey, ColouredCode
from app.widgets.markup.formula_drawing import Drawing, Outcome, Refused
from app.widgets.markup.formula_renderer import FormulaRenderer
from app.widgets.markup.tools import MarkupTools


class Host(QWidget):
    """A window that notes which presses the views leave to it."""

    def __init__(self) -> None:
        super().__init__()
        self.presses: list[QPoint] = []
        self.resize(760, 700)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.presses.append(event.position().toPoint())


def box(width: float, ascent: float, descent: float) -> Drawing:
    path = QPainterPath()
    path.addRect(QRectF(0.0, -ascent, width, ascent + descent))
    return Drawing(path, 0.0, width, ascent, descent)


class FakeDrawer:
    """Draws of the size that a source names: bad, tall, deep, wide; else that of a letter."""

    def draw(self, keys: Sequence[FormulaKey]) -> list[Outcome]:
        return [self._drawn(key.source) for key in keys]

    def close(self) -> None:
        pass

    def _drawn(self, source: str) -> Outcome:
        if "bad" in source:
            return Refused.REFUSED
        return {
            "tall": box(100.0, 400.0, 10.0),
            "deep": box(100.0, 200.0, 200.0),
            "wide": box(9000.0, 100.0, 10.0),
        }.get(source, box(50.0, 60.0, 10.0))


def fake_colours(key: CodeKey) -> ColouredCode:
    """The first word a keyword, the rest plain."""
    head, space, tail = key.text.partition(" ")
    return ColouredCode((("keyword", head), ("plain", space + tail)), key.language.upper())


@pytest.fixture
def theme(qapp) -> Iterator[Theme]:
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT, qapp)
    yield made
    made.set_text(100, is_system_font=False)
    made.deleteLater()


@pytest.fixture
def tools(theme) -> Iterator[MarkupTools]:
    notices = Notices()
    # All of it is the theme's: what nobody owns the collector of garbage may delete in a worker.
    made = MarkupTools(
        theme,
        notices,
        theme,
        formulas=FormulaRenderer(notices, theme, drawer=FakeDrawer()),
        colours=CodeColours(notices, theme, colour=fake_colours),
    )
    yield made
    made.close()


@pytest.fixture
def host(qtbot) -> Iterator[Host]:
    window = Host()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def put(host) -> Callable[..., QWidget]:
    """Puts a view into the window as a list does: measured, then placed."""

    def put_in(view: QWidget, width: int = 720, top: int = 10) -> QWidget:
        view.setParent(host)
        height = view.heightForWidth(width) if view.hasHeightForWidth() else -1
        view.setGeometry(20, top, width, height if height >= 0 else view.sizeHint().height())
        view.show()
        return view

    return put_in


@pytest.fixture
def prose() -> Callable[..., Prose]:
    """A text of one paragraph: words, or spans."""

    def make(*spans: Span | str, place: Place | None = None, **line: object) -> Prose:
        made = tuple(Span(each) if isinstance(each, str) else each for each in spans)
        return Prose((Line(made, **line),), place or Place())

    return make


@pytest.fixture
def formula() -> Callable[[str], Span]:
    return lambda source: Span(source, Style.FORMULA)


@pytest.fixture
def link() -> Callable[[str, str], Span]:
    return lambda words, target: Span(words, Style.NONE, target)
