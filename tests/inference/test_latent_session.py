"""An R1-type chat on a random latent-attention model: what is reused changes no answer."""

from __future__ import annotations

import pytest

from inference.compute import compute_path
from inference.engine import Engine, EngineOptions
from inference.events import ThinkingEnd
from inference.loading import open_model
from inference.prompt.sandbox import SandboxRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.request import Compute, Message
from inference.session import Session
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.scripted import R1_TEMPLATE, vocabulary
from tests.inference.test_thinking import R1, ask

TOKENIZER = Tokenizer.from_gguf(vocabulary())
CONTEXT_TOKENS = 4096
QUESTION = Message("user", "the hand is in it, and hello. " * 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    fields = {"vocab_size": TOKENIZER.vocab_size, "max_position_embeddings": CONTEXT_TOKENS}
    case = Case("deepseek_v3", fields, seed=5)
    made = tmp_path_factory.mktemp("latent")
    save_safetensors(make_oracle(case), made)
    return made


@pytest.fixture
def engine(folder):
    """Makes engines that have read nothing yet."""
    opened = []

    def make():
        model = open_model(folder)
        options = EngineOptions(Compute.REFERENCE, threads=1, context_tokens=CONTEXT_TOKENS)
        opened.append(Engine(model, TOKENIZER, R1_TEMPLATE, options, SandboxRenderer(), R1))
        return opened[-1]

    yield make
    for each in opened:
        each.unload()


def after(messages, heard, question):
    answer = Message("assistant", heard.answer or "it is", heard.reasoning)
    return (*messages, answer, Message("user", question))


def greedy(model, prompt, count):
    """What a session that has read nothing says to the ids."""
    session = Session(model.decoder(compute_path(Compute.REFERENCE, 1)), CONTEXT_TOKENS)
    *_, (_, logits) = session.read(prompt)
    found = [int(logits[-1].argmax())]
    while len(found) < count:
        found.append(int(session.step(found[-1]).argmax()))
    return found


@pytest.mark.parametrize("keep", [False, True])
def test_what_is_reused_changes_no_answer(engine, folder, keep):
    asked = {"max_tokens": 16, "thinking_budget_tokens": 6, "keep_thoughts": keep}
    used = engine()
    first = ask(used, (QUESTION,), **asked)
    assert first.figures.thinking_ended is ThinkingEnd.BUDGET
    second = after((QUESTION,), first, "and is it?")
    third = after(second, ask(used, second, **asked), "the hand?")
    edited = (*second[:-1], Message("user", "edited"))
    with open_model(folder) as model:
        for messages in (third, edited, (QUESTION,)):
            reused = ask(used, messages, **asked)
            # All before the last answer stands: the long question at least.
            assert reused.figures.cached_tokens > first.figures.prompt_tokens - 5
            prompt = used._session.tokens[: reused.figures.prompt_tokens]
            spoken = [t.token_id for t in reused.tokens if t.token_id is not None]
            assert greedy(model, prompt, 6) == spoken[:6]


def test_a_forced_closing_is_read_as_if_the_model_had_written_it(engine):
    used = engine()
    asked = {"max_tokens": 30, "thinking_budget_tokens": 5, "keep_thoughts": True}
    heard = ask(used, (Message("user", "is it?"),), **asked)
    spoken = [t.token_id for t in heard.tokens if t.token_id is not None]
    closing = TOKENIZER.encode_raw("\n</think>\n\n")
    assert spoken[5 : 5 + len(closing)] == closing
    size = heard.figures.prompt_tokens
    held = used._session.tokens
    assert list(held[size:]) == spoken[: len(held) - size]
    assert len(held) - size >= len(spoken) - 1
