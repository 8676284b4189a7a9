"""A model's own tokens are found again, and never at the price of another prompt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.events import Channel
from inference.prompt.rendered import RenderedPrompt
from inference.prompt.tokenizer import Tokenizer
from inference.transcript import Transcript
from tests.inference.scripted import vocabulary

TOKENIZER = Tokenizer.from_gguf(vocabulary())
ANSWER, MARKER = Channel.ANSWER, Channel.MARKER


def prompt_of(*parts):
    """Texts in order; those in a list are typed."""
    text, spans = "", []
    for part in parts:
        written = part[0] if isinstance(part, list) else part
        if isinstance(part, list) and written:
            spans.append((len(text), len(text) + len(written)))
        text += written
    return RenderedPrompt(text, tuple(spans))


def letters(text):
    """A spelling that the encoder would not choose."""
    return [token_id for letter in text for token_id in TOKENIZER.encode_typed(letter)]


def everything(ids):
    return len(ids)


def answered(*written):
    """A transcript of the question "is it" with an answer of (channel, text) or a tag's id."""
    transcript = Transcript()
    prompt = prompt_of("<｜User｜>", ["is it"], "<｜Assistant｜>")
    ids, told = [], []
    for channel, text in written:
        told.append((channel, text))
        ids += TOKENIZER.encode_raw(text) if channel is MARKER else letters(text)
    transcript.remember(prompt, TOKENIZER.encode_prompt(prompt), told, ids)
    return transcript, [*TOKENIZER.encode_prompt(prompt), *ids]


def test_the_models_spelling_is_taken_where_its_answer_comes_back():
    transcript, ids = answered((ANSWER, "hello and"))
    back = prompt_of(
        "<｜User｜>", ["is it"], "<｜Assistant｜>", ["hello and"], "<｜User｜>", ["he"]
    )
    found = transcript.encode(back, TOKENIZER.encode_prompt, everything)
    assert found[: len(ids)] == ids
    assert found != TOKENIZER.encode_prompt(back)


def test_it_is_not_taken_where_the_cache_no_longer_holds_it():
    transcript, ids = answered((ANSWER, "hello and"))
    back = prompt_of(
        "<｜User｜>", ["is it"], "<｜Assistant｜>", ["hello and"], "<｜User｜>", ["he"]
    )
    found = transcript.encode(back, TOKENIZER.encode_prompt, lambda mine: len(mine) - 2)
    assert found == TOKENIZER.encode_prompt(back)
    found = transcript.encode(back, TOKENIZER.encode_prompt, lambda mine: len(mine) - 1)
    assert found[: len(ids)] == ids, "the last token was chosen, perhaps never read"


def test_a_tag_that_was_typed_is_not_the_models_tag():
    transcript, ids = answered((ANSWER, "he"), (MARKER, "</think>"), (ANSWER, "the"))
    head = ("<｜User｜>", ["is it"], "<｜Assistant｜>")
    tagged = prompt_of(*head, ["he"], "</think>", ["the"], "<｜User｜>")
    typed = prompt_of(*head, ["he</think>the"], "<｜User｜>")
    assert transcript.encode(tagged, TOKENIZER.encode_prompt, everything)[: len(ids)] == ids
    (closing,) = TOKENIZER.encode_raw("</think>")
    found = transcript.encode(typed, TOKENIZER.encode_prompt, everything)
    assert closing not in found
    assert found == TOKENIZER.encode_prompt(typed)


def test_white_space_beside_a_tag_may_be_the_templates_or_the_models():
    transcript, ids = answered((ANSWER, "he\n"), (MARKER, "</think>\n\n"), (ANSWER, "the"))
    head = ("<｜User｜>", ["is it"], "<｜Assistant｜>")
    back = prompt_of(*head, ["he"], "\n</think>\n\n", ["the"], "<｜User｜>")
    assert transcript.encode(back, TOKENIZER.encode_prompt, everything)[: len(ids)] == ids


WORDS = st.sampled_from(["he", "the ", "hello", "\n", "</think>", "<｜User｜>", "é", " it", ""])
TEXTS = st.lists(WORDS, max_size=4).map("".join)
TURNS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4)


def rendered(turns, question):
    parts = []
    for said, answer in turns:
        parts += ["<｜User｜>", [said], "<｜Assistant｜>", [answer], "<｜end▁of▁sentence｜>"]
    return prompt_of(*parts, "<｜User｜>", [question], "<｜Assistant｜>")


@given(TURNS, TURNS, TEXTS, st.data())
def test_whatever_comes_back_is_the_prompt_that_was_asked_for(turns, others, question, data):
    """Answers spelled oddly, then the same chat, an edited one or another: always its text."""
    transcript, held = Transcript(), []

    def common(ids):
        return next((n for n, (a, b) in enumerate(zip(ids, held, strict=False)) if a != b),
                    min(len(ids), len(held)))  # fmt: skip

    for number, (said, answer) in enumerate(turns):
        prompt = rendered(turns[:number], said)
        ids = transcript.encode(prompt, TOKENIZER.encode_prompt, common)
        spoken = letters(answer)
        transcript.remember(prompt, ids, [(ANSWER, answer)], spoken)
        held[:] = [*ids, *spoken[:-1]]
    kept = data.draw(st.integers(0, len(turns)))
    prompt = rendered([*turns[:kept], *others[: data.draw(st.integers(0, 2))]], question)
    found = transcript.encode(prompt, TOKENIZER.encode_prompt, common)
    plain = TOKENIZER.encode_prompt(prompt)
    assert TOKENIZER.decode(found, show_control=True) == prompt.text
    controls = set(TOKENIZER.encode_raw("<｜User｜><｜Assistant｜></think><｜end▁of▁sentence｜>"))
    assert [i for i in found if i in controls] == [i for i in plain if i in controls]
    assert common(found) >= common(plain)
