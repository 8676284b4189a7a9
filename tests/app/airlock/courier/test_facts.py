"""What is said of the courier is what is in force."""

from pathlib import Path

import pytest

from app.airlock.courier import allow_list, facts
from app.airlock.syscalls import X86_64
from app.download_policy import DownloadPolicy
from app.policy import NO_POLICY, Policy
from app.restrictions import Restrictions

FILE = Path("/etc/pitcher/policy.toml")


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "this_architecture", lambda: X86_64)


@pytest.mark.parametrize(
    "policy",
    [Policy(FILE, restrictions=Restrictions(air_gapped=True)), Policy(FILE, problem="Broken.")],
)
def test_where_none_may_be_started_only_that_is_said(policy: Policy) -> None:
    (only,) = facts.courier_facts(policy)
    assert "No courier is ever started" in only
    assert str(FILE) in only


def test_where_none_can_be_held_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "this_architecture", lambda: None)
    assert "could not be held" in facts.courier_facts(NO_POLICY)[0]


@pytest.mark.parametrize(
    ("is_held", "words"), [(True, "write the models folder alone"), (False, "without Landlock")]
)
def test_what_holds_its_files_is_what_this_kernel_has(
    monkeypatch: pytest.MonkeyPatch, is_held: bool, words: str
) -> None:
    monkeypatch.setattr(allow_list, "is_possible", lambda _known: is_held)
    assert words in "\n".join(facts.courier_facts(NO_POLICY))


def test_whom_an_administrator_named_stands_there_without_the_password() -> None:
    named = DownloadPolicy("https://m.example", (), "http://u:secret@p.example:3128")
    words = "\n".join(facts.courier_facts(Policy(FILE, downloads=named)))
    assert "https://m.example" in words
    assert "p.example:3128" in words
    assert "secret" not in words
