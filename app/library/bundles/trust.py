"""Whose bundles are taken here: fingerprints, each with the name that the user gave it.

For: importing, and `models key`. The list and one's own private key lie in the data folder,
readable by their owner alone. One's own key is always trusted.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from app import owner_file, paths
from app.library.bundles.errors import KeyFileError
from app.library.bundles.files import read_small
from app.library.bundles.guarding import refuse_what_others_may_change
from app.library.bundles.signing import PublicKey, SigningKey, fingerprint_from
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.json_text import parse_document
from inference.errors import CheckpointError, one_line
from inference.sentence import said, sentence_of, system_words

_MOST_BYTES = 1 << 20
_MOST_NAME = 80
_FOLDER, _OWN, _LIST = "bundle-keys", "private-key.pem", "trusted.json"
_CHANGING = threading.Lock()  # who changes the list reads it first: jobs wait for one another


@dataclass(frozen=True)
class Trusted:
    """A key that the user trusts, and what they call it."""

    fingerprint: str
    name: str


class TrustStore:
    """The keys of this user."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or paths.data_dir() / _FOLDER

    @property
    def own_file(self) -> Path:
        """Where one's own private key is kept."""
        return self._folder / _OWN

    def own_key(self) -> PublicKey | None:
        """The public half of one's own key, if there is one; raises KeyFileError."""
        return SigningKey.read(self.own_file).public if os.path.lexists(self.own_file) else None

    def trusted(self) -> tuple[Trusted, ...]:
        """The list, by name; raises KeyFileError: one that is damaged, or that others may change,
        trusts nobody.
        """
        file = self._folder / _LIST
        if not os.path.lexists(file):
            return ()
        try:
            refuse_what_others_may_change(file)
            values = JsonConfig(_LIST, parse_document(read_small(file, _MOST_BYTES), _LIST))
            found = [Trusted(fingerprint_from(f), values.string(f)) for f in values.keys()]  # noqa: SIM118
        except CheckpointError as error:
            raise KeyFileError(sentence_of(error)) from None
        except OSError as error:
            raise KeyFileError(
                said("{file} can’t be read: {why}.", file=file, why=system_words(error))
            ) from error
        return tuple(sorted(found, key=lambda each: (each.name, each.fingerprint)))

    def name_of(self, fingerprint: str) -> str | None:
        """What a trusted key is called; None for one that is not trusted."""
        for each in self.trusted():
            if each.fingerprint == fingerprint:
                return each.name
        own = self.own_key()
        is_own = own is not None and own.fingerprint == fingerprint
        return said("this computer") if is_own else None

    def trust(self, fingerprint: str, name: str) -> Trusted:
        """From now on bundles of this key are taken; raises KeyFileError."""
        added = Trusted(fingerprint_from(fingerprint), one_line(name, _MOST_NAME))
        with _CHANGING:
            self._save([t for t in self.trusted() if t.fingerprint != added.fingerprint] + [added])
        return added

    def remove(self, fingerprint: str) -> None:
        """No longer; raises KeyFileError, also where it was not trusted."""
        wanted = fingerprint_from(fingerprint)
        with _CHANGING:
            known = self.trusted()
            kept = [each for each in known if each.fingerprint != wanted]
            if len(kept) == len(known):
                raise KeyFileError(
                    said("{fingerprint} is not among the trusted keys.", fingerprint=wanted)
                )
            self._save(kept)

    def _save(self, keys: list[Trusted]) -> None:
        data = json.dumps({each.fingerprint: each.name for each in keys}, indent=0).encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner_file.replace(self._folder / _LIST, data)
        except OSError as error:
            raise KeyFileError(
                said("The list of trusted keys can’t be written: {why}.", why=system_words(error))
            ) from error
