"""An HTML export asks for nothing, whatever a chat holds, and shows all of it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

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
from app.chats.transfer.html import render
from app.chats.transfer.wording import MAX_PARSED_CHARS, Occasion
from app.restrictions import Banner, BannerColour
from app.theme.tokens import BANNERS, DARK, LIGHT

Chat = Callable[[str], Conversation]
Said = Callable[..., Message]

VOID = {"meta", "br", "hr"}
TAGS = VOID | {
    *("html", "head", "title", "style", "body", "main", "header", "article", "div", "span", "bdi"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "em", "strong", "s"),
    *("details", "summary", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"),
}
CLASSES = {
    *("caption", "typed", "answered", "body", "note", "plain", "text", "name", "thoughts"),
    *("language", "link", "address", "center", "right", "classification"),
}
HEAD = {
    ("charset", "utf-8"),
    ("name", "referrer"),
    ("content", "no-referrer"),
    ("name", "viewport"),
    ("content", "width=device-width, initial-scale=1"),
    ("http-equiv", "Content-Security-Policy"),
}


class Page(HTMLParser):
    """A page taken apart; fails where tags don't nest or an attribute is not on the list."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.policy = ""
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.tags.append(tag)
        for name, value in attrs:
            if tag == "meta" and name == "content" and "default-src" in str(value):
                self.policy = str(value)
            elif tag == "meta":
                assert (name, value) in HEAD
            else:
                self.check(tag, name, str(value))
        if tag not in VOID:
            self._open.append(tag)

    def check(self, tag: str, name: str, value: str) -> None:
        """No attribute but these: none of them fetches, runs or styles."""
        if name == "class":
            assert value in CLASSES
        else:
            assert (tag, name, value) == ("html", "lang", "en") or (
                (name, value) in {("lang", ""), ("dir", "auto")}
                or (tag == "ol" and name == "start" and value.isdecimal())
            )

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def said(self) -> str:
        """What a reader sees."""
        return "".join(text for tag, text in self.texts if tag not in ("style", "title"))

    def within(self, tag: str) -> str:
        return "".join(text for inside, text in self.texts if inside == tag)


@pytest.fixture
def page(chat: Chat, said: Said, occasion: Occasion) -> Callable[..., Page]:
    """The page of one message or of several."""

    def make(*contents: object, title: str = "t", role: Role = Role.ASSISTANT) -> Page:
        messages = [c if isinstance(c, Message) else said(c, role) for c in contents]
        return Page("".join(render(chat(title), messages, occasion)))

    return make


HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></div></pre></article><script src=//evil></script>",
    "[a](javascript:alert(1)) [b](file:///etc/passwd) [c](vbscript:x) [d](data:text/html,x)",
    "[a](http://evil/?q=1) <http://evil/auto> http://evil/bare",
    "![a](http://evil/p.png) ![b](//evil/p.png) ![c](file:///p.png) ![d](data:image/png;base64,AA)",
    "![a][r] [b][r]\n\n[r]: //evil/x 'onload=\"alert(1)\"'",
    "<img src=x onerror=alert(1)> <svg/onload=alert(1)> <iframe src=//evil>",
    "<p style='background:url(//evil)'> <link rel=stylesheet href=//evil>",
    "<!-- comment --> <!DOCTYPE x> <?php x ?> <![CDATA[x]]>",
    "<meta http-equiv=refresh content='0;url=//evil'> <base href=//evil>",
    '```"><img src=x>\n</code></pre><img src=//evil>\n```',
    "`</code><img src=//evil>` &lt;img&gt; &#60;b&#62; &quot;",
    "| a | b |\n|:-:|--:|\n| <b> | ![x](//evil) |",
    "# h <b>\n\n1. a\n\n7) b\n- c\n  > d\n\n---\n\n*e* **f** ~~g~~ `h`  \ni\\\nj",
    '" onmouseover="alert(1)',
    "a\x00b\x08c\u202ed\u2066e\u2028f",
    '[x](<a " b\' c> "t<i>")',
    "> " * 150 + "<img src=//evil>",
    "[" * 300 + "![a](//evil)" + "]" * 300,
    "",
]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.USER])
def test_no_message_brings_a_tag_or_an_attribute_that_could_fetch(
    content: str, role: Role, page: Callable[..., Page]
):
    parts = (ReasoningPart(content, 1), AttachmentPart(content, content), TextPart(content))
    made = page(parts, "after", title=content, role=role)
    assert made.tags.count("article") == 2
    assert made.tags.count("h1") == 1
    assert "a‹U+0000›b" in made.said() or "\x00" not in content


def test_a_title_is_text_in_both_places(page: Callable[..., Page]):
    made = page(title="</title><b>\u202e &amp;")
    assert made.within("title") == made.within("h1") == "</title><b>‹U+202E› &amp;"
    assert page(title=" ").within("h1") == "Untitled chat"


def test_the_policy_allows_its_own_stylesheet_and_nothing_else(page: Callable[..., Page]):
    made = page("x")
    sheet = made.within("style")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert made.policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|@font-face|expression|<|//", sheet)
    assert made.tags.count("style") == 1


def test_both_themes_are_there_and_every_colour_is_the_windows(page: Callable[..., Page]):
    sheet = page("x").within("style")
    light, dark = sheet.split("@media (prefers-color-scheme:dark)")
    for tokens, part in ((LIGHT, light), (DARK, dark.partition("\n")[0])):
        found = dict(re.findall(r"--(\w+):(#\w+);", part))
        assert found
        assert all(getattr(tokens, role) == colour for role, colour in found.items())
    rules = dark.partition("\n")[2]
    assert set(re.findall(r"var\(--(\w+)\)", rules)) <= set(found)
    assert "#" not in rules


def test_a_link_in_the_label_of_another_hides_no_address(page: Callable[..., Page]):
    text = page("[a <http://inner> b](http://outer) c").said()
    assert "a <http://inner> b <http://outer> c" in text


def test_links_show_their_whole_address_and_pictures_their_name(page: Callable[..., Page]):
    long = "http://evil/" + "x" * 600
    text = page(f"[here]({long} 'hint') <http://a/ä> ![view *of*](http://b/c.png)").said()
    assert f"here <{long}> “hint”" in text
    assert "<http://a/%C3%A4>" in text
    assert text.count("http://a/") == 1
    assert "Image: view of <http://b/c.png>" in text or "Image: view *of* <http://b/c.png>" in text


def test_data_in_a_picture_is_not_repeated_whole(page: Callable[..., Page]):
    text = page(f"![a](data:image/png;base64,{'A' * 5000})").said()
    assert "(5,022 characters)" in text
    assert "A" * 501 not in text


def test_what_is_no_link_stays_readable(page: Callable[..., Page]):
    text = page("[b](file:///etc/passwd) [a](javascript:alert(1))").said()
    assert "[b](file:///etc/passwd) [a](javascript:alert(1))" in text


def test_a_host_in_other_letters_is_shown_as_what_it_is(page: Callable[..., Page]):
    assert "<http://xn--" in page("[bank](http://bаnk.example)").said()


def test_an_answer_is_shown_as_markdown(page: Callable[..., Page]):
    made = page(
        "# One\n\n##### Five\n\n3. a\n4. b\n\n| n | m |\n|:-:|--:|\n| 1 | 2 |\n\n"
        "```python\nx < 1\n```\n\n    bare\n\n"
        "~~no~~ *em* **strong** `a\u2067b`  \nnext\nsoft\n\n---\n"
    )
    tags = set(made.tags)
    assert {"h3", "h6", "ol", "table", "pre", "s", "em", "strong", "code", "br", "hr"} <= tags
    assert "python" in made.said()
    assert "x < 1\n" in made.within("code")
    assert "a‹U+2067›b" in made.within("code")


def test_what_was_typed_is_shown_as_it_was_typed(page: Callable[..., Page]):
    made = page("# no *heading*\n  <b>", role=Role.USER)
    assert "# no *heading*\n  <b>" in made.said()
    assert "You" in made.within("h2")


def test_thoughts_and_attachments_are_folded_with_their_text_whole(page: Callable[..., Page]):
    content = "\n" + "line <&> \u2066x\n" * 20_000
    made = page((ReasoningPart("hm\u202e", 61_000, 7), AttachmentPart("a<b>.txt", content)))
    assert made.tags.count("details") == 2
    assert "Thought for 61 s, 7 tokens" in made.within("summary")
    assert "hm‹U+202E›" in made.said()
    assert made.within("bdi") == "a<b>.txt"
    assert made.within("pre") == "\n" + content.replace("\u2066", "‹U+2066›")


@pytest.mark.parametrize(
    "text", ["> " * 120 + "deep", "*x*" * (MAX_PARSED_CHARS // 3 + 1), "*[*" * 20_001]
)
def test_what_is_too_deep_or_too_long_to_parse_comes_as_it_was_written(
    text: str, page: Callable[..., Page]
):
    made = page(text)
    assert text in made.said()
    assert "em" not in made.tags


def test_the_model_and_what_went_wrong_are_said(said: Said, page: Callable[..., Page]):
    failed = said("x", state=MessageState.FAILED)
    text = page(replace(failed, provenance=Provenance((("model", "R1 <8B>"),)))).said()
    assert "2025-03-04 14:05 UTC · R1 <8B>" in text
    assert "Failed." in text
    assert "What made this answer" not in text


def test_what_made_an_answer_stands_under_it(said: Said, page: Callable[..., Page]):
    details = (("model", "R1"), ("weights_sha256", "ab<i>"), ("seed", 7))
    made = page(replace(said("x"), provenance=Provenance(details)))
    for line in ("What made this answer", "weights sha256: ab<i>", "seed: 7"):
        assert line in made.said()
    assert "i" not in made.tags


def test_messages_are_asked_for_one_by_one(chat: Chat, said: Said, occasion: Occasion):
    given: list[int] = []

    def messages() -> Iterator[Message]:
        for number in range(3):
            given.append(number)
            yield said(f"message {number}")

    for piece in render(chat("t"), messages(), occasion):
        if "message 0" in piece:
            assert given == [0]
    assert given == [0, 1, 2]


@pytest.mark.parametrize("colour", list(BannerColour))
@pytest.mark.parametrize("words", ["SECRET", "</p><script>x</script>", 'a" onload="x', "a\u202eb"])
def test_a_classification_is_text_above_and_below_in_its_colour(
    chat: Chat, said: Said, occasion: Occasion, words: str, colour: BannerColour
):
    banner = Banner(words, colour)
    found = Page("".join(render(chat("t"), [said("x")], replace(occasion, banner=banner))))
    assert found.said().count(banner.words) == 2
    sheet = found.within("style")
    assert f".classification{{background:{BANNERS[colour][0]};color:{BANNERS[colour][1]}}}" in sheet
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in found.policy
