"""The engine: one loaded model and one conversation at a time.

For: the window's worker, the terminal chat, tests. `generate` runs in the caller's
thread and yields events; `cancel` may be called from any thread. Not here: threads,
Qt, files other than the model's.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from inference.card_use import CardUse
from inference.compute import compute_path
from inference.decoders import AnyDecoder
from inference.errors import CardFailedError, RequestError
from inference.events import (
    ContextUse,
    Event,
    Finished,
    FinishReason,
    LoadProgress,
    Overflow,
    PrefillProgress,
    Provenance,
    Statistics,
)
from inference.generation.answer import AnswerText, TagTokens
from inference.generation.loop import AnswerLoop
from inference.generation.sampler import Best, Sampler, best_here
from inference.generation.so_far import SoFar
from inference.generation.stopwatch import Stopwatch
from inference.generation.thinking import ThinkingControl
from inference.layers.decoder import ForwardCancelledError
from inference.loading import ModelInfo, OpenedModel, open_model
from inference.overflow import oldest_turns, reserve_tokens, without
from inference.prompt.families import UNKNOWN, Family
from inference.prompt.rendered import RenderedPrompt, TemplateRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.prompting import Prompt, Prompter, family_for, template_job
from inference.request import (
    Compute,
    GenerateRequest,
    Message,
    OverflowChoice,
    SamplerSettings,
)
from inference.sentence import said, sentence_of
from inference.session import Session
from inference.transcript import Transcript
from inference.version import ENGINE_VERSION

_DEFAULT_CONTEXT_TOKENS = 8192
_LOAD_STEPS = (
    said("Reading the header"),
    said("Building the vocabulary"),
    said("Mapping the weights"),
)


@dataclass(frozen=True)
class EngineOptions:
    """How a model is run; None lets the engine choose. Its answers are recorded as made by `title`,
    where its own files name it otherwise than people do. `card`: on an NVIDIA card as far as it
    has one that will do, and else on the processor, which `Engine.card_use` then says.
    """

    compute: Compute = Compute.FAST
    threads: int | None = None
    context_tokens: int | None = None
    title: str = ""
    card: bool = False

    def __post_init__(self) -> None:
        if self.threads is not None and not 1 <= self.threads <= 1024:
            raise RequestError("The number of threads must be between 1 and 1024.")
        if self.context_tokens is not None and self.context_tokens < 1:
            raise RequestError("The context must hold at least 1 token.")


class Engine:
    """A model that answers. Made by `Engine.load`."""

    def __init__(
        self,
        opened: OpenedModel,
        tokenizer: Tokenizer,
        template: str,
        options: EngineOptions,
        renderer: TemplateRenderer,
        family: Family = UNKNOWN,
        on_progress: Callable[[LoadProgress], None] = lambda progress: None,
    ) -> None:
        self.info: ModelInfo = opened.info
        self.tokenizer = tokenizer
        self.family = family
        self._recommended_by_file = opened.recommended()
        self._opened = opened
        self._title = options.title or opened.info.name
        self._template = template
        self._template_sha256 = hashlib.sha256(template.encode(errors="replace")).hexdigest()
        self._renderer = renderer
        self.path = compute_path(options.compute, options.threads)
        wanted = options.context_tokens or _DEFAULT_CONTEXT_TOKENS
        context_tokens = min(wanted, opened.spec.context_tokens)
        self.card_use: CardUse | None = None
        self._card_failure: CardFailedError | None = None
        self._best: Best = best_here
        on_card = self._on_card(context_tokens, on_progress) if options.card else None
        self._decoder: AnyDecoder = on_card or opened.decoder(self.path)
        self._session = Session(self._decoder, context_tokens)
        self._tags = TagTokens.of(family.markers, tokenizer)
        self._closing_ids = tokenizer.encode_raw(family.close_text)
        self._prompter = Prompter(template, tokenizer, renderer, family)
        self._transcript = Transcript()
        self._cancelled = threading.Event()
        self._answer_now = threading.Event()
        self._busy = threading.Lock()

    @classmethod
    def load(
        cls,
        path: Path,
        options: EngineOptions,
        renderer: TemplateRenderer,
        on_progress: Callable[[LoadProgress], None] | None = None,
    ) -> Engine:
        """Open, check and map a model; raises the errors of `inference.errors`."""

        told = on_progress or (lambda progress: None)

        def tell(done: int) -> None:
            told(LoadProgress(_LOAD_STEPS[done], done, len(_LOAD_STEPS)))

        tell(0)
        opened = open_model(path)
        try:
            tell(1)
            tokenizer = opened.tokenizer()
            template = opened.chat_template()
            tell(2)
            family = family_for(template, tokenizer, opened.info.name)
            return cls(opened, tokenizer, template, options, renderer, family, told)
        except BaseException:
            opened.close()
            raise

    @property
    def context_tokens(self) -> int:
        """Tokens that prompt and answer may have together."""
        return self._session.capacity_tokens

    @property
    def recommended(self) -> SamplerSettings:
        """How its makers want the next token chosen, as it thinks by itself."""
        return self.recommended_for(None)

    def recommended_for(self, thinking: bool | None) -> SamplerSettings:
        """The file's own values over the family's over ours.

        Turned off, thinking has values of its own in some families; files give those for on.
        """
        of_family = self.family.sampling(thinking=thinking)
        if thinking is False and self.family.recommended_plain is not None:
            return of_family.over(self._recommended_by_file).settings(SamplerSettings())
        return self._recommended_by_file.over(of_family).settings(SamplerSettings())

    @property
    def thinks(self) -> bool:
        """Whether its answers may begin with thoughts."""
        return self._tags.markers is not None

    @property
    def default_threads(self) -> int:
        """How many compute where nobody asks for another number."""
        return self.path.threads

    def use_threads(self, threads: int) -> None:
        """Compute the answers to come with so many; waits for the one in progress."""
        with self._busy:
            self._decoder.use_threads(threads)

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """How many tokens each text is where it was typed; from any thread, at any time."""
        return tuple(len(self.tokenizer.encode_typed(text)) for text in texts)

    def forget(self) -> None:
        """Keep nothing of any conversation, neither its text nor its tokens; the next one is read
        anew. Waits for the answer in progress.
        """
        with self._busy:
            self._session.truncate(0)
            self._transcript = Transcript()
            self._prompter.forget()

    def _on_card(
        self, context_tokens: int, on_progress: Callable[[LoadProgress], None]
    ) -> AnyDecoder | None:
        from inference.gpu.running import run_on_card

        made = run_on_card(self._opened, self.path, context_tokens, on_progress)
        self.card_use = made.use
        self._best = made.best
        return made.decoder

    def continue_on_processor(self) -> None:
        """After a card failed: answer without it from now on. The conversation is read anew."""
        with self._busy:
            if self._card_failure is None or self.card_use is None:
                return
            self.card_use = self.card_use.without(self._card_failure.reason)
            self._decoder = self._opened.decoder(self.path)
            self._session = Session(self._decoder, self.context_tokens)
            self._card_failure, self._best = None, best_here
            self._give_back_card()

    def unload(self) -> None:
        """Give back the cache, the work space and the map. The engine is of no use after."""
        self.cancel()
        with self._busy:
            self._session.truncate(0)
            if self.card_use is not None and self.card_use.card:
                del self._session, self._decoder, self._best  # what lies on the card goes with them
                self._give_back_card()
            self.path.work.clear()
            self._opened.close()

    def _give_back_card(self) -> None:
        from inference.gpu.running import give_back

        give_back()

    def cancel(self) -> None:
        """End the answer in progress, within one decode step (between two layers)."""
        self._cancelled.set()

    def answer_now(self) -> None:
        """Close the thoughts of the answer in progress and go on to the answer."""
        self._answer_now.set()

    def render(self, messages: tuple[Message, ...], add_generation_prompt: bool) -> RenderedPrompt:
        """The conversation as the model's template writes it; raises TemplateError."""
        return self._renderer.render(
            template_job(self._template, self.tokenizer, messages, add_generation_prompt)
        )

    def context_use(self, request: GenerateRequest) -> ContextUse:
        """What the context would be used for; raises TemplateError, TokenizerError."""
        prompt = self._prompter.prompt(request, request.messages, self.tokenizer.encode_prompt)
        return self._prompter.use(request, request.messages, prompt, self.context_tokens)

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        """Answer; the events are in the order that `inference.events` says.

        Raises TemplateError, TokenizerError, NotANumberError, RequestError (when an answer is
        in progress already) and CardFailedError, which every answer ends in from then on,
        until `continue_on_processor` or another model.
        """
        if not self._busy.acquire(blocking=False):
            raise RequestError("The model is answering already. Stop that answer first.")
        try:
            if self._card_failure is not None:
                raise self._card_failure
            self._cancelled.clear()
            self._answer_now.clear()
            torch.set_num_threads(self._decoder.torch_threads)
            yield from self._answer(request)
        except Exception as error:
            failure = self._failure_of_card(error)
            if failure is None:
                raise
            raise failure from error
        finally:
            self._busy.release()

    def _failure_of_card(self, error: Exception) -> CardFailedError | None:
        """What an error means where a card computes: the card is used no more."""
        if self.card_use is None or not self.card_use.card or isinstance(error, CardFailedError):
            return None
        from kernels.gpu.faults import gpu_fault

        fault = gpu_fault(error)
        if fault is None:
            return None
        self._card_failure = CardFailedError(sentence_of(fault))
        return self._card_failure

    def _answer(self, request: GenerateRequest) -> Iterator[Event]:
        watch = Stopwatch()
        sampler = Sampler(request.sampler, self._best)
        messages, prompt = yield from self._fitting(request)
        token_ids = prompt.all_ids
        watch.prompt_tokens = len(token_ids)
        if len(token_ids) >= self.context_tokens:
            yield self._finished(FinishReason.OVERFLOW, watch.statistics(), sampler)
            return
        yield self._prompter.use(request, messages, prompt, self.context_tokens)
        text = AnswerText(self.tokenizer, request.stop_strings, self._tags, prompt.thinking_is_open)
        thinking = ThinkingControl(
            text, self._closing_ids, request.thinking_budget_tokens, self._answer_now.is_set
        )
        loop = AnswerLoop(self._session, sampler, text, thinking, watch, self._cancelled.is_set)
        loop.take_up(prompt.so_far)
        try:
            logits = yield from self._prefill(token_ids, watch)
            room = self.context_tokens - len(token_ids)
            limit = min(room, request.max_tokens or room)
            reason = yield from loop.run(token_ids, logits[-1], limit)
        except ForwardCancelledError:
            reason = FinishReason.CANCELLED
        self._remember(prompt, loop, reason)
        figures = watch.statistics(thinking.reasoning_tokens, thinking.ended())
        yield self._finished(reason, figures, sampler)

    def _remember(self, prompt: Prompt, loop: AnswerLoop, reason: FinishReason) -> None:
        text = loop.text
        if text.is_plain:
            self._transcript.remember(
                prompt.rendered, prompt.token_ids, text.written, text.token_ids
            )
        if not text.is_stopped and len(text.token_ids) > len(prompt.so_far.token_ids):
            so_far = SoFar(
                shown=text.shown,
                token_ids=text.token_ids,
                left_code_at=text.left_code_at,
                forced_ids=tuple(loop.forced),
                was_cut=reason is not FinishReason.STOP,
                cut_by=loop.thinking.cut_by,
            )
            self._prompter.remember(prompt, so_far)

    def _fitting(
        self, request: GenerateRequest
    ) -> Generator[Event, None, tuple[tuple[Message, ...], Prompt]]:
        """The messages that fit, as a prompt; says what does not."""
        messages = request.messages
        prompt = self._prompt(request, messages)
        size, capacity = len(prompt.all_ids), self.context_tokens
        drops = request.on_overflow is OverflowChoice.DROP_OLDEST
        if size < capacity and not (drops and size > capacity - reserve_tokens(capacity)):
            return messages, prompt
        turns = oldest_turns(
            messages,
            capacity,
            lambda message: self._prompter.count(request, message),
            lambda remaining: len(self._prompt(request, remaining).all_ids),
        )
        if drops and turns:
            messages = without(messages, turns)
            prompt = self._prompt(request, messages)
        if turns or size >= capacity:
            yield Overflow(size, capacity, turns, dropped=drops and bool(turns))
        return messages, prompt

    def _prompt(self, request: GenerateRequest, messages: tuple[Message, ...]) -> Prompt:
        def encode(rendered: RenderedPrompt) -> list[int]:
            return self._transcript.encode(
                rendered, self.tokenizer.encode_prompt, self._session.common
            )

        return self._prompter.prompt(request, messages, encode)

    def _prefill(self, prompt: list[int], watch: Stopwatch) -> Generator[Event, None, torch.Tensor]:
        cached = self._session.keep_common(prompt)
        watch.prefill_starts(cached)
        yield PrefillProgress(cached, len(prompt), cached)
        logits = torch.empty(0)
        for done, of_chunk in self._session.read(prompt[cached:], self._cancelled.is_set):
            logits = of_chunk
            yield PrefillProgress(cached + done, len(prompt), cached)
        watch.prefill_ends()
        return logits

    def _finished(self, reason: FinishReason, figures: Statistics, sampler: Sampler) -> Finished:
        return Finished(reason, figures, self._provenance(sampler.seed))

    def _provenance(self, seed: int) -> Provenance:
        return Provenance(
            version=3,
            model_name=self._title,
            architecture=self.info.architecture,
            quantization=self.info.quantization,
            engine_version=ENGINE_VERSION,
            compute=self.path.compute,
            threads=self._decoder.threads,
            seed=seed,
            kernels=self._decoder.kernels,
            weights_sha256=self.info.weights_sha256,
            source_sha256=self.info.source_sha256,
            template_sha256=self._template_sha256,
        )
