"""The one door to the `tokenizers` library: whatever goes wrong in it becomes a sentence.

For `tokenizer` and `tokenizer_json`. The library is native code; a panic in it arrives as a
BaseException that `except Exception` would not catch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from inference.errors import InferenceError, TokenizerError
from inference.sentence import said

_PANIC = "PanicException"


@contextmanager
def native_faults(what: str) -> Iterator[None]:
    """Turn a fault of the library into TokenizerError; `what` names what was being done."""
    try:
        yield
    except (InferenceError, MemoryError):
        raise
    except Exception as error:
        raise TokenizerError(
            said("{what} failed: {why}.", what=what, why=_first_line(error))
        ) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:  # Ctrl-C, and an exit, go on their way
            raise
        raise TokenizerError(
            said("{what} failed inside the tokenizers library.", what=what)
        ) from None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".")[:200] if lines else type(error).__name__
