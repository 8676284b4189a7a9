"""Renders chat templates: hostile until proven otherwise, and typed text stays typed.

For: the template worker (role `template`), and tests. Jinja's immutable sandbox with the
settings that transformers renders chat templates with. Here are limits on sizes and
numbers; those on time and memory are the worker's process's. Imports neither torch nor Qt.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox
from jinja2.compiler import CodeGenerator, Frame
from jinja2.parser import Parser

from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateJob
from inference.prompt.typed_text import TypedText, all_typed, holds_typed, joined
from inference.request import Message

_MOST_SOURCE_CHARACTERS = 256 << 10
_MOST_OUTPUT_CHARACTERS = 4 << 20
_MOST_ELEMENTS = 1 << 20
_MOST_WIDTH = 10_000
_MOST_EXPONENT = 64
_MOST_INTEGER_BITS = 4096


class _RefusedError(Exception):
    """The template itself refuses the conversation, by `raise_exception`."""


class SandboxRenderer:
    """Renders within limits."""

    def __init__(self) -> None:
        self._environment = _Environment()

    def render(self, job: TemplateJob) -> RenderedPrompt:
        """The prompt's text and what of it was typed; raises TemplateError."""
        if len(job.source) > _MOST_SOURCE_CHARACTERS:
            raise TemplateError(
                f"The chat template has {len(job.source):,} characters; "
                f"at most {_MOST_SOURCE_CHARACTERS:,} are allowed."
            )
        try:
            text = self._render(job)
        except TemplateError:
            raise
        except _RefusedError as error:
            raise TemplateError(
                f"The chat template refuses this conversation: {_line(error)}"
            ) from None
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                f"The chat template is not valid (line {error.lineno}): {_line(error)}"
            ) from None
        except jinja2.sandbox.SecurityError as error:
            raise TemplateError(
                f"The chat template does something it may not: {_line(error)}"
            ) from None
        except RecursionError:
            raise TemplateError("The chat template calls itself without end.") from None
        except MemoryError:
            raise TemplateError("The chat template needs more memory than it may have.") from None
        except Exception as error:  # noqa: BLE001 - a template can raise anything
            raise TemplateError(
                f"The chat template failed: {type(error).__name__}: {_line(error)}"
            ) from None
        return RenderedPrompt(str.__str__(text), text.spans)

    def _render(self, job: TemplateJob) -> TypedText:
        template = self._environment.from_string(job.source)
        rendered = template.render(
            messages=[_entry(message) for message in job.messages],
            tools=None,
            documents=None,
            add_generation_prompt=job.add_generation_prompt,
            **job.variables,
        )
        return rendered if isinstance(rendered, TypedText) else TypedText(rendered, ())


def _entry(message: Message) -> dict[str, str]:
    """A message as templates know it; all that was written in it is typed."""
    entry: dict[str, str] = {"role": message.role, "content": TypedText(message.content)}
    if message.reasoning:
        entry["reasoning_content"] = TypedText(message.reasoning)
    return entry


def _line(error: Exception) -> str:
    """An error's text, one short line."""
    return " ".join(str(error).split())[:200]


def _bounded_join(parts: Iterable[str]) -> TypedText:
    """Jinja's concatenation, stopped once it is too long."""

    def counted() -> Iterator[str]:
        total = 0
        for part in parts:
            total += len(part)
            if total > _MOST_OUTPUT_CHARACTERS:
                raise TemplateError(
                    f"The chat template writes more than {_MOST_OUTPUT_CHARACTERS:,} characters."
                )
            yield part

    return joined(counted())


class _Generator(CodeGenerator):
    """Jinja's `~` joins by a function of its own; ours keeps track."""

    def visit_Concat(self, node: jinja2.nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.concat(map(str, (")
        for operand in node.nodes:
            self.visit(operand, frame)
            self.write(", ")
        self.write(")))")


class _GenerationTag(jinja2.ext.Extension):
    """`{% generation %}` marks training targets in some templates; its body is kept."""

    tags = frozenset({"generation"})

    def parse(self, parser: Parser) -> list[jinja2.nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """The sandbox, with typed text followed through operators, calls and filters."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    concat = staticmethod(_bounded_join)

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=[_GenerationTag, "jinja2.ext.loopcontrols"],
        )
        for name in ("lipsum", "cycler"):
            self.globals.pop(name, None)
        self.globals["raise_exception"] = _refuse
        self.globals["strftime_now"] = _now
        self.filters["tojson"] = _to_json
        self.filters["join"] = _join
        for name, function in list(self.filters.items()):
            self.filters[name] = _followed(function)

    def call(self, context: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call from the template: bounded, and typed text followed through it."""
        _check_widths(args, kwargs)
        owner = getattr(function, "__self__", None)
        if isinstance(owner, str):
            if function.__name__ in ("format", "format_map"):
                _check_format(owner)
            elif function.__name__ in ("replace", "join", "translate"):
                _check_growth(owner, function.__name__, args)
            if not isinstance(owner, TypedText) and hasattr(TypedText, function.__name__):
                function = getattr(TypedText(owner, ()), function.__name__)
        typed = holds_typed(owner if isinstance(owner, str) else "") or any(
            _plainly_typed(value) for value in (*args, *kwargs.values())
        )
        result = super().call(context, function, *args, **kwargs)
        return all_typed(result) if typed else result

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The operators that can grow without bound, or lose track."""
        if operator == "**":
            _check_power(left, right)
        elif operator == "*":
            _check_product(left, right)
        elif operator == "+":
            _check_sum(left, right)
        elif isinstance(left, str):
            _check_format(left)
            _check_widths(right if isinstance(right, tuple) else (right,), {})
        result = super().call_binop(context, operator, left, right)
        if _plainly_typed(left) or _plainly_typed(right):
            return all_typed(result)
        return result


def _plainly_typed(value: object) -> bool:
    """As `holds_typed`, for values whose insides can be seen."""
    known = isinstance(value, str | list | tuple | dict | set | frozenset)
    return known and holds_typed(value)


def _followed(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose result is typed where anything typed went in and track was lost."""

    def filtered(*args: Any, **kwargs: Any) -> Any:
        _check_widths(args, kwargs)
        result = function(*args, **kwargs)
        typed = any(_plainly_typed(value) for value in (*args, *kwargs.values()))
        return all_typed(result) if typed else result

    # Jinja looks for its marks (pass_context and the like) on the function.
    filtered.__dict__.update(getattr(function, "__dict__", {}))
    return filtered


def _refuse(message: str) -> None:
    raise _RefusedError(message)


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _join(values: Iterable[Any], d: str = "", attribute: str | int | None = None) -> TypedText:
    """Jinja's `join`; an attribute is taken from mappings alone, as chat templates do."""
    parts: list[str] = []
    for value in values:
        item = value if attribute is None else value[attribute]
        parts += (d, str(item)) if parts else (str(item),)
    return _bounded_join(parts)


def _check_widths(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Numbers given to functions are widths and counts: none needs to be large."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, int) and abs(value) > _MOST_ELEMENTS:
            raise TemplateError(f"The chat template uses the number {value:,}, which is too large.")


def _check_format(form: str) -> None:
    """Widths inside a format string."""
    digits = 0
    for character in form:
        digits = digits + 1 if character.isdigit() else 0
        if digits >= len(str(_MOST_WIDTH)):
            raise TemplateError("The chat template formats with a width that is too large.")


def _check_growth(owner: str, name: str, args: tuple[Any, ...]) -> None:
    """Methods whose result can be much longer than what goes in."""
    if name == "replace" and len(args) > 1 and isinstance(args[0], str):
        longest = len(owner) + owner.count(args[0]) * len(args[1])
    elif name == "join" and args and isinstance(args[0], list | tuple):
        longest = len(owner) * len(args[0])
    else:
        longest = len(owner)
    _check_length(longest)


def _check_length(characters: int) -> None:
    if characters > _MOST_OUTPUT_CHARACTERS:
        raise TemplateError(
            f"The chat template makes a text of more than {_MOST_OUTPUT_CHARACTERS:,} characters."
        )


def _check_sum(left: Any, right: Any) -> None:
    if isinstance(left, str) and isinstance(right, str):
        _check_length(len(left) + len(right))
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        _check_elements(len(left) + len(right))


def _check_elements(count: int) -> None:
    if count > _MOST_ELEMENTS:
        raise TemplateError(
            f"The chat template makes a list of more than {_MOST_ELEMENTS:,} elements."
        )


def _check_product(left: Any, right: Any) -> None:
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, str) and isinstance(count, int):
            _check_length(len(sequence) * count)
        elif isinstance(sequence, list | tuple) and isinstance(count, int):
            _check_elements(len(sequence) * count)
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())


def _check_power(left: Any, right: Any) -> None:
    if isinstance(right, int) and abs(right) > _MOST_EXPONENT:
        raise TemplateError("The chat template raises a number to a power that is too large.")
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() * abs(right))


def _check_bits(bits: int) -> None:
    if bits > _MOST_INTEGER_BITS:
        raise TemplateError("The chat template computes with numbers that are too large.")
