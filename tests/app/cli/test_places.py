"""`models found`, `add`, `move` and `locate`: what they print, and what comes of them."""

import json
import os
from collections.abc import Callable

import pytest

from app import paths
from app.airlock.report import LockReport, LockState
from app.cli.entry import main
from tests.inference.prepared.making import quantized_llama

LOCK = LockReport(LockState.ENFORCED, "Every attempt was refused.", ())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Run:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    for name in ("OLLAMA_MODELS", "HF_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    paths.models_dir().mkdir(parents=True)

    def run_now(*arguments: object) -> tuple[int, str, str]:
        code = main(["models", *map(str, arguments)], LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return run_now


@pytest.fixture
def file(tmp_path):
    return quantized_llama(tmp_path / "mine.gguf", {"weight": "Q8_0"}, layers=1)


def test_a_model_of_ones_own_is_added_moved_lost_and_found(run, file, tmp_path):
    code, out, _ = run("add", file, "--copy")
    assert code == 0
    assert out.startswith("Added: mine, ")
    (tmp_path / "disk").mkdir()
    code, out, _ = run("move", "mine", "--to", tmp_path / "disk")
    assert (code, out) == (0, f"Moved: mine, {tmp_path / 'disk' / 'mine'}\n")
    assert str(tmp_path / "disk") in run("list")[1]
    os.rename(tmp_path / "disk", tmp_path / "other")
    assert "offline" in run("list")[1]
    offline = json.loads(run("list", "--json")[1].splitlines()[-1])
    assert (offline["name"], offline["is_there"]) == ("mine", False)
    code, _, err = run("inspect", "mine")
    assert code == 1
    assert "is not connected" in err
    code, out, _ = run("locate", "mine", tmp_path / "other" / "mine")
    assert (code, out) == (0, f"Located: mine, {tmp_path / 'other' / 'mine'}\n")
    assert run("inspect", "mine")[0] == 0
    assert run("remove", "mine", "--yes")[0] == 0
    assert not (tmp_path / "other" / "mine").exists()
    assert file.is_file()


def test_one_used_in_place_keeps_its_files_when_it_is_removed(run, file):
    code, out, _ = run("add", file, "--name", "theirs", "--json")
    assert code == 0
    assert json.loads(out) == {"type": "added", "name": "theirs", "path": str(file)}
    assert run("remove", "theirs", "--yes")[0] == 0
    assert file.is_file()
    assert "theirs" not in run("list")[1]


def test_in_json_each_line_has_a_type(run, file, tmp_path):
    out = run("add", file, "--copy", "--json")[1]
    assert json.loads(out.splitlines()[-1])["type"] == "added"
    (tmp_path / "disk").mkdir()
    out = run("move", "mine", "--to", tmp_path / "disk", "--json")[1]
    assert json.loads(out.splitlines()[-1])["type"] == "moved"
    out = run("locate", "mine", tmp_path / "disk" / "mine", "--json")[1]
    assert json.loads(out)["type"] == "located"


def test_what_other_programs_keep_is_listed(run, tmp_path):
    assert run("found") == (0, "Ollama, LM Studio and the Hub’s cache have no models here.\n", "")
    folder = tmp_path / "user" / ".lmstudio/models/pub/repo"
    folder.mkdir(parents=True)
    (folder / "big.gguf").write_bytes(bytes(1 << 16))
    code, out, _ = run("found")
    assert code == 0
    assert out.startswith("LM Studio")
    told = json.loads(run("found", "--json")[1])
    assert (told["name"], told["bytes"]) == ("big", 1 << 16)


def test_what_does_not_go_is_said(run, tmp_path):
    (tmp_path / "note.txt").write_text("a note")
    for arguments, words in (
        (("add", tmp_path / "note.txt"), "is no model"),
        (("move", "starter", "--to", tmp_path), "is not moved from here"),
        (("locate", "nobody", tmp_path), "There is no model “nobody” in another place"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (1, "")
        assert words in err


@pytest.mark.parametrize("arguments", [("add", "{file}", "--copy"), ("move", "mine", "--to", ".")])
def test_ctrl_c_stops_and_keeps_what_is_done(run, file, tmp_path, monkeypatch, arguments):
    from contextlib import contextmanager
    from threading import Event

    from app.cli import places

    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    run("add", file, "--copy")

    @contextmanager
    def pressed():
        stop = Event()
        stop.set()
        yield stop

    monkeypatch.setattr(places, "stopped_by_ctrl_c", pressed)
    code, _, err = run(*(each.format(file=file) for each in arguments))
    assert code == 130
    assert "What is done is kept" in err
