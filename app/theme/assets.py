"""Finds and loads what ships beside the program: fonts and the program's own icon."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase, QIcon

ASSETS = Path(__file__).resolve().parents[2] / "assets"


class MissingAssetError(Exception):
    """A file that ships with the program is not there: the installation is incomplete."""


def asset(*parts: str) -> Path:
    """The path of an asset; raises MissingAssetError."""
    path = ASSETS.joinpath(*parts)
    if not path.is_file():
        raise MissingAssetError(f"{path} is missing. Install Pitcher again.")
    return path


def load_fonts() -> list[str]:
    """Register the bundled fonts with Qt; returns the families."""
    families: list[str] = []
    for file in sorted((ASSETS / "fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise MissingAssetError(f"No fonts in {ASSETS / 'fonts'}. Install Pitcher again.")
    return sorted(set(families))


def app_icon() -> QIcon:
    """The program's icon, drawn small and large."""
    icon = QIcon(str(asset("icons", "pitcher-256.png")))
    icon.addFile(str(asset("icons", "pitcher-16.png")))
    return icon
