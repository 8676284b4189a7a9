"""How a template job travels to the template worker, and its answer back.

For `worker` on one side and the process that owns it on the other. A frame is four bytes of
length (big-endian) and that many bytes of JSON in UTF-8; lone surrogates survive. Both sides
trust nothing: what a frame says is checked before it becomes an object. No limits on time or
memory here: the worker's owner sets those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateJob
from inference.request import Message
from inference.sentence import Sentence, filled, ours, said

LENGTH_BYTES = 4
# A conversation that fills a context of a million tokens is about 8 MB of text.
JOB_LIMIT_BYTES = 64 * 2**20
# The sandbox stops at 4 MB of text, at most 4 bytes a character, and spans come on top.
REPLY_LIMIT_BYTES = 32 * 2**20
_CHUNK_BYTES = 2**20
_MOST_DEPTH = 4
_MOST_TEMPLATE_CHARACTERS = 1000
_MOST_VALUE_CHARACTERS = 1000
# A hole that is no plain name, perhaps with grouped digits, could ask for endless space.
_UNSOUND_HOLE = re.compile(r"\{(?![a-z_0-9]+(?::,)?\})")
_ROLES = ("system", "user", "assistant")


def write_frame(writer: BinaryIO, payload: bytes) -> None:
    """Send one frame and flush it. A writer that takes only part of it is asked again."""
    rest = memoryview(len(payload).to_bytes(LENGTH_BYTES, "big") + payload)
    while rest:
        taken = writer.write(rest)
        if taken is None:
            raise BlockingIOError("The template worker's pipe is not in blocking mode.")
        rest = rest[taken:]
    writer.flush()


def read_frame(reader: BinaryIO, limit_bytes: int) -> bytes | None:
    """The next frame's payload, or None where the stream ends.

    A frame over the limit is read past and refused with TemplateError, so that the next one
    can be read; so is one that breaks off.
    """
    header = _read_exactly(reader, LENGTH_BYTES)
    if not header:
        return None
    size_bytes = int.from_bytes(header, "big")
    if len(header) == LENGTH_BYTES and size_bytes > limit_bytes:
        _skip(reader, size_bytes)
        raise TemplateError(
            said(
                "A message between Pitcher's processes has {size_bytes:,} bytes; at most "
                "{limit_bytes:,} are allowed. Shorten the chat or start a new one.",
                size_bytes=size_bytes,
                limit_bytes=limit_bytes,
            )
        )
    payload = _read_exactly(reader, size_bytes) if len(header) == LENGTH_BYTES else b""
    if len(header) < LENGTH_BYTES or len(payload) < size_bytes:
        raise TemplateError("A message between Pitcher's processes broke off.")
    return payload


def encode_job(job: TemplateJob) -> bytes:
    """The payload for one job."""
    return _pack(
        {
            "source": job.source,
            "messages": [[m.role, m.content, m.reasoning] for m in job.messages],
            "variables": dict(job.variables),
            "add_generation_prompt": job.add_generation_prompt,
        }
    )


def decode_job(payload: bytes) -> TemplateJob:
    """The job in a payload; TemplateError when it is not one."""
    fields = _unpack(payload)
    source = fields.get("source")
    messages = fields.get("messages")
    variables = fields.get("variables")
    add_generation_prompt = fields.get("add_generation_prompt")
    if (
        not isinstance(source, str)
        or not isinstance(messages, list)
        or not isinstance(variables, dict)
        or not isinstance(add_generation_prompt, bool)
        or not all(isinstance(value, str | bool) for value in variables.values())
    ):
        raise _malformed()
    turns = tuple(_message(item) for item in messages)
    return TemplateJob(source, turns, variables, add_generation_prompt)


def encode_reply(reply: RenderedPrompt | TemplateError) -> bytes:
    """The payload for an answer, or for the sentence that stands in its place."""
    if isinstance(reply, TemplateError):
        return _pack({"error": _said(str(reply))})
    flat_spans = [edge for span in reply.typed_spans for edge in span]
    return _pack({"text": reply.text, "typed": flat_spans})


def decode_reply(payload: bytes) -> RenderedPrompt:
    """The prompt in a payload; raises the TemplateError that it carries or deserves."""
    fields = _unpack(payload)
    error = fields.get("error")
    if isinstance(error, dict):
        raise TemplateError(_sentence(error))
    text = fields.get("text")
    edges = fields.get("typed")
    if not isinstance(text, str) or not isinstance(edges, list) or len(edges) % 2:
        raise _malformed()
    position = 0
    for index, edge in enumerate(edges):
        # A span is not empty, and spans do not overlap; they may touch.
        if type(edge) is not int or edge < position + index % 2 or edge > len(text):
            raise _malformed()
        position = edge
    return RenderedPrompt(text, tuple(zip(edges[::2], edges[1::2], strict=True)))


def _said(sentence: str) -> dict[str, object]:
    """A sentence as JSON: its template, and values that are texts, numbers or sentences."""
    if not isinstance(sentence, Sentence) or sentence.values is None:
        return {"template": sentence}
    values = {name: _value(value) for name, value in sentence.values.items()}
    return {"template": sentence.template, "values": values}


def _value(value: object) -> object:
    inner = str(value) if isinstance(value, BaseException) else value
    if isinstance(inner, Sentence):
        return _said(inner)
    return inner if isinstance(inner, int | float) else str(inner)


def _sentence(told: Mapping[str, object], depth: int = 0) -> Sentence:
    """A sentence from the worker, which a template may have taken over: it can make no more of
    it than its own text, as a template has plain holes and each of them one value.
    """
    template, values = told.get("template"), told.get("values")
    if not isinstance(template, str) or depth > _MOST_DEPTH:
        raise _malformed()
    if values is None:
        return ours(template)
    is_short = len(template) <= _MOST_TEMPLATE_CHARACTERS
    if not isinstance(values, dict) or not is_short or _UNSOUND_HOLE.search(template):
        raise _malformed()
    inner = {
        name: _sentence(value, depth + 1) if isinstance(value, dict) else value
        for name, value in values.items()
    }
    sizes = [len(v) if isinstance(v, str) else 0 for v in inner.values()]
    if not all(isinstance(value, str | int | float) for value in inner.values()):
        raise _malformed()
    # A hole may stand there often.
    if max(sizes, default=0) > _MOST_VALUE_CHARACTERS:
        raise _malformed()
    try:
        return filled(template, inner)
    except (KeyError, ValueError):
        raise _malformed() from None


def _message(item: object) -> Message:
    if not isinstance(item, list) or len(item) != 3 or not all(isinstance(p, str) for p in item):
        raise _malformed()
    role, content, reasoning = item
    if role not in _ROLES:
        raise _malformed()
    return Message(role, content, reasoning)


def _pack(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpack(payload: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(payload.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):  # what is not UTF-8 or not JSON is a ValueError
        raise _malformed() from None
    if not isinstance(fields, dict):
        raise _malformed()
    return fields


def _read_exactly(reader: BinaryIO, size_bytes: int) -> bytes:
    """That many bytes, fewer only where the stream ends."""
    parts = bytearray()
    while len(parts) < size_bytes:
        part = reader.read(min(size_bytes - len(parts), _CHUNK_BYTES))
        if not part:
            break
        parts += part
    return bytes(parts)


def _skip(reader: BinaryIO, size_bytes: int) -> None:
    while size_bytes > 0:
        part = reader.read(min(size_bytes, _CHUNK_BYTES))
        if not part:
            break
        size_bytes -= len(part)


def _malformed() -> TemplateError:
    return TemplateError("A message between Pitcher's processes is not of the agreed form.")
