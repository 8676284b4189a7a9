"""A real window in which hostile texts stand everywhere. For `hostile_window`, which starts it.

It plays each text in the places that its surfaces have: the chat, the pages, the courier's
question. It prints a JSON object for each: what of it was not to be seen (`hidden`), what an export
refers to (`refers`), and the longest time for which the window did not answer, surface by surface
(`worst_ms`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.application import Application
from app.bridge import quick_imports
from app.chats.history_states import Ready
from app.settings import WELCOMED, Settings
from app.theme.assets import load_fonts
from app.widgets.faces import install_faces
from tests.flows.hostile_chat import ChatSurfaces
from tests.flows.hostile_courier import CourierSurfaces
from tests.flows.hostile_downloads import DownloadSurfaces
from tests.flows.hostile_eyes import Eyes
from tests.flows.hostile_models import ModelSurfaces
from tests.flows.hostile_pages import OtherPages
from tests.flows.hostile_payloads import ADDRESS, Payload, payloads
from tests.flows.hostile_privacy import PrivacySurfaces
from tests.flows.hostile_shelf import Shelf
from tests.flows.hostile_watching import model_named
from tools.screenshot_home import Home
from tools.screenshot_stage import ENFORCED


class Player:
    """Shows texts in a window, one after the other, in every place that has words."""

    def __init__(self, qt: QApplication, application: Application, folder: Path) -> None:
        self.eyes = eyes = Eyes(qt, application.window)
        self._shelf = shelf = Shelf()
        self._surfaces = (
            ChatSurfaces(eyes, application, folder),
            ModelSurfaces(eyes, application, shelf),
            DownloadSurfaces(eyes, application),
            OtherPages(eyes, application, shelf),
            PrivacySurfaces(eyes, application),
            CourierSurfaces(eyes, application.theme),
        )

    def play(self, payload: Payload) -> dict[str, object]:
        """All places; what was found of it."""
        self.eyes.begin()
        self._shelf.fill(payload.text)
        for surface in self._surfaces:
            surface.play(payload.text)
        return {
            "name": payload.name,
            "characters": len(payload.text),
            **self.eyes.found(),
        }


def main() -> None:
    """Play what the arguments say."""
    options = _options()
    chosen = _chosen(options)
    qt = QApplication([])
    load_fonts()
    install_faces()
    home = Home()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.change(WELCOMED, True)
        application = Application(
            qt, ENFORCED, settings, lambda _progress: model_named("first"), door=home.door()
        )
        player = Player(qt, application, Path(folder))
        application.start()
        player.eyes.until(lambda: isinstance(application.history.state, Ready))
        quick_imports.keep_modules()  # as the opener of models does
        player.eyes.settle()
        for each in chosen:
            sys.stdout.write(json.dumps(_played(player, each)) + "\n")
            sys.stdout.flush()
        _misbehave(options.misbehave, options.canary)
        application.close()
    home.close()


def _played(player: Player, payload: Payload) -> dict[str, object]:
    """What fails ends the process at once: threads that wait for something would keep it."""
    try:
        return player.play(payload)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("canary", type=Path)
    parser.add_argument("--giants", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--misbehave", choices=("open", "connect"))
    return parser.parse_args()


def _chosen(options: argparse.Namespace) -> list[Payload]:
    every = list(payloads(options.canary))
    if options.only:
        every = [each for each in every if each.name in options.only]
    elif options.giants or options.short:
        every = [each for each in every if each.is_giant == options.giants]
    number, parts = map(int, options.part.split("/"))
    return every[number::parts]


def _misbehave(how: str | None, canary: Path) -> None:
    """What the watchers of this process must notice."""
    if how == "open":
        canary.read_bytes()
    elif how == "connect":
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as it:
            it.connect((ADDRESS, 9))
