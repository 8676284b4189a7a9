"""Flipped bits and cuts in every file of a history: noticed, and put right by one action."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.chats.history import History
from tools.flip_history import Damage, Findings, Original, Seen, campaign


def test_damage_to_any_file_is_noticed_and_one_action_puts_it_right(tmp_path: Path) -> None:
    findings = campaign(40, seed=5, folder=tmp_path)
    assert findings.failures == []
    assert sum(findings.seen.values()) == 40
    assert findings.restored >= 15
    assert {seen for _, seen in findings.seen} >= {Seen.AT_OPENING, Seen.SAID, Seen.BY_CHECK}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_damages_to_any_file_are_noticed(tmp_path: Path) -> None:
    findings = campaign(1000, seed=6, folder=tmp_path)
    print(findings.report())
    assert findings.failures == []
    assert sum(findings.seen.values()) == 1000


def test_a_backup_whose_free_page_is_damaged_is_said_and_restores_whole(tmp_path: Path) -> None:
    """Bytes that hold nothing cost no chat, and no later check or backup stumbles over them."""
    original, findings = Original(tmp_path), Findings()
    pages = original.free_pages_of_backup()
    assert len(pages) >= 2
    bit = ((pages[-1] - 1) * 4096 + 100) * 8
    original.try_one(Damage("backup/history.db", is_killed=False, bit=bit), findings)
    assert findings.failures == []
    assert findings.seen == {("backup/history.db", Seen.BY_BACKUP_CHECK): 1}
    assert findings.restored == 1


@pytest.mark.parametrize("check", ["verify", "verify_backup"])
def test_a_check_that_reads_nothing_would_be_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    """The campaign itself can fail."""
    original, findings = Original(tmp_path), Findings()
    monkeypatch.setattr(History, check, lambda *_: None)
    file = "backup/history.db" if check == "verify_backup" else "history.db"
    bit = (original.free_pages_of_backup()[-1] - 1) * 4096 * 8
    original.try_one(Damage(file, is_killed=False, bit=bit), findings)
    assert len(findings.failures) == 1
    assert "nobody noticed" in findings.failures[0]
