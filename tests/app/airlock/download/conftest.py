from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.airlock.download.fetches import small_hub
from tests.app.airlock.download.scripted_hub import ScriptedHub


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with small_hub() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The models folder, alone in its own."""
    return tmp_path / "alone" / "models"
