"""What the models page is told while a hostile text is played: every name, reason and path is it.

For `hostile_player`. It stands in the place of `models_work`, which would look at the disk; all
else between that and the screen is the program's own.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app import models_work
from app.airlock.download.choices import Kind
from app.airlock.download.unfinished import Unfinished
from app.bridge.jobs import Hand, Step
from app.library.bundles.errors import BundleError, Conflict
from app.library.found import Found, Program
from app.library.models import ModelChoice
from app.library.offers import Offers
from app.library.shelved import Against, Checked, ModelFacts, PlanPart, Shelved
from app.models_work import Consent, Contested, MadeBundle, Stick, Taken
from app.models_work import Shelf as Shelved_
from inference.sentence import said

_PATH_CHARACTERS = 4_000  # no system has longer ones
NAME_CHARACTERS = 255  # nor any longer name of a file; nobody calls a key by a longer one
_DAY_S = 1_789_344_000
_FINGERPRINT = "pk1:7d0e 41c8 a2b6 93f5 0e1d 6c7b 8a94 25f3"
_IN_THE_PLACE_OF = (
    "look",
    "find",
    "offers",
    "take",
    "take_all",
    "open_stick",
    "install",
    "make_bundle",
)


def path_of(text: str, name: str = "a file") -> Path:
    """One with the text in it."""
    return Path(f"/models/{text[:_PATH_CHARACTERS]}/{name}")


class Shelf:
    """`fill` says which text it is. Work of jobs waits until `go_on`."""

    def __init__(self) -> None:
        self._text = ""
        self._goes_on = threading.Event()
        for name in _IN_THE_PLACE_OF:
            patch.object(models_work, name, getattr(self, name)).start()
        patch("app.model_menu.installed", self.installed).start()

    def fill(self, text: str) -> None:
        """Everything is called this now."""
        self._text = text
        self._goes_on.clear()

    def go_on(self) -> None:
        """Work under way comes to its end."""
        self._goes_on.set()

    # ------------------------------------------------------------------ what is here

    def sound(self) -> Shelved:
        """A model of which everything is known."""
        text = self._text
        parts = ((PlanPart.SHARED, 90_000_000), (PlanPart.CACHE, 9_000_000))
        return Shelved(
            text,
            path_of(text, "sound.gguf"),
            is_ours=True,
            is_elsewhere=True,
            choice=self._choice("sound.gguf"),
            stored_bytes=98_000_000,
            facts=ModelFacts(text, text, 1, 2048, text, parts, 8_000_000_000, True, True),
            checked=Checked(_DAY_S, Against.HUB, is_sound=True),
            source=text,
        )

    def gone(self) -> Shelved:
        """One whose disk is not connected."""
        path = path_of(self._text, "gone.gguf")
        return Shelved(self._text, path, is_ours=False, is_elsewhere=True, choice=None)

    def broken(self) -> Shelved:
        """One that can't be used."""
        problem = said("{name} can’t be read: {why}.", name="A file", why=self._text)
        path = path_of(self._text, "broken.gguf")
        return replace(self.sound(), path=path, facts=None, checked=None, problem=problem)

    def installed(self) -> tuple[ModelChoice, ...]:
        """As the header's menu asks for it."""
        titled = replace(self._choice("titled.gguf"), title=self._text)
        return titled, self._choice("sound.gguf")

    def look(self) -> Shelved_:
        return Shelved_((self.sound(), self.gone(), self.broken()), self._text)

    def find(self) -> tuple[Found, ...]:
        return tuple(Found(one, self._text, path_of(self._text), 1_000_000) for one in Program)

    def offers(self, _measures: bool) -> Offers:
        """What can be had is the program's own list; what was begun is called as a folder is."""
        begun = [
            Unfinished(name, repository, "main", "0" * 40, Kind.GGUF, self._text, 100, 50)
            for name, repository in ((self._text, "owner/name"), (f"{self._text} 2", "owner/other"))
        ]
        return Offers((), tuple(begun), has_speed=True)

    def _choice(self, name: str) -> ModelChoice:
        return ModelChoice(path_of(self._text, name), self._text, is_starter=False)

    # ------------------------------------------------------------------ what is done

    def take(self, _path: Path, _name: str, _copies: bool, hand: Hand) -> ModelChoice:
        self._work(hand)
        return self._choice("taken.gguf")

    def take_all(self, _paths: tuple[Path, ...], _hand: Hand) -> Taken:
        refused = (self._text, BundleError(said("It is none: {why}", why=self._text)))
        return Taken(self.installed(), (), (refused, refused))

    def open_stick(self, _path: Path) -> Stick:
        bundle: Any = None  # nobody looks into it
        return Stick(bundle, self._text, 1_000_000, _DAY_S, _FINGERPRINT, None)

    def install(
        self, _stick: Stick, consent: Consent, _allowed: object, _hand: Hand
    ) -> Path | Contested:
        """Another signer's, by the names that both have here; then it can't be installed."""
        if consent.other_signer:
            raise BundleError(said("{file}: {why}", file="a file", why=self._text))
        other = Conflict(_DAY_S, _FINGERPRINT, _DAY_S, True, is_older=True, is_other_signer=True)
        signer = self._text[:NAME_CHARACTERS]
        return Contested(other, signer, signer)

    def make_bundle(self, _model: ModelChoice, _folder: Path, _hand: Hand) -> MadeBundle:
        return MadeBundle(path_of(self._text), 1_000_000, 2, _FINGERPRINT)

    def _work(self, hand: Hand) -> None:
        hand.tell(
            Step(said("Reading {file}", file=self._text[:NAME_CHARACTERS]), 500_000, 1_000_000)
        )
        self._goes_on.wait()
