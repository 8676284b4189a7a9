"""Downloads that were begun: which there are, and how one is given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.airlock.download.choices import Kind
from app.airlock.download.errors import (
    AlreadyArrivingError,
)
from app.airlock.download.unfinished import arriving_folder, discard, unfinished
from tests.app.airlock.download.fetches import (
    FILES,
    REPOSITORY,
    SIZE,
    WANTED,
    Fetch,
    assert_whole,
    rewrite,
)
from tests.app.airlock.download.scripted_hub import ScriptedHub


def test_what_is_unfinished_is_listed_and_can_be_given_up(
    hub: ScriptedHub, folder: Path, half: Path
) -> None:
    (found,) = unfinished(folder)
    total = sum(len(FILES[name]) for name in WANTED)
    assert (found.name, found.repository, found.kind) == (
        "Small-Chat",
        REPOSITORY,
        Kind.SAFETENSORS,
    )
    assert (found.total_bytes, found.done_bytes) == (total, total - SIZE + 300_000)
    assert found.commit == hub.commit(REPOSITORY)
    discard(folder, found.name)
    assert unfinished(folder) == ()
    assert not half.exists()
    discard(folder, found.name)
    assert_whole(Fetch(hub, folder).run(), folder)


@pytest.mark.parametrize("name", ["..", ".", "../models", "/", "a/b", ""])
def test_giving_up_reaches_no_other_folder(folder: Path, name: str) -> None:
    (folder / "kept").mkdir(parents=True)
    (folder / ".arriving").mkdir()
    discard(folder, name)
    assert (folder / "kept").exists()


def test_what_is_being_fetched_is_not_given_up(folder: Path) -> None:
    with arriving_folder(folder, "Small-Chat"), pytest.raises(AlreadyArrivingError):
        discard(folder, "Small-Chat")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 9},
        {"commit": "x"},
        {"kind": "pickle"},
        {"files": []},
        {"files": [["x/..", 5, "0" * 64, None]]},
        {"files": [["x", -5, "0" * 64, None]]},
        {"files": [["x", 5, "zz", None]]},
        {"files": [["x", 5]]},
        {"files": None},
        {"repository": "a\x1bb"},
        {"label": 5},
    ],
    ids=range(11),
)
def test_a_plan_that_makes_no_sense_is_not_listed(
    folder: Path, half: Path, change: dict[str, object]
) -> None:
    rewrite(half / "plan.json", **change)
    assert unfinished(folder) == ()


def test_only_what_is_a_download_is_listed(folder: Path, half: Path, tmp_path: Path) -> None:
    arriving = half.parent
    (arriving / "a file").write_text("")
    (arriving / "empty").mkdir()
    (arriving / "link").symlink_to(half)
    (half / "records" / "config.json.json").write_text("{}")
    (half / "records" / "LICENSE.json").unlink()
    assert [found.name for found in unfinished(folder)] == ["Small-Chat"]
    assert unfinished(tmp_path / "nowhere") == ()
