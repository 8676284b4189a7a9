"""The formula worker's loop: formulas in, outlines out, until the stream ends.

For: the process of role `formula`, which app/airlock starts and seals. A formula that fails in any
way is answered with a refusal; only a lost pipe ends the loop. Imports no Qt.
"""

from __future__ import annotations

from typing import BinaryIO

from app.markup.formula_outline import FormulaKey, outline_of
from app.markup.formula_wire import JOB_LIMIT_BYTES, REFUSED, decode_job, encode_outline
from inference.prompt.wire import read_frame, write_frame


def serve(reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer every formula of every job, each as soon as it is drawn."""
    while (payload := read_frame(reader, JOB_LIMIT_BYTES)) is not None:
        for key in decode_job(payload):
            try:
                write_frame(writer, _answer(key))
            except BrokenPipeError:
                return


def _answer(key: FormulaKey) -> bytes:
    try:
        return encode_outline(outline_of(key))
    except Exception:  # noqa: BLE001 - ziamath raises what it likes; the source is shown instead
        return REFUSED
