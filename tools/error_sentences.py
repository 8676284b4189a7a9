"""The sentences of Qt-free code that reach the window, collected so that they can be translated.

For: `tools/translations.py`, which hands them to lupdate beside the window's own words. A
sentence is what `said` or `noted` is given (`kernels/sentence.py`), or a plain text with which
an error of ours is raised. What can't be collected is a fault: an error in whose text something
is filled in any other way than by `said`, or a template that is no literal.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kernels.sentence import has_words

CONTEXT = "Errors"
# Not here: the terminal (app/cli and what the launcher prints), which stays English, and the
# window's own code, which says everything through tr.
SOURCES = (
    "app/airlock/attempts.py",
    "app/airlock/courier",
    "app/airlock/download",
    "app/airlock/installed_files.py",
    "app/airlock/ledger.py",
    "app/airlock/lock.py",
    "app/airlock/native.py",
    "app/airlock/probe.py",
    "app/airlock/roads.py",
    "app/airlock/sealed_process.py",
    "app/airlock/template_process.py",
    "app/bridge",
    "app/chats",
    "app/diagnostics",
    "app/library",
    "app/licences",
    "app/pages/help/topics.py",
    "app/policy.py",
    "app/settings.py",
    "app/theme/assets.py",
    "app/updates",
    "app/updates_work.py",
    "inference",
    "kernels",
)
_LITERAL = ("said", "noted")
# What makes an error of ours from a reason. Python’s own errors are for developers.
_REASON_TAKERS = ("fail", "refuse", "refused", "_bad", "_fail", "_refusal", "_refused")
_IS_TEXT = re.compile(r"[^\W\d_]\s+\S")
_ERROR_NAMES = ("error", "failure")
_DEFINES = "kernels/sentence.py"
_LEFT_OUT = ("kernels/testing", "kernels/cuda/shim", "inference/sentence.py")


def source_files(root: Path = Path()) -> list[Path]:
    """Every file that is read and there, in order."""
    found = (
        file
        for source in SOURCES
        for file in ([root / source] if source.endswith(".py") else (root / source).rglob("*.py"))
    )
    return sorted(f for f in found if f.is_file() and not _is_left_out(f.relative_to(root)))


def _is_left_out(file: Path) -> bool:
    return file.as_posix().startswith(_LEFT_OUT)


def templates_of(source: str) -> Iterator[str]:
    """The templates of one file, as often as they stand there."""
    for call, makes_error in _calls(source):
        found: list[str] = []
        if _called(call) in _LITERAL:
            found = [text for text in map(_text, call.args[:1]) if text is not None]
        elif makes_error:
            found = [t for argument in call.args for t in _texts(argument) if _IS_TEXT.search(t)]
        yield from filter(has_words, found)


def all_templates(root: Path = Path()) -> list[str]:
    """Each once, sorted."""
    files = source_files(root)
    return sorted({t for file in files for t in templates_of(file.read_text(encoding="utf-8"))})


def as_qt_source(templates: list[str]) -> str:
    """What lupdate reads in place of the files, whose calls it does not know."""
    calls = (f"QCoreApplication.translate({CONTEXT!r}, {_quoted(text)})" for text in templates)
    return "\n".join(calls) + "\n"


def sentence_faults(source: str, name: str) -> Iterator[str]:
    """What can't be collected, each in a sentence."""
    plain = _plain_names(source)
    for call, makes_error in _calls(source):
        called, where = _called(call), f"{name}:{call.lineno}"
        if called in _LITERAL and not name.endswith(_DEFINES):
            if len(call.args) != 1 or _text(call.args[0]) is None:
                yield f"{where}: {called} takes one literal text"
        elif makes_error and any(map(_is_put_together, call.args)):
            yield f"{where}: an error’s text is filled by said, from a template"
        elif makes_error:
            named = [a.id for a in call.args if isinstance(a, ast.Name) and a.id in plain]
            yield from (
                f"{where}: {each} is a plain text; it is said where it stands" for each in named
            )


def _plain_names(source: str) -> set[str]:
    """The names that stand for a text with words, in any scope."""
    return {
        target.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and _IS_TEXT.search(_text(node.value) or "")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def window_faults(source: str, name: str) -> Iterator[str]:
    """Errors that the window's own code shows as they are, which is in English."""
    if "from PySide6" not in source:
        return
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _ERROR_NAMES and _is_shown(node, parents):
            yield f"{name}:{node.lineno}: an error is shown by app.error_words.words_of"


def _is_shown(node: ast.Name, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Made a text here; not for the terminal, nor as a state's, which is worded when shown."""
    parent = parents[node]
    above = parents.get(parent)
    if isinstance(parent, ast.keyword):
        return isinstance(above, ast.Call) and _called(above) == "format"
    if isinstance(parent, ast.FormattedValue):
        return not _is_for_others(parents.get(above) if above else None)
    is_str = isinstance(parent, ast.Call) and _called(parent) == "str"
    return is_str and not _is_for_others(above)


def _is_for_others(taker: ast.AST | None) -> bool:
    if not isinstance(taker, ast.Call):
        return False
    name = _called(taker)
    return name == "write" or name[:1].isupper()


def _calls(source: str) -> Iterator[tuple[ast.Call, bool]]:
    """Every call, and whether it makes an error of ours."""
    tree = ast.parse(source)
    raised = {node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node)
            is_ours = name.endswith("Error") or name in _REASON_TAKERS or node in raised
            yield node, is_ours and not hasattr(builtins, name)


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _texts(node: ast.expr) -> Iterator[str]:
    """A literal, or either side of a choice between two."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif (text := _text(node)) is not None:
        yield text


def _is_put_together(node: ast.expr) -> bool:
    """An f-string with words, a format or a sum; as a choice's side too."""
    if isinstance(node, ast.IfExp):
        return _is_put_together(node.body) or _is_put_together(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return any(
            isinstance(part, ast.Constant) and _IS_TEXT.search(f"a{part.value!s}")
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _is_textual(node.left) or _is_textual(node.right)
    return isinstance(node, ast.Call) and _called(node) == "format"


def _is_textual(node: ast.expr) -> bool:
    return _text(node) is not None or isinstance(node, ast.JoinedStr) or _is_put_together(node)


def _quoted(text: str) -> str:
    """As lupdate reads it: it knows no single quotes within a literal of Python's repr."""
    inside = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inside}"'
