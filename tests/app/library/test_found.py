"""Models of other programs: their layouts, and what anyone may have put there."""

import json
import os

import pytest

from app.library import found
from app.library.found import Found, Program, found_models

BIG = 1 << 16
DIGEST = "a" * 64


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in ("OLLAMA_MODELS", "HF_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(found, "_ollama_folders", lambda home: (home / ".ollama/models",))


def ollama(home, layers, name="library/llama3/8b", size=BIG, digest=DIGEST):
    folder = home / ".ollama/models"
    manifest = folder / "manifests/registry.ollama.ai" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(layers if isinstance(layers, str) else json.dumps({"layers": layers}))
    (folder / "blobs").mkdir(exist_ok=True)
    (folder / "blobs" / f"sha256-{digest}").write_bytes(bytes(size))
    return folder / "blobs" / f"sha256-{digest}"


def layer(digest=f"sha256:{DIGEST}", size=BIG, kind=found._MODEL_LAYER):
    return {"mediaType": kind, "digest": digest, "size": size}


def test_ollamas_manifests_name_their_blobs(tmp_path):
    blob = ollama(tmp_path, [layer(kind="application/vnd.ollama.image.license"), layer()])
    other = ollama(tmp_path, [layer(f"sha256:{'b' * 64}")], "me/own/latest", digest="b" * 64)
    assert found_models(tmp_path) == (
        Found(Program.OLLAMA, "llama3:8b", blob, BIG),
        Found(Program.OLLAMA, "me/own", other, BIG),
    )


def test_two_names_of_one_file_are_one_model(tmp_path):
    blob = ollama(tmp_path, [layer()])
    ollama(tmp_path, [layer()], "library/llama3/latest")
    assert [each.path for each in found_models(tmp_path)] == [blob]


@pytest.mark.parametrize(
    "layers",
    [
        "[",
        "3",
        "{}",
        '{"layers": 3}',
        "[" * 100_000,
        " " * (2 << 20),
        [layer(digest="sha256:../../../etc/passwd")],
        [layer(digest=f"sha256:{DIGEST.upper()}")],
        [layer(digest=None)],
        [layer(size=BIG + 1)],
        [layer(size=str(BIG))],
        [layer(digest="sha256:" + "b" * 64)],
        [3, None, []],
    ],
)
def test_what_does_not_fit_in_a_manifest_is_left_out(tmp_path, layers):
    ollama(tmp_path, layers)
    assert found_models(tmp_path) == ()


def test_a_blob_that_is_a_link_is_left_out(tmp_path):
    blob = ollama(tmp_path, [layer()])
    blob.rename(tmp_path / "elsewhere")
    blob.symlink_to(tmp_path / "elsewhere")
    assert found_models(tmp_path) == ()


def test_lm_studio_keeps_ggufs_by_publisher(tmp_path):
    folder = tmp_path / ".lmstudio/models/pub/repo"
    folder.mkdir(parents=True)
    for name, size in (
        ("m-Q4.gguf", BIG),
        ("mmproj-m.gguf", BIG),
        ("tiny.gguf", 10),
        ("s-00001-of-00002.gguf", BIG),
        ("s-00002-of-00002.gguf", BIG),
    ):
        (folder / name).write_bytes(bytes(size))
    assert found_models(tmp_path) == (
        Found(Program.LM_STUDIO, "m-Q4", folder / "m-Q4.gguf", BIG),
        Found(Program.LM_STUDIO, "s-00001-of-00002", folder / "s-00001-of-00002.gguf", 2 * BIG),
    )


def hub(home, commit="c" * 40, main=True):
    repository = home / ".cache/huggingface/hub/models--owner--name"
    (repository / "blobs").mkdir(parents=True, exist_ok=True)
    (repository / "blobs" / "b").write_bytes(bytes(BIG))
    (repository / "blobs" / "c").write_bytes(b"{}")
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").symlink_to("../../blobs/b")
    (snapshot / "config.json").symlink_to("../../blobs/c")
    if main:
        (repository / "refs").mkdir(exist_ok=True)
        (repository / "refs" / "main").write_text(commit)
    return snapshot


def test_the_hubs_cache_is_read_at_its_main_commit(tmp_path):
    hub(tmp_path, "d" * 40, main=False)
    snapshot = hub(tmp_path)
    assert found_models(tmp_path) == (Found(Program.HUB, "owner/name", snapshot, BIG),)


def test_without_a_main_the_last_snapshot_counts(tmp_path):
    first, last = hub(tmp_path, "d" * 40, main=False), hub(tmp_path, main=False)
    os.utime(first, (10, 10))
    assert [each.path for each in found_models(tmp_path)] == [last]


@pytest.mark.parametrize("main", ["../../../..", "", "x" * 200, "e" * 40])
def test_a_main_that_leads_elsewhere_is_not_followed(tmp_path, main):
    snapshot = hub(tmp_path)
    (snapshot.parent.parent / "refs" / "main").write_text(main)
    assert [each.path for each in found_models(tmp_path)] == [snapshot]


def test_a_repository_without_a_snapshot_is_none(tmp_path):
    (tmp_path / ".cache/huggingface/hub/models--a--b/snapshots").mkdir(parents=True)
    (tmp_path / ".cache/huggingface/hub/datasets--a--b").mkdir()
    assert found_models(tmp_path) == ()


def test_the_folders_that_variables_name_are_looked_at(tmp_path, monkeypatch):
    snapshot = hub(tmp_path)
    cache = snapshot.parent.parent.parent
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    assert [each.path for each in found_models(tmp_path / "other")] == [snapshot]
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.setenv("HF_HOME", str(cache.parent))
    assert [each.path for each in found_models(tmp_path / "other")] == [snapshot]


def test_names_steer_nothing(tmp_path):
    folder = tmp_path / ".lmstudio/models/pub/repo"
    folder.mkdir(parents=True)
    (folder / "a\u202eb\n.gguf").write_bytes(bytes(BIG))
    (name,) = [each.name for each in found_models(tmp_path)]
    assert name.isprintable()


def test_of_very_many_only_so_many_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(found, "_MOST_ENTRIES", 3)
    folder = tmp_path / ".lmstudio/models/pub/repo"
    folder.mkdir(parents=True)
    for number in range(9):
        (folder / f"{number}.gguf").write_bytes(bytes(BIG))
    assert len(found_models(tmp_path)) == 3
