"""The template worker's loop: jobs in, prompts out, until the stream ends.

For the process of role `template`, which app/airlock starts with limits on memory and time.
A job that fails in any way is answered with a sentence; only a lost pipe ends the loop.
Imports neither torch nor Qt nor tokenizers.
"""

from __future__ import annotations

from typing import BinaryIO

from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateRenderer
from inference.prompt.sandbox import SandboxRenderer
from inference.prompt.wire import (
    JOB_LIMIT_BYTES,
    decode_job,
    encode_reply,
    read_frame,
    write_frame,
)
from inference.sentence import said


def serve(reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer every job from `reader` on `writer`; returns when either end is closed."""
    renderer = SandboxRenderer()
    while True:
        try:
            payload = read_frame(reader, JOB_LIMIT_BYTES)
        except TemplateError as error:
            payload, reply = b"", encode_reply(error)
        else:
            if payload is None:
                return
            reply = _answer(renderer, payload)
        try:
            write_frame(writer, reply)
        except BrokenPipeError:
            return
        payload = reply = b""  # while it waits, it holds nothing of a chat


def _answer(renderer: TemplateRenderer, payload: bytes) -> bytes:
    """The reply to one job; a template may fail in any way that Python knows."""
    reply: RenderedPrompt | TemplateError
    try:
        reply = renderer.render(decode_job(payload))
        return encode_reply(reply)
    except TemplateError as error:
        reply = error
    except MemoryError:
        reply = TemplateError("The chat template needs more memory than it may have.")
    except RecursionError:
        reply = TemplateError("The chat template calls itself without end.")
    except Exception as error:  # noqa: BLE001 - the worker must outlive whatever a template does
        reply = TemplateError(said("The chat template failed: {name}.", name=type(error).__name__))
    return encode_reply(reply)
