"""What an administrator decided that is no setting: shown as locked, with the policy's file.

For: `SettingsPage`. Without a policy there is no such section.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from app.error_words import words_of
from app.numbers import whole
from app.policy import Policy
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.label import Label
from app.widgets.setting_row import SettingRow
from app.widgets.setting_section import LockBanner, SettingSection


def organisation_section(theme: Theme, policy: Policy) -> tuple[SettingSection, ...]:
    """The section, where there is a policy."""
    if policy.file is None:
        return ()
    rows = tuple(
        SettingRow(theme, title, detail, (), policy.file) for title, detail in _rows(policy)
    )
    if not rows:
        return ()
    section = _Section(
        theme, QCoreApplication.translate("Organisation", "Set by your organisation"), rows
    )
    section.column.addWidget(
        Label(
            theme,
            QCoreApplication.translate(
                "Organisation",
                "This is read when Pitcher starts. A change holds from the next start.",
            ),
            Type.CAPTION,
            Ink.TEXT2,
            wrap=True,
        )
    )
    return (section,)


class _Section(SettingSection):
    """Its rows are no settings, and its banner does not count them as such."""

    def _banner(self) -> LockBanner | None:
        sentence = QCoreApplication.translate(
            "Organisation", "Your organisation decides this. It cannot be changed here."
        )
        return LockBanner(self.theme, sentence, str(self.card.rows[0].locked_by))


def _rows(policy: Policy) -> Iterator[tuple[str, str]]:
    """Title and detail of each."""
    translate, found = QCoreApplication.translate, policy.restrictions
    if policy.problem is not None:
        yield translate("Organisation", "The policy can’t be used"), words_of(policy.problem)
    if found.air_gapped:
        yield (
            translate("Organisation", "Air-gapped"),
            translate("Organisation", "Nothing is downloaded"),
        )
    if found.exports_off:
        yield (
            translate("Organisation", "Exports are off"),
            translate("Organisation", "No chat is written to a file"),
        )
    if found.updates_off:
        yield (
            translate("Organisation", "Updates are off"),
            translate("Organisation", "The program is not updated or taken back here"),
        )
    if found.allowed_models is not None:
        form = translate("Organisation", "By the hash of their files: {count}")
        none = translate("Organisation", "None")
        count = len(found.allowed_models)
        yield (
            translate("Organisation", "Allowed models"),
            form.format(count=whole(count)) if count else none,
        )
    if found.banner is not None:
        yield translate("Organisation", "Classification"), found.banner.words
