"""How tall the rows of a list are, and where each begins, for lists of 100,000 rows.

For `RowList`. Heights stand in short runs whose sums are kept, so that a row that grows, is added
or goes costs about the same in a long list as in a short one. Free of Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_RUN = 256  # rows in a full run; twice as many are split


class Heights:
    """A sequence of heights in pixels that knows its partial sums."""

    def __init__(self, heights_px: Iterable[int] = ()) -> None:
        self._runs: list[list[int]] = []
        self._sums: list[int] = []
        self._count = 0
        self.splice(0, 0, heights_px)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> int:
        run, inner = self._locate(index)
        return self._runs[run][inner]

    def part(self, first: int, count: int) -> list[int]:
        """Those of some rows in a row."""
        if not count:
            return []
        run, inner = self._locate(first)
        found: list[int] = []
        while len(found) < count:
            found += self._runs[run][inner : inner + count - len(found)]
            run, inner = run + 1, 0
        return found

    @property
    def total_px(self) -> int:
        """The height of all."""
        return sum(self._sums)

    def set(self, index: int, height_px: int) -> int:
        """Change one; by how much it grew."""
        run, inner = self._locate(index)
        grown_px = height_px - self._runs[run][inner]
        self._runs[run][inner] = height_px
        self._sums[run] += grown_px
        return grown_px

    def top_px(self, index: int) -> int:
        """Where a row begins; of the index after the last, where all end."""
        left, top_px = index, 0
        for run, sum_px in zip(self._runs, self._sums, strict=True):
            if left < len(run):
                return top_px + sum(islice(run, left))
            left -= len(run)
            top_px += sum_px
        return top_px

    def index_at(self, y_px: int) -> int:
        """The row that a height falls into; the nearest one above or below all."""
        index = 0
        for run, sum_px in zip(self._runs, self._sums, strict=True):
            if y_px < sum_px:
                return index + _index_in(run, y_px)
            y_px -= sum_px
            index += len(run)
        return max(0, self._count - 1)

    def splice(self, first: int, count: int, heights_px: Iterable[int]) -> None:
        """Put other rows in the place of some; both may be none."""
        added = list(heights_px)
        run, inner = self._locate(first) if self._runs else (0, 0)
        end = run
        rest = inner + count
        while end < len(self._runs) and rest > len(self._runs[end]):
            rest -= len(self._runs[end])
            end += 1
        head = self._runs[run][:inner] if self._runs else []
        tail = self._runs[end][rest:] if end < len(self._runs) else []
        joined = head + added + tail
        size = len(joined) if len(joined) <= 2 * _RUN else _RUN
        runs = [joined[at : at + size] for at in range(0, len(joined), size)] if joined else []
        self._runs[run : end + 1] = runs
        self._sums[run : end + 1] = [sum(each) for each in runs]
        self._count += len(added) - count

    def _locate(self, index: int) -> tuple[int, int]:
        """The run of an index, and the place in it; the end stands at the end of the last."""
        left = index
        for number, run in enumerate(self._runs):
            if left < len(run):
                return number, left
            left -= len(run)
        if left or not self._runs:
            raise IndexError(index)
        return len(self._runs) - 1, len(self._runs[-1])


def _index_in(run: list[int], y_px: int) -> int:
    for inner, height_px in enumerate(run):
        if y_px < height_px:
            return inner
        y_px -= height_px
    return len(run) - 1
