"""Names out of our own code: exception classes that it defines, and places in its functions.

For: the failures that are remembered, and the checks of what is exported. A name counts only if
the module's own compiled code has it: neither a class made at run time nor a function that was
given another name can carry a word. Free of anything heavy: it is imported with the log.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import CodeType, FrameType

ROOTS = ("app", "inference", "kernels")
_CLASS = re.compile(r"(?:([a-z][a-z0-9_.]{0,120})\.)?([A-Z][A-Za-z0-9]{1,60})")
_PLACE = re.compile(r"([a-z][a-z0-9_.]{0,120}):([1-9]\d{0,5}) (<?[A-Za-z_][A-Za-z0-9_]{0,80}>?)")

_Spans = Mapping[str, tuple[tuple[int, int], ...]]


def class_word(kind: type[BaseException]) -> str | None:
    """The nearest class that may be named: of Python itself by its name, of ours by its module."""
    for one in kind.__mro__:
        module = one.__module__
        word = one.__name__ if module == "builtins" else f"{module}.{one.__qualname__}"
        if is_class_word(word) and _class_named(word) is one:
            return word
    return None


def is_class_word(word: str) -> bool:
    """Whether this names an exception class of Python or of our code."""
    found = _class_named(word)
    return isinstance(found, type) and issubclass(found, BaseException)


def place_of(frame: FrameType, line: int) -> str | None:
    """Where in our own code a frame is; None where it is somebody else's."""
    module = frame.f_globals.get("__name__")
    if not isinstance(module, str) or not _is_own(module):
        return None
    if vars(sys.modules[module]) is not frame.f_globals:
        return None
    return f"{module}:{line} {frame.f_code.co_name}"


def is_place(word: str) -> bool:
    """Whether this is a line of a function of our own code, as "module:line function"."""
    found = _PLACE.fullmatch(word)
    if found is None or not _is_own(found[1]):
        return False
    line = int(found[2])
    return any(first <= line <= last for first, last in _spans(found[1]).get(found[3], ()))


def _is_own(module: str) -> bool:
    return module.partition(".")[0] in ROOTS and module in sys.modules


def _class_named(word: str) -> object:
    found = _CLASS.fullmatch(word)
    if found is None:
        return None
    module, name = found[1], found[2]
    if module is None:
        return getattr(builtins, name, None)
    if not _is_own(module) or name not in _spans(module):
        return None
    return vars(sys.modules[module]).get(name)


@cache
def _spans(module: str) -> _Spans:
    """Each function and class of a module, and the lines that it has."""
    spec = getattr(sys.modules[module], "__spec__", None)
    get_code = getattr(getattr(spec, "loader", None), "get_code", None)
    if get_code is None:
        return {}
    try:
        code = get_code(module)
    except (ImportError, OSError, SyntaxError):  # the files are gone, or others by now
        return {}
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for each in _codes(code) if isinstance(code, CodeType) else ():
        found[each.co_name] = (*found.get(each.co_name, ()), _lines(each))
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _lines(code: CodeType) -> tuple[int, int]:
    lines = [line for one in _codes(code) for _, _, line in one.co_lines() if line]
    return min(lines, default=0), max(lines, default=0)
