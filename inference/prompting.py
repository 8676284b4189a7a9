"""From a request to the tokens that the model reads. For the engine.

Applies a family's rules: who may have a system prompt, whether thinking is on, whether
earlier thoughts are kept. Renders by the template worker; reads no token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from inference.errors import TemplateError
from inference.events import ContextUse
from inference.generation.kept_thoughts import open_text, with_thoughts, written_so_far
from inference.generation.reasoning import thinking_is_open
from inference.generation.so_far import NOTHING_YET, Answered, RecentAnswers, SoFar
from inference.overflow import reserve_tokens
from inference.prompt.families import Family, family_of
from inference.prompt.rendered import RenderedPrompt, TemplateJob, TemplateRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.request import GenerateRequest, Message

Encode = Callable[[RenderedPrompt], list[int]]


@dataclass(frozen=True)
class Prompt:
    """A conversation, ready to be read, and the answer that goes on behind it."""

    rendered: RenderedPrompt
    token_ids: list[int]
    thinking_is_open: bool
    so_far: SoFar = NOTHING_YET

    @property
    def all_ids(self) -> list[int]:
        """What the model reads before it writes."""
        return [*self.token_ids, *self.so_far.token_ids]


class Prompter:
    """Makes one model's prompts."""

    def __init__(
        self, template: str, tokenizer: Tokenizer, renderer: TemplateRenderer, family: Family
    ) -> None:
        self._template = template
        self._tokenizer = tokenizer
        self._renderer = renderer
        self._family = family
        self._recent = RecentAnswers()
        self._counts: dict[str, int] = {}

    def prompt(
        self, request: GenerateRequest, messages: tuple[Message, ...], encode: Encode
    ) -> Prompt:
        """Render and encode `messages` as the request says; raises TemplateError."""
        asked = messages[:-1] if request.continues_last else messages
        rendered = self._with_thinking(self._rendered(request, asked), request.thinking)
        token_ids = encode(rendered)
        if not token_ids:
            raise TemplateError("The chat template made an empty prompt of this conversation.")
        is_open = thinking_is_open(rendered, self._family.markers)
        prompt = Prompt(rendered, token_ids, is_open)
        return self._going_on(prompt, messages[-1]) if request.continues_last else prompt

    def forget(self) -> None:
        """Nothing of any conversation."""
        self._recent = RecentAnswers()
        self._counts = {}

    def remember(self, prompt: Prompt, so_far: SoFar) -> None:
        """What was answered, should it have to go on."""
        answered = Answered(prompt.rendered, prompt.token_ids, prompt.thinking_is_open, so_far)
        self._recent.remember(answered)

    def _going_on(self, prompt: Prompt, message: Message) -> Prompt:
        """Behind the prompt the message as the model wrote it, or as it is written."""
        is_open = prompt.thinking_is_open
        shown = Message(message.role, message.content, message.reasoning)
        found = self._recent.find(prompt.rendered, is_open, shown)
        if found is None:
            family = self._family
            written = written_so_far(message, family.markers, family.close_text, is_open)
            return replace(
                prompt, so_far=SoFar(shown, tuple(self._tokenizer.encode_prompt(written)))
            )
        is_same = found.prompt == prompt.rendered
        token_ids = list(found.prompt_ids) if is_same else prompt.token_ids
        return replace(prompt, token_ids=token_ids, so_far=found.so_far)

    def use(
        self,
        request: GenerateRequest,
        messages: Sequence[Message],
        prompt: Prompt,
        capacity_tokens: int,
    ) -> ContextUse:
        """What the prompt's tokens are: each message counted alone, the rest is the template's."""
        asked = messages[:-1] if request.continues_last else messages
        counts = [self.count(request, message) for message in asked]
        attached = [self._count(_attached_part(message)) for message in asked]
        system = sum(n for n, m in zip(counts, asked, strict=True) if m.role == "system")
        question = counts[-1] - attached[-1] if asked and asked[-1].role == "user" else 0
        prompt_tokens, answer = len(prompt.token_ids), len(prompt.so_far.token_ids)
        free = capacity_tokens - prompt_tokens - answer
        self._forget_counts_but_of(messages)
        return ContextUse(
            capacity_tokens=capacity_tokens,
            system_tokens=system,
            conversation_tokens=sum(counts) - sum(attached) - system - question,
            question_tokens=question,
            template_tokens=max(0, prompt_tokens - sum(counts)),
            kept_for_answer_tokens=max(0, min(reserve_tokens(capacity_tokens), free)),
            attached_tokens=sum(attached),
            answer_tokens=answer,
        )

    def count(self, request: GenerateRequest, message: Message) -> int:
        """A message's own tokens, with its thoughts where they are kept."""
        texts = [_attached_part(message), message.content[message.attached_characters :]]
        if self._keeps_thoughts(request):
            texts.append(message.reasoning)
        return sum(self._count(text) for text in texts)

    def _count(self, text: str) -> int:
        if text not in self._counts:
            self._counts[text] = len(self._tokenizer.encode_typed(text))
        return self._counts[text]

    def _forget_counts_but_of(self, messages: Sequence[Message]) -> None:
        texts = {
            text
            for message in messages
            for text in (
                _attached_part(message),
                message.content[message.attached_characters :],
                message.reasoning,
            )
        }
        self._counts = {text: count for text, count in self._counts.items() if text in texts}

    def _keeps_thoughts(self, request: GenerateRequest) -> bool:
        if request.keep_thoughts is None:
            return self._family.keeps_thoughts
        return request.keep_thoughts

    def _rendered(self, request: GenerateRequest, messages: tuple[Message, ...]) -> RenderedPrompt:
        keeps = self._keeps_thoughts(request)
        handed = self._family.prepared(messages)
        if not keeps:
            handed = tuple(replace(message, reasoning="") for message in handed)
        switches = {}
        if self._family.thinking_switch is not None and request.thinking is not None:
            switches[self._family.thinking_switch] = request.thinking
        history = self._family.history_switch
        if history is not None and request.keep_thoughts is not None:
            switches[history.name] = history.value if keeps else not history.value
        job = template_job(self._template, self._tokenizer, handed, True, switches)
        rendered = self._renderer.render(job)
        if keeps and self._family.markers is not None:
            return with_thoughts(rendered, handed, self._family.markers, self._family.close_text)
        return rendered

    def _with_thinking(self, rendered: RenderedPrompt, thinking: bool | None) -> RenderedPrompt:
        """Where the template has no switch, the tags themselves turn thinking on or off."""
        family = self._family
        if family.markers is None or thinking is None or family.thinking_switch is not None:
            return rendered
        is_open = thinking_is_open(rendered, family.markers)
        opening = "" if is_open else open_text(family.markers, family.close_text)
        closing = "" if thinking else family.close_text
        return replace(rendered, text=rendered.text + opening + closing)


def _attached_part(message: Message) -> str:
    return message.content[: message.attached_characters]


def template_job(
    template: str,
    tokenizer: Tokenizer,
    messages: tuple[Message, ...],
    add_generation_prompt: bool,
    switches: Mapping[str, bool] | None = None,
) -> TemplateJob:
    """What the renderer is asked for; raises TemplateError where the model has no template."""
    if not template:
        raise TemplateError(
            "This model brings no chat template, so it can't hold a conversation. "
            "Choose a chat (or “instruct”) model."
        )
    variables: dict[str, str | bool] = {
        "bos_token": tokenizer.token_text(tokenizer.bos_id) if tokenizer.bos_id is not None else "",
        "eos_token": tokenizer.token_text(tokenizer.eos_id) if tokenizer.eos_id is not None else "",
        **(switches or {}),
    }
    return TemplateJob(template, messages, variables, add_generation_prompt)


def family_for(template: str, tokenizer: Tokenizer, model_name: str) -> Family:
    """The family whose rules hold, by a model's template, its tokens and its name."""
    return family_of(template, lambda text: tokenizer.id_of(text) is not None, model_name)
