"""Checks that public things in app, inference and kernels say what they are.

For: `make check`. Modules, classes and functions are held by ruff's D1 rules; this holds
public methods, which ruff can't: a method that fulfils a protocol of ours or overrides a
base class's is documented there and needs no second text. It judges no wording.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGES = ("app", "inference", "kernels")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class ClassFacts:
    """A class as written: its bases' last names and its methods."""

    path: Path
    bases: tuple[str, ...]
    methods: dict[str, Function] = field(default_factory=dict)


def last_name(node: ast.expr) -> str:
    """`Generic[T]` → Generic, `QtWidgets.QLabel` → QLabel."""
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def classes_of(path: Path) -> Iterator[tuple[str, ClassFacts]]:
    """Every public class of a file, with its public methods."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            methods = {
                m.name: m
                for m in node.body
                if isinstance(m, Function) and not m.name.startswith("_")
            }
            yield node.name, ClassFacts(path, tuple(map(last_name, node.bases)), methods)


def inherited(facts: ClassFacts, known: dict[str, ClassFacts]) -> set[str]:
    """Names of the methods that our own base classes have."""
    names: set[str] = set()
    for base in facts.bases:
        if base in known and known[base] is not facts:
            names |= known[base].methods.keys() | inherited(known[base], known)
    return names


def overrides_foreign(facts: ClassFacts, known: dict[str, ClassFacts], name: str) -> bool:
    """Whether it is Qt's camelCase, or ast's visit_…, in a class with a foreign base."""
    foreign = any(b not in known and b not in ("object", "Protocol") for b in facts.bases)
    ours = any(overrides_foreign(known[b], known, name) for b in facts.bases if b in known)
    return ours or (foreign and (name != name.lower() or name.startswith("visit_")))


def is_setter(method: Function) -> bool:
    """A property's setter, which its getter documents, or an overload's signature."""
    return any(last_name(d) in ("setter", "overload") for d in method.decorator_list)


def undocumented(files: list[Path]) -> Iterator[str]:
    """`path:line name` of each public method without a docstring of its own or above it."""
    known = {name: facts for path in files for name, facts in classes_of(path)}
    protocols = {
        name for facts in known.values() if "Protocol" in facts.bases for name in facts.methods
    }
    for class_name, facts in known.items():
        above = inherited(facts, known)
        structural = set() if "Protocol" in facts.bases else protocols
        for name, method in facts.methods.items():
            excused = name in above | structural or is_setter(method)
            if ast.get_docstring(method) is None and not (
                excused or overrides_foreign(facts, known, name)
            ):
                yield f"{facts.path}:{method.lineno} {class_name}.{name}"


def main() -> int:
    """Lists what is missing; 1 if anything is."""
    files = [path for package in PACKAGES for path in sorted(Path(package).rglob("*.py"))]
    missing = list(undocumented(files))
    for line in missing:
        print(f"{line} has no docstring")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
