"""What a hostile text's journey is watched with: an echoing model, a clock, a reader of exports.

For `hostile_player` and its surfaces.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from PySide6.QtCore import QObject, Qt, QTimer

from app.bridge.engine_port import OpenModel
from app.markup.blocks import Block, Code, Prose, Span, Table
from inference.events import (
    Channel,
    ContextUse,
    Event,
    Finished,
    FinishReason,
    Provenance,
    Statistics,
    Token,
)
from inference.request import GenerateRequest, SamplerSettings

_PROBE_MS = 5
_CHUNKS = 24


class _Info:
    architecture = "llama"
    quantization = "Q4_1"
    parameters = 1
    file_bytes = 1

    def __init__(self, name: str) -> None:
        self.name = name


class Echo:
    """A model that thinks and answers what it was asked, in pieces."""

    context_tokens = 100_000_000
    thinks = True
    default_threads = 2
    card_use = None

    def __init__(self, name: str) -> None:
        self.info = _Info(name)

    def use_threads(self, threads: int) -> None:
        """It computes nothing."""

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        asked = request.messages[-1]
        text = asked.content[asked.attached_characters :]
        yield ContextUse(self.context_tokens, 0, 10, 20, 12, 1024)
        count = 0
        for channel in (Channel.REASONING, Channel.ANSWER):
            step = max(1, -(-len(text) // _CHUNKS))
            for start in range(0, len(text), step):
                time.sleep(0.004)
                yield Token(count, text[start : start + step], channel)
                count += 1
        statistics = Statistics(10, 0, count, 120.0, 410.0, 46.2, 300_000_000)
        made_by = Provenance(1, self.info.name, "llama", "Q4_1", "1", "fast", 2, 1)
        yield Finished(FinishReason.STOP, statistics, made_by)

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(text) // 4 for text in texts)

    def answer_now(self) -> None:
        """It is quick."""

    def cancel(self) -> None:
        """It is quick."""

    def forget(self) -> None:
        """It remembers nothing."""

    def unload(self) -> None:
        """Nothing to let go of."""


def model_named(name: str) -> OpenModel:
    """Such a model, open."""
    return OpenModel(Echo(name), name, False, SamplerSettings(), lambda: None)


class Probe(QObject):
    """How long the window did not answer, as a timer of 5 ms sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.worst_ms = 0.0
        self._last_s = time.perf_counter()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=_PROBE_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        now_s = time.perf_counter()
        self.worst_ms = max(self.worst_ms, (now_s - self._last_s) * 1e3 - _PROBE_MS)
        self._last_s = now_s

    def begin(self) -> None:
        self._last_s, self.worst_ms = time.perf_counter(), 0.0


class References(HTMLParser):
    """What an exported page would have a browser load, run or open, and what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form", "image", "svg"):
            self.found.append(tag)
        for name, value in attrs:
            loads = name in ("src", "srcset", "background", "poster", "data", "action", "style")
            if loads or name.startswith("on") or name == "xlink:href":
                self.found.append(f"{tag} {name}={(value or '')[:80]}")
            elif name == "href" and not (value or "").startswith("#"):
                self.found.append(f"{tag} href={(value or '')[:80]}")

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.words.append(data)
        elif re.search(r"url\(|@import", data):
            self.found.append("style " + data[:80])

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False


def markdown_references(text: str) -> list[str]:
    """What an exported Markdown file would have a viewer fetch, run or obey."""
    own = re.compile(r"</?(details|summary)>")
    found = []
    for block in MarkdownIt("commonmark").enable("table").parse(text):
        for token in (block, *(block.children or ())):
            is_foreign = token.type in ("html_block", "html_inline") and re.search(
                r"<[A-Za-z/!?]", own.sub("", token.content)
            )
            if is_foreign or token.type == "image":
                found.append(f"{token.type} {token.content[:80]}")
    return found


def targets(blocks: Sequence[Block]) -> Iterator[str]:
    """Where links lead, which a strip shows and a screen reader says."""
    for block in blocks:
        if isinstance(block, Prose):
            cells: Iterable[Sequence[Span]] = [line.spans for line in block.lines]
        elif isinstance(block, Table):
            cells = [cell for row in (block.head, *block.rows) for cell in row]
        else:
            cells = []
            yield f" {block.language} " if isinstance(block, Code) else ""
        yield from (f" {span.target} " for spans in cells for span in spans)
