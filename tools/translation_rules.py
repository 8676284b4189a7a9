"""What a translation must be, whatever the language: whole, with the same holes and edges.

For: `tools/translations.py` and its tests. It judges form, never meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_HOLE = re.compile(r"\{[^{}]*\}")
_MNEMONIC = re.compile(r"&(\w)")
_ENGLISH_QUOTES = re.compile(r"“[^“”„]*”")


@dataclass(frozen=True)
class Message:
    """One text of the sources, and what stands for it."""

    context: str
    source: str
    translation: str
    state: str = ""


def read_messages(ts: Path) -> list[Message]:
    """All of a .ts, in its order."""
    root = ElementTree.parse(ts).getroot()
    return [
        _message(context.findtext("name") or "", found)
        for context in root.iter("context")
        for found in context.iter("message")
    ]


def _message(context: str, found: ElementTree.Element) -> Message:
    translation = found.find("translation")
    text = "" if translation is None else translation.text or ""
    state = "unfinished" if translation is None else translation.get("type", "")
    return Message(context, found.findtext("source") or "", text, state)


def faults_of(message: Message) -> Iterator[str]:
    """Everything that is wrong with one message, each in a sentence."""
    where = f"{message.context}: {message.source!r}"
    source, text = message.source, message.translation
    if message.state or not text:
        yield f"{where} is {message.state or 'empty'}"
        return
    if Counter(_HOLE.findall(source)) != Counter(_HOLE.findall(text)):
        yield f"{where} has other holes: {text!r}"
    if _edges(source) != _edges(text):
        yield f"{where} begins or ends with other spaces: {text!r}"
    if source.endswith("…") != text.endswith("…") or "..." in text:
        yield f"{where} has another ellipsis: {text!r}"
    if source.count("\t") != text.count("\t"):
        yield f"{where} has another shortcut: {text!r}"
    if len(_MNEMONIC.findall(source)) != len(_MNEMONIC.findall(text)):
        yield f"{where} has another mnemonic: {text!r}"
    if _ENGLISH_QUOTES.search(text) or '"' in text or text.count("„") != text.count("“"):
        yield f"{where} has other quotes than „…“: {text!r}"


def _edges(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text) - len(text.rstrip())


def mnemonic_faults(messages: Iterable[Message]) -> Iterator[str]:
    """Letters that two texts of one class claim: Alt with it would then press neither."""
    claimed: dict[tuple[str, str], str] = {}
    for message in messages:
        for letter in _MNEMONIC.findall(message.translation):
            key = message.context, letter.lower()
            if key in claimed:
                yield f"{message.context}: Alt+{letter.upper()} is claimed by " + (
                    f"{claimed[key]!r} and {message.translation!r}"
                )
            claimed.setdefault(key, message.translation)
