"""Finds and loads what ships beside the program: fonts and the program's own icon."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase, QIcon

from inference.sentence import said

_EAST_ASIAN = (
    QFontDatabase.WritingSystem.SimplifiedChinese,
    QFontDatabase.WritingSystem.Japanese,
    QFontDatabase.WritingSystem.Korean,
)
ASSETS = Path(__file__).resolve().parents[2] / "assets"


class MissingAssetError(Exception):
    """A file that ships with the program is not there: the installation is incomplete."""


def asset(*parts: str) -> Path:
    """The path of an asset; raises MissingAssetError."""
    path = ASSETS.joinpath(*parts)
    if not path.is_file():
        raise MissingAssetError(said("{path} is missing. Install Pitcher again.", path=path))
    return path


def load_fonts() -> list[str]:
    """Register the bundled fonts with Qt; returns the families.

    Chinese, Japanese and Korean, and emoji, come from the system's fonts, and from ours only
    where it has none: people have chosen theirs.
    """
    families = [family for file in _fonts(ASSETS / "fonts") for family in _registered(file)]
    if not families:
        raise MissingAssetError(
            said("No fonts in {folder}. Install Pitcher again.", folder=ASSETS / "fonts")
        )
    for file in _fonts(ASSETS / "fonts" / "fallback"):
        if not _system_draws(file):
            families += _registered(file)
    return sorted(set(families))


def _fonts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.[ot]tf"))


def _registered(file: Path) -> list[str]:
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))


def _system_draws(fallback: Path) -> bool:
    if "Emoji" in fallback.name:
        return any("emoji" in family.lower() for family in QFontDatabase.families())
    return all(QFontDatabase.families(system) for system in _EAST_ASIAN)


def app_icon() -> QIcon:
    """The program's icon, drawn small and large."""
    icon = QIcon(str(asset("icons", "pitcher-256.png")))
    icon.addFile(str(asset("icons", "pitcher-16.png")))
    return icon
