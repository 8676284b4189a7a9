"""The models page: what is installed, what is under way, and the ways in for files and bundles.

For: `WindowModels`, which hears what is wanted and does it. The page does nothing itself.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.bridge.jobs import Job
from app.library.shelved import Shelved
from app.pages.base import Page
from app.pages.models.job_row import JobRow
from app.pages.models.row import InUse, ModelRow
from app.pages.models.words import size_words
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, IconButton
from app.widgets.label import Label
from app.widgets.local_files import local_files, update_file
from app.widgets.page_frame import frame_page
from app.widgets.setting_row import RowCard
from app.widgets.tab_order import tab_through
from app.widgets.toast import ToastStack
from app.widgets.wrap_layout import WrapLayout


class ModelsPage(Page):
    """`wanted` tells a Doing and the Shelved; `dropped` files that were dragged here."""

    wanted = Signal(object, object)
    files_requested = Signal()
    bundle_requested = Signal()
    dropped = Signal(object)  # a tuple of Path
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: dict[Path, ModelRow] = {}
        self.jobs: dict[Job, JobRow] = {}
        self.back = IconButton(theme, Icon.BACK, self.tr("Back to the chat"))
        self.back.rename(self.tr("Back to the chat"), "Esc")
        self.sidebar = IconButton(theme, Icon.SIDEBAR, self.tr("Show sidebar"))
        self.sidebar.rename(self.tr("Show sidebar"), "Ctrl+B")
        self.files = Button(theme, self.tr("I have the files…"), icon=Icon.FILE)
        self.bundle = Button(theme, self.tr("Import a bundle…"), icon=Icon.MODEL)
        self._above: QWidget = self.bundle  # the last control above what is under way
        self.under_way = self._section(self.tr("Under way"))
        self.installed = Label(theme, self.tr("Installed"), Type.SMALL_STRONG)
        self.in_use = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.card = RowCard(theme)
        self.card.setAccessibleName(self.tr("Installed models"))
        self.nothing = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self._graphics = ""
        self._more = QVBoxLayout()  # what other sections the window adds
        self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self.setAcceptDrops(True)
        self._show_jobs()
        self._connect()

    def show_models(self, models: tuple[Shelved, ...], in_use: dict[Path, InUse]) -> None:
        """Every model, in this order."""
        gone = set(self.rows) - {model.path for model in models}
        for path in gone:
            self.card.take(self.rows.pop(path))
        for model in models:
            use = in_use.get(model.path, InUse.NOT)
            if model.path in self.rows:
                self.rows[model.path].show_model(model, use, self._graphics)
            else:
                self._add(model, use)
        self.card.order([self.rows[model.path] for model in models])
        self.card.setVisible(bool(models))
        self.nothing.setText("" if models else self.tr("There is no model on this computer yet."))
        self.nothing.setVisible(not models)
        total = sum(model.stored_bytes + model.copy_bytes for model in models)
        self.in_use.setText(self.tr("{size} in use").format(size=size_words(total)))
        self._mark_busy()
        self._order_keyboard()

    def show_use(self, in_use: dict[Path, InUse], graphics: str) -> None:
        """What the engine does with which model now, and on which graphics card."""
        self._graphics = graphics
        for path, row in self.rows.items():
            row.show_model(row.model, in_use.get(path, InUse.NOT), graphics)
        self._mark_busy()

    def add_section(self, section: QWidget, last: QWidget) -> None:
        """Show another section above the others; Tab goes on from its last control."""
        self._more.addWidget(section)
        self._above = last

    def add_job(self, job: Job) -> None:
        """Show it until it ends."""
        row = self.jobs[job] = JobRow(self._theme, job)
        self.under_way.addWidget(row)
        job.ended.connect(lambda: self._on_job_ended(job))
        self._show_jobs()
        self._mark_busy()
        self._order_keyboard()

    def trust(self, is_trusted: bool) -> None:
        """Whether who sits here is its user, as far as the history tells: else nothing is changed
        here.
        """
        for widget in (self.card, self.files, self.bundle):
            widget.setEnabled(is_trusted)
        self.setAcceptDrops(is_trusted)

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """Where the sidebar is hidden, a button shows it."""
        self.sidebar.setVisible(not is_docked)

    def take_focus(self) -> None:
        """To the first model, else to the way in."""
        first = next((r.act for r in self.rows.values() if r.act.isEnabled()), self.files)
        (first if first.isEnabled() else self.back).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def menu_anchor(self) -> QWidget:
        """The bundles' button, which stands at the right."""
        return self.bundle

    def escape(self) -> None:
        """Go back."""
        self.left.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and folders of this computer."""
        is_update = update_file(event.mimeData()) is not None  # for the window
        if local_files(event.mimeData()) and not is_update:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell them; they are copied or used, never moved."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(local_files(event.mimeData()))

    def _add(self, model: Shelved, use: InUse) -> None:
        row = ModelRow(self._theme, model, use, self._graphics)
        row.wanted.connect(self.wanted)
        self.rows[model.path] = row
        self.card.add(row)
        row.show()  # now: the lines between rows go by what is shown

    def _on_job_ended(self, job: Job) -> None:
        row = self.jobs.pop(job)
        had_keyboard = row.isAncestorOf(self.focusWidget() or self)
        row.hide()
        row.deleteLater()
        self._show_jobs()
        self._mark_busy()
        if had_keyboard:
            self.take_focus()

    def _order_keyboard(self) -> None:
        stops = [row.stop for row in self.jobs.values()]
        controls = (control for row in self.card.rows for control in row.controls)
        tab_through(self._above, (*stops, *controls))

    def _show_jobs(self) -> None:
        self._under_way_box.setVisible(bool(self.jobs))

    def _mark_busy(self) -> None:
        busy = {job.subject for job in self.jobs}
        for path, row in self.rows.items():
            row.set_busy(path in busy)

    def _section(self, title: str) -> QVBoxLayout:
        self._under_way_box = QWidget()
        column = QVBoxLayout(self._under_way_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.row)
        column.addWidget(Label(self._theme, title, Type.SMALL_STRONG))
        return column

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout()
        column.setSpacing(SPACE.section)
        column.setContentsMargins(0, 0, 0, SPACE.section)
        column.addLayout(self._head(theme))
        column.addLayout(self._more)
        column.addWidget(self._under_way_box)
        column.addLayout(self._installed(theme))
        column.addStretch(1)
        frame_page(self, theme, self.tr("Models"), column, lambda: SIZE.page)

    def _head(self, theme: Theme) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(SPACE.xs)
        words.addWidget(Label(theme, self.tr("Models"), Type.PAGE_TITLE))
        self.about = Label(
            theme,
            self.tr("The models on this computer. Drop a model’s files here to use them."),
            Type.SMALL,
            Ink.TEXT2,
            wrap=True,
        )
        words.addWidget(self.about)
        lead = QHBoxLayout()
        lead.setSpacing(SPACE.sm)
        for button in (self.sidebar, self.back):
            lead.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        lead.addLayout(words, 1)
        head = QVBoxLayout()
        head.setSpacing(SPACE.lg)
        head.addLayout(lead)
        head.addLayout(WrapLayout((self.files, self.bundle)))
        return head

    def _installed(self, theme: Theme) -> QVBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self.installed)
        line.addStretch(1)
        line.addWidget(self.in_use)
        column = QVBoxLayout()
        column.setSpacing(SPACE.row)
        column.addLayout(line)
        column.addWidget(self.card)
        column.addWidget(self.nothing)
        return column

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.sidebar.clicked.connect(self.sidebar_requested)
        self.files.clicked.connect(self.files_requested)
        self.bundle.clicked.connect(self.bundle_requested)
