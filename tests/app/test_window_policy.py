"""A window under an administrator's policy: what is off is shown as locked, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from app.bridge.history_states import Locked
from app.chats.export_format import ExportFormat
from app.library.allowed import ModelNotAllowedError
from app.pages.chat.export_dialog import ExportDialog
from app.restrictions import BannerColour
from app.settings import LOCKABLE, SUGGEST_TITLES, Settings
from app.theme.icons import Icon
from app.theme.tokens import BANNERS
from app.widgets.classification import Classification
from app.widgets.setting_section import LockBanner
from app.widgets.shortcuts_dialog import ShortcutsDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def under(tmp_path: Path, monkeypatch, request) -> Callable:
    """under(text, …): a window on a machine with this policy."""
    from app.policy import read_policy

    file = tmp_path / "policy.toml"

    class Policed(Settings):
        """The window of a test turns suggested titles off, which may be locked here."""

        def __init__(self, own: Path) -> None:
            super().__init__(own, read_policy(file, LOCKABLE))

        def change(self, setting, value) -> None:
            if setting is not SUGGEST_TITLES or setting.name not in self.policy.locked:
                super().change(setting, value)

    # Before `open_window` imports them.
    monkeypatch.setattr("app.settings.Settings", Policed)
    open_window = request.getfixturevalue("open_window")

    def make(text: str, **others):
        file.write_text(text, encoding="utf-8")
        return open_window(**others)

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def ask(application, qtbot, words: str = "What is the capital of France?") -> int:
    application.chat.send(words)
    qtbot.waitUntil(lambda: not application.chat.is_busy())
    listed = application.window.sidebar.chats
    qtbot.waitUntil(lambda: bool(listed.model.chats))
    return listed.model.chats[0].id


def said(application) -> list[str]:
    return [toast.notice.text for toast in application.page.toasts.toasts()]


def menu_action(application, chat_id: int, start: str) -> QAction:
    view = application.window.sidebar.chats.view
    menu = view.menu_of(application.window.sidebar.chats.chat(chat_id))
    return next(each for each in menu.actions() if each.text().startswith(start))


EXPORTS_OFF = "[restrictions]\nexports_off = true\n"


def test_every_way_to_export_is_shown_as_off_and_says_who_decided(under, file, qtbot):
    application = under(EXPORTS_OFF)
    posted: list[str] = []
    application.notices.posted.connect(lambda notice: posted.append(notice.text))
    chat_id = ask(application, qtbot)
    listed = application.window.sidebar.chats
    action = menu_action(application, chat_id, "Export")
    assert action.text() == "Export (off, set by your organisation)"
    action.trigger()
    listed.model.mark([chat_id])
    bar = listed.bar.export
    assert bar.shown_icon() is Icon.LOCKED
    assert bar.accessibleName() == "Export (off)"
    assert str(file) in bar.accessibleDescription()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton)
    command = next(
        each for each in application.commands.all() if each.name.startswith("Export this")
    )
    assert command.name.endswith("(off, set by your organisation)")
    assert command.icon is Icon.LOCKED
    assert command.is_offered()
    command.run()
    sentence = f"Exports are off, as set by your organisation in {file}. Nothing was written."
    assert posted == [sentence] * 3
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)]
    assert any(each.name == "Export diagnostics" for each in application.commands.offered())


def test_without_that_line_chats_are_exported_as_ever(under, qtbot):
    application = under("[restrictions]\nexports_off = false\n")
    chat_id = ask(application, qtbot)
    assert application.window.sidebar.chats.bar.export.shown_icon() is Icon.EXPORT
    menu_action(application, chat_id, "Export…").trigger()
    dialogs = application.window.findChildren(ExportDialog)
    assert len(dialogs) == 1
    dialogs[0].reject()


def test_a_policy_that_can_not_be_used_turns_exports_off_and_is_told(under, file, qtbot):
    application = under("[restrictions]\nexport_off = true\n")
    assert application.exports.are_off
    assert application.settings.page.organisation
    rows = application.settings.page.organisation[0].card.rows
    titles = [row.title for row in rows]
    assert titles == [
        "The policy can’t be used",
        "Air-gapped",
        "Exports are off",
        "Updates are off",
        "Allowed models",
    ]
    assert "“export_off”" in rows[0].words.text()
    assert rows[4].words.text() == "None"
    assert all(row.locked_by == file for row in rows)
    assert any(str(file) in words for words in said(application))


BANNER = '[restrictions]\nbanner_text = "SECRET\u202e"\nbanner_colour = "red"\n'


def banner_of(application) -> Classification:
    found = application.window.menuWidget()
    assert isinstance(found, Classification)
    return found


def is_seen(application) -> bool:
    """At the top, over the whole width, in its colour."""
    window, banner = application.window, banner_of(application)
    if banner.mapTo(window, QPoint(0, 0)) != QPoint(0, 0) or banner.width() != window.width():
        return False
    pixel = window.grab().toImage().pixelColor(2, 2)
    return bool(pixel == QColor(BANNERS[BannerColour.RED][0]))


@pytest.mark.parametrize("size", [(1280, 800), (640, 480)])
def test_the_classification_stands_above_every_page(under, qtbot, size):
    application = under(BANNER, width=size[0], height=size[1])
    assert (application.window.width(), application.window.height()) == size
    banner = banner_of(application)
    assert banner.text() == "SECRET‹U+202E›"
    assert is_seen(application)
    application.settings.open()
    assert is_seen(application)
    application.help.open()
    assert is_seen(application)
    application.help.leave()
    application.settings.leave()
    ask(application, qtbot)
    application.palette.turn()
    assert is_seen(application)
    application.palette.turn()
    application.keeping.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    assert is_seen(application)


def test_a_screen_reader_hears_it(under):
    banner = banner_of(under(BANNER))
    face = QAccessible.queryAccessibleInterface(banner)
    assert face.role() is QAccessible.Role.StaticText
    assert face.text(QAccessible.Text.Name) == "Classification: SECRET‹U+202E›"


def test_every_dialog_has_it_too(under, qtbot):
    application = under(BANNER, width=640, height=480)

    def marked(dialog: QDialog) -> bool:
        bar = dialog.layout().menuBar()
        at_top = isinstance(bar, Classification) and bar.mapTo(dialog, QPoint(0, 0)) == QPoint(0, 0)
        return at_top and bar.width() == dialog.width() and bar.isVisible()

    application.palette.show_shortcuts()
    application.page.export_several(2)
    for kind in (ShortcutsDialog, QFileDialog):
        dialog = next(
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, kind) and each.isVisible()
        )
        qtbot.waitUntil(lambda dialog=dialog: marked(dialog))
        dialog.reject()


def test_without_a_banner_there_is_none(under):
    application = under(EXPORTS_OFF)
    assert application.window.menuWidget() is None
    application.palette.show_shortcuts()
    dialog = application.window.findChild(ShortcutsDialog)
    assert dialog.layout().menuBar() is None
    dialog.reject()


def test_a_long_one_is_cut_and_said_whole_under_the_mouse(under):
    application = under(f'[restrictions]\nbanner_text = "{"W" * 400}"\n', width=640, height=480)
    assert application.window.width() == 640
    assert banner_of(application).text() == "W" * 99 + "…"


@pytest.mark.parametrize("colour", list(BannerColour))
def test_each_colour_can_be_read(colour):
    def luminance(name: str) -> float:
        parts = (QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF())
        red, green, blue = (
            x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    ground, text = BANNERS[colour]
    light, dark = sorted((luminance(ground), luminance(text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("form", [ExportFormat.HTML, ExportFormat.MARKDOWN])
def test_what_is_exported_to_be_read_carries_it(under, qtbot, tmp_path, form):
    application = under(BANNER)
    chat_id = ask(application, qtbot)
    one, folder = tmp_path / f"one{form.suffix}", tmp_path / "several"
    folder.mkdir()
    application.chats.export(chat_id, form, one)
    application.chats.export_all([chat_id], form, folder)
    # Not what is still being written, which has no such suffix.
    qtbot.waitUntil(lambda: one.exists() and any(folder.glob(f"*{form.suffix}")))
    for file in (one, *folder.iterdir()):
        assert file.read_text(encoding="utf-8").count("SECRET‹U+202E›") == 2, "above and below"


def test_air_gapped_is_said_with_what_the_system_enforces(under, file):
    application = under("[restrictions]\nair_gapped = true\n")
    application.window.lock_requested.emit()
    banner = application.privacy.page.findChild(LockBanner)
    assert banner.isVisible()
    assert banner.sentence.text().startswith("Air-gapped: nothing is downloaded.")
    assert banner.file.text() == str(file)
    row = application.settings.page.organisation[0].card.rows[0]
    assert row.title == "Air-gapped"


def test_without_restrictions_the_page_and_the_network_say_nothing_of_them(under):
    application = under("[settings]\ntheme = 'light'\n")
    assert application.settings.page.organisation == ()
    application.window.lock_requested.emit()
    assert application.privacy.page.findChild(LockBanner) is None


def test_a_model_that_is_not_allowed_leaves_a_window_that_says_so(under, file, fake_opener, qtbot):
    fake_opener.failure = ModelNotAllowedError(f"x is not among … {file}.")
    application = under("[restrictions]\nallowed_model_sha256 = []\n", waits=False)
    qtbot.waitUntil(lambda: any(str(file) in words for words in said(application)))
    assert application.settings.page.organisation[0].card.rows[0].words.text() == "None"


def test_the_file_is_read_at_the_start_alone_and_the_page_says_so(under, file, qtbot):
    application = under(EXPORTS_OFF)
    file.write_text("")
    application.settings.open()
    assert application.exports.are_off
    section = application.settings.page.organisation[0]
    words = [label.text() for label in section.findChildren(type(section.heading))]
    assert "This is read when Pitcher starts. A change holds from the next start." in words
