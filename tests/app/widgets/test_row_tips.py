"""Rows of the palette and of what was found: names that find no room are said under the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QListView

from app.chats.model import Hit, Role
from app.theme.icons import Icon
from app.widgets.palette_list import PaletteView
from app.widgets.palette_rows import PaletteLabel, PaletteRow
from app.widgets.search_model import SearchModel
from app.widgets.search_results import HitListView
from tests.app.fitting import tooltip_at

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LONG = "A chat about <b>water</b>, pebbles and a crow that was thirsty"


def tip_of(view: QListView, number: int) -> str:
    """What is said when the mouse rests on a row."""
    return tooltip_at(view.viewport(), view.visualRect(view.model().index(number, 0)).center())


def show(qtbot, view: QListView, width: int) -> None:
    if view.isHidden():
        qtbot.addWidget(view)
        view.show()
        qtbot.waitExposed(view)
    view.resize(QSize(width, 300))
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def named(name: str, aside: str = "", keys: str = "") -> PaletteRow:
    return PaletteRow(
        Icon.CHAT, ((name, False),), lambda: None, ((aside, False),) * bool(aside), keys
    )


def test_a_name_of_the_palette_is_said_where_it_is_cut(theme, qtbot):
    view = PaletteView(theme)
    view.rows.show_items([PaletteLabel(LONG), named("Short"), named(LONG)])
    show(qtbot, view, 250)
    assert [tip_of(view, number) for number in range(3)] == ["", "", LONG]
    show(qtbot, view, 900)
    assert tip_of(view, 2) == ""


@pytest.mark.parametrize(
    "beside", [{"aside": "what was found in it, at length"}, {"keys": "Ctrl+N"}]
)
def test_what_stands_at_the_right_takes_room_from_a_name(theme, qtbot, beside):
    view = PaletteView(theme)
    view.rows.show_items([named(LONG), named(LONG, **beside)])
    fits = next(width for width in range(100, 2000) if not_cut(qtbot, view, width))
    assert tip_of(view, 1) == LONG
    show(qtbot, view, fits + 400)
    assert tip_of(view, 1) == ""


def not_cut(qtbot, view: PaletteView, width: int) -> bool:
    show(qtbot, view, width)
    return tip_of(view, 0) == ""


def test_the_title_of_what_was_found_is_said_where_it_is_cut(theme, qtbot):
    model = SearchModel()
    view = HitListView(theme, model)
    model.show_hits(
        Hit(number, number, title, Role.USER, 1_700_000_000_000, (("pebbles", True),))
        for number, title in enumerate((LONG, "Short"), 1)
    )
    show(qtbot, view, 264)
    assert [tip_of(view, number) for number in range(2)] == [LONG, ""]
    show(qtbot, view, 900)
    assert tip_of(view, 0) == ""
