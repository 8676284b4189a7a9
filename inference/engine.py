"""The engine: one loaded model and one conversation at a time.

For: the window's worker, the terminal chat, tests. `generate` runs in the caller's
thread and yields events; `cancel` may be called from any thread. Not here: threads,
Qt, files other than the model's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from inference.compute import compute_path
from inference.errors import RequestError, TemplateError
from inference.events import (
    Event,
    Finished,
    FinishReason,
    LoadProgress,
    Overflow,
    PrefillProgress,
    Provenance,
)
from inference.generation.answer import AnswerText, Stopwatch
from inference.generation.sampler import Sampler
from inference.layers.decoder import ForwardCancelledError
from inference.loading import ModelInfo, OpenedModel, open_model
from inference.prompt.rendered import RenderedPrompt, TemplateJob, TemplateRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.request import Compute, GenerateRequest, Message, SamplerSettings
from inference.session import Session
from inference.version import ENGINE_VERSION

_DEFAULT_CONTEXT_TOKENS = 8192
_LOAD_STEPS = ("Reading the header", "Building the vocabulary", "Mapping the weights")


@dataclass(frozen=True)
class EngineOptions:
    """How a model is run; None lets the engine choose."""

    compute: Compute = Compute.FAST
    threads: int | None = None
    context_tokens: int | None = None

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
    ) -> None:
        self.info: ModelInfo = opened.info
        self.tokenizer = tokenizer
        self.recommended = recommended_settings(opened)
        self._opened = opened
        self._template = template
        self._renderer = renderer
        self.path = compute_path(options.compute, options.threads)
        self._decoder = opened.decoder(self.path)
        wanted = options.context_tokens or _DEFAULT_CONTEXT_TOKENS
        self._session = Session(self._decoder, min(wanted, opened.spec.context_tokens))
        self._cancelled = threading.Event()
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

        def tell(done: int) -> None:
            if on_progress:
                on_progress(LoadProgress(_LOAD_STEPS[done], done, len(_LOAD_STEPS)))

        tell(0)
        opened = open_model(path)
        try:
            tell(1)
            tokenizer = opened.tokenizer()
            template = opened.chat_template()
            tell(2)
            return cls(opened, tokenizer, template, options, renderer)
        except BaseException:
            opened.close()
            raise

    @property
    def context_tokens(self) -> int:
        """Tokens that prompt and answer may have together."""
        return self._session.capacity_tokens

    def unload(self) -> None:
        """Give back the cache, the work space and the map. The engine is of no use after."""
        self.cancel()
        with self._busy:
            self._session.truncate(0)
            self.path.work.clear()
            self._opened.close()

    def cancel(self) -> None:
        """End the answer in progress, within one decode step (between two layers)."""
        self._cancelled.set()

    def render(self, messages: tuple[Message, ...], add_generation_prompt: bool) -> RenderedPrompt:
        """The conversation as the model's template writes it; raises TemplateError."""
        return self._renderer.render(
            template_job(self._template, self.tokenizer, messages, add_generation_prompt)
        )

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        """Answer: PrefillProgress…, Token…, Finished; or Overflow, Finished.

        Raises TemplateError, TokenizerError, NotANumberError and RequestError (when an
        answer is in progress already).
        """
        if not self._busy.acquire(blocking=False):
            raise RequestError("The model is answering already. Stop that answer first.")
        try:
            self._cancelled.clear()
            torch.set_num_threads(self.path.threads)
            yield from self._answer(request)
        finally:
            self._busy.release()

    def _answer(self, request: GenerateRequest) -> Iterator[Event]:
        watch = Stopwatch()
        rendered = self.render(request.messages, add_generation_prompt=True)
        prompt = self.tokenizer.encode_prompt(rendered)
        sampler = Sampler(request.sampler)

        def finished(reason: FinishReason) -> Finished:
            return Finished(reason, watch.statistics(), self._provenance(sampler.seed))

        watch.prompt_tokens = len(prompt)
        if len(prompt) >= self.context_tokens:
            yield Overflow(len(prompt), self.context_tokens)
            yield finished(FinishReason.OVERFLOW)
            return
        if not prompt:
            raise TemplateError("The chat template made an empty prompt of this conversation.")
        try:
            logits = yield from self._prefill(prompt, watch)
            reason = yield from self._decode(request, prompt, logits, sampler, watch)
        except ForwardCancelledError:
            reason = FinishReason.CANCELLED
        yield finished(reason)

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

    def _decode(
        self,
        request: GenerateRequest,
        prompt: list[int],
        logits: torch.Tensor,
        sampler: Sampler,
        watch: Stopwatch,
    ) -> Generator[Event, None, FinishReason]:
        room = self.context_tokens - len(prompt)
        limit = min(room, request.max_tokens or room)
        text = AnswerText(self.tokenizer, request.stop_strings)
        history = list(prompt)
        scores = logits[-1]
        for count in range(1, limit + 1):
            if self._cancelled.is_set():
                return FinishReason.CANCELLED
            token_id = sampler.choose(scores, history)
            history.append(token_id)
            watch.token()
            token, stopped = text.feed(token_id, last=count == limit)
            yield token
            if stopped:
                return FinishReason.STOP
            if count < limit:
                scores = self._session.step(token_id, self._cancelled.is_set)
        return FinishReason.LENGTH

    def _provenance(self, seed: int) -> Provenance:
        return Provenance(
            version=1,
            model_name=self.info.name,
            architecture=self.info.architecture,
            quantization=self.info.quantization,
            engine_version=ENGINE_VERSION,
            compute=self.path.compute,
            threads=self.path.threads,
            seed=seed,
        )


def template_job(
    template: str, tokenizer: Tokenizer, messages: tuple[Message, ...], add_generation_prompt: bool
) -> TemplateJob:
    """What the renderer is asked for; raises TemplateError where the model has no template."""
    if not template:
        raise TemplateError(
            "This model brings no chat template, so it can't hold a conversation. "
            "Choose a chat (or “instruct”) model."
        )
    variables = {
        "bos_token": tokenizer.token_text(tokenizer.bos_id) if tokenizer.bos_id is not None else "",
        "eos_token": tokenizer.token_text(tokenizer.eos_id) if tokenizer.eos_id is not None else "",
    }
    return TemplateJob(template, messages, variables, add_generation_prompt)


def recommended_settings(opened: OpenedModel) -> SamplerSettings:
    """What the file's maker recommends, where the file says it; else our defaults."""
    default = SamplerSettings()
    number, integer = opened.file.number, opened.file.integer
    return SamplerSettings(
        temperature=number("general.sampling.temp", default.temperature),
        top_k=integer("general.sampling.top_k", default.top_k),
        top_p=number("general.sampling.top_p", default.top_p),
        min_p=number("general.sampling.min_p", default.min_p),
    )
