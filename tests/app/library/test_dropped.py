"""Files and folders given at once: each model once, each bundle once, the rest with its reason."""

import shutil

import pytest

from app.library.bundles.exporting import export_bundle
from app.library.bundles.signing import SigningKey
from app.library.dropped import sorted_out
from tests.app.library.bundles.conftest import PART_BYTES, source_in

SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


def shard(path):
    head = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    path.write_bytes(len(head).to_bytes(8, "little") + head + b"1")


@pytest.fixture
def hub(tmp_path):
    folder = tmp_path / "hub"
    folder.mkdir()
    for name in SHARDS:
        shard(folder / name)
    for name in ("config.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    for name in ("LICENSE", "tokenizer.model"):
        (folder / name).write_bytes(b"text")
    return folder


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick").mkdir()
    key = SigningKey.make(tmp_path / "key.pem")
    return export_bundle(source_in(tmp_path / "source"), tmp_path / "stick", key, PART_BYTES)[0]


def reasons(found):
    return {path.name: str(why) for path, why in found.refused}


def test_the_files_of_a_folder_are_its_model_in_any_order(hub):
    files = sorted(hub.iterdir())
    for given in (files, files[::-1], [*files, hub]):
        found = sorted_out(given)
        assert (found.models, found.bundles, found.refused) == ((hub,), (), ())


def test_what_lies_beside_nothing_that_was_given_is_refused_by_name(hub, tmp_path):
    (tmp_path / "note.txt").write_text("a note")
    (tmp_path / "empty").mkdir()
    found = sorted_out([tmp_path / "note.txt", hub, tmp_path / "empty", tmp_path / "gone"])
    assert found.models == (hub,)
    told = reasons(found)
    assert list(told) == ["note.txt", "empty", "gone"]
    assert "is no model" in told["note.txt"]
    assert "there is no model in it" in told["empty"]
    alone = sorted_out([hub / "tokenizer.model"])
    assert alone.models == ()
    assert list(reasons(alone)) == ["tokenizer.model"]


def test_models_of_several_folders_and_single_files_keep_their_order(hub, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(hub, other)
    parts = [tmp_path / f"big-0000{n}-of-00002.gguf" for n in (1, 2)]
    for part in parts:
        part.write_bytes(b"GGUF")
    found = sorted_out([other / SHARDS[0], parts[1], hub / SHARDS[1], parts[0], other])
    assert found.models == (other, parts[0], hub)
    assert found.refused == ()


def test_a_bundle_is_one_as_a_folder_as_files_and_as_the_only_one_on_a_stick(stick, hub):
    for given in ([stick], sorted(stick.iterdir()), [stick.parent], [stick.parent, stick]):
        found = sorted_out([*given, hub])
        assert (found.models, found.bundles, found.refused) == ((hub,), (stick,), ())


def test_a_folder_of_several_bundles_is_refused(stick):
    shutil.copytree(stick, stick.parent / "second")
    found = sorted_out([stick.parent])
    assert found.bundles == ()
    assert list(reasons(found)) == [stick.parent.name]


def test_a_disk_that_refuses_is_a_reason(hub, monkeypatch):
    def refuse(_folder):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("app.library.dropped.is_bundle", refuse)
    monkeypatch.setattr("app.library.moving.is_model", refuse)
    assert "Input/output error" in reasons(sorted_out([hub]))["hub"]
