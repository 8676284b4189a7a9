"""The markup worker's loop answers every job, and only a lost pipe ends it."""

from __future__ import annotations

import io

import pytest

from app.airlock import markup_worker
from app.markup import markup_serving
from app.markup.block_wire import blocks_in
from app.markup.markup_serving import serve
from app.markup.markup_wire import AGAIN, REFUSED, Job, decode_end, encode_job
from app.markup.reading import as_source, read
from inference.prompt.wire import read_frame, write_frame


def answers(*jobs: Job) -> list[bytes]:
    asked, told = io.BytesIO(), io.BytesIO()
    for job in jobs:
        write_frame(asked, encode_job(job))
    asked.seek(0)
    serve(asked, told)
    told.seek(0)
    frames = []
    while (frame := read_frame(told, 1 << 20)) is not None:
        frames.append(frame)
    return frames


def test_a_text_is_answered_with_its_blocks_and_an_end() -> None:
    piece, end = answers(Job("# a\n\nb"))
    assert tuple(blocks_in(piece[1:])) == read("# a\n\nb")
    assert decode_end(end).keep == 0


def test_what_fails_is_refused_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str) -> tuple[object, ...]:
        if text == "bad":
            raise MemoryError
        return read(text)

    monkeypatch.setattr(markup_serving, "read", failing)
    frames = answers(Job("bad"), Job("a"))
    assert frames[0] == REFUSED
    assert len(frames) == 3


def test_after_a_failure_a_growing_text_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup_serving, "read", None)
    *_, refused, again = answers(Job("a", 1), Job("bad"), Job("b", 1, 1))
    assert (refused, again) == (REFUSED, AGAIN)


@pytest.mark.parametrize("job", [Job("b", 2, 1), Job("b", 1, 2)])
def test_what_does_not_go_on_from_what_is_known_is_asked_for_again(job: Job) -> None:
    assert answers(Job("a", 1), job)[-1] == AGAIN


@pytest.mark.parametrize("is_bad", [False, True])
def test_a_lost_pipe_ends_it(is_bad: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(io.BytesIO):
        def write(self, _data: object) -> int:
            raise BrokenPipeError

    if is_bad:
        monkeypatch.setattr(markup_serving, "read", None)
    asked = io.BytesIO()
    write_frame(asked, encode_job(Job("a")))
    write_frame(asked, encode_job(Job("b")))
    asked.seek(0)
    serve(asked, Lost())
    assert asked.read(), "the second was not looked at"


def test_getting_ready_reads_one_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[bytes] = []

    def noted(reader: io.BytesIO, writer: io.BytesIO) -> None:
        serve(reader, writer)
        writer.seek(0)
        while (frame := read_frame(writer, 1 << 20)) is not None:
            frames.append(frame)

    monkeypatch.setattr(markup_serving, "serve", noted)
    markup_worker.warm_up()
    assert len(frames) == 6
    kinds = {type(block).__name__ for block in blocks_in(frames[0][1:])}
    assert kinds == {"Prose", "Code", "Formula", "Table", "Rule"}


def test_a_source_stands_as_it_was_written_with_all_seen() -> None:
    (code,) = as_source("*a*\r\n\u202eb\n\n")
    assert code.text == "*a*\n‹U+202E›b"
    assert code.language == "text"
