"""Small facts about models, by their paths, in one JSON file: kept, never relied upon.

For: `checks` and `speeds`. A damaged file is begun anew; what is read from it is anyone's, so who
asks checks it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from app import owner_file
from app.library.errors import ChecksError
from inference.sentence import said, system_words

_MOST_BYTES = 8 << 20
_MOST_RECORDS = 1000
_LOCK = threading.Lock()


class PathFacts:
    """The newest so many; writers of one process wait for one another."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, path: Path) -> object:
        """What is kept of a path; None where nothing is."""
        return self._read().get(str(path))

    def keep(self, path: Path, fact: object) -> None:
        """In the place of what was kept. Raises ChecksError."""
        with _LOCK:
            known = self._read()
            known.pop(str(path), None)
            self._write({**known, str(path): fact})

    def carry(self, old: Path, new: Path | None) -> None:
        """A model lies elsewhere now, or nowhere. Raises ChecksError."""
        with _LOCK:
            known = self._read()
            found = known.pop(str(old), None)
            if found is not None:
                self._write(known if new is None else {**known, str(new): found})

    def _read(self) -> dict[str, object]:
        try:
            if self._file.stat().st_size > _MOST_BYTES:
                return {}
            loaded: object = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def _write(self, known: Mapping[str, object]) -> None:
        newest = dict(list(known.items())[-_MOST_RECORDS:])
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            owner_file.replace(self._file, json.dumps(newest).encode())
        except OSError as error:
            raise ChecksError(
                said("{file} can’t be written: {why}.", file=self._file, why=system_words(error))
            ) from error
