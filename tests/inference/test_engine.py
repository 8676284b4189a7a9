"""The engine with the real starter model: events, cancel, the session, stop rules."""

import threading
from dataclasses import replace
from hashlib import sha256

import pytest

from inference import Engine, EngineOptions
from inference.errors import InferenceError, RequestError, TemplateError
from inference.events import (
    ContextUse,
    Finished,
    FinishReason,
    LoadProgress,
    Overflow,
    PrefillProgress,
    Token,
)
from inference.prompt.rendered import TemplateJob
from inference.prompt.sandbox import SandboxRenderer
from inference.request import GenerateRequest, Message, SamplerSettings

TITLE = "The starter"  # its file says another name
GREEDY = SamplerSettings(temperature=0.0)
FRANCE = (Message("user", "What is the capital of France?"),)


class Renderer(SandboxRenderer):
    """Fails as long as it is told to."""

    fails = False

    def render(self, job: TemplateJob):
        if self.fails:
            raise TemplateError("The chat template failed.")
        return super().render(job)


@pytest.fixture(scope="module")
def renderer():
    return Renderer()


@pytest.fixture(scope="module")
def engine(starter_path, renderer):
    engine = Engine.load(starter_path, EngineOptions(context_tokens=1024, title=TITLE), renderer)
    yield engine
    engine.unload()


def answer(engine, request):
    events = list(engine.generate(request))
    return "".join(e.text for e in events if isinstance(e, Token)), events[-1], events


def test_the_capital_of_france_is_paris(engine):
    text, finished, events = answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=32))
    assert "Paris" in text
    assert finished.reason is FinishReason.STOP
    assert [type(e) for e in events[:2]] == [ContextUse, PrefillProgress]
    assert events[0].used_tokens == finished.statistics.prompt_tokens
    tokens = [e for e in events if isinstance(e, Token)]
    assert finished.statistics.generated_tokens == len(tokens)
    assert finished.statistics.decode_tokens_per_s > 0
    assert finished.provenance.model_name == TITLE != engine.info.name
    template = engine._opened.chat_template()
    assert finished.provenance.template_sha256 == sha256(template.encode()).hexdigest()


def test_a_second_turn_reads_only_what_is_new(engine):
    first, finished, _ = answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=32))
    messages = (*FRANCE, Message("assistant", first), Message("user", "And of Spain?"))
    _, second, events = answer(engine, GenerateRequest(messages, GREEDY, max_tokens=4))
    kept = finished.statistics.prompt_tokens + finished.statistics.generated_tokens - 1
    assert second.statistics.cached_tokens >= kept - 1
    assert events[1].done_tokens == second.statistics.cached_tokens


def test_the_same_seed_says_the_same(engine):
    settings = SamplerSettings(temperature=1.0, seed=7)
    request = GenerateRequest(FRANCE, settings, max_tokens=12)
    assert answer(engine, request)[0] == answer(engine, request)[0]
    _, finished, _ = answer(
        engine, GenerateRequest(FRANCE, replace(settings, seed=None), max_tokens=1)
    )
    assert finished.provenance.seed >= 0


def test_max_tokens_ends_it(engine):
    _, finished, events = answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=3))
    assert finished.reason is FinishReason.LENGTH
    assert sum(isinstance(e, Token) for e in events) == 3


def test_a_stop_string_ends_it_and_is_not_shown(engine):
    request = GenerateRequest(FRANCE, GREEDY, max_tokens=32, stop_strings=(" Paris",))
    text, finished, _ = answer(engine, request)
    assert finished.reason is FinishReason.STOP
    assert text
    assert "Paris" not in text


def test_cancel_takes_effect_within_one_decode_step(engine):
    seen = 0
    for event in engine.generate(GenerateRequest(FRANCE, GREEDY, max_tokens=200)):
        if isinstance(event, Token):
            seen += 1
            if seen == 2:
                engine.cancel()
    assert isinstance(event, Finished)
    assert event.reason is FinishReason.CANCELLED
    assert seen == 2
    assert "Paris" in answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=32))[0]


def test_cancel_from_another_thread_ends_a_prefill(engine):
    long = (Message("user", "word " * 900),)
    threading.Timer(0.05, engine.cancel).start()
    _, finished, _ = answer(engine, GenerateRequest(long, GREEDY, max_tokens=900))
    assert finished.reason is FinishReason.CANCELLED


def test_an_abandoned_answer_leaves_the_engine_usable(engine):
    for event in engine.generate(GenerateRequest(FRANCE, GREEDY)):
        if isinstance(event, Token):
            break
    assert "Paris" in answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=32))[0]


def test_two_answers_at_once_are_refused(engine):
    first = engine.generate(GenerateRequest(FRANCE, GREEDY, max_tokens=4))
    next(first)
    with pytest.raises(RequestError, match="already"):
        next(engine.generate(GenerateRequest(FRANCE, GREEDY)))
    first.close()


def test_a_prompt_that_does_not_fit_says_so(engine):
    messages = (Message("user", "word " * 2000),)
    text, finished, events = answer(engine, GenerateRequest(messages, GREEDY))
    assert isinstance(events[0], Overflow)
    assert events[0].context_tokens == 1024
    assert events[0].prompt_tokens > 2000
    assert finished.reason is FinishReason.OVERFLOW
    assert text == ""


def test_a_full_context_ends_the_answer(starter_path):
    engine = Engine.load(starter_path, EngineOptions(context_tokens=40), SandboxRenderer())
    _, finished, _ = answer(engine, GenerateRequest(FRANCE, replace(GREEDY, repeat_penalty=3.0)))
    total = finished.statistics.prompt_tokens + finished.statistics.generated_tokens
    assert finished.reason is FinishReason.STOP or total == 40
    engine.unload()


def test_loading_tells_its_steps(starter_path):
    steps = []
    engine = Engine.load(starter_path, EngineOptions(), SandboxRenderer(), steps.append)
    engine.unload()
    assert all(isinstance(step, LoadProgress) for step in steps)
    assert [step.done for step in steps] == [0, 1, 2]


def test_a_model_without_tokenizer_or_template_can_not_chat(tiny_llama):
    with pytest.raises(InferenceError, match="tokenizer"):
        Engine.load(tiny_llama(), EngineOptions(), SandboxRenderer())


def test_a_template_that_fails_fails_the_answer_and_nothing_else(engine, renderer):
    renderer.fails = True
    with pytest.raises(TemplateError):
        list(engine.generate(GenerateRequest(FRANCE, GREEDY)))
    renderer.fails = False
    assert "Paris" in answer(engine, GenerateRequest(FRANCE, GREEDY, max_tokens=32))[0]


@pytest.mark.parametrize("wrong", [{"threads": 0}, {"threads": 5000}, {"context_tokens": 0}])
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(RequestError):
        EngineOptions(**wrong)
