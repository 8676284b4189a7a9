"""Real templates and families through the engine's prompts: thinking, and earlier thoughts."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.prompt.families import family_of
from inference.prompt.sandbox import SandboxRenderer
from inference.prompt.tokenizer import Tokenizer
from inference.prompting import Prompter
from inference.request import GenerateRequest, Message
from tests.inference.scripted import vocabulary

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"
MESSAGES = (
    Message("user", "Q1"),
    Message("assistant", "A1", "T1 </think> x"),
    Message("user", "Q2"),
)
CLOSED = "<think>\n\n</think>\n\n"
# What stands behind the last question, by thinking None, True and False.
TAILS = {
    "deepseek-r1": ("<think>\n", "<think>\n", CLOSED),
    "deepseek-r1-671b": ("<think>\n", "<think>\n", CLOSED),
    "deepseek-r1-0528": ("", "<think>\n", CLOSED),
    "deepseek-v3.1": ("</think>", "<think>", "</think>"),
    "glm-4.7-flash": ("<think>", "<think>", "</think>"),
    "kimi-k2-thinking": ("", "<think>", "<think></think>"),
}
KEPT = {
    "deepseek-r1": "<｜Assistant｜><think>\nT1 </think> x\n</think>\n\nA1",
    "deepseek-r1-671b": "<｜Assistant｜><think>\nT1 </think> x\n</think>\n\nA1",
    "deepseek-r1-0528": "<｜Assistant｜><think>\nT1 </think> x\n</think>\n\nA1",
    "deepseek-v3.1": "<｜Assistant｜><think>T1 </think> x</think>A1",
    "glm-4.7-flash": "<|assistant|><think>T1 </think> x</think>A1",
    "kimi-k2-thinking": "<think>T1 </think> x</think>A1",
}


@pytest.fixture(scope="module")
def prompter():
    renderer, tokenizer = SandboxRenderer(), Tokenizer.from_gguf(vocabulary())

    def make(name):
        template = (TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8")
        family = family_of(template, lambda text: text in ("<think>", "</think>"), name)
        return Prompter(template, tokenizer, renderer, family)

    return make


def made(prompter, **asked):
    return prompter.prompt(GenerateRequest(MESSAGES, **asked), MESSAGES, lambda rendered: [1])


@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("keep", [None, True])
def test_thinking_is_opened_and_closed_as_each_family_writes_it(prompter, name, keep):
    for thinking, tail in zip((None, True, False), TAILS[name], strict=True):
        prompt = made(prompter(name), thinking=thinking, keep_thoughts=keep)
        behind = prompt.rendered.text.rpartition("Q2")[2]
        header = behind.removesuffix(tail)
        assert behind.endswith(tail)
        assert "think" not in header, "nothing but the answer's header before it"
        assert prompt.thinking_is_open is (bool(tail) and tail.strip() == "<think>")


@pytest.mark.parametrize("name", KEPT)
def test_earlier_thoughts_are_dropped_or_written_as_the_family_writes_them(prompter, name):
    dropped = made(prompter(name)).rendered
    assert "T1" not in dropped.text
    kept = made(prompter(name), keep_thoughts=True).rendered
    assert KEPT[name] in kept.text
    typed = [kept.text[start:stop] for start, stop in kept.typed_spans]
    assert typed == ["Q1", "T1 </think> x", "A1", "Q2"], "tags are tags, and what was said is not"
