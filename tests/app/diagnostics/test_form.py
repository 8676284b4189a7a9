"""The form has closed fields alone, and its words are those of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from app.airlock import attempts, lock, roads
from app.bridge.history_states import HistoryState
from app.diagnostics import form, words
from app.diagnostics.kinds import KINDS, WITHHELD, Flag, Kind, Whole, Word
from app.diagnostics.section import ListOf, Section, made, withheld
from app.settings import Setting
from inference.machine import LEVEL_NAMES, MachineReport
from kernels.hardware import INSTRUCTION_SETS

ROOT = Path(__file__).parents[3]


def leaves(section: type[Section]) -> Iterator[tuple[str, Kind]]:
    for name, kind in section.fields.items():
        inside = kind.of if isinstance(kind, ListOf) else kind
        if isinstance(inside, type):
            yield from leaves(inside)
        else:
            yield f"{section.__name__}.{name}", inside


def test_every_field_is_of_a_closed_kind() -> None:
    found = dict(leaves(form.Report))
    assert len(found) > 100
    assert {type(kind) for kind in found.values()} <= set(KINDS)


def test_every_word_of_the_form_is_one_that_the_reader_knows() -> None:
    for name, kind in leaves(form.Report):
        if isinstance(kind, Word):
            assert set(kind.words) <= words.ALL_WORDS, name
    assert WITHHELD not in words.ALL_WORDS


class FreeText:
    """What someone might add."""

    def read(self, raw: object) -> str:
        return str(raw)


class OpenFlag(Flag):
    """A kind by its name alone."""

    def read(self, raw: object) -> str:
        return str(raw)


@pytest.mark.parametrize(
    "field", [str, FreeText(), FreeText, OpenFlag(), "text", None, re.compile("."), Section]
)
def test_a_field_of_anything_else_cannot_be_declared(field: object) -> None:
    with pytest.raises(TypeError, match="closed kind"):
        type("Leaks", (Section,), {"title": field})
    with pytest.raises(TypeError, match="closed kind"):
        made("Leaks", {"title": field})  # type: ignore[dict-item]
    if field is not None:
        with pytest.raises(TypeError, match="closed kinds"):
            ListOf(field, 3)  # type: ignore[arg-type]


def test_neither_can_a_field_that_is_only_annotated_or_a_method() -> None:
    with pytest.raises(TypeError, match="only names title"):

        class Leaks(Section):
            title: str

    with pytest.raises(TypeError, match="no closed kind"):

        class Overrides(Section):
            def written(self) -> dict[str, object]:  # type: ignore[override]
                return {"title": "geheimnis"}


def test_a_setting_of_text_has_no_kind() -> None:
    with pytest.raises(TypeError, match="the setting name is of no closed kind"):
        form._setting_kind(Setting("name", "Anna", str))


def test_a_field_that_is_not_declared_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="not declared") as raised:
        form.Build({"level": "avx2", "geheimnis": 1})
    assert "geheimnis" not in str(raised.value)


def test_what_does_not_fit_is_counted_wherever_it_is() -> None:
    part = made("Part", {"size": Whole(0, 9), "sizes": ListOf(Whole(0, 9), 3)})
    whole = made("Whole_", {"part": part, "other": part, "parts": ListOf(part, 2)})
    inner = part({"size": "text", "sizes": [1, "text", 2, 3]})
    assert inner.written() == {"size": WITHHELD, "sizes": [1, WITHHELD, 2, WITHHELD]}
    found = whole({"part": inner, "other": {"size": 1}, "parts": [inner, inner]}).written()
    assert found["other"] == WITHHELD
    assert withheld(found) == 10


def test_builds_and_instruction_sets_are_all_known() -> None:
    flags = (ROOT / "kernels/cpu/csrc/levels/flags.txt").read_text(encoding="utf-8")
    assert [line.split()[0] for line in flags.splitlines() if line] == list(LEVEL_NAMES)
    assert {"avx2", "neon"} <= INSTRUCTION_SETS


def test_what_a_build_lacks_is_known_in_every_case() -> None:
    source = (ROOT / "kernels/cpu/csrc/core/features.cpp").read_text(encoding="utf-8")
    told = re.findall(r'"((?:this processor has no|the system does not) [^"]+)"', source)
    assert len(told) > 14
    assert set(told) == set(words.LACKING)


def test_every_reason_of_this_machine_has_a_word(machine: MachineReport) -> None:
    reasons = {each.reason for choice in machine.choices for each in choice.rejected}
    assert len(reasons) > 3
    assert {words.reason_word(reason) for reason in reasons} <= set(words.REASONS)


@pytest.mark.parametrize(
    "reason",
    [
        "The native kernels could not be loaded (geheimnis.so: no). `make setup` builds them.",
        "libx.so was built from another version. `make setup` builds it anew.",
        "There are no kernels for geheimnis; there are avx2.",
        "This processor can't run the kernels for avx2: this processor has no AVX2.",
        "the matrix has 17 columns, which is not a multiple of 16",
        "this CPU has neither avx512bf16 nor amx_bf16",
    ],
)
def test_a_reason_that_quotes_something_has_a_word_without_it(reason: str) -> None:
    assert words.reason_word(reason) in words.REASONS


def test_every_state_of_a_history_is_known() -> None:
    names = {state.__name__ for state in get_args(HistoryState)}
    assert names == set(words.HISTORY_STATES) - {"not opened"}


def test_every_attempt_of_an_audit_is_known() -> None:
    named = {attempt.name for attempt in lock.audit().attempts}
    assert named <= set(words.DOORS)
    assert attempts.SOCKETS[0].name in words.DOORS


def test_every_road_is_known() -> None:
    named = {name for _, name in (*roads._KNOWN, *roads._FILES)}
    assert named == set(words.ROADS)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("6.18.44-fc-v509", "6.18.44"),
        ("6.8.0-45-generic", "6.8.0"),
        ("23.1.0", "23.1.0"),
        ("anna-6.8", "anna-6.8"),
        ("123456-anna", "123456-anna"),
    ],
)
def test_of_a_kernels_release_only_its_numbers_are_taken(text: str, version: str) -> None:
    assert words.leading_version(text) == version
