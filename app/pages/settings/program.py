"""The settings' section about the program: which version it is, and what it can be changed to.

For: `SettingsPage`, which places it, and `WindowUpdates`, which fills it and does what it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal

from app.error_words import words_of
from app.installation import Installation, Kind
from app.theme.icons import Icon
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind
from app.widgets.one_line import one_line
from app.widgets.setting_row import SettingRow, WideRow
from app.widgets.setting_section import SettingSection
from app.widgets.step_bar import StepBar

_COMMIT_DIGITS = 12


@dataclass(frozen=True)
class ProgramState:
    """`refusal`: why this copy takes no update, in a sentence; None where it does. `other`: the
    version that is kept beside the one that starts next.
    """

    refusal: str | None
    signer: str | None
    next_version: str | None
    other: str | None


class ProgramSection(SettingSection):
    """Rows for the version, updates, one that is under way, and the version that is kept."""

    update_requested = Signal()
    other_requested = Signal()
    stop_requested = Signal()
    progress_shown = Signal()

    def __init__(self, theme: Theme, installation: Installation, policy_file: Path | None) -> None:
        """`policy_file`: where an administrator forbids updates."""
        self._version = installation.build.version
        self.update_button = Button(theme, self.tr("Update from a file…"), height=SIZE.toast_button)
        self.other_button = Button(theme, self.tr("The other version"), height=SIZE.toast_button)
        self.bar = StepBar(theme)
        self.stop = Button(
            theme, self.tr("Stop"), ButtonKind.QUIET, height=SIZE.toast_button, icon=Icon.CLOSE
        )
        self.version = SettingRow(
            theme,
            self.tr("Pitcher {version}").format(version=self._version),
            self._about(installation),
            (),
        )
        self.updates = SettingRow(theme, self.tr("Updates"), "", (self.update_button,), policy_file)
        self.progress = WideRow(theme, self.tr("Updating"), "", (self.bar, self.stop))
        self.other = SettingRow(theme, self.tr("The other version"), "", (self.other_button,))
        rows = (self.version, self.updates, self.progress, self.other)
        super().__init__(theme, self.tr("Program"), rows)
        self.update_button.hide()
        self.progress.offer(False)
        self.other.offer(False)
        self.update_button.clicked.connect(self.update_requested)
        self.other_button.clicked.connect(self.other_requested)
        self.stop.clicked.connect(self.stop_requested)

    def show_state(self, state: ProgramState) -> None:
        """What can be done here."""
        self.updates.explain(self._about_updates(state))
        self.update_button.setVisible(state.refusal is None)
        can_change = state.refusal is None and state.other is not None
        if can_change:
            form = (
                self.tr("Version {version}, which runs now, is kept.")
                if state.other == self._version
                else self.tr("Version {version} is kept beside this one.")
            )
            self.other.explain(form.format(version=state.other))
            self.other_button.setText(self.tr("Use version {version}…").format(version=state.other))
        self.other.offer(can_change)
        self._draw()

    def show_progress(self, version: str, share: float) -> None:
        """How far an update is; nothing else is changed meanwhile."""
        is_new = self.progress.isHidden()
        form = self.tr("Version {version} is unpacked and compared with its signature.")
        self.bar.setAccessibleName(self.tr("Updating"))
        self.bar.show_step(0, share)
        if is_new:
            self.progress.explain(form.format(version=version))
            self.progress.offer(True)
            self._set_busy(True)
            self.progress_shown.emit()

    def end_progress(self) -> None:
        """It ended, well or not."""
        had_keyboard = self.focusWidget() is self.stop
        self.progress.offer(False)
        self._set_busy(False)
        if had_keyboard:
            self.update_button.setFocus()

    def _set_busy(self, is_busy: bool) -> None:
        for button in (self.update_button, self.other_button):
            button.setEnabled(not is_busy)
        self._draw()

    def _draw(self) -> None:
        """A row more or less: the lines between rows go by what is shown."""
        self.card.order(self.card.rows)

    def _about(self, installation: Installation) -> str:
        words = {
            Kind.SOURCE: self.tr("Runs from its source, in {folder}"),
            Kind.SYSTEM: self.tr("Installed for this computer, in {folder}"),
            Kind.PER_USER: self.tr("Installed for you, in {folder}"),
            Kind.PORTABLE: self.tr("A portable copy, in {folder}"),
        }[installation.kind]
        folder = installation.prefix or installation.program
        about = words.format(folder=one_line(str(folder)))
        commit = installation.build.commit[:_COMMIT_DIGITS]
        if not commit:
            return about
        return self.tr("{about}; made from {commit}").format(about=about, commit=commit)

    def _about_updates(self, state: ProgramState) -> str:
        if state.refusal is not None:
            return words_of(state.refusal)
        if state.next_version is not None and state.next_version != self._version:
            return self.tr("The next start is version {version}.").format(
                version=state.next_version
            )
        form = self.tr(
            "By a file that was signed for this copy. Pitcher never looks for one. The key: {key}"
        )
        return form.format(key=state.signer or "")
