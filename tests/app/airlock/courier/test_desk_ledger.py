"""A ledger that can't be written: nothing goes on that is not recorded."""

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.airlock.courier.messages import Ended, Exchange
from app.airlock.ledger import LedgerRow
from inference.sentence import said
from tests.app.airlock.courier.desk_table import FILE, LISTING, YES_FETCH, YES_LIST, Table, begin


@dataclass
class FullDisk:
    """A ledger that fails with one error until it is mended."""

    folder: Path
    code: int = 0
    rows: list[LedgerRow] = field(default_factory=list)

    def append(self, row: LedgerRow) -> None:
        if self.code:
            raise OSError(self.code, os.strerror(self.code))
        self.rows.append(row)


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOSPC])
def test_a_consent_that_cannot_be_recorded_ends_the_courier(table: Table, code: int) -> None:
    table.ledger = FullDisk(table.folder, code)
    begin(table)
    table.tell(YES_LIST)
    assert table.couriers.process.killed
    end = table.told()[-1]
    assert isinstance(end, Ended)
    assert "can’t be written" in end.why


def test_the_end_of_an_exchange_waits_for_room_on_the_disk(table: Table) -> None:
    full = table.ledger = FullDisk(table.folder)
    begin(table)
    table.tell(YES_LIST, LISTING, YES_FETCH)
    full.code = errno.ENOSPC
    table.tell(FILE)
    assert not table.couriers.process.killed
    full.code = 0
    table.tell(Exchange(3, False, "file", "hub", "GET", "/g", 0, said(""), 0, 0, had_token=False))
    assert [row.path for row in full.rows] == ["", "/api", "", "/f", "/g"]
    full.code = errno.ENOSPC
    table.tell(Exchange(4, False, "file", "hub", "GET", "/h", 0, said(""), 0, 0, had_token=False))
    assert table.couriers.process.killed


def test_rows_that_wait_are_bounded(table: Table) -> None:
    full = table.ledger = FullDisk(table.folder)
    begin(table)
    table.tell(YES_LIST, YES_FETCH)
    full.code = errno.ENOSPC
    for _ in range(64):
        table.tell(FILE)
    assert not table.couriers.process.killed
    table.tell(FILE)
    assert table.couriers.process.killed
