"""Keeps the window's German words together with the sources: .ts for people, .qm for Qt.

For: `make check` (without an argument), and whoever changes a word of the window: `python -m
tools.translations update` brings the new words into the .ts, `release` makes the .qm from it.
The sentences of errors raised beyond the window come with them (`tools/error_sentences.py`).
Both files are committed, so that a user needs no tool. It uses Qt's own lupdate and lrelease, from
PySide6's wheel. What a translation must be is in `tools/translation_rules.py`; one term per
thing, in `assets/translations/TERMS.md`.

lupdate knows a class by where a call stands in the text. At run time PySide asks for an object's
own class and then for each of its bases, so a subclass finds its parent's words.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import PySide6

from tools.error_sentences import (
    all_templates,
    as_qt_source,
    sentence_faults,
    source_files,
    window_faults,
)
from tools.translation_rules import Message, faults_of, mnemonic_faults, read_messages

SOURCES = Path("app")
FOLDER = Path("assets/translations")
LANGUAGES = ("de",)
_QT_TOOLS = Path(PySide6.__file__).parent
_LIMIT_S = 60


class ToolError(Exception):
    """Qt's tool refused; its words are in the sentence."""


def ts_file(language: str) -> Path:
    """Where people write a language's words."""
    return FOLDER / f"pitcher_{language}.ts"


def run_tool(name: str, *arguments: str) -> None:
    """Run one of Qt's own; raises ToolError."""
    done = subprocess.run(
        [str(_QT_TOOLS / name), *arguments], capture_output=True, text=True, timeout=_LIMIT_S
    )
    if done.returncode:
        raise ToolError(f"{name}: {done.stderr.strip() or done.stdout.strip()}")


def update(ts: Path, language: str, sources: Path = SOURCES) -> None:
    """Bring the sources' words into a .ts; words that are gone go."""
    files = sorted(str(path) for path in sources.rglob("*.py"))
    with tempfile.TemporaryDirectory() as beside:
        errors, listed = Path(beside) / "errors.py", Path(beside) / "all.lst"
        errors.write_text(as_qt_source(all_templates(sources.parent)), encoding="utf-8")
        listed.write_text("\n".join([*files, str(errors)]), encoding="utf-8")
        run_tool(
            "lupdate", "-silent", "-no-obsolete", "-locations", "none", "-source-language", "en",
            "-target-language", language, f"@{listed}", "-ts", str(ts),
        )  # fmt: skip


def release(ts: Path, qm: Path) -> None:
    """Make what Qt loads."""
    # Put in its place whole: a program that runs has the old one mapped.
    fresh = qm.with_name(f"{qm.name}.new")
    run_tool("lrelease", "-silent", "-removeidentical", str(ts), "-qm", str(fresh))
    fresh.replace(qm)


def call_faults(source: str, name: str) -> Iterator[str]:
    """Calls that lupdate can't read: words that are no literal, a door by another name."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else None
        called = node.func.id if isinstance(node.func, ast.Name) else called
        texts = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if called == "tr" and len(texts) != 1:
            yield f"{name}:{node.lineno}: tr takes one literal text; with a context, translate"
        elif called == "translate" and len(texts) != 2 and _is_qt_door(node):
            yield f"{name}:{node.lineno}: translate takes a literal context and a literal text"


def _is_qt_door(call: ast.Call) -> bool:
    """Not a string's translate nor a painter's."""
    if isinstance(call.func, ast.Name):
        return True
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).endswith(
        "QCoreApplication"
    )


def language_faults(language: str) -> Iterator[str]:
    """What is wrong with one language: its words, or that its files are not of one time."""
    ts = ts_file(language)
    qm = ts.with_suffix(".qm")
    messages = read_messages(ts)
    with tempfile.TemporaryDirectory() as beside:
        fresh = Path(beside) / ts.name
        fresh.write_bytes(ts.read_bytes())
        update(fresh, language)
        yield from _difference(ts.name, messages, read_messages(fresh))
        made = Path(beside) / qm.name
        release(ts, made)
        if not qm.is_file() or made.read_bytes() != qm.read_bytes():
            yield f"{qm.name} is not made from {ts.name}: python -m tools.translations release"
    for message in messages:
        yield from faults_of(message)
    yield from mnemonic_faults(messages)


def _difference(name: str, ours: list[Message], fresh: list[Message]) -> Iterator[str]:
    here = {(one.context, one.source) for one in ours}
    there = {(one.context, one.source) for one in fresh}
    for context, source in sorted(there - here):
        yield f"{name} lacks {context}: {source!r}: python -m tools.translations update"
    for context, source in sorted(here - there):
        yield f"{name} has words that no source has any more: {context}: {source!r}"


def check() -> int:
    """Prints the faults; 1 if there are any."""
    found: list[str] = []
    for path in sorted(SOURCES.rglob("*.py")):
        source, name = path.read_text(encoding="utf-8"), path.as_posix()
        found += [*call_faults(source, name), *window_faults(source, name)]
    for path in source_files():
        found += sentence_faults(path.read_text(encoding="utf-8"), path.as_posix())
    for language in LANGUAGES:
        found += language_faults(language)
    for fault in found:
        print(fault)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Checks; or does what it is told."""
    if arguments and arguments not in (["update"], ["release"]):
        print("python -m tools.translations [update | release]")
        return 2
    if not arguments:
        return check()
    for language in LANGUAGES:
        ts = ts_file(language)
        if arguments == ["update"]:
            update(ts, language)
        else:
            release(ts, ts.with_suffix(".qm"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
