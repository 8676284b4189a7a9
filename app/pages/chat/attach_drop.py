"""The whole page takes dropped files, and says so calmly while they are over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.local_files import local_files, update_file

_VEIL = 0.92  # what is below stays to be guessed


class DropZone(QWidget):
    """Lies over its host while files are dragged there; the host's own children see no drag."""

    dropped = Signal(object)  # a tuple of Path

    def __init__(self, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE.md)
        column.addStretch(1)
        icon = IconView(theme, Icon.ATTACH, Ink.ACCENT, SIZE.icon_banner)
        column.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        words = Label(theme, self.tr("Drop text files here to attach them"), Type.CARD_TITLE)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        more = Label(
            theme, self.tr("They are read once and stay on this computer."), Type.SMALL, Ink.TEXT2
        )
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.hide()
        host.setAcceptDrops(True)
        host.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow what is dragged over the host; anything but files is not for this."""
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        elif kind == QEvent.Type.DragLeave:
            self.hide()
        elif isinstance(event, QDropEvent):  # entering and moving are of its kind
            return self._on_drag(event)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Veil the page, with a dashed line around the place."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(tokens.surface)
        veil.setAlphaF(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(tokens.accent), STROKE.input, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(SPACE.lg, SPACE.lg, -SPACE.lg, -SPACE.lg)
        painter.drawRoundedRect(area, RADIUS.composer, RADIUS.composer)

    def _on_drag(self, event: QDropEvent) -> bool:
        files = local_files(event.mimeData())
        if not files or update_file(event.mimeData()) is not None:
            event.ignore()  # an update of the program is for the window
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.hide()
            self.dropped.emit(files)
        elif self.isHidden():
            self.setGeometry(self._host.rect())
            self.raise_()
            self.show()
        return True
