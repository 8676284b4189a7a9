"""The desk that the launcher has, on a table of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.airlock.courier.desk_table import Table


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path / "ledger")
    yield made
    made.desk.close()
    made.door.close()
    os.close(made.raw)
    for descriptor in (*made.couriers.asked, *made.couriers.tells):
        os.close(descriptor)
