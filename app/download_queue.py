"""Downloads that were asked for while another is on its way: which, and in what order.

For: `WaitingDownloads`. Plain data: it begins nothing and is forgotten with the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.library.mixes import Mix


@dataclass(frozen=True)
class Wanted:
    """A model to fetch. `model` is what the courier is asked: a number of the catalogue, or a
    repository's name.
    """

    model: int | str
    repository: str
    title: str
    mix: Mix

    @property
    def key(self) -> str:
        """The same for whatever means the same model: the Hub takes a name in any case."""
        return self.repository.casefold()


class DownloadQueue:
    """In the order in which they begin. None is in it twice."""

    def __init__(self) -> None:
        self._waiting: list[Wanted] = []

    def __iter__(self) -> Iterator[Wanted]:
        return iter(tuple(self._waiting))

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, wanted: Wanted) -> bool:
        """At the end; False where that model waits already."""
        if wanted.key in self.keys():
            return False
        self._waiting.append(wanted)
        return True

    def keys(self) -> frozenset[str]:
        """Of all that wait."""
        return frozenset(each.key for each in self._waiting)

    def move_to_front(self, key: str) -> None:
        """It is the next one; nothing where it does not wait."""
        self._waiting.sort(key=lambda each: each.key != key)

    def remove(self, key: str) -> None:
        """It waits no more; nothing where it did not."""
        self._waiting = [each for each in self._waiting if each.key != key]

    def take(self) -> Wanted | None:
        """The next one, which waits no more; None where none does."""
        return self._waiting.pop(0) if self._waiting else None

    def clear(self) -> None:
        """None waits."""
        self._waiting = []
