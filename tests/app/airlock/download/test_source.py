"""What a downloaded model says of where it came from, and what is verified by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.airlock.download.errors import (
    DiskError,
)
from app.airlock.download.source import as_json, has_record, read_source, verify_source
from tests.app.airlock.download.fetches import (
    FILES,
    REPOSITORY,
    SIZE,
    WANTED,
    Fetch,
    rewrite,
)
from tests.app.airlock.download.scripted_hub import ScriptedHub


def test_where_it_came_from_is_written_beside_the_model(hub: ScriptedHub, folder: Path) -> None:
    fetched = Fetch(hub, folder).run()
    source = read_source(fetched.folder)
    assert source == fetched.source
    assert source is not None
    assert (source.repository, source.revision) == (REPOSITORY, "main")
    assert {file.name: file.size for file in source.files} == {n: len(FILES[n]) for n in WANTED}
    assert verify_source(fetched.folder, source) == ()


def test_a_file_that_was_changed_since_is_named(hub: ScriptedHub, folder: Path) -> None:
    fetched = Fetch(hub, folder).run()
    path = fetched.folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[SIZE // 2] ^= 1
    path.write_bytes(bytes(data))
    with (fetched.folder / "tokenizer.json").open("ab") as stream:
        stream.write(b"x")
    (fetched.folder / "LICENSE").unlink()
    read: list[int] = []
    found = verify_source(fetched.folder, fetched.source, read.append)
    assert set(found) == {"model.safetensors", "tokenizer.json", "LICENSE"}
    assert sum(read) >= SIZE


def test_a_file_that_is_a_link_can_not_be_verified(hub: ScriptedHub, folder: Path) -> None:
    fetched = Fetch(hub, folder).run()
    path = fetched.folder / "config.json"
    path.rename(folder / "elsewhere")
    path.symlink_to(folder / "elsewhere")
    with pytest.raises(DiskError, match=r"config\.json can’t be read"):
        verify_source(fetched.folder, fetched.source)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"commit": 5},
        {"fetched_at_s": "x"},
        {"hub": "a\nb"},
        {"repository": "x" * 400},
        {"files": []},
        {"files": [5]},
        {"files": [{"name": "../x", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "x", "size": True, "sha256": "0" * 64}]},
        {"files": [{"name": "x", "size": 1, "sha256": "0"}]},
    ],
    ids=range(10),
)
def test_a_source_that_makes_no_sense_is_none(
    hub: ScriptedHub, folder: Path, change: dict[str, object]
) -> None:
    fetched = Fetch(hub, folder).run()
    file = fetched.folder / "source.json"
    earlier = json.loads(file.read_text())
    del earlier["record_sha256"]
    file.write_text(json.dumps(earlier))
    assert read_source(fetched.folder) == fetched.source, "as earlier versions wrote it"
    rewrite(file, **change)
    assert read_source(fetched.folder) is None
    assert has_record(fetched.folder)


def test_every_byte_of_the_record_counts(hub: ScriptedHub, folder: Path) -> None:
    fetched = Fetch(hub, folder).run()
    file = fetched.folder / "source.json"
    data = as_json(fetched.source)
    assert file.read_bytes() == data
    for at in range(len(data)):
        for bit in (1, 3, 4):
            file.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
            assert read_source(fetched.folder) is None, at
            assert has_record(fetched.folder), at
    file.write_bytes(data)
    assert read_source(fetched.folder) == fetched.source


def test_a_file_of_that_name_of_another_program_is_no_record(folder: Path) -> None:
    folder.mkdir(parents=True)
    assert not has_record(folder)
    (folder / "source.json").write_text('{"repository": "a", "files": []}')
    assert not has_record(folder)
    assert read_source(folder) is None
