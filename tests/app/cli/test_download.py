"""`models download`: what is proposed, what is told, how it ends; the courier is played."""

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Consent,
    Ended,
    Outcome,
    Progress,
    Propose,
    Refused,
    Report,
    SpeedLimit,
    encode_report,
)
from app.airlock.download.progress import State, Step
from app.airlock.download.source import SOURCE_NAME, Source, SourceFile, as_json
from app.airlock.report import LockReport, LockState
from app.cli import download
from app.cli.entry import main
from inference.sentence import said
from tests.app.cli.played_courier import Played

LOCK = LockReport(LockState.ENFORCED, "tested")
DONE = Ended(Outcome.COMPLETE, said(""), "name")


def run(*words: str) -> int:
    return main(["models", "download", *words], LOCK)


def progress(step: Step, done: int, state: State = State.RUNNING, why: str = "") -> Progress:
    return Progress(step, state, done, 4_000_000_000, 20_000_000, said(why))


def test_a_repository_is_proposed_and_what_arrives_is_told(
    played: Played, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    played.tells(
        Asked(Consent.LIST),
        Answered(Consent.LIST, True, "owner/name"),
        Progress(Step.CHECK, State.RUNNING, 0, 0, 0, said("")),
        progress(Step.FETCH, 1_000_000_000),
        progress(Step.FETCH, 1_000_000_000, State.PAUSED, "The disk is full."),
        progress(Step.FETCH, 1_000_000_000, State.WAITING, "The hub asks to wait."),
        progress(Step.VERIFY, 4_000_000_000),
        DONE,
    )
    assert run("owner/name", "--no-prepare", "--speed-limit", "2.5") == 0
    told = capsys.readouterr()
    assert told.out == f"Downloaded and verified: {tmp_path / 'models' / 'name'}\n"
    for words in (
        "Asking for the list of files…",
        "Downloading: 25% (1.00 of 4.00 GB), 20.0 MB/s, 2 min left",
        "paused. The disk is full.",
        "waiting. The hub asks to wait.",
        "Verifying: 100% (4.00 of 4.00 GB)",
    ):
        assert words in told.err
    played.thread.join(30)
    played.hear() if len(played.heard) < 2 else None
    assert played.heard == [Propose(repository="owner/name"), SpeedLimit(2_500_000)]


def test_a_model_of_the_catalogue_is_proposed_by_its_number(played: Played) -> None:
    from app.library.catalogue import entries

    entry = entries()[0]
    played.tells(Refused(said("Not now.")))
    assert run(entry.name) == 1
    played.thread.join(30)
    assert played.heard == [Propose(number=entry.number)]


def test_json_is_one_object_a_line(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    played.tells(
        Asked(Consent.FETCH),
        Answered(Consent.FETCH, True, "owner/name", 3, 900),
        progress(Step.FETCH, 5),
        DONE,
    )
    assert run("owner/name", "--no-prepare", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines] == ["asked", "answered", "progress", "downloaded"]
    assert lines[1] == {
        "type": "answered",
        "consent": "fetch",
        "yes": True,
        "repository": "owner/name",
        "files": 3,
        "bytes": 900,
    }
    assert lines[2]["bytes_per_s"] == 20_000_000


@pytest.mark.parametrize(
    ("report", "code", "words"),
    [
        (Refused(said("Nothing is downloaded on this computer.")), 1, "Nothing is downloaded"),
        (Ended(Outcome.DECLINED, said("That was not confirmed."), ""), 1, "not confirmed"),
        (Ended(Outcome.FAILED, said("Nobody answers."), ""), 1, "Nobody answers."),
        (Ended(Outcome.LOST, said("It died."), ""), 1, "It died."),
        (Ended(Outcome.CANCELLED, said("Stopped."), ""), 130, "Stopped."),
    ],
)
def test_how_it_ends_is_the_exit_code(
    played: Played, capsys: pytest.CaptureFixture[str], report: Report, code: int, words: str
) -> None:
    played.tells(report)
    assert run("owner/name") == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nonsense", "a/b/c", "owner/na me"])
def test_a_name_that_nothing_has_is_not_proposed(
    played: Played, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(name) == 1
    assert capsys.readouterr().err.startswith("pitcher: ")
    assert played.heard == []


def test_a_way_that_is_closed_is_said(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    played.tells(closes=True)
    assert run("owner/name") == 1
    assert "no way to download" in capsys.readouterr().err


def test_without_a_way_to_a_courier_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(download, "take_courier_door", lambda: None)
    assert run("owner/name") == 1
    assert "no way to download" in capsys.readouterr().err


def test_ctrl_c_asks_the_courier_to_stop(
    played: Played, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from contextlib import contextmanager

    stop = threading.Event()

    @contextmanager
    def stopped() -> Iterator[threading.Event]:
        yield stop

    monkeypatch.setattr(download, "stopped_by_ctrl_c", stopped)

    def play() -> None:
        played.hear()
        stop.set()
        played.hear()
        os.write(played.reports, encode_report(Ended(Outcome.DECLINED, said("Kept."), "")))

    played.thread = threading.Thread(target=play)
    played.thread.start()
    assert run("owner/name") == 130
    assert played.heard == [Propose(repository="owner/name"), Cancel()]
    assert "Kept." in capsys.readouterr().err


# ---------------------------------------------------------------------- one journey


@pytest.mark.parametrize(
    ("file", "says"), [("model.safetensors", "name-prepared"), ("m-Q4_K_M.gguf", "name")]
)
def test_then_it_is_prepared_and_how_to_chat_is_said(
    played: Played,
    prepared: list[object],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    file: str,
    says: str,
) -> None:
    folder = tmp_path / "models" / "name"
    folder.mkdir(parents=True)
    (folder / file).write_bytes(b"")
    played.tells(DONE)
    assert run("owner/name", "--mix", "q6") == 0
    assert capsys.readouterr().out.endswith(f"Chat with it: chat --model {says}\n")
    assert prepared == [(str(folder), "q6")] if file.endswith("safetensors") else [folder]


def test_a_preparation_that_is_stopped_is_its_code(
    played: Played, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(download.prepare, "run_prepare", lambda _arguments: 130)
    played.tells(DONE)
    assert run("owner/name") == 130
    assert "Chat with it" not in capsys.readouterr().out


@pytest.mark.parametrize("limit", ["0", "x", "-1", "1e9"])
def test_a_speed_limit_that_is_none_is_wrong_usage(limit: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run("owner/name", "--speed-limit", limit)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(5.2, "5 s"), (61, "1 min"), (3700, "1 h 2 min"), (90_000, "25 h 0 min")]
)
def test_time_is_said_in_words(seconds: float, words: str) -> None:
    assert download._time(seconds) == words


# ------------------------------------------------------------------- afterwards


@pytest.fixture
def downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A model as the downloader leaves it."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    files = {"model.safetensors": b"weights", "config.json": b"{}"}
    folder = tmp_path / "models" / "name"
    folder.mkdir(parents=True)
    listed = []
    for name, data in files.items():
        (folder / name).write_bytes(data)
        listed.append(SourceFile(name, len(data), hashlib.sha256(data).hexdigest()))
    source = Source("owner/name", "main", "c" * 40, "huggingface.co", 1_790_000_000, tuple(listed))
    (folder / SOURCE_NAME).write_bytes(as_json(source))
    return folder


@pytest.mark.parametrize("words", [["name"], []])
def test_verify_says_that_a_download_is_as_the_hub_listed_it(
    downloaded: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["models", "verify", *words], LOCK) == 0
    assert "is as huggingface.co listed it, owner/name at " + "c" * 40 in capsys.readouterr().out


@pytest.mark.parametrize("words", [["name"], []])
def test_verify_names_the_file_of_a_download_that_changed(
    downloaded: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    (downloaded / "model.safetensors").write_bytes(b"weightz")
    assert main(["models", "verify", *words], LOCK) == 1
    told = capsys.readouterr().out
    assert "model.safetensors: missing, or not as it was downloaded." in told
    assert "config.json:" not in told


def test_verify_of_a_download_as_json(downloaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (downloaded / "config.json").write_bytes(b"{ }")
    assert main(["models", "verify", "name", "--json"], LOCK) == 1
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["type"], found["problems"]) == ("damaged", ["config.json"])
    assert (found["repository"], found["hub"]) == ("owner/name", "huggingface.co")


@pytest.mark.parametrize("words", [["name"], []])
def test_verify_says_that_the_record_of_a_download_was_changed(
    downloaded: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    file = downloaded / SOURCE_NAME
    file.write_bytes(file.read_bytes().replace(b"owner/name", b"owner/nama"))
    assert main(["models", "verify", *words], LOCK) == 1
    assert "source.json is not as it was written" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["name"], []])
def test_verify_names_what_is_missing_of_a_download(
    downloaded: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    (downloaded / "config.json").unlink()
    assert main(["models", "verify", *words], LOCK) == 1
    assert "config.json: missing, or not as it was downloaded." in capsys.readouterr().out
