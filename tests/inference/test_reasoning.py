"""The reasoning parser: tags, line breaks, code, missing tags; nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inference.events import Channel, Recast
from inference.generation.reasoning import ReasoningParser, Tag, thinking_is_open
from inference.prompt.rendered import RenderedPrompt


@dataclass(frozen=True)
class Tags:
    open: str = "<think>"
    close: str = "</think>"


THINK = Tags()
FAMILIES = [
    THINK,
    Tags("<thinking>", "</thinking>"),
    Tags("◁think▷", "◁/think▷"),
    Tags("<|begin_of_thought|>", "<|end_of_thought|>"),
]


class Heard:
    """What a reader of the pieces has at the end, and the pieces in order."""

    def __init__(self):
        self.parts = dict.fromkeys(Channel, "")
        self.raw = ""
        self.order = []
        self.recasts = 0

    def hear(self, pieces):
        for piece in pieces:
            if isinstance(piece, Recast):
                self.recasts += 1
                self.parts[Channel.REASONING] += self.parts[Channel.ANSWER]
                self.parts[Channel.ANSWER] = ""
                self.order.append("recast")
                continue
            channel, text = piece
            assert text
            self.parts[channel] += text
            self.raw += text
            if self.order and self.order[-1][0] == channel:
                self.order[-1] = (channel, self.order[-1][1] + text)
            else:
                self.order.append((channel, text))
        return self

    @property
    def reasoning(self):
        return self.parts[Channel.REASONING]

    @property
    def answer(self):
        return self.parts[Channel.ANSWER]


def heard(pieces, opened=False, markers=THINK):
    parser, found = ReasoningParser(markers, opened), Heard()
    for piece in pieces:
        found.hear(parser.feed(piece))
    return found.hear(parser.flush())


def tokens_heard(tokens, opened=False):
    """As `heard`, with the tags as tokens: a Tag stands for its token."""
    parser, found = ReasoningParser(THINK, opened, by_token=True), Heard()
    for token in tokens:
        if isinstance(token, Tag):
            text = THINK.open if token is Tag.OPEN else THINK.close
            found.hear(parser.feed_tag(token, text))
        else:
            found.hear(parser.feed(token))
    return found.hear(parser.flush())


def split(text, cuts):
    borders = sorted({0, len(text), *(c % (len(text) + 1) for c in cuts)})
    return [text[a:b] for a, b in pairwise(borders)]


@pytest.mark.parametrize("markers", FAMILIES, ids=lambda m: m.open)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_thoughts_and_answer_are_told_apart(markers, size):
    text = f" \n{markers.open}\nLet me see.\n\nYes.\n{markers.close}\n\nThe answer.\n"
    found = heard([text[n : n + size] for n in range(0, len(text), size)], markers=markers)
    assert found.reasoning == "Let me see.\n\nYes."
    assert found.answer == "The answer.\n"
    assert found.parts[Channel.MARKER] == f" \n{markers.open}\n\n{markers.close}\n\n"
    assert found.raw == text


def test_thinking_that_the_prompt_opened_needs_no_tag():
    found = heard(["\nSo.\n", "</th", "ink>\n", "\nHi"], opened=True)
    assert (found.reasoning, found.answer) == ("So.", "Hi")


def test_a_missing_closing_tag_loses_nothing():
    found = heard(["So I think\n</thi"], opened=True)
    assert (found.reasoning, found.answer) == ("So I think\n</thi", "")


def test_a_missing_opening_tag_makes_reasoning_of_what_was_shown():
    found = heard(["So I ", "think.\n", "</think>\n\nHi.\n</think> again"])
    assert (found.reasoning, found.answer) == ("So I think.", "Hi.\n</think> again")
    assert found.recasts == 1


def test_a_closing_tag_at_once_recasts_nothing():
    found = heard(["\n</think>\n\nHi"])
    assert (found.recasts, found.reasoning, found.answer) == (0, "", "Hi")


def test_without_markers_everything_is_the_answer():
    text = " <think>a</think>b"
    assert heard([text], markers=None).answer == text


@pytest.mark.parametrize(
    "code",
    [
        "`</think>`",
        "``a ` </think>``",
        "```\n</think>\n```",
        "```html\n</think>\n```\n",
        "~~~\n```\n</think>\n~~~\n",
        "  ````\n```\n</think>\n```\n````",
        "```python\nx = '</think>'\n```python\n</think>\n```",
        "```</think>```",
    ],
)
def test_tags_in_code_are_text(code):
    found = heard(list(f"{code}\nso.\n</think>\nDone: {code}"), opened=True)
    assert found.reasoning == code + "\nso."
    assert found.answer == "Done: " + code
    assert found.recasts == 0


@pytest.mark.parametrize(
    "text",
    [
        "it`s so\n</think>",  # an inline span ends with its line
        "so ``` it is\n</think>",  # a fence begins a line
        "```\ncode\n```\n</think>",
        "```\ncode\n```</think>",
        "`a` and `b` </think>",
        "```a``` </think>",
    ],
)
def test_a_tag_behind_code_is_a_tag(text):
    found = heard(list(text + "Hi"), opened=True)
    assert found.answer == "Hi"


def test_a_second_opening_tag_in_an_answer_is_text():
    found = heard(["<think>a</think>The tag\n<think>\nopens"])
    assert (found.reasoning, found.answer) == ("a", "The tag\n<think>\nopens")


def test_where_tags_are_tokens_what_looks_like_one_is_text():
    found = tokens_heard(
        ["Not </think> nor <think>.", "\n", Tag.CLOSE, "\n\n", "</think> Hi"], True
    )
    assert (found.reasoning, found.answer) == ("Not </think> nor <think>.", "</think> Hi")


def test_a_token_in_code_or_in_a_sentence_is_text_and_on_its_own_line_a_tag():
    said = [Tag.OPEN, "a", Tag.CLOSE, "re.sub(`", Tag.OPEN, "`) drops ", Tag.OPEN, " and "]
    found = tokens_heard([*said, Tag.CLOSE, ".\n", Tag.OPEN, "\nb", Tag.CLOSE, "c"])
    assert found.answer == "re.sub(`<think>`) drops <think> and </think>.\nc"
    assert found.reasoning == "ab"


def test_after_leaving_code_a_tag_counts():
    parser = ReasoningParser(THINK, opened=True)
    found = Heard().hear(parser.feed("```python\nfor"))
    parser.leave_code()
    found.hear(parser.feed("\n</think>\n\nHi"))
    assert (found.reasoning, found.answer) == ("```python\nfor", "Hi")


def test_a_half_written_tag_is_known_to_be_one():
    parser = ReasoningParser(THINK, opened=True)
    parser.feed("a </thi")
    assert parser.holds_partial_tag
    parser.feed("s")
    assert not parser.holds_partial_tag


PARTS = st.sampled_from(
    ["<think>", "</think>", "<th", "ink>", "</", "<", "`", "``", "```", "~~~", "```py\n", "\n",
     "\n\n", "\r\n", " ", "   ", "a", "word ", "é", "</think>\n\n", "\n```\n", "x` "]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map("".join)


@given(TEXTS, st.lists(st.integers(0, 200), max_size=12), st.booleans())
@example("```</think>", [3], True)
@example("<think>``</think>`", [9], False)
def test_any_split_says_the_same_and_loses_nothing(text, cuts, opened):
    whole = heard([text], opened)
    assert whole.raw == text
    assert whole.reasoning + whole.answer == "".join(
        t for c, t in (o for o in whole.order if o != "recast") if c is not Channel.MARKER
    )
    assert whole.recasts <= 1
    in_pieces = heard(split(text, cuts), opened)
    assert in_pieces.order == whole.order
    letters = heard(list(text), opened)
    assert letters.order == whole.order


@given(st.lists(st.one_of(PARTS, st.sampled_from(Tag)), max_size=25), st.booleans())
def test_tokens_that_are_tags_lose_nothing_either(tokens, opened):
    found = tokens_heard(tokens, opened)
    texts = [THINK.open if t is Tag.OPEN else THINK.close if t is Tag.CLOSE else t for t in tokens]
    assert found.raw == "".join(texts)
    letters = []
    for token in tokens:
        letters += [token] if isinstance(token, Tag) else list(token)
    assert tokens_heard(letters, opened).order == found.order


@given(st.text("ab \n.", max_size=40), st.text("ab .", min_size=1, max_size=40), st.booleans())
def test_well_formed_output_comes_back_as_it_was_made(thoughts, answer, opened):
    opening = "" if opened else "<think>\n"
    found = heard([f"{opening}{thoughts}\n</think>\n\n{answer}"], opened)
    assert found.reasoning == thoughts.strip("\n")
    assert found.answer == answer


@pytest.mark.parametrize(
    ("text", "spans", "is_open"),
    [
        ("<｜User｜>hi<｜Assistant｜><think>\n", [(8, 10)], True),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", [], False),
        ("user: <think>\n", [(6, 14)], False),
        ("user: <think>\nassistant:", [(6, 13)], False),
        ("user: a <think> b\n<think>", [(6, 17)], True),
        ("user: <thi" + "nk>", [(6, 10)], False),
        ("", [], False),
    ],
)
def test_the_prompt_says_whether_thinking_is_open(text, spans, is_open):
    assert thinking_is_open(RenderedPrompt(text, tuple(spans)), THINK) is is_open
    assert not thinking_is_open(RenderedPrompt(text, tuple(spans)), None)
