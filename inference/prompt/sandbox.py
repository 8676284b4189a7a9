"""Renders a chat template, and knows which characters of the result came from messages.

For the template worker. Jinja's immutable sandbox, set up as transformers sets it up, with
two additions: limits on what a template may build (`template_limits`), and typed text
(`typed_text`) that keeps its spans through concatenation, slicing and the usual methods and
filters. Whatever else a template does with typed text gives text that is typed as a whole:
a lost track can make a control token plain, never typed text a control token.

No limit on time or memory here: the worker's owner sets those. Knows no tokenizer.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inference.errors import TemplateError
from inference.prompt import typed_text as tt
from inference.prompt.rendered import RenderedPrompt, TemplateJob
from inference.prompt.template_limits import (
    check_numbers,
    check_product,
    check_size,
    check_source,
)
from inference.prompt.tracked_calls import FILTERS, call_method, formatted, join_filter
from inference.request import Message
from inference.sentence import said

_REASON_CHARACTERS = 300
_CACHED_TEMPLATES = 4


class SandboxRenderer:
    """Renders within limits; the last few templates stay compiled."""

    def __init__(self) -> None:
        self._environment = _environment()
        self._compiled = lru_cache(_CACHED_TEMPLATES)(self._environment.from_string)

    def render(self, job: TemplateJob) -> RenderedPrompt:
        """The prompt's text and what of it was typed; raises TemplateError."""
        check_source(job.source)
        try:
            return self._render(job)
        except TemplateError:
            raise
        except MemoryError:
            raise TemplateError("The chat template needs more memory than it may have.") from None
        except RecursionError:
            raise TemplateError("The chat template calls itself without end.") from None
        except jinja2.TemplateSyntaxError as error:
            reason = said("line {line}: {why}", line=error.lineno, why=_reason(error))
            raise TemplateError(
                said("The chat template can't be read: {reason}.", reason=reason)
            ) from None
        except jinja2.exceptions.SecurityError as error:
            raise TemplateError(
                said("The chat template does what it may not do: {why}.", why=_reason(error))
            ) from None
        except Exception as error:
            raise TemplateError(
                said("The chat template failed: {why}.", why=_reason(error))
            ) from error

    def _render(self, job: TemplateJob) -> RenderedPrompt:
        template = self._compiled(job.source)
        context = template.new_context(
            {
                # As transformers has them: defined, and nothing.
                "tools": None,
                "documents": None,
                **job.variables,
                "messages": [_turn(message) for message in job.messages],
                "add_generation_prompt": job.add_generation_prompt,
            }
        )
        text = concatenated(template.root_render_func(context))
        return RenderedPrompt(tt.plain(text), tt.spans_of(text))


def _turn(message: Message) -> dict[str, str]:
    """A message as templates know it; everything that was said is typed."""
    turn: dict[str, str] = {"role": message.role, "content": tt.TypedText(message.content)}
    if message.reasoning:
        # Under both names that templates know; transformers writes both too.
        turn["reasoning_content"] = turn["thinking"] = tt.TypedText(message.reasoning)
    return turn


def _reason(error: BaseException) -> str:
    words = " ".join(tt.plain(str(error)).split()) or type(error).__name__
    return words[:_REASON_CHARACTERS].rstrip(".")


def concatenated(pieces: Iterable[Any]) -> str:
    """What a template's parts make together; stops as soon as that is too much."""
    texts: list[str] = []
    size = 0
    for piece in pieces:
        text = piece if isinstance(piece, str) else str(piece)
        if tt.has_typed(piece) and not isinstance(text, tt.TypedText):
            text = tt.tainted(text)
        size += len(text)
        check_size(size)
        texts.append(text)
    return tt.join(texts)


class _TrackingCode(CodeGenerator):
    """`~` through `concatenated`, and output that is not turned into text too early."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("environment.concat((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.shown(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")


class _GenerationTag(Extension):
    """`{% generation %}…{% endgeneration %}` marks training text; here it does nothing."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Formatting:
    """A text's `format` or `format_map`, bound."""

    def __init__(self, environment: _TrackingSandbox, pattern: str, takes_map: bool) -> None:
        self._environment = environment
        self._pattern = pattern
        self._takes_map = takes_map

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if self._takes_map:
            (mapping,) = args
            return formatted(self._environment, self._pattern, (), dict(mapping))
        return formatted(self._environment, self._pattern, args, kwargs)


class _TrackingSandbox(ImmutableSandboxedEnvironment):
    """The sandbox, with every operation on typed text in its own hands."""

    code_generator_class = _TrackingCode
    concat = staticmethod(concatenated)
    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def shown(self, value: Any) -> str:
        """A value as text, typed as a whole if anything in it was typed."""
        return concatenated((value,))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        check_product(operator, left, right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return tt.join((left, right))
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, str) and tt.has_typed((left, right)):
            return tt.tainted(result)
        return result

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        name = getattr(value, "__name__", "")
        text = getattr(value, "__self__", None)
        if name not in ("format", "format_map") or not isinstance(text, str):
            return None

        return _Formatting(self, text, name == "format_map")

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if isinstance(getattr(obj, "__self__", None), str) and callable(obj):
            if not self.is_safe_callable(obj):
                raise jinja2.exceptions.SecurityError("a method that is not safe is called")
            # Compiled templates add these two for functions that ask for the context.
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return call_method(obj, args, kwargs)
        result = super().call(context, obj, *args, **kwargs)
        # These keep their own track; anything else that was handed typed text may have lost it.
        if isinstance(obj, Macro | LoopContext | _Formatting) or not isinstance(result, str):
            return result
        return tt.tainted(result) if tt.has_typed((args, kwargs)) else result


def _tracked_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that carries spans, or marks its result as typed."""
    own = FILTERS.get(name)

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        check_numbers((*args, *kwargs.values()))
        handed = args[1:] if hasattr(function, "jinja_pass_arg") else args
        values = (handed, kwargs)
        if own is not None:
            return own(*handed, **kwargs)
        if name == "join" and len(handed) < 3 and "attribute" not in kwargs:
            return join_filter(*handed, **kwargs)
        if name == "format":
            check_product("%", str(handed[0]), 0)
        typed = tt.has_typed(values) or any(isinstance(v, Iterator) for v in handed)
        result = function(*args, **kwargs)
        return result if not typed or _hands_on(name, handed, kwargs) else tt.tainted(result)

    return run


# They give what they were given, or items of it.
_HANDING_ON = frozenset(
    (
        *("default", "d", "first", "last", "list", "attr", "length", "count", "min", "max"),
        *("select", "reject", "selectattr", "rejectattr", "sort", "unique", "slice", "batch"),
        *("random", "items", "dictsort"),
    )
)


def _hands_on(name: str, handed: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a filter makes no text of its own, so that spans cannot be lost."""
    if name == "map":
        return "attribute" in kwargs
    if name == "reverse":
        return not isinstance(handed[0], str)
    return name in _HANDING_ON


def _refuse(message: str) -> NoReturn:
    raise TemplateError(
        said("The model's chat template refuses this chat: {message}", message=message[:300])
    )


def _time_now(pattern: str) -> str:
    return datetime.datetime.now().strftime(pattern)


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _environment() -> _TrackingSandbox:
    environment = _TrackingSandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[LoopControlExtension, _GenerationTag]
    )
    environment.filters["tojson"] = _to_json
    for name in ("lipsum", "urlize", "pprint"):  # nothing a prompt needs; some can run wild
        environment.filters.pop(name, None)
        environment.globals.pop(name, None)
    filters = environment.filters
    for name, function in list(filters.items()):
        filters[name] = _tracked_filter(name, function)
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _time_now
    return environment
