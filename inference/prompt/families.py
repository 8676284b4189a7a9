"""What each model family's makers say of their prompts, as data, and how a family is known.

For the engine. Each value is only a default: whoever asks may override it. Renders nothing
and knows no token ids; whether a prompt has already opened the thoughts is read from the
rendered prompt, not here.

Sources: the makers' model cards and `generation_config.json`, as named beside each family.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from inference.prompt.recommended import Recommended
from inference.request import Message

HasToken = Callable[[str], bool]


class SystemPrompt(StrEnum):
    """Where instructions of a system message belong."""

    ALLOWED = "allowed"
    IN_FIRST_USER_MESSAGE = "moved to the first user message"


@dataclass(frozen=True)
class ThinkingMarkers:
    """The tags around a model's thoughts."""

    open: str = "<think>"
    close: str = "</think>"


@dataclass(frozen=True)
class TemplateVariable:
    """A variable of a chat template, and the value that has the wanted effect."""

    name: str
    value: bool


@dataclass(frozen=True)
class Family:
    """What makes a model family's prompts its own.

    `close_text` ends the thoughts for a budget or for “answer now”. `thinking_switch` is the
    template's variable that turns thinking on and off, None where it has none; what happens
    when nobody sets it is `thinks_by_default`. `keeps_thoughts`: whether thoughts of earlier
    answers stay in the conversation; `history_switch` is what a template needs for that.
    `recommended_plain` holds when thinking is turned off.
    """

    name: str
    markers: ThinkingMarkers | None = None
    close_text: str = ""
    recommended: Recommended = field(default_factory=Recommended)
    recommended_plain: Recommended | None = None
    system_prompt: SystemPrompt = SystemPrompt.ALLOWED
    thinking_switch: str | None = None
    thinks_by_default: bool = True
    keeps_thoughts: bool = False
    history_switch: TemplateVariable | None = None

    def prepared(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The messages as this family wants them."""
        if self.system_prompt is SystemPrompt.IN_FIRST_USER_MESSAGE:
            return with_system_as_instructions(messages)
        return messages

    def sampling(self, *, thinking: bool | None = None) -> Recommended:
        """The makers' values, for thinking on, off, or as the family has it by itself."""
        thinks = self.thinks_by_default if thinking is None else thinking
        return self.recommended if thinks else (self.recommended_plain or self.recommended)


def with_system_as_instructions(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """System messages, put before the first user message's text; two line breaks between.

    Without a user message nothing is changed: instructions are never dropped.
    """
    instructions = [m.content for m in messages if m.role == "system"]
    rest = [m for m in messages if m.role != "system"]
    first = next((n for n, m in enumerate(rest) if m.role == "user"), None)
    if not instructions or first is None:
        return messages
    parts = [text for text in (*instructions, rest[first].content) if text]
    rest[first] = replace(rest[first], content="\n\n".join(parts))
    return tuple(rest)


_TAGS = ThinkingMarkers()
_CLOSE_ON_ITS_LINE = "\n</think>\n\n"
_R1_SAMPLING = Recommended(temperature=0.6, top_p=0.95, top_k=0, min_p=0.0)

# “Avoid adding a system prompt; all instructions should be contained within the user prompt”,
# temperature 0.5 to 0.7, 0.6 recommended (model card of DeepSeek-R1, and of its distills).
DEEPSEEK_R1 = Family(
    name="deepseek-r1",
    markers=_TAGS,
    close_text=_CLOSE_ON_ITS_LINE,
    recommended=_R1_SAMPLING,
    system_prompt=SystemPrompt.IN_FIRST_USER_MESSAGE,
)
# “System prompt is supported now”; it opens its thoughts by itself (card of R1-0528, and of
# R1-0528-Qwen3-8B, which has the same template).
DEEPSEEK_R1_0528 = replace(DEEPSEEK_R1, name="deepseek-r1-0528", system_prompt=SystemPrompt.ALLOWED)
# generation_config.json of V2-Lite-Chat and V2-Chat.
DEEPSEEK_V2 = Family("deepseek-v2", recommended=Recommended(temperature=0.3, top_p=0.95))
# Model card of V3-0324: 0.3 is what the makers' own service uses.
DEEPSEEK_V3 = Family(
    "deepseek-v3", recommended=Recommended(temperature=0.3, top_p=0.95, top_k=0, min_p=0.0)
)
# generation_config.json of V3.1; its template closes thoughts with no line break around.
DEEPSEEK_V3_1 = Family(
    name="deepseek-v3.1",
    markers=_TAGS,
    close_text="</think>",
    recommended=_R1_SAMPLING,
    thinks_by_default=False,
)
_QWEN_PLAIN = Recommended(temperature=0.7, top_p=0.8, top_k=20, min_p=0.0)
# Model card of Qwen3, “Best Practices”; QwQ's are the same.
QWEN3 = Family(
    name="qwen3",
    markers=_TAGS,
    close_text=_CLOSE_ON_ITS_LINE,
    recommended=Recommended(temperature=0.6, top_p=0.95, top_k=20, min_p=0.0),
    recommended_plain=_QWEN_PLAIN,
)
# Qwen2.5 and the Instruct models of Qwen3-2507: they do not think aloud.
QWEN = Family("qwen", recommended=_QWEN_PLAIN)
# Model card of GLM-4.7-Flash; the template writes `</think>` and the answer right after it.
GLM = Family(
    name="glm",
    markers=_TAGS,
    close_text="</think>",
    recommended=Recommended(temperature=1.0, top_p=0.95, top_k=0, min_p=0.0),
)
# Kimi-K2-Instruct's card: 0.6. The markers are Kimi-VL-Thinking's; the others write none.
KIMI = Family(
    name="kimi",
    markers=ThinkingMarkers("◁think▷", "◁/think▷"),
    close_text="◁/think▷",
    recommended=Recommended(temperature=0.6, top_k=0, min_p=0.0, top_p=1.0),
)
# Kimi-K2-Thinking's card: 1.0; its template has `<think>`.
KIMI_K2_THINKING = replace(
    KIMI,
    name="kimi-k2-thinking",
    markers=_TAGS,
    close_text="</think>",
    recommended=Recommended(temperature=1.0, top_k=0, min_p=0.0, top_p=1.0),
)
MOONLIGHT = Family("moonlight")
# generation_config.json of Llama 3.1, 3.2 and 3.3.
LLAMA_3 = Family("llama3", recommended=Recommended(temperature=0.6, top_p=0.9))
UNKNOWN = Family("unknown")

FAMILIES: tuple[Family, ...] = (
    *(DEEPSEEK_R1, DEEPSEEK_R1_0528, DEEPSEEK_V2, DEEPSEEK_V3, DEEPSEEK_V3_1, QWEN3, QWEN),
    *(GLM, KIMI, KIMI_K2_THINKING, MOONLIGHT, LLAMA_3, UNKNOWN),
)


def family_of(template: str, has_token: HasToken, model_name: str) -> Family:
    """The family, by the template's text first, then the vocabulary, then the model's name.

    `has_token` says whether the vocabulary has a text as one token outside BPE. Thinking is
    granted to whatever names `<think>`, and a switch only where the template has it.
    """
    name = model_name.casefold()
    family = next(
        (
            found
            for of_maker in (_deepseek, _moonshot, _glm, _qwen, _llama)
            for found in of_maker(template, has_token, name)
        ),
        UNKNOWN,
    )
    return _with_switches(_with_markers(family, template, has_token), template)


def _deepseek(template: str, has_token: HasToken, name: str) -> Iterator[Family]:
    if "<｜User｜>" in template or "<｜Assistant｜>" in template:
        if _mentions(template, "thinking"):
            yield DEEPSEEK_V3_1
        elif "</think>" in template:
            yield DEEPSEEK_R1_0528 if "is_last_user" in template else DEEPSEEK_R1
        elif "<think>" in template:
            yield DEEPSEEK_R1
        yield DEEPSEEK_V3
    if not template and has_token("<｜Assistant｜>"):
        if "0528" in name:
            yield DEEPSEEK_R1_0528
        yield DEEPSEEK_R1 if "r1" in name else DEEPSEEK_V3
    if has_token("<｜end▁of▁sentence｜>") and "User: " in template:
        yield DEEPSEEK_V2


def _moonshot(template: str, has_token: HasToken, name: str) -> Iterator[Family]:
    if "<|im_middle|>" in template or (not template and has_token("<|im_middle|>")):
        if "<think>" in template:
            yield KIMI_K2_THINKING
        if "tool_declare" in template or "◁think▷" in template or "kimi" in name:
            yield KIMI
        yield MOONLIGHT


def _glm(template: str, has_token: HasToken, name: str) -> Iterator[Family]:
    if "[gMASK]" in template or (not template and has_token("[gMASK]")):
        thinks = "<think>" in template or "</think>" in template or has_token("<think>")
        yield GLM if thinks else replace(GLM, markers=None, close_text="")


def _qwen(template: str, has_token: HasToken, name: str) -> Iterator[Family]:
    is_qwen = has_token("<|object_ref_start|>") or "qwen" in name or "qwq" in name
    chat_ml = "<|im_start|>" in template or (not template and has_token("<|im_start|>"))
    if is_qwen and chat_ml:
        thinks = "<think>" in template or "</think>" in template
        yield QWEN3 if thinks or (not template and has_token("<think>")) else QWEN


def _llama(template: str, has_token: HasToken, name: str) -> Iterator[Family]:
    if "<|start_header_id|>" in template or (not template and has_token("<|start_header_id|>")):
        yield LLAMA_3


def _with_markers(family: Family, template: str, has_token: HasToken) -> Family:
    """A family that is not known to think, and names the tags, gets them."""
    named = has_token("<think>") and has_token("</think>")
    if family.markers is None and (named or "<think>" in template):
        return replace(family, markers=_TAGS, close_text=_CLOSE_ON_ITS_LINE)
    return family


def _with_switches(family: Family, template: str) -> Family:
    switch = next((v for v in ("thinking", "enable_thinking") if _mentions(template, v)), None)
    history = next((v for v in _HISTORY_SWITCHES if _mentions(template, v.name)), None)
    if family.markers is None:
        return family
    return replace(family, thinking_switch=switch, history_switch=history)


_HISTORY_SWITCHES = (
    TemplateVariable("clear_thinking", False),  # GLM-4.7
    TemplateVariable("preserve_thinking", True),  # later Qwen
)
# Far more than any template has; a longer one is refused where it is rendered.
_READ_CHARACTERS = 256 * 2**10
# Each takes an end that is missing for one, so that no text makes it slow.
_TEXTS = re.compile(r"""'(?:[^'\\]|\\.?)*+(?:'|\Z)|"(?:[^"\\]|\\.?)*+(?:"|\Z)""", re.DOTALL)


def _code(template: str) -> str:
    """What a template's tags and expressions hold, texts left out."""
    parts = []
    position = 0
    while (opening := template.find("{", position)) >= 0:
        closer = {"{": "}}", "%": "%}"}.get(template[opening + 1 : opening + 2])
        position = opening + 1
        if closer is not None:
            end = template.find(closer, opening + 2)
            position = end if end >= 0 else len(template)
            parts.append(_TEXTS.sub("''", template[opening + 2 : position]))
    return "\n".join(parts)


def _mentions(template: str, variable: str) -> bool:
    """Whether the template's code reads a variable; an attribute of that name is none."""
    if variable not in template:
        return False
    reads = rf"(?<![\w.]){variable}\b(?!\s*=[^=])"
    return re.search(reads, _code(template[:_READ_CHARACTERS])) is not None
