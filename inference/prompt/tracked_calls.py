"""Methods and filters of text, as templates call them, on text that knows what was typed.

For `sandbox`. A method named here carries the typed spans exactly; any other method with
typed text in it gives text that is typed as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter
from typing import Any

from jinja2.sandbox import SandboxedEnvironment, SandboxedFormatter

from inference.errors import TemplateError
from inference.prompt import typed_text as tt
from inference.prompt.template_limits import (
    check_format,
    check_numbers,
    check_replacement,
    check_size,
)

Call = Callable[..., Any]


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    check_replacement(text, old, new)
    return tt.replace(text, old, new, count)


def _join(separator: str, items: Any) -> str:
    listed = [item for item in items]  # noqa: C416 - an iterator of ours must run only once
    for item in listed:
        if not isinstance(item, str):
            raise TypeError("only text can be joined")
    check_size(sum(map(len, listed)) + len(separator) * len(listed))
    return tt.join_with(separator, listed)


def _removeprefix(text: str, prefix: str) -> str:
    return tt.cut(text, len(prefix) if str.startswith(text, prefix) else 0, len(text))


def _removesuffix(text: str, suffix: str) -> str:
    found = bool(suffix) and str.endswith(text, suffix)
    return tt.cut(text, 0, len(text) - len(suffix) if found else len(text))


def _cased(name: str) -> Call:
    change = getattr(str, name)

    def recase(text: str) -> str:
        return tt.recased(text, change(tt.plain(text)))

    return recase


METHODS: dict[str, Call] = {
    "strip": tt.strip,
    "lstrip": lambda text, characters=None: tt.strip(text, characters, right=False),
    "rstrip": lambda text, characters=None: tt.strip(text, characters, left=False),
    "split": lambda text, sep=None, maxsplit=-1: tt.split(text, sep, maxsplit),
    "rsplit": lambda text, sep=None, maxsplit=-1: tt.split(text, sep, maxsplit, right=True),
    "splitlines": tt.splitlines,
    "partition": tt.partition,
    "rpartition": lambda text, sep: tt.partition(text, sep, right=True),
    "replace": _replace,
    "join": _join,
    "removeprefix": _removeprefix,
    "removesuffix": _removesuffix,
    "__str__": lambda text: text,
    **{
        name: _cased(name)
        for name in ("lower", "upper", "title", "capitalize", "casefold", "swapcase")
    },
}


def call_method(method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a bound method of a text, typed or not."""
    text, name = method.__self__, method.__name__
    tracked = METHODS.get(name)
    check_numbers((*args, *kwargs.values()))
    if tracked is not None:
        return tracked(text, *args, **kwargs)
    result = method(*args, **kwargs)
    if isinstance(result, bytes):
        raise TemplateError("The chat template turns text into bytes.")
    if tt.has_typed((text, args, kwargs)):
        return tt.tainted(result)
    return result


def formatted(
    environment: SandboxedEnvironment, pattern: str, args: Any, kwargs: dict[str, Any]
) -> str:
    """`pattern.format(*args, **kwargs)`, with what was typed still known."""
    check_format(pattern)
    check_numbers((*args, *kwargs.values()))
    formatter = SandboxedFormatter(environment)
    pieces: list[str] = []
    automatic = 0
    for literal, field, spec, conversion in Formatter().parse(tt.plain(pattern)):
        pieces.append(literal)
        if field is None:
            continue
        name = field
        if name == "" or name[0] in ".[":
            name = f"{automatic}{field}"
            automatic += 1
        if spec and "{" in spec:
            raise TemplateError("The chat template formats with a width that varies.")
        value, _ = formatter.get_field(name, args, kwargs)
        if isinstance(value, str) and not spec and conversion in (None, "s"):
            pieces.append(value)
        else:
            shown = format(formatter.convert_field(value, conversion), spec or "")
            pieces.append(tt.tainted(shown) if tt.has_typed(value) else shown)
    check_size(sum(map(len, pieces)))
    result = tt.join(pieces)
    return tt.tainted(tt.plain(result)) if tt.spans_of(pattern) else result


def join_filter(value: Any, d: str = "") -> str:
    """The `join` filter without an attribute; what is no text is written as text first."""
    return _join(d, [_text(item) for item in value])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    shown = str(value)
    result: str = tt.tainted(shown) if tt.has_typed(value) else shown
    return result


FILTERS: dict[str, Call] = {
    "trim": lambda value, chars=None: tt.strip(_text(value), chars),
    "string": _text,
    "lower": lambda value: METHODS["lower"](_text(value)),
    "upper": lambda value: METHODS["upper"](_text(value)),
    "capitalize": lambda value: METHODS["capitalize"](_text(value)),
    "replace": lambda s, old, new, count=None: _replace(
        _text(s), _text(old), _text(new), -1 if count is None else count
    ),
}
