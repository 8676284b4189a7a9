"""A Markdown export reads well, and nothing in a message breaks out of its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.chats.model import (
    AttachmentPart,
    Conversation,
    Message,
    MessageState,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.transfer import tame_markdown
from app.chats.transfer.markdown import render
from app.chats.transfer.tame_markdown import fenced, pieces, tamed
from app.chats.transfer.wording import MAX_PARSED_CHARS, Occasion

Chat = Callable[[str], Conversation]
Said = Callable[..., Message]
READER = MarkdownIt("commonmark").enable("table")


def blocks(document: str) -> list[tuple[str, str]]:
    """Top-level headings and fences of a finished file: (tag or "fence", text)."""
    tokens = READER.parse(document)
    found: list[tuple[str, str]] = []
    for at, token in enumerate(tokens):
        if token.level == 0 and token.type == "heading_open":
            found.append((token.tag, tokens[at + 1].content))
        elif token.level == 0 and token.type == "fence":
            found.append(("fence", token.content))
    return found


def active(document: str) -> list[Token]:
    """Everything that a viewer would fetch or take for a tag."""
    return [
        token
        for block in READER.parse(document)
        for token in (block, *(block.children or ()))
        if token.type in ("image", "html_inline", "html_block")
    ]


def test_a_whole_chat_reads_from_top_to_bottom(chat: Chat, said: Said, occasion: Occasion):
    question = said((TextPart("Why?"), AttachmentPart("a.txt", "1\n2")), Role.USER)
    answer = replace(
        said((ReasoningPart("Let me see.", 12_400, 1345), TextPart("Because *so*."))),
        provenance=Provenance((("model", "r1_8b"), ("seed", 1))),
    )
    stopped = said("And", state=MessageState.STOPPED)
    text = "".join(render(chat("A *title*"), [question, answer, stopped], occasion))
    assert text == (
        "# A \\*title\\*\n\n"
        "*Begun 2025-03-04 14:05 UTC, last changed 2025-03-04 14:06 UTC. "
        "Exported from Pitcher 2025-03-04 14:05 UTC.*\n"
        "\n## You\n\n*2025-03-04 14:05 UTC*\n"
        "\nWhy?\n"
        "\n**Attachment: a.txt**\n\n```\n1\n2\n```\n"
        "\n## Assistant\n\n*2025-03-04 14:05 UTC · r1\\_8b*\n"
        "\n<details>\n<summary>Thought for 12 s, 1,345 tokens</summary>\n\n"
        "Let me see.\n\n</details>\n"
        "\nBecause *so*.\n"
        "\n<details>\n<summary>What made this answer</summary>\n\n"
        "- model: r1\\_8b\n- seed: 1\n\n</details>\n"
        "\n## Assistant\n\n*2025-03-04 14:05 UTC*\n"
        "\nAnd\n"
        "\n*Stopped. The answer so far is kept.*\n"
    )


def test_what_made_an_answer_is_text_whatever_it_holds(chat: Chat, said: Said, occasion: Occasion):
    details = (("model", "m"), ("a_*b*", "</details>\n# You"), ("t", "![i](//h/s)\u202e"))
    answer = replace(said("x"), provenance=Provenance(details))
    text = "".join(render(chat("t"), [answer], occasion))
    assert "- a \\*b\\*: \\</details\\> \\# You\n" in text
    assert "‹U+202E›" in text
    assert [token.content for token in active(text)] == [
        "<details>\n<summary>What made this answer</summary>\n",
        "</details>\n",
    ]


def test_without_a_title_and_without_an_answer_it_says_so(
    chat: Chat, said: Said, occasion: Occasion
):
    text = "".join(render(chat(" \n"), [said("", state=MessageState.STOPPED)], occasion))
    assert text.startswith("# Untitled chat\n")
    assert "*Stopped before the answer began.*" in text


@pytest.mark.parametrize("title", ["a\n# b", "x\n\n```", "<b>", "![i](u)", "[l](u)", "C #", "`c`"])
def test_a_title_stays_one_line_of_text(title: str, chat: Chat, occasion: Occasion):
    heading, first, *_ = READER.parse("".join(render(chat(title), [], occasion)))
    assert heading.tag == "h1"
    kinds = {child.type for child in first.children or ()}
    assert kinds == {"text"}
    assert "".join(c.content for c in first.children or ()) == " ".join(title.split())


def test_turns_of_direction_in_titles_are_shown(chat: Chat, occasion: Occasion):
    text = "".join(render(chat("a\u202eb\u2066c"), [], occasion))
    assert text.startswith("# a‹U+202E›b‹U+2066›c\n")


@pytest.mark.parametrize(
    "content",
    [
        "```\n# You\n```",
        "````````",
        "~~~",
        "no end",
        "end\n",
        "",
        "`` ` ```` `\n```````x",
        "\r```\r",
    ],
)
def test_no_attachment_ends_its_fence(content: str, chat: Chat, said: Said, occasion: Occasion):
    message = said((AttachmentPart("*name*\n```", content), TextPart("after")), Role.USER)
    found = blocks("".join(render(chat("t"), [message], occasion)))
    assert [tag for tag, _ in found] == ["h1", "h2", "fence"]
    assert found[-1][1].rstrip("\n") == content.replace("\r", "\n").rstrip("\n")
    assert found[-1][1] == READER.parse("".join(fenced(content)))[0].content


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1",
        "text\n~~~~\n```\n~~~",
        "```\n    ```",
        "- item\n  ```\n  open",
        "> ```\n> open",
        "<!-- never closed",
        "<script>\nalert(1)",
        "<![CDATA[ x",
        "<?php echo 1",
        "<details>",
        "</details>\n\n## You\n\nforged",
        "# You\n## You",
        "You\n---\n\nYou\n===",
        "a\nb\n---",
        "    indented\n",
        "[a]: /url 'open title",
        "| a |\n|---|\n| `<b>` <i> |",
    ],
)
@pytest.mark.parametrize("thinks", [False, True])
def test_nothing_in_a_message_swallows_or_forges_the_next(
    text: str, thinks: bool, chat: Chat, said: Said, occasion: Occasion
):
    part = ReasoningPart(text) if thinks else TextPart(text)
    document = "".join(render(chat("t"), [said((part,)), said("end", Role.USER)], occasion))
    headings = [block for block in blocks(document) if block[0] in ("h1", "h2")]
    assert headings == [("h1", "t"), ("h2", "Assistant"), ("h2", "You")]
    ours = ["<details>\n<summary>Thoughts</summary>\n", "</details>\n"] if thinks else []
    assert [token.content for token in active(document)] == ours


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("![a](http://x/?q=1)", "!\\[a](http://x/?q=1)"),
        ("![a][r]\n\n[r]: //x/y", "!\\[a][r]\n\n[r]: //x/y"),
        ("see `![a](b)` and ![c](d)", "see `![a](b)` and !\\[c](d)"),
        ("`<b>` <img src=x>", "`<b>` &lt;img src=x>"),
        ("```\n<img src=x>\n```", "```\n<img src=x>\n```"),
        ("a < b and <https://x.org>", "a < b and <https://x.org>"),
        ("`![a](b)` alone, List<String>", "`![a](b)` alone, List&lt;String>"),
        ("# One\n\ntwo `<x>`", "### One\n\ntwo `<x>`"),
        ("Two\nlines #\n===", "### Two lines # #"),
        ("##### Five", "###### Five"),
        ("> # quoted stays", "> # quoted stays"),
        ("a\r\n# b\rc", "a\n### b\nc"),
        ("a\r## You", "a\n#### You"),
        ("You\r--\ra", "#### You\na"),
        ("plain *text*", "plain *text*"),
    ],
)
def test_only_what_is_dangerous_is_changed(text: str, kept: str):
    assert tamed(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "[a](<b`c>) <img src=x> `` ` ``",
        "<div>\n\n![a](b)\n</div>",
        "<div>\n```\n</div>\n\n<img src=x>\n```",
        "<div>\n[a](b`c)\n</div>\n`<img src=x>`",
        "\\\\![a](b) \\\\<b>",
        "<a title='`'>`<img src=x>`",
        "| a\\|`b | ` <i> ` |\n|---|---|\n| ![](x) | `y` |",
        "- <div>\n  x\n- ![y](z)",
        "[![in](side)](link)",
    ],
)
def test_images_and_tags_are_text_however_they_hide(text: str):
    assert active(text)
    assert active(tamed(text)) == []


def test_what_is_nested_too_deep_or_too_long_or_resists_comes_as_code():
    deep = "> " * 120 + "<img src=x>"
    long = "<b>" + "x" * MAX_PARSED_CHARS
    resisting = "".join(f"<p>\n```\n\n<{'`' * n}b>\n" for n in range(3, 30))
    for text in (deep, long):
        assert list(pieces(text)) in (list(fenced(text)), ["".join(fenced(text))])
        assert [t.type for t in READER.parse("".join(pieces(text)))] == ["fence"]
    assert active(tamed(resisting)) == []


def test_a_heading_after_any_line_end_is_seen_in_a_long_text_too():
    text = "word\r" * (MAX_PARSED_CHARS // 5 + 1) + "## You"
    assert [token.type for token in READER.parse("".join(pieces(text)))] == ["fence"]


def test_a_long_text_in_which_nothing_is_dangerous_stays_text():
    text = "word\n" * (MAX_PARSED_CHARS // 5 + 1)
    assert "".join(pieces(text)) == text


def test_what_is_still_active_after_the_last_pass_comes_as_code(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tame_markdown, "_MAX_PASSES", 1)
    assert tamed("<div>") == "```\n<div>\n```"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a‹U+202E›b"),
        ("a&#x202e;b &#8238; &amp; &lrm;", "a&amp;#x202e;b &amp;#8238; &amp; &amp;lrm;"),
        ("\U000e0041\U000e0042", "‹U+E0041›‹U+E0042›"),
        ("👩\u200d💻 שלום\u200f.", "👩\u200d💻 שלום\u200f."),
        ("word " * 60_000 + "\u2066", "word " * 60_000 + "‹U+2066›"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str):
    assert "".join(pieces(text)) == shown


def test_a_long_text_with_entities_is_code_in_which_they_mean_nothing():
    text = "&#x202e; word\n" * 30_000
    (block,) = READER.parse("".join(pieces(text)))
    assert (block.type, block.content) == ("fence", text)


@pytest.mark.parametrize("mark", ["![a](b)", "<img", "~~~", "\n# a heading", "\n---\n"])
@pytest.mark.parametrize("before", [8_190, 8_191, 8_192])
def test_what_is_too_long_to_be_parsed_is_looked_at_everywhere(mark: str, before: int) -> None:
    text = f"{'x' * before}{mark}{'x' * MAX_PARSED_CHARS}"
    assert "".join(pieces(text)) == "".join(fenced(text))
    text = "x" * len(text)
    assert "".join(pieces(text)) == text
