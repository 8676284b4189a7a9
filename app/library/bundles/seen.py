"""Which bundles were installed here, by their models' names: how new the newest was, whose it was.

For: importing and `models verify`. What lies in a model's folder can be damaged or taken away; this
lies beside the trusted keys, so that an older bundle is known as one even then, and a model that
came by a bundle is not taken for one that never had a signature.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app import owner_file, paths
from app.library.bundles.errors import KeyFileError
from app.library.bundles.files import read_small
from app.library.bundles.guarding import refuse_what_others_may_change
from app.library.bundles.signing import fingerprint_from
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.json_text import parse_document
from inference.errors import CheckpointError
from inference.sentence import said, sentence_of, system_words

_FILE = "installed-bundles.json"
_MOST_BYTES = 1 << 20
_MOST_KEPT = 2_000
_FIELDS = ("made_at_s", "fingerprint", "is_installed")
_CHANGING = threading.Lock()  # who changes the record reads it first: jobs wait for one another


@dataclass(frozen=True)
class Seen:
    """`made_at_s`: of the newest bundle of that name that was ever installed here;
    `fingerprint`: of the key that signed the last one; `is_installed`: it was not removed since;
    `reports`: the SHA-256 of what was written about its import, by name, as far as that is known.
    """

    made_at_s: int
    fingerprint: str
    is_installed: bool
    reports: Mapping[str, str] = field(default_factory=dict)


class SeenBundles:
    """The record of this user. Each method raises KeyFileError for one that can't be used."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = (folder or paths.data_dir() / "bundle-keys") / _FILE

    def of(self, name: str) -> Seen | None:
        """What is known of a model's bundles; None where none was ever installed."""
        return self._all().get(name)

    def remember(
        self, name: str, made_at_s: int, fingerprint: str, reports: Mapping[str, str]
    ) -> None:
        """A bundle is installed now. The newest time stays, whichever was installed last."""
        key = fingerprint_from(fingerprint)
        with _CHANGING:
            known = self._all()
            before = known.pop(name, None)
            newest = max(made_at_s, before.made_at_s if before else 0)
            known[name] = Seen(newest, key, is_installed=True, reports=reports)
            self._save(known)

    def forget_installed(self, name: str) -> None:
        """Its user removed the model; how new it was stays known."""
        with _CHANGING:
            known = self._all()
            if name in known and known[name].is_installed:
                known[name] = replace(known[name], is_installed=False)
                self._save(known)

    def _all(self) -> dict[str, Seen]:
        if not os.path.lexists(self._file):
            return {}
        refuse_what_others_may_change(self._file)
        try:
            values = JsonConfig(_FILE, parse_document(read_small(self._file, _MOST_BYTES), _FILE))
            return {name: _seen(values, name) for name in values.keys()}  # noqa: SIM118
        except CheckpointError as error:
            raise KeyFileError(sentence_of(error)) from None
        except OSError as error:
            raise KeyFileError(
                said("{file} can’t be read: {why}.", file=self._file, why=system_words(error))
            ) from error

    def _save(self, known: dict[str, Seen]) -> None:
        newest = dict(list(known.items())[-_MOST_KEPT:])
        stored = {
            name: {key: getattr(seen, key) for key in _FIELDS} | {"reports": dict(seen.reports)}
            for name, seen in newest.items()
        }
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner_file.replace(self._file, json.dumps(stored, indent=0).encode())
        except OSError as error:
            raise KeyFileError(
                said("{file} can’t be written: {why}.", file=self._file, why=system_words(error))
            ) from error


def _seen(values: JsonConfig, name: str) -> Seen:
    """Raises CheckpointError, and KeyFileError for what is no fingerprint."""
    found = values.section(name)
    if found is None:
        raise values.fail(name, "is null")
    reports = found.section("reports")  # what earlier versions of this program wrote has none
    return Seen(
        found.integer("made_at_s"),
        fingerprint_from(found.string("fingerprint")),
        found.boolean("is_installed"),
        {key: reports.string(key) for key in reports.keys()} if reports else {},  # noqa: SIM118
    )
