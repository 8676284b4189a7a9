"""Thinking in the engine, on a scripted model: channels, budget, answer now, on and off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from inference.events import (
    Channel,
    ContextUse,
    Finished,
    FinishReason,
    Recast,
    ThinkingEnd,
    Token,
)
from inference.prompt.families import UNKNOWN, Family, ThinkingMarkers
from inference.prompt.vocabulary import TokenType
from inference.request import GenerateRequest, Message, SamplerSettings
from tests.inference.scripted import R1_TEMPLATE, scripted_engine

GREEDY = SamplerSettings(temperature=0.0)
HELLO = (Message("user", "hello"),)
THOUGHTS = ["the hand is in it\n", "</think>", "\n\n"]
ANSWER = ["and hello."]
TAG_TYPES = [TokenType.USER_DEFINED, TokenType.CONTROL, None]


R1 = Family("r1", ThinkingMarkers(), "\n</think>\n\n")


@dataclass
class Heard:
    """An answer by channel, and how it ended."""

    events: list = field(default_factory=list)

    def text(self, *channels):
        return "".join(t.text for t in self.tokens if not channels or t.channel in channels)

    @property
    def tokens(self):
        return [e for e in self.events if isinstance(e, Token)]

    @property
    def reasoning(self):
        return self.text(Channel.REASONING)

    @property
    def answer(self):
        return self.text(Channel.ANSWER)

    @property
    def finished(self) -> Finished:
        return self.events[-1]

    @property
    def figures(self):
        return self.finished.statistics


def ask(engine, messages=HELLO, on_event=lambda event: None, **changes):
    heard = Heard()
    for event in engine.generate(GenerateRequest(messages, GREEDY, **changes)):
        heard.events.append(event)
        on_event(event)
    return heard


@pytest.fixture(params=TAG_TYPES, ids=str)
def tag_type(request):
    return request.param


def make(tag_type=TokenType.USER_DEFINED, family=R1, **script):
    script = {"thoughts": THOUGHTS, "answer": ANSWER} | script
    return scripted_engine(family, tag_type=tag_type, **script)


def test_thoughts_are_told_apart_whatever_the_vocabulary_says_of_the_tags(tag_type):
    engine, _ = make(tag_type)
    heard = ask(engine)
    assert heard.reasoning == "the hand is in it"
    assert heard.answer == "and hello."
    assert heard.text() == "".join(THOUGHTS + ANSWER), "nothing is lost"
    assert heard.figures.thinking_ended is ThinkingEnd.BY_ITSELF
    named = [t for t in heard.tokens if t.token_id is not None]
    assert len(named) == heard.figures.generated_tokens
    thought = len(engine.tokenizer.encode_raw("the hand is in it\n</think>"))
    assert heard.figures.reasoning_tokens == thought


@pytest.mark.parametrize("budget", [0, 1, 3])
def test_a_budget_ends_the_thoughts_and_the_answer_follows(tag_type, budget):
    engine, decoder = make(tag_type)
    heard = ask(engine, thinking_budget_tokens=budget)
    thoughts = engine.tokenizer.encode_raw("the hand is in it")[:budget]
    assert heard.reasoning == engine.tokenizer.decode(thoughts)
    assert heard.answer == "and hello."
    assert heard.text(Channel.MARKER) == "\n</think>\n\n"
    assert heard.figures.thinking_ended is ThinkingEnd.BUDGET
    closing = engine.tokenizer.encode_raw("\n</think>\n\n")
    spoken = [t.token_id for t in heard.tokens if t.token_id is not None]
    assert spoken[budget : budget + len(closing)] == closing
    assert heard.figures.generated_tokens == len(spoken)
    said = [ids[0] for ids in decoder.read[1:]]
    assert said == spoken[:-1], "the model has read every token, the forced ones too"


def test_a_budget_that_is_not_used_up_changes_nothing():
    engine, _ = make()
    heard = ask(engine, thinking_budget_tokens=500)
    assert heard.figures.thinking_ended is ThinkingEnd.BY_ITSELF
    assert heard.text() == ask(engine).text()


def test_a_budget_does_not_cut_a_character_in_two():
    engine, _ = make(thoughts=["a🙂b\n", "</think>", "\n\n"])
    heard = ask(engine, thinking_budget_tokens=2)
    assert heard.reasoning == "a🙂"
    assert heard.answer == "and hello."


def test_a_budget_does_not_cut_a_tag_in_two():
    engine, _ = make(None, thoughts=["a </thin and\n", "</think>", "\n\n"])
    heard = ask(engine, thinking_budget_tokens=6)
    assert heard.reasoning == "a </thin "
    assert heard.answer == "and hello."


def test_a_model_that_never_ends_its_characters_does_not_escape_its_budget():
    from inference.prompt.detokenizer import BYTE_OF_CHARACTER

    half = list(BYTE_OF_CHARACTER.values()).index(0xE4)
    engine, _ = make(thoughts=[half] * 60)
    heard = ask(engine, thinking_budget_tokens=2)
    assert heard.answer == "and hello."
    assert heard.figures.reasoning_tokens < 20


def test_a_budget_in_the_middle_of_code_still_closes(tag_type):
    engine, _ = make(tag_type, thoughts=["```\nthe and the and\n"])
    heard = ask(engine, thinking_budget_tokens=8)
    assert heard.reasoning.startswith("```\nthe")
    assert heard.answer == "and hello."


def test_answer_now_closes_the_thoughts_while_they_run():
    engine, _ = make(thoughts=["and " * 200])
    count = 0

    def on_event(event):
        nonlocal count
        count += isinstance(event, Token)
        if count == 5:
            engine.answer_now()

    heard = ask(engine, on_event=on_event)
    assert heard.reasoning == engine.tokenizer.decode(engine.tokenizer.encode_raw("and " * 5)[:5])
    assert heard.answer == "and hello."
    assert heard.figures.thinking_ended is ThinkingEnd.ANSWER_NOW
    assert ask(engine, max_tokens=20).answer == "", "it holds for one answer alone"


def test_answer_now_means_nothing_once_the_answer_has_begun():
    engine, _ = make()

    def on_event(event):
        if isinstance(event, Token) and event.channel is Channel.ANSWER:
            engine.answer_now()

    heard = ask(engine, on_event=on_event)
    assert heard.answer == "and hello."
    assert heard.figures.thinking_ended is ThinkingEnd.BY_ITSELF


def test_thinking_that_is_cut_off_says_so_and_loses_nothing():
    engine, _ = make()
    heard = ask(engine, max_tokens=4)
    assert heard.finished.reason is FinishReason.LENGTH
    assert heard.figures.thinking_ended is ThinkingEnd.CUT_OFF
    assert heard.figures.reasoning_tokens == 4
    assert heard.text() == heard.reasoning


def test_cancelling_tells_what_was_held_back():
    engine, _ = make(thoughts=["a\n" * 50])

    def on_event(event):
        if isinstance(event, Token) and event.text.startswith("\n"):
            engine.cancel()

    heard = ask(engine, on_event=on_event)
    assert heard.finished.reason is FinishReason.CANCELLED
    named = [t.token_id for t in heard.tokens if t.token_id is not None]
    assert heard.text() == engine.tokenizer.decode(named)


def test_stop_strings_are_for_the_answer_alone():
    engine, _ = make(thoughts=["the hand is\n", "</think>", "\n\n"], answer=["and the hand is."])
    heard = ask(engine, stop_strings=("hand",))
    assert heard.reasoning == "the hand is"
    assert heard.answer == "and the "
    assert heard.finished.reason is FinishReason.STOP


def test_a_missing_opening_tag_is_told_as_it_comes_to_light():
    template = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")
    engine, _ = make(template=template, header="<｜Assistant｜>")
    heard = ask(engine)
    recast = next(n for n, e in enumerate(heard.events) if isinstance(e, Recast))
    before = [e for e in heard.events[:recast] if isinstance(e, Token)]
    assert "".join(t.text for t in before) == "the hand is in it"
    assert {t.channel for t in before} == {Channel.ANSWER}
    assert heard.figures.reasoning_tokens == len(before) + 1
    assert heard.figures.thinking_ended is ThinkingEnd.BY_ITSELF


def test_a_model_that_opens_its_thoughts_itself_is_heard(tag_type):
    template = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")
    thoughts = ["\n", "<think>", "\n", *THOUGHTS]
    engine, _ = make(tag_type, template=template, header="<｜Assistant｜>", thoughts=thoughts)
    heard = ask(engine)
    assert (heard.reasoning, heard.answer) == ("the hand is in it", "and hello.")
    assert heard.figures.thinking_ended is ThinkingEnd.BY_ITSELF
    assert ask(engine, thinking_budget_tokens=4).figures.thinking_ended is ThinkingEnd.BUDGET


def test_thinking_off_closes_it_in_the_prompt_where_the_template_has_no_switch(tag_type):
    engine, decoder = make(tag_type)
    heard = ask(engine, thinking=False)
    assert heard.answer == "and hello."
    assert heard.reasoning == ""
    assert heard.figures.thinking_ended is None
    assert heard.figures.reasoning_tokens == 0
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert prompt.endswith("<｜Assistant｜><think>\n\n</think>\n\n")


@pytest.mark.parametrize(("thinking", "tail"), [(True, "<think>\n"), (None, ""), (False, None)])
def test_a_template_that_opens_nothing_is_opened_or_closed_as_asked(thinking, tail):
    template = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")
    engine, decoder = make(template=template)
    ask(engine, thinking=thinking, max_tokens=1)
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert prompt.endswith(
        "<｜Assistant｜>" + ("<think>\n\n</think>\n\n" if tail is None else tail)
    )


SWITCHED = (
    "{% for m in messages %}{{ m.content }}{% endfor %}<｜Assistant｜>"
    "{% if think is defined and not think %}off{% elif think is defined %}on{% endif %}"
)


@pytest.mark.parametrize(("thinking", "tail"), [(True, "on"), (False, "off"), (None, "")])
def test_a_template_with_a_switch_is_switched(thinking, tail):
    family = replace(R1, thinking_switch="think")
    engine, decoder = make(family=family, template=SWITCHED)
    ask(engine, thinking=thinking, max_tokens=1)
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert prompt == f"hello<｜Assistant｜>{tail}"


def test_without_a_family_that_thinks_tags_are_text():
    engine, _ = make(family=UNKNOWN, thoughts=["<think>", "a", "</think>"])
    heard = ask(engine, thinking=False, thinking_budget_tokens=0)
    assert heard.answer == "<think>a</think>and hello."
    assert heard.figures.thinking_ended is None


def test_typed_tags_open_nothing():
    engine, decoder = make(template="{% for m in messages %}{{ m.content }}{% endfor %}")
    heard = ask(engine, (Message("user", "hello <think>\n"),), max_tokens=3)
    assert heard.figures.thinking_ended is None
    (opening,) = engine.tokenizer.encode_raw("<think>")
    assert opening not in decoder.read[0]


def test_the_context_is_said_before_the_answer():
    engine, decoder = make(family=R1)
    messages = (
        Message("system", "is"),
        Message("user", "hello"),
        Message("assistant", "and", "the hand"),
        Message("user", "the and"),
    )
    heard = ask(engine, messages)
    (use,) = [e for e in heard.events if isinstance(e, ContextUse)]
    assert isinstance(heard.events[0], ContextUse)
    assert (use.system_tokens, use.conversation_tokens, use.question_tokens) == (1, 2, 3)
    assert use.used_tokens == len(decoder.read[0])
    assert use.kept_for_answer_tokens == 512
    assert use == engine.context_use(GenerateRequest(messages))
    keeping = engine.context_use(GenerateRequest(messages, keep_thoughts=True))
    assert keeping.conversation_tokens > 2
    assert keeping.used_tokens > use.used_tokens
