import io
import subprocess
import sys

import pytest

from inference.errors import TemplateError
from inference.prompt import worker
from inference.prompt.rendered import TemplateJob
from inference.prompt.wire import decode_reply, encode_job, read_frame, write_frame
from inference.request import Message

LIMIT = 10**8


def talk(*payloads, raw=b""):
    inbox, outbox = io.BytesIO(), io.BytesIO()
    for payload in payloads:
        write_frame(inbox, payload)
    inbox.write(raw)
    inbox.seek(0)
    worker.serve(inbox, outbox)
    outbox.seek(0)
    return list(iter(lambda: read_frame(outbox, LIMIT), None))


def job(source):
    return encode_job(TemplateJob(source, (Message("user", "hello"),)))


def test_it_goes_on_after_bad_jobs_and_ends_with_the_stream():
    replies = talk(job("{{ 1 // 0 }}"), b"nonsense", job("{{ messages[0].content }}"))
    for bad in replies[:2]:
        with pytest.raises(TemplateError):
            decode_reply(bad)
    assert decode_reply(replies[2]).text == "hello"


def test_a_frame_that_breaks_off_is_answered():
    (reply,) = talk(raw=b"\0\0\0\x09abc")
    with pytest.raises(TemplateError, match="broke off"):
        decode_reply(reply)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(MemoryError, "memory"), (RecursionError, "without end"), (OSError, "OSError")],
)
def test_whatever_the_renderer_raises_becomes_a_sentence(monkeypatch, fault, words):
    def render(self, job):
        raise fault

    monkeypatch.setattr(worker.SandboxRenderer, "render", render)
    (reply,) = talk(job("x"))
    with pytest.raises(TemplateError, match=words):
        decode_reply(reply)


def test_a_reader_that_has_gone_ends_it():
    class Closed(io.RawIOBase):
        def write(self, part):
            raise BrokenPipeError

    inbox = io.BytesIO()
    write_frame(inbox, job("x"))
    inbox.seek(0)
    worker.serve(inbox, Closed())


def test_it_loads_neither_torch_nor_qt_nor_tokenizers():
    code = (
        "import sys, inference.prompt.worker\n"
        "found = {'torch', 'PySide6', 'tokenizers', 'numpy'} & set(sys.modules)\n"
        "sys.exit(', '.join(found) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
