"""Rows to show in a list, and what is seen of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.widgets.row_list_text import RowText


@dataclass(frozen=True)
class TextRow:
    """A paragraph."""

    key: int
    text: str
    estimate: int = 24
    gap_px: int = 10
    insets_px: tuple[int, int] = (0, 0)
    separator: str = "\n\n"

    def estimate_px(self, width: int) -> int:
        return self.estimate

    def make_view(self) -> QWidget:
        view = RowText(f"Row {self.key}")
        view.show_plain(self.text)
        return view

    def show_in(self, view: QWidget) -> bool:
        if not isinstance(view, RowText):
            return False
        view.show_plain(self.text)
        return True

    def text_between(self, start: int, end: int | None) -> str:
        return self.text[start:end]


class Thin(QWidget):
    """Six pixels of nothing."""

    def sizeHint(self) -> QSize:
        return QSize(10, 6)


class SlowRow(TextRow):
    """A thin row that keeps the processor busy for 4 ms before it is seen."""

    def make_view(self) -> QWidget:
        end_s = time.thread_time() + 0.004
        while time.thread_time() < end_s:
            pass
        return Thin()


class HeavyTextRow(SlowRow):
    """As slow as six of them, which it says."""

    weight = 6

    def make_view(self) -> QWidget:
        return [super(HeavyTextRow, self).make_view() for _ in range(self.weight)][-1]


@dataclass(frozen=True)
class ButtonRow:
    """Two buttons and nothing to select."""

    key: int
    gap_px: int = 10
    insets_px: tuple[int, int] = (0, 0)
    separator: str = ""

    def estimate_px(self, width: int) -> int:
        return 60

    def make_view(self) -> QWidget:
        view = QWidget()
        column = QVBoxLayout(view)
        for name in "ab":
            column.addWidget(QPushButton(f"{self.key}{name}"))
        return view

    def show_in(self, view: QWidget) -> bool:
        return False

    def text_between(self, start: int, end: int | None) -> str:
        return ""


def texts(count, estimate=24):
    return [TextRow(number, f"row {number}", estimate) for number in range(count)]


def live(rows):
    return [index for index in range(len(rows.rows())) if rows.view_at(index) is not None]


def settle(qtbot):
    qtbot.wait(30)


def in_sight(rows, index):
    view = rows.view_at(index)
    if view is None:
        return False
    top = view.mapTo(rows.viewport(), QPoint(0, 0)).y()
    return -view.height() < top < rows.viewport().height()


def top_of(rows, index):
    return rows.view_at(index).mapTo(rows.viewport(), QPoint(0, 0)).y()
