from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock.download.errors import UnreachableError
from tests.app.airlock.download.fetches import (
    ONE_AT_A_TIME,
    Fetch,
    assert_nothing_installed,
    small_hub,
)
from tests.app.airlock.download.scripted_hub import Evil, Fault, ScriptedHub


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with small_hub() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The models folder, alone in its own."""
    return tmp_path / "alone" / "models"


@pytest.fixture
def half(hub: ScriptedHub, folder: Path) -> Path:
    """A download of which the small files and three of four parts have arrived."""
    hub.faults.append(Fault(Evil.HANG_UP, "/model.safetensors", skip=4))
    with pytest.raises(UnreachableError):
        Fetch(hub, folder, options=ONE_AT_A_TIME).run()
    hub.faults.clear()
    hub.requests.clear()
    assert_nothing_installed(folder)
    return folder / ".arriving" / "Small-Chat"
