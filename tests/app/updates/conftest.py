"""A copy of version 0.1.0 that takes updates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.updates.updates_hand import Copy, some_key


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path, some_key())
    made.install("0.1.0")
    return made
