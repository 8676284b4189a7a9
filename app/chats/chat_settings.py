"""What one chat, or a preset, sets of a model's answers; all else is as the model recommends.

For: the chat's controller, which asks with it, the panel that shows it, presets and the
history, which keep it as plain values by name. Which values a model recommends, the engine says.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, get_args, get_type_hints

from app.chats.documents import Pairs, Value
from inference.errors import RequestError
from inference.request import GenerateRequest, Message, OverflowChoice, SamplerSettings

_SAMPLER = tuple(field.name for field in fields(SamplerSettings))


@dataclass(frozen=True)
class ChatSettings:
    """None: as the model recommends. Names and bounds are those of the engine's requests; but
    `leave_out_oldest` is the user's choice for a chat that no longer fits: None is not made yet.

    Raises RequestError for a value that is out of bounds. An empty `system_prompt` is none at
    all; None leaves a chat the one that it came with.
    """

    system_prompt: str | None = None
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    penalty_window_tokens: int | None = None
    seed: int | None = None
    max_tokens: int | None = None
    thinking: bool | None = None
    thinking_budget_tokens: int | None = None
    keep_thoughts: bool | None = None
    leave_out_oldest: bool | None = None

    def __post_init__(self) -> None:
        GenerateRequest(
            (Message("user", ""),),
            self.sampler(SamplerSettings()),
            max_tokens=self.max_tokens,
            thinking_budget_tokens=self.thinking_budget_tokens,
        )

    def sampler(self, recommended: SamplerSettings) -> SamplerSettings:
        """What is set here, and what is recommended of the rest."""
        said = {name: getattr(self, name) for name in _SAMPLER}
        return replace(
            recommended, **{name: value for name, value in said.items() if value is not None}
        )

    @property
    def on_overflow(self) -> OverflowChoice:
        """What becomes of a chat that no longer fits; who has not chosen is asked."""
        return OverflowChoice.DROP_OLDEST if self.leave_out_oldest else OverflowChoice.STOP

    def pairs(self) -> Pairs:
        """What is set, as plain values by name: what a preset and a chat keep."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple((name, value) for name, value in values if value is not None)


def settings_from(pairs: Pairs) -> ChatSettings:
    """What `pairs` set. Names that are not known here are passed over, and so are values that
    can't be: the file may be of a later version, or of anyone's making.
    """
    settings, kinds = ChatSettings(), get_type_hints(ChatSettings)
    for name, value in pairs:
        if name in kinds and _fits(value, get_args(kinds[name])[0]):
            said: dict[str, Any] = {name: value}
            try:
                settings = replace(settings, **said)
            except RequestError:
                continue
    return settings


def _fits(value: Value, kind: type) -> bool:
    """Whether a plain value is of a kind: a whole number is a number, a flag is none."""
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, int | float if kind is float else kind)
