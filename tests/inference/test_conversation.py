"""A conversation over several turns: what is read again, what is kept, what no longer fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference.events import FinishReason, Overflow
from inference.overflow import oldest_turns, reserve_tokens
from inference.prompt.families import UNKNOWN
from inference.request import GenerateRequest, Message, OverflowChoice
from tests.inference.scripted import R1_TEMPLATE, scripted_engine
from tests.inference.test_thinking import R1, ask

THOUGHTS = ["the hand is in it\n", "</think>", "\n\n"]
KEEPING = replace(R1, keeps_thoughts=True)
CHATML = (
    "{% for m in messages %}{{ m.role + '\n' + m.content + eos_token + '\n' }}{% endfor %}"
    "{{ 'assistant\n' }}"
)


def make(family=R1, **script):
    return scripted_engine(family, **{"thoughts": THOUGHTS, "answer": ["and hello."]} | script)


def followed_up(messages, heard, question):
    answer = Message("assistant", heard.answer, heard.reasoning)
    return (*messages, answer, Message("user", question))


def common(one, other):
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def test_where_thoughts_are_dropped_only_the_bare_answer_is_read_again():
    engine, decoder = make(context_tokens=8192, answer=["and hello. " * 30])
    messages = (Message("user", "hello and the hand " * 250),)
    first = ask(engine, messages)
    assert first.figures.prompt_tokens > 2000
    messages = followed_up(messages, first, "is it?")
    decoder.read.clear()
    second = ask(engine, messages)
    # BOS, User, question, Assistant stand; <think> and all behind it is the new turn's.
    shared = len(engine.tokenizer.encode_raw("<｜User｜><｜Assistant｜>")) + 1
    shared += len(engine.tokenizer.encode_typed(messages[0].content))
    assert second.figures.cached_tokens == shared
    read = [i for ids in decoder.read for i in ids][: second.figures.prompt_tokens - shared]
    assert engine.tokenizer.decode(read, show_control=True) == (
        f"{first.answer}<｜end▁of▁sentence｜><｜User｜>is it?<｜Assistant｜><think>\n"
    )


def test_a_regenerate_reads_nothing_but_the_prompts_last_token():
    engine, _ = make()
    messages = (Message("user", "hello"),)
    messages = followed_up(messages, ask(engine, messages), "and it?")
    second = ask(engine, messages)
    again = ask(engine, messages)
    assert again.figures.cached_tokens == second.figures.prompt_tokens - 1


def test_what_is_forgotten_is_read_anew_and_stands_nowhere():
    engine, decoder = make()
    messages = (Message("user", "hello"),)
    messages = followed_up(messages, ask(engine, messages), "and it?")
    before = ask(engine, messages)
    engine.forget()
    assert engine._session.tokens == ()
    held = [engine._transcript, engine._prompter, engine._prompter._recent]
    assert not any("hello" in repr(vars(each)) for each in held)
    decoder.read.clear()
    again = ask(engine, messages)
    assert again.figures.cached_tokens == 0
    assert again.answer == before.answer
    assert len([i for ids in decoder.read for i in ids]) >= again.figures.prompt_tokens


@pytest.mark.parametrize("family", [R1, KEEPING], ids=["dropped", "kept"])
def test_editing_a_turn_reuses_all_before_it(family):
    engine, _ = make(family)
    messages: tuple[Message, ...] = ()
    sizes = []
    for question in ("hello", "is it?", "and the hand?", "in it?"):
        messages = (*messages, Message("user", question))
        heard = ask(engine, messages)
        sizes.append(heard.figures.prompt_tokens)
        messages = (*messages, Message("assistant", heard.answer, heard.reasoning))
    edited = (*messages[:4], Message("user", "then the hello."))
    heard = ask(engine, edited)
    opening = len(engine.tokenizer.encode_raw("<think>\n"))
    own = len(engine.tokenizer.encode_raw("<｜User｜><｜Assistant｜>"))
    own += len(engine.tokenizer.encode_typed("and the hand?")) + opening
    start_of_turn = sizes[2] - own
    assert heard.figures.cached_tokens >= start_of_turn + 1, "and the tag of the user's turn"


def test_kept_thoughts_stand_in_the_prompt_as_they_were_thought():
    engine, decoder = make(KEEPING)
    messages = (Message("user", "hello"),)
    first = ask(engine, messages)
    messages = followed_up(messages, first, "is it?")
    decoder.read.clear()
    second = ask(engine, messages)
    spoken = first.figures.prompt_tokens + first.figures.generated_tokens - 1
    assert second.figures.cached_tokens == spoken, "the end token was chosen, never read"
    read = decoder.read[0]
    assert engine.tokenizer.decode(read, show_control=True) == (
        "<｜end▁of▁sentence｜><｜User｜>is it?<｜Assistant｜><think>\n"
    )
    assert second.answer == "and hello."


@pytest.mark.parametrize("keep", [True, False])
def test_the_request_decides_over_the_family(keep):
    engine, decoder = make(R1 if keep else KEEPING)
    messages = (
        Message("user", "hello"),
        Message("assistant", "it is", "a </think> b"),
        Message("user", "and?"),
    )
    ask(engine, messages, keep_thoughts=keep)
    ids = decoder.read[0]
    prompt = engine.tokenizer.decode(ids, show_control=True)
    assert ("<think>\na </think> b\n</think>\n\nit is" in prompt) is keep
    (closing,) = engine.tokenizer.encode_raw("</think>")
    assert ids.count(closing) == int(keep), "what was typed is no tag"


def test_a_template_that_writes_thoughts_itself_is_left_alone():
    template = R1_TEMPLATE.replace(
        "<｜Assistant｜>{{ c }}",
        "<｜Assistant｜><think>{{ m.reasoning_content or '' }}</think>{{ c }}",
    )
    engine, decoder = make(KEEPING, template=template)
    messages = (
        Message("user", "hello"),
        Message("assistant", "it is", "the hand"),
        Message("user", "and?"),
    )
    ask(engine, messages)
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert "<｜Assistant｜><think>the hand</think>it is" in prompt
    # One that writes the tags alone gets the thoughts between them.
    empty = template.replace("{{ m.reasoning_content or '' }}", "")
    engine, decoder = make(KEEPING, template=empty)
    ask(engine, messages)
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert "<｜Assistant｜><think>\nthe hand\n</think>it is" in prompt


def spelled(engine, text):
    """A spelling of a text that the encoder would never choose."""
    return [engine.tokenizer.encode_typed(letter)[0] for letter in text]


def test_a_models_own_spelling_is_not_read_again():
    engine, decoder = make(UNKNOWN, template=CHATML, thoughts=[], header="assistant\n")
    odd = spelled(engine, "hello and the hand")
    decoder.answer = list(odd)
    messages = (Message("user", "hello"),)
    first = ask(engine, messages)
    assert first.answer == "hello and the hand"
    assert len(odd) > len(engine.tokenizer.encode_typed(first.answer)), "another spelling"
    messages = followed_up(messages, first, "and?")
    second = ask(engine, messages, max_tokens=1)
    spoken = first.figures.prompt_tokens + first.figures.generated_tokens - 1
    assert second.figures.cached_tokens == spoken
    ids = engine._session.tokens[: second.figures.prompt_tokens]
    assert engine.tokenizer.decode(ids, show_control=True) == (
        "user\nhello<｜end▁of▁sentence｜>\nassistant\nhello and the hand<｜end▁of▁sentence｜>\n"
        "user\nand?<｜end▁of▁sentence｜>\nassistant\n"
    )
    # Another text is encoded as text is.
    changed = (messages[0], Message("assistant", "hello and the hands"), messages[2])
    decoder.read.clear()
    third = ask(engine, changed, max_tokens=1)
    before = len(engine.tokenizer.encode_raw("user\nhello<｜end▁of▁sentence｜>\nassistant\n"))
    assert third.figures.cached_tokens == before
    said = engine.tokenizer.encode_typed("hello and the hands")
    assert decoder.read[0][: len(said)] == said


CHAT = (
    Message("system", "hello"),
    *(
        message
        for turn in range(6)
        for message in (
            Message("user", f"{turn} " + "the hand " * 30),
            Message("assistant", "and hello. " * 10, "is it? " * 10),
        )
    ),
    Message("user", "and the last?"),
)


def test_an_overflow_says_which_turns_must_go_and_answers_nothing():
    engine, decoder = make(context_tokens=600)
    heard = ask(engine, CHAT)
    overflow, finished = heard.events
    assert isinstance(overflow, Overflow)
    assert not overflow.dropped
    assert overflow.prompt_tokens == finished.statistics.prompt_tokens > 600
    assert overflow.context_tokens == 600
    assert finished.reason is FinishReason.OVERFLOW
    assert decoder.read == []
    assert overflow.turns[0] == 1, "the system message stays"
    assert overflow.turns == tuple(range(1, 1 + len(overflow.turns)))
    assert len(overflow.turns) % 2 == 0
    assert len(overflow.turns) < 12


def test_the_oldest_turns_are_left_out_where_that_is_asked():
    engine, decoder = make(context_tokens=600)
    refused = ask(engine, CHAT).events[0]
    heard = ask(engine, CHAT, on_overflow=OverflowChoice.DROP_OLDEST)
    overflow = heard.events[0]
    assert isinstance(overflow, Overflow)
    assert overflow.dropped
    assert overflow.turns == refused.turns
    assert heard.answer == "and hello."
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    kept = [m for i, m in enumerate(CHAT) if i not in overflow.turns]
    assert all(m.content in prompt for m in kept)
    assert not any(CHAT[i].content in prompt for i in overflow.turns if CHAT[i].role == "user")
    assert heard.figures.prompt_tokens <= 600 - reserve_tokens(600)
    # One turn less would not have left the answer its room.
    fewer = [m for i, m in enumerate(CHAT) if i not in overflow.turns[:-2]]
    use = engine.context_use(GenerateRequest(tuple(fewer)))
    assert use.used_tokens > 600 - reserve_tokens(600)


def test_a_chat_that_leaves_the_answer_little_room_loses_turns_only_where_asked():
    engine, _ = make(context_tokens=4096)
    size = engine.context_use(GenerateRequest(CHAT)).used_tokens
    engine, _ = make(context_tokens=size + 5)
    assert not any(isinstance(e, Overflow) for e in ask(engine, CHAT).events)
    heard = ask(engine, CHAT, on_overflow=OverflowChoice.DROP_OLDEST)
    assert isinstance(heard.events[0], Overflow)
    assert heard.finished.reason is FinishReason.STOP


def test_all_but_the_system_and_the_question_may_have_to_go():
    engine, _ = make(context_tokens=300)
    messages = (*CHAT[:3], Message("user", "hand " * 80))
    heard = ask(engine, messages, on_overflow=OverflowChoice.DROP_OLDEST)
    assert heard.events[0].turns == (1, 2)
    assert heard.answer


@pytest.mark.parametrize("choice", OverflowChoice)
def test_a_question_that_is_too_long_alone_offers_nothing(choice):
    engine, _ = make(context_tokens=300)
    heard = ask(engine, (*CHAT[:3], Message("user", "hand " * 200)), on_overflow=choice)
    overflow = heard.events[0]
    assert (overflow.turns, overflow.dropped) == ((), False)
    assert heard.finished.reason is FinishReason.OVERFLOW


def test_a_full_context_ends_the_answer_and_never_crashes():
    engine, _ = make(context_tokens=40, answer=["the hand " * 40])
    heard = ask(engine)
    assert heard.finished.reason is FinishReason.LENGTH
    assert heard.figures.prompt_tokens + heard.figures.generated_tokens == 40


@pytest.mark.parametrize(
    ("capacity", "reserve"), [(40, 10), (1024, 256), (4096, 512), (32768, 4096), (1 << 20, 4096)]
)
def test_an_answer_is_kept_room(capacity, reserve):
    assert reserve_tokens(capacity) == reserve


def test_the_fewest_turns_go_whatever_the_template_writes_around_them():
    messages = tuple(
        Message("user" if n % 2 == 0 else "assistant", "x" * (n + 5)) for n in range(41)
    )

    def size(messages):
        return sum(len(m.content) + 11 for m in messages)

    asked = []

    def exact(messages):
        asked.append(len(messages))
        return size(messages)

    capacity = 800
    turns = oldest_turns(messages, capacity, lambda m: len(m.content), exact)
    goal = capacity - reserve_tokens(capacity)
    assert size(messages[len(turns) :]) <= goal < size(messages[len(turns) - 2 :])
    assert len(asked) < 20
