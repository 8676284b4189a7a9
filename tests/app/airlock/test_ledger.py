"""The ledger: rows that are on the disk, bounded files, and a reader that nothing misleads."""

import csv
import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.airlock import ledger
from app.airlock.ledger import (
    UNFINISHED,
    Ledger,
    LedgerRow,
    RowKind,
    export_csv,
    export_json,
    read_ledger,
)

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
EXCHANGE = LedgerRow(
    AT,
    RowKind.EXCHANGE,
    "run1",
    "owner/name",
    "list",
    1,
    True,
    "list",
    "huggingface.co",
    "GET",
    "/api/models/owner/name",
    200,
    "",
    120,
    4096,
)


def test_nothing_was_tried_and_so_there_is_nothing(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none") == ledger.LedgerPage()


def test_rows_come_back_as_they_were_the_newest_first(tmp_path: Path) -> None:
    book = Ledger(tmp_path / "ledger")
    consent = LedgerRow(AT, RowKind.CONSENT, "run1", "owner/name", "list", answer="yes")
    for row in (consent, EXCHANGE):
        book.append(row)
    assert read_ledger(tmp_path / "ledger").rows == (EXCHANGE, consent)


def test_only_its_owner_may_look(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger").append(EXCHANGE)
    file = tmp_path / "ledger" / "ledger.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_beginning_and_end_of_an_exchange_are_one_row_with_the_time_it_began(
    tmp_path: Path,
) -> None:
    book = Ledger(tmp_path)
    begun = replace(EXCHANGE, has_ended=False, status=0, received_bytes=0)
    book.append(begun)
    book.append(replace(EXCHANGE, run="run2"))
    book.append(replace(EXCHANGE, at=AT + timedelta(seconds=9)))
    rows = read_ledger(tmp_path).rows
    assert [row.run for row in rows] == ["run2", "run1"]
    assert rows[1] == EXCHANGE


def test_what_was_begun_and_never_ended_says_so(tmp_path: Path) -> None:
    Ledger(tmp_path).append(replace(EXCHANGE, has_ended=False, status=0))
    (row,) = read_ledger(tmp_path).rows
    assert row.refusal == UNFINISHED
    assert not row.has_ended


def test_files_are_bounded_and_the_oldest_goes(tmp_path: Path) -> None:
    book = Ledger(tmp_path, file_bytes=2000, files_kept=3)
    for number in range(1, 31):
        book.append(replace(EXCHANGE, number=number))
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["ledger.1.jsonl", "ledger.2.jsonl", "ledger.jsonl"]
    assert all(file.stat().st_size <= 2000 for file in tmp_path.iterdir())
    numbers = [row.number for row in read_ledger(tmp_path).rows]
    assert numbers == list(range(30, 30 - len(numbers), -1))
    assert 8 <= len(numbers) < 30


def test_a_row_that_a_power_cut_tore_takes_no_other_with_it(tmp_path: Path) -> None:
    book = Ledger(tmp_path)
    book.append(EXCHANGE)
    with open(tmp_path / "ledger.jsonl", "ab") as file:
        file.write(b'{"v":1,"at":"2026-')
    book.append(replace(EXCHANGE, number=2))
    page = read_ledger(tmp_path)
    assert [row.number for row in page.rows] == [2, 1]
    assert page.damaged == 1


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"v":2}',
        b"[" * 5000,
        b"9" * 5000,
    ],
)
def test_what_is_no_row_is_counted_and_left_out(tmp_path: Path, line: bytes) -> None:
    Ledger(tmp_path).append(EXCHANGE)
    with open(tmp_path / "ledger.jsonl", "ab") as file:
        file.write(line + b"\n")
    page = read_ledger(tmp_path)
    assert page.rows == (EXCHANGE,)
    assert page.damaged == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "yesterday"),
        ("at", 7),
        ("kind", "chat"),
        ("host", 5),
        ("path", "x" * 2000),
        ("status", -1),
        ("status", True),
        ("sent_bytes", 1 << 70),
        ("had_token", 1),
        ("more", "field"),
    ],
)
def test_a_row_with_a_field_that_cannot_be_is_none(
    tmp_path: Path, field: str, value: object
) -> None:
    Ledger(tmp_path).append(EXCHANGE)
    file = tmp_path / "ledger.jsonl"
    made = json.loads(file.read_text()) | {field: value}
    file.write_text(json.dumps(made) + "\n")
    page = read_ledger(tmp_path)
    assert page.rows == ()
    assert page.damaged == 1


def test_more_rows_than_asked_for_are_counted(tmp_path: Path) -> None:
    book = Ledger(tmp_path)
    for number in range(1, 6):
        book.append(replace(EXCHANGE, number=number))
    page = read_ledger(tmp_path, most_rows=2)
    assert [row.number for row in page.rows] == [5, 4]
    assert page.left_out == 3


def test_a_pipe_in_its_place_is_neither_read_nor_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ledger.jsonl")
    assert read_ledger(tmp_path).damaged == 1
    with pytest.raises(OSError, match="no ordinary file"):
        Ledger(tmp_path).append(EXCHANGE)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("")
    (tmp_path / "ledger.jsonl").symlink_to(tmp_path / "target")
    with pytest.raises(OSError):
        Ledger(tmp_path).append(EXCHANGE)
    assert (tmp_path / "target").read_text() == ""


def test_the_table_says_every_field_and_computes_nothing(tmp_path: Path) -> None:
    evil = replace(EXCHANGE, path='=HYPERLINK("http://x")')
    page = ledger.LedgerPage((evil,))
    export_csv(page, tmp_path / "rows.csv")
    head, row = csv.reader((tmp_path / "rows.csv").read_text().splitlines())
    found = dict(zip(head, row, strict=True))
    assert tuple(head) == ledger.COLUMNS
    assert found["host"] == "huggingface.co"
    assert found["path"].startswith("'=")
    assert stat.S_IMODE((tmp_path / "rows.csv").stat().st_mode) == 0o600


def test_the_json_export_says_what_is_missing_too(tmp_path: Path) -> None:
    export_json(ledger.LedgerPage((EXCHANGE,), 2, 3), tmp_path / "rows.json")
    found = json.loads((tmp_path / "rows.json").read_text())
    assert found["rows"][0]["host"] == "huggingface.co"
    assert found["rows"][0]["at"] == "2026-11-29T08:00:00.000+00:00"
    assert (found["damaged_lines"], found["older_rows_left_out"]) == (2, 3)


def test_it_lies_apart_from_chats_and_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import paths

    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    Ledger().append(EXCHANGE)
    assert read_ledger().rows == (EXCHANGE,)
    folder = paths.ledger_dir()
    for other in (paths.data_dir(), paths.models_dir(), paths.config_dir()):
        assert not folder.is_relative_to(other)
        assert not other.is_relative_to(folder)
    monkeypatch.delenv("PITCHER_HOME")
    assert paths.ledger_dir().name == "pitcher-ledger"
