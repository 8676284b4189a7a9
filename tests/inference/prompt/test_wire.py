import io
import json

import pytest

from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateJob
from inference.prompt.wire import (
    decode_job,
    decode_reply,
    encode_job,
    encode_reply,
    read_frame,
    write_frame,
)
from inference.request import Message
from inference.sentence import Sentence, in_language, said


class Trickle(io.RawIOBase):
    """A pipe that takes and gives at most three bytes at a time."""

    def __init__(self, data=b""):
        self.data = bytearray(data)

    def write(self, part):
        self.data += bytes(part[:3])
        return min(3, len(part))

    def read(self, size=-1):
        part = bytes(self.data[: min(size, 3)])
        del self.data[: len(part)]
        return part


JOB = TemplateJob(
    "{{ x }}",
    (Message("system", "sé"), Message("assistant", "\ud83d\ude00 \ud800", "\u0000why")),
    {"bos_token": "<s>", "flag": True},
    add_generation_prompt=False,
)


def test_a_job_survives_the_journey_lone_surrogates_included():
    assert decode_job(encode_job(JOB)) == JOB


def test_a_prompt_survives_the_journey():
    prompt = RenderedPrompt("ab\udc00c", ((0, 1), (1, 4)))
    assert decode_reply(encode_reply(prompt)) == prompt


def test_an_error_is_raised_at_the_other_end():
    with pytest.raises(TemplateError, match="no roles"):
        decode_reply(encode_reply(TemplateError("no roles")))


def test_an_error_can_still_be_told_in_another_language():
    reason = said("line {line}: {why}", line=3, why="unexpected '}'")
    error = TemplateError(said("The chat template can't be read: {reason}.", reason=reason))
    with pytest.raises(TemplateError) as raised:
        decode_reply(encode_reply(error))
    sentence = str(raised.value)
    assert isinstance(sentence, Sentence)
    german = {
        "The chat template can't be read: {reason}.": "Die Vorlage ist nicht lesbar: {reason}.",
        "line {line}: {why}": "Zeile {line}: {why}",
    }
    assert in_language(sentence, german.__getitem__, str) == (
        "Die Vorlage ist nicht lesbar: Zeile 3: unexpected '}'."
    )


def deep(levels: int) -> dict[str, object]:
    sentence: dict[str, object] = {"template": "x"}
    for _ in range(levels):
        sentence = {"template": "{a}", "values": {"a": sentence}}
    return sentence


@pytest.mark.parametrize(
    "error",
    [
        {},
        {"template": 1},
        {"template": "{a}", "values": []},
        {"template": "{a}", "values": {}},
        {"template": "{a}", "values": {"a": [1]}},
        {"template": "{a:>999999999}", "values": {"a": "b"}},
        {"template": "{a.__class__}", "values": {"a": "b"}},
        {"template": "{a!r}", "values": {"a": "b"}},
        {"template": "{a[0]}", "values": {"a": "b"}},
        {"template": "{", "values": {}},
        {"template": "}", "values": {}},
        {"template": "{a:,}", "values": {"a": "b"}},
        {"template": "{a}" * 400, "values": {"a": "b"}},
        {"template": "{a}", "values": {"a": "b" * 1001}},
        deep(9),
    ],
)
def test_a_worker_that_was_taken_over_can_say_no_more_than_a_text(error):
    with pytest.raises(TemplateError, match="not of the agreed form"):
        decode_reply(json.dumps({"error": error}).encode())


def test_frames_pass_through_a_pipe_that_trickles():
    pipe = Trickle()
    write_frame(pipe, b"first one")
    write_frame(pipe, b"")
    assert read_frame(pipe, 100) == b"first one"
    assert read_frame(pipe, 100) == b""
    assert read_frame(pipe, 100) is None


def test_a_frame_over_the_limit_is_read_past():
    pipe = io.BytesIO()
    write_frame(pipe, b"x" * 101)
    write_frame(pipe, b"next")
    pipe.seek(0)
    with pytest.raises(TemplateError, match="101 bytes"):
        read_frame(pipe, 100)
    assert read_frame(pipe, 100) == b"next"


@pytest.mark.parametrize("data", [b"\0\0", b"\0\0\0\5ab", b"\xff\xff\xff\xffab"])
def test_a_frame_that_breaks_off_is_refused(data):
    with pytest.raises(TemplateError):
        read_frame(io.BytesIO(data), 100)


def test_a_pipe_that_would_block_is_a_mistake():
    class Blocked(io.RawIOBase):
        def write(self, part):
            return None

    with pytest.raises(BlockingIOError):
        write_frame(Blocked(), b"x")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"source":1,"messages":[],"variables":{},"add_generation_prompt":true}',
        b'{"source":"","messages":[["user","x"]],"variables":{},"add_generation_prompt":true}',
        b'{"source":"","messages":[["tool","x",""]],"variables":{},"add_generation_prompt":true}',
        b'{"source":"","messages":[],"variables":{"a":1},"add_generation_prompt":true}',
        b'{"source":"","messages":[],"variables":{},"add_generation_prompt":1}',
    ],
)
def test_what_is_no_job_is_refused(payload):
    with pytest.raises(TemplateError, match="agreed form"):
        decode_job(payload)


@pytest.mark.parametrize("typed", ["[0]", "[0,5]", "[1,1]", "[2,1]", "[0,2,1,3]", "[true,2]", "1"])
def test_spans_that_do_not_fit_are_refused(typed):
    with pytest.raises(TemplateError, match="agreed form"):
        decode_reply(b'{"text":"abcd","typed":%s}' % typed.encode())
