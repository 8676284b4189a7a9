"""Only models on an administrator's list are opened; their files are hashed once."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from app.library import allowed
from app.library.allowed import ModelNotAllowedError, check_allowed, check_copy
from app.library.prepared import prepared_path
from app.model_opening import FileModelOpener
from app.policy import NO_POLICY, Policy
from app.restrictions import Restrictions, strictest
from inference.errors import CheckpointError
from inference.events import LoadProgress
from inference.request import Compute

POLICY_FILE = Path("/etc/pitcher/policy.toml")


def only(*hashes: str) -> Policy:
    return Policy(POLICY_FILE, restrictions=Restrictions(allowed_models=frozenset(hashes)))


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    """A folder for the record of hashes, which is empty."""
    monkeypatch.setenv("PITCHER_PREPARED", str(tmp_path / "prepared"))


@pytest.fixture
def told() -> list[LoadProgress]:
    return []


@pytest.fixture
def model(starter_path, tmp_path) -> Path:
    """The starter model's file, at a place of the test's own."""
    file = tmp_path / "model.gguf"
    shutil.copyfile(starter_path, file)
    return file


def test_without_a_list_nothing_is_read(told):
    check_allowed(Path("nowhere"), NO_POLICY, told.append)
    check_copy(Path("nowhere"), Path("elsewhere"), NO_POLICY, told.append)
    assert told == []


def test_a_model_on_the_list_is_allowed_and_is_hashed_once(model, told):
    check_allowed(model, only(sha256(model), "0" * 64), told.append)
    assert told[-1].done == told[-1].total == model.stat().st_size
    count = len(told)
    check_allowed(model, only(sha256(model)), told.append)
    assert len(told) == count
    with pytest.raises(ModelNotAllowedError):
        check_allowed(model, only("0" * 64), told.append)
    assert len(told) == count, "what was found is kept; the list is what counts"


def test_a_model_that_is_not_on_it_is_refused_with_the_file_that_decided(model, told):
    with pytest.raises(ModelNotAllowedError, match=rf"model\.gguf .* {POLICY_FILE}\."):
        check_allowed(model, only("0" * 64), told.append)


def test_an_empty_list_and_a_damaged_policy_open_none_and_read_none(model, told):
    with pytest.raises(ModelNotAllowedError, match=f"allows no model, in {POLICY_FILE}"):
        check_allowed(model, only(), told.append)
    damaged = Policy(POLICY_FILE, problem="It is damaged.", restrictions=strictest())
    with pytest.raises(ModelNotAllowedError, match=f"until the policy.*{POLICY_FILE}"):
        check_allowed(model, damaged, told.append)
    assert told == []


def test_a_file_that_changed_is_read_again(model, told):
    policy = only(sha256(model))
    check_allowed(model, policy, told.append)
    looks = model.stat()
    with model.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        last = stream.read(1)
        stream.seek(-1, os.SEEK_END)
        stream.write(bytes([last[0] ^ 1]))
    os.utime(model, ns=(looks.st_atime_ns, looks.st_mtime_ns))
    with pytest.raises(ModelNotAllowedError):
        check_allowed(model, policy, told.append)


def test_a_file_that_changes_while_it_is_read_is_refused(model):
    with pytest.raises(ModelNotAllowedError, match="changed while"):
        check_allowed(model, only(sha256(model)), lambda _progress: os.utime(model))


def test_whoever_stops_it_keeps_nothing(model, told):
    def stop(_progress: LoadProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_allowed(model, only(sha256(model)), stop)
    check_allowed(model, only(sha256(model)), told.append)
    assert told


@pytest.mark.parametrize(
    "record", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 90_000, b'{"x": 3}', b" " * (2 << 20)]
)
def test_a_damaged_record_of_hashes_is_begun_anew(model, told, tmp_path, record):
    (tmp_path / "prepared").mkdir()
    (tmp_path / "prepared" / "hashes.json").write_bytes(record)
    check_allowed(model, only(sha256(model)), told.append)
    assert told


def test_where_the_record_can_not_be_kept_the_model_is_hashed_each_time(model, told, tmp_path):
    (tmp_path / "prepared").write_bytes(b"a file where a folder belongs")
    for _ in range(2):
        told.clear()
        check_allowed(model, only(sha256(model)), told.append)
        assert told


def test_what_is_no_model_is_refused_as_ever(tmp_path, told):
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"no model")
    with pytest.raises(CheckpointError):
        check_allowed(wrong, only(sha256(wrong)), told.append)


def test_the_copy_of_an_allowed_model_is_read_too(model, told, tmp_path):
    policy = only(sha256(model))
    copy = prepared_path(model, Compute.FAST, told.append)
    assert copy != model
    told.clear()
    check_copy(copy, model, policy, told.append)
    assert told
    told.clear()
    check_copy(copy, model, policy, told.append)
    assert not told
    with pytest.raises(ModelNotAllowedError):
        check_copy(copy, model, only("0" * 64), told.append)
    with pytest.raises(ModelNotAllowedError):
        check_allowed(copy, policy, told.append)  # as a model of its own it has its own hash
    check_allowed(copy, only(sha256(copy / "weights.safetensors")), told.append)
    with (copy / "weights.safetensors").open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        stream.write(b"\x01" if stream.read(1) != b"\x01" else b"\x02")
    with pytest.raises(ModelNotAllowedError):
        check_copy(copy, model, policy, told.append)


def test_every_file_of_a_model_in_parts_must_be_on_the_list(monkeypatch, tmp_path, told):
    parts = tuple(tmp_path / f"part-{number}" for number in range(3))
    for number, part in enumerate(parts):
        part.write_bytes(bytes([number]) * 10)
    monkeypatch.setattr(allowed, "_weights", lambda _path: parts)
    check_allowed(tmp_path, only(*map(sha256, parts)), told.append)
    with pytest.raises(ModelNotAllowedError):
        check_allowed(tmp_path, only(*map(sha256, parts[:2])), told.append)


def test_the_window_does_not_open_it(model, monkeypatch, told):
    loaded: list[Path] = []
    monkeypatch.setattr("inference.engine.Engine.load", lambda path, *_rest: loaded.append(path))
    opener = FileModelOpener(str(model), only("0" * 64))
    with pytest.raises(ModelNotAllowedError):
        opener(told.append)
    assert loaded == []
    assert any("Comparing" in progress.step for progress in told)
