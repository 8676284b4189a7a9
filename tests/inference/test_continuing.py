"""An answer that was stopped goes on as if it had not been."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from inference import Engine, EngineOptions
from inference.errors import RequestError
from inference.events import Channel, ContextUse, FinishReason, Overflow, ThinkingEnd, Token
from inference.prepared.automatic import ready
from inference.prompt.families import UNKNOWN
from inference.prompt.sandbox import SandboxRenderer
from inference.prompt.vocabulary import TokenType
from inference.request import Compute, GenerateRequest, Message, OverflowChoice
from tests.inference.scripted import R1_TEMPLATE
from tests.inference.test_thinking import ANSWER, HELLO, R1, TAG_TYPES, THOUGHTS, Heard, ask, make

TINY_R1 = Path(__file__).parents[1] / "data" / "tiny-r1"
UNOPENED = R1_TEMPLATE.replace("<think>\n{% endif %}", "{% endif %}")


def so_far(*heard: Heard) -> Message:
    """An answer as the window holds it: what came before a recast is thought."""
    texts = {Channel.REASONING: "", Channel.ANSWER: ""}
    for event in (event for each in heard for event in each.events):
        if isinstance(event, Token) and event.channel is not Channel.MARKER:
            texts[event.channel] += event.text
        elif type(event).__name__ == "Recast":
            texts = {Channel.REASONING: texts[Channel.REASONING] + texts[Channel.ANSWER],
                     Channel.ANSWER: ""}  # fmt: skip
    return Message("assistant", texts[Channel.ANSWER], texts[Channel.REASONING])


def stopping(engine, after):
    """Cancels once so many tokens came."""
    count = 0

    def on_event(event):
        nonlocal count
        count += isinstance(event, Token) and event.token_id is not None
        if count == after:
            engine.cancel()

    return on_event


def in_pieces(engine, sizes, messages=HELLO, **asked):
    """The answer in parts of so many tokens, the last part whole."""
    parts = [ask(engine, messages, max_tokens=sizes[0], **asked)]
    for size in (*sizes[1:], None):
        message = so_far(*parts)
        if not (message.content or message.reasoning):
            return None
        going_on = (*messages, message)
        parts.append(ask(engine, going_on, continues_last=True, max_tokens=size, **asked))
    return parts


def token_count(heard):
    return heard.figures.generated_tokens


SCRIPTS = {
    "tags": {},
    "emoji": {"thoughts": ["a🙂b\n\n", "</think>", "\n\n"], "answer": ["🙂 and\n\n🙂"]},
    "code": {"thoughts": ["```\n</think>\n```\nand\n", "</think>", "\n\n"]},
    "unopened": {"template": UNOPENED, "header": "<｜Assistant｜>"},
    "opens itself": {
        "template": UNOPENED,
        "header": "<｜Assistant｜>",
        "thoughts": ["\n", "<think>", "\n", *THOUGHTS],
    },
}


@pytest.mark.parametrize("tag_type", TAG_TYPES, ids=str)
@pytest.mark.parametrize("name", SCRIPTS)
def test_wherever_it_is_stopped_it_ends_as_if_it_had_not_been(name, tag_type):
    engine, decoder = make(tag_type, **SCRIPTS[name])
    whole = ask(engine)
    for size in range(1, token_count(whole)):
        parts = in_pieces(engine, [size])
        if parts is None:
            continue
        assert so_far(*parts) == so_far(whole), size
        assert sum(map(token_count, parts)) == token_count(whole)
        assert parts[-1].finished.reason is FinishReason.STOP
        assert parts[-1].figures.thinking_ended is whole.figures.thinking_ended
        read = decoder.read[-token_count(parts[-1]) :]
        assert len(read[0]) == 1, "all but the last token was in the cache"


def test_it_may_be_stopped_again_and_again():
    engine, _ = make()
    whole = ask(engine)
    parts = in_pieces(engine, [3] * 12)
    assert so_far(*parts) == so_far(whole)


@pytest.mark.parametrize("after", [1, 3, 8, 13])
def test_a_cancelled_one_goes_on_too(after):
    engine, _ = make()
    whole = ask(engine)
    first = ask(engine, on_event=stopping(engine, after))
    assert first.finished.reason is FinishReason.CANCELLED
    second = ask(engine, (*HELLO, so_far(first)), continues_last=True)
    assert so_far(first, second) == so_far(whole)
    assert token_count(first) + token_count(second) == token_count(whole)


def test_half_a_character_is_told_when_it_is_whole():
    engine, _ = make(family=UNKNOWN, thoughts=[], answer=["é🙂"], template="{{ 'hello' }}",
                     header="hello")  # fmt: skip
    for size in range(1, 6):
        first = ask(engine, max_tokens=size)
        assert "\ufffd" not in first.text()
    assert first.answer == "é"


def test_a_budget_counts_over_all_parts():
    engine, _ = make(thoughts=["the and " * 40])
    whole = ask(engine, thinking_budget_tokens=9)
    for size in range(1, token_count(whole)):
        parts = in_pieces(engine, [size], thinking_budget_tokens=9)
        assert so_far(*parts) == so_far(whole), size
        assert parts[-1].figures.thinking_ended is ThinkingEnd.BUDGET
        assert sum(p.figures.reasoning_tokens for p in parts) == whole.figures.reasoning_tokens


def test_a_budget_that_ended_thoughts_in_code_is_remembered():
    engine, _ = make(thoughts=["```\nthe and the and\n"])
    whole = ask(engine, thinking_budget_tokens=8)
    for size in range(9, token_count(whole)):
        parts = in_pieces(engine, [size], thinking_budget_tokens=8)
        assert so_far(*parts) == so_far(whole), size


def test_thoughts_that_come_to_light_late_are_counted_once():
    engine, _ = make(template=UNOPENED, header="<｜Assistant｜>")
    first, second = in_pieces(engine, [4])
    assert so_far(first, second).reasoning == "the hand is in it"
    assert second.figures.reasoning_tokens <= token_count(second)


@pytest.mark.parametrize("size", [1, 6, 9])
def test_a_stop_string_across_the_cut_still_stops(size):
    engine, _ = make(family=UNKNOWN, thoughts=[], answer=["the hello and hello it is"],
                     template="{{ 'hello' }}", header="hello")  # fmt: skip
    whole = ask(engine, stop_strings=("and hello", "it is"))
    parts = in_pieces(engine, [size], stop_strings=("and hello", "it is"))
    text = so_far(*parts).content
    # What was shown of it when it was cut off can't be taken back.
    assert text.startswith(whole.answer)
    assert "and hello".startswith(text.removeprefix(whole.answer))


def test_what_ended_by_itself_says_nothing_more():
    engine, _ = make()
    whole = ask(engine)
    more = ask(engine, (*HELLO, so_far(whole)), continues_last=True)
    assert more.text() == ""
    assert more.finished.reason is FinishReason.STOP


@pytest.mark.parametrize("tag_type", TAG_TYPES, ids=str)
@pytest.mark.parametrize("size", [2, 5, 12, 14])
def test_another_engine_goes_on_from_the_text(tag_type, size):
    """As after a restart: the ids are gone, the words are not."""
    engine, _ = make(tag_type)
    whole, first = ask(engine), ask(engine, max_tokens=size)
    restarted, decoder = make(tag_type)
    second = ask(restarted, (*HELLO, so_far(first)), continues_last=True)
    assert so_far(first, second).content == so_far(whole).content
    assert so_far(first, second).reasoning.rstrip() == so_far(whole).reasoning
    prompt = restarted.tokenizer.decode(decoder.read[0], show_control=True)
    assert prompt.endswith(so_far(first).content or so_far(first).reasoning)


def written(engine, message, **asked):
    """What the model read behind the question."""
    heard = ask(engine, (*HELLO, message), continues_last=True, max_tokens=1, **asked)
    ids = engine._session.tokens[: heard.figures.prompt_tokens]
    return engine.tokenizer.decode(ids, show_control=True).partition("<｜Assistant｜>")[2]


def test_an_answer_from_elsewhere_is_written_as_the_family_writes_it():
    thought = Message("assistant", "", "hand")
    answered = Message("assistant", "it is", "hand")
    plain = Message("assistant", "it is")
    engine, _ = make()
    assert written(engine, thought) == "<think>\nhand"
    assert written(engine, answered).endswith("<think>\nhand\n</think>\n\nit is")
    assert written(engine, plain).endswith("<think>\n\n</think>\n\nit is")
    engine, _ = make(template=UNOPENED)
    assert written(engine, thought) == "<think>\nhand"
    assert written(engine, plain) == "it is"
    engine, _ = make(family=UNKNOWN)
    assert written(engine, answered).endswith("<think>\nit is")


def test_what_was_typed_into_an_answer_is_no_tag():
    engine, decoder = make()
    (closing,) = engine.tokenizer.encode_raw("</think>")
    assert "b</think>c" in written(engine, Message("assistant", "a</think>", "b</think>c"))
    assert decoder.read[0].count(closing) == 1


def test_after_another_chat_the_models_own_spelling_is_still_known():
    engine, decoder = make(family=UNKNOWN, thoughts=[], template="{{ messages[0].content }}|",
                           header="|")  # fmt: skip
    odd = [engine.tokenizer.encode_typed(letter)[0] for letter in "hello and the hand"]
    decoder.answer = list(odd)
    first = ask(engine, max_tokens=9)
    ask(engine, (Message("user", "and?"),))
    decoder.read.clear()
    ask(engine, (*HELLO, so_far(first)), continues_last=True)
    assert decoder.read[0][-9:] == odd[:9]


def test_an_edited_question_keeps_the_answers_spelling():
    engine, decoder = make(family=UNKNOWN, thoughts=[], template="{{ messages[0].content }}|",
                           header="|")  # fmt: skip
    decoder.answer = [engine.tokenizer.encode_typed(letter)[0] for letter in "hello and"]
    first = ask(engine, max_tokens=4)
    decoder.read.clear()
    ask(engine, (Message("user", "the"), so_far(first)), continues_last=True)
    assert decoder.read[0][-4:] == decoder.answer[:4]


def test_the_next_question_is_asked_of_the_whole_answer():
    engine, decoder = make(replace(R1, keeps_thoughts=True))
    engine, decoder = make(family=replace(R1, keeps_thoughts=True))
    parts = in_pieces(engine, [4])
    decoder.read.clear()
    ask(engine, (*HELLO, so_far(*parts), Message("user", "is it?")))
    read = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert read == "<｜end▁of▁sentence｜><｜User｜>is it?<｜Assistant｜><think>\n"


def test_the_context_names_the_answer_so_far():
    engine, decoder = make()
    first = ask(engine, max_tokens=3)
    decoder.read.clear()
    messages = (*HELLO, so_far(first))
    heard = ask(engine, messages, continues_last=True)
    (use,) = [e for e in heard.events if isinstance(e, ContextUse)]
    assert (use.answer_tokens, use.question_tokens, use.conversation_tokens) == (3, 1, 0)
    assert use.used_tokens == heard.figures.prompt_tokens
    assert use == engine.context_use(GenerateRequest(messages, continues_last=True))


def test_files_are_told_apart_from_words():
    engine, _ = make()
    file, words = "the hand\n" * 6, "hello"
    messages = (
        Message("user", file + words, attached_characters=len(file)),
        Message("assistant", "it is"),
        Message("user", file + "and", attached_characters=len(file)),
    )
    use = engine.context_use(GenerateRequest(messages))
    tokens = len(engine.tokenizer.encode_typed(file))
    assert use.attached_tokens == 2 * tokens
    assert use.question_tokens == len(engine.tokenizer.encode_typed("and"))
    said = sum(len(engine.tokenizer.encode_typed(text)) for text in ("hello", "it is"))
    assert use.conversation_tokens == said


def test_what_no_longer_fits_with_the_answer_so_far_goes_or_is_named():
    engine, decoder = make(context_tokens=300)
    chat = (Message("user", "the " * 60), Message("assistant", "it is " * 20), Message("user", "a"))
    begun = Message("assistant", "and " * 60)
    heard = ask(engine, (*chat, begun), continues_last=True)
    assert isinstance(heard.events[0], Overflow)
    assert heard.events[0].turns == (0, 1)
    assert heard.finished.reason is FinishReason.OVERFLOW
    heard = ask(engine, (*chat, begun), continues_last=True, on_overflow=OverflowChoice.DROP_OLDEST)
    assert heard.events[0].dropped
    prompt = engine.tokenizer.decode(decoder.read[0], show_control=True)
    assert prompt.endswith(begun.content)
    assert "the the" not in prompt


@pytest.mark.parametrize(
    "messages",
    [HELLO, (*HELLO, Message("assistant", "")), (Message("user", "a"), Message("user", "b"))],
)
def test_where_no_answer_is_begun_it_is_refused(messages):
    with pytest.raises(RequestError, match="no answer to go on with"):
        GenerateRequest(messages, continues_last=True)


def test_a_stop_while_the_prompt_is_read_again_loses_nothing():
    engine, _ = make()
    whole, first = ask(engine), ask(engine, max_tokens=6)
    ask(engine, (Message("user", "and?"),))  # the cache is another chat's

    def on_event(event):
        if isinstance(event, ContextUse):
            engine.cancel()

    again = ask(engine, (*HELLO, so_far(first)), on_event=on_event, continues_last=True)
    assert again.finished.reason is FinishReason.CANCELLED
    assert again.text() == ""
    second = ask(engine, (*HELLO, so_far(first)), continues_last=True)
    assert so_far(first, second) == so_far(whole)


@pytest.fixture(scope="module", params=["starter", "tiny-r1"])
def real(request, starter_path):
    source = starter_path if request.param == "starter" else TINY_R1
    # As the window runs it: on the native kernels, where a stop is between two steps of the plan.
    path = ready(source, Compute.FAST, Path(os.environ["PITCHER_PREPARED"])).path
    engine = Engine.load(path, EngineOptions(context_tokens=1024), SandboxRenderer())
    yield engine
    engine.unload()


def test_a_real_model_says_the_same_in_pieces(real):
    messages = (Message("user", "What is the capital of France? And name two other cities."),)
    whole = ask(real, messages, max_tokens=60)
    sizes = [1, 2, 5, 11, 30] if whole.reasoning else [1, 7, 20]
    for size in sizes:
        first = ask(real, messages, max_tokens=size)
        left = 60 - size
        second = ask(real, (*messages, so_far(first)), continues_last=True, max_tokens=left)
        assert so_far(first, second) == so_far(whole), size
    stopped = ask(real, messages, on_event=stopping(real, 6))
    second = ask(real, (*messages, so_far(stopped)), continues_last=True, max_tokens=54)
    assert so_far(stopped, second) == so_far(whole)
    assert second.figures.cached_tokens >= second.figures.prompt_tokens - 2


def test_a_vocabulary_without_tags_has_nothing_to_close():
    engine, _ = make(TokenType.USER_DEFINED, answer=ANSWER)
    parts = in_pieces(engine, [len(THOUGHTS)])
    assert so_far(*parts).content == "and hello."


def test_fewer_threads_change_nothing_but_the_provenance(real):
    question = (Message("user", "What is the capital of France?"),)
    want = ask(real, question, max_tokens=12)
    real.use_threads(1 if real.default_threads > 1 else 2)
    other = ask(real, question, max_tokens=12)
    real.use_threads(real.default_threads)
    assert other.text() == want.text()
    assert other.finished.provenance.threads != want.finished.provenance.threads
    assert want.finished.provenance.threads == real.default_threads


def test_typed_texts_are_counted_as_text(real):
    special = real.tokenizer.token_text(real.tokenizer.eos_ids[0])
    counts = real.count_tokens(["", "hello", special])
    assert counts[:2] == (0, len(real.tokenizer.encode_typed("hello")))
    assert counts[2] > 1, "what looks like a control token is text"
