"""What the proof says of chats and policy, and nothing of what is in a chat."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.airlock.ledger import Ledger, LedgerRow, RowKind
from app.airlock.report import Attempt, LockReport, LockState
from app.chats.errors import TransferError
from app.chats.history_states import Ready
from app.chats.kept import Kept, how_kept
from app.chats.model import TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.policy import NO_POLICY
from app.privacy_report import _chats, report_text, write_report

HELD = LockReport(LockState.ENFORCED, "All was refused.", (Attempt("TCP", True, "EPERM"),))
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
CANARY = "violet canary 4711"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    return Profile(tmp_path / "history")


def begin(profile: Profile) -> HistoryDoor:
    door = HistoryDoor(profile, Holder.WINDOW, Keyrings({}), CHEAP)
    door.open()
    state = door.begin_under_passphrase("correct horse battery staple")
    assert isinstance(state, Ready)
    state.history.store.start(CANARY, [TextPart(CANARY)])
    return door


def test_before_the_first_chat_it_says_where_chats_will_lie(profile: Profile) -> None:
    assert how_kept(profile) == Kept(profile.folder, exists=False)
    assert f"Nothing is kept yet. Chats will lie in {profile.folder}." in report_text(
        HELD, NO_POLICY, profile
    )


def test_it_says_how_the_key_is_kept_and_nothing_of_a_chat(profile: Profile) -> None:
    door = begin(profile)
    try:
        found = how_kept(profile)
        page = report_text(HELD, NO_POLICY, profile)
    finally:
        door.close()
    assert found == Kept(profile.folder, exists=True, has_passphrase=True)
    assert "A passphrase opens them (Argon2id)." in page
    assert str(profile.folder) in page
    assert CANARY not in page


def test_a_damaged_envelope_says_that_something_is_there(profile: Profile) -> None:
    profile.folder.mkdir()
    profile.envelope.write_text("{")
    assert how_kept(profile) == Kept(profile.folder, exists=True)
    assert "can’t be read" in "".join(_chats(how_kept(profile)))


def test_a_keyring_and_a_recovery_passphrase_are_named() -> None:
    kept = Kept(Path("/h"), True, KeyringKind.KWALLET, has_recovery=True)
    words = " ".join(_chats(kept))
    assert "The key is kept by KWallet." in words
    assert "A recovery passphrase opens them too." in words


def test_connections_and_the_courier_are_told(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    assert "Empty: nothing was downloaded yet." in report_text(HELD, NO_POLICY, profile)
    ledger = Ledger(tmp_path / "ledger")
    at = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
    row = LedgerRow(at, RowKind.EXCHANGE, "0" * 16, "deepseek-ai/<b>", "list", host="h", status=200)
    ledger.append(replace(row, kind=RowKind.CONSENT, answer="yes"))
    ledger.append(row)
    ledger.append(replace(row, kind=RowKind.ENDED, answer="complete"))
    page = report_text(HELD, NO_POLICY, profile)
    assert "2026-11-29 09:30:00 UTC: h" in page
    assert "(list of deepseek-ai/&lt;b&gt;): answered 200" in page
    assert "asked whether to fetch (list) deepseek-ai/&lt;b&gt;: yes" in page
    assert "ended: complete" in page
    assert "A process of its own, started for one download" in page
    with open(tmp_path / "ledger" / "ledger.jsonl", "a") as file:
        file.write("{\n")
    monkeypatch.setattr("app.privacy_report._MOST_ROWS", 1)
    page = report_text(HELD, NO_POLICY, profile)
    assert "2 older ones are not listed here." in page
    assert "1 lines are damaged" in page


def test_a_ledger_that_cannot_be_read_is_said(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.privacy_report.read_ledger", refuse)
    page = report_text(HELD, NO_POLICY, profile)
    assert "The list can’t be read: Permission denied." in page
    assert "nothing was downloaded" not in page


def test_it_is_written_whole_or_not_at_all(profile: Profile, tmp_path: Path) -> None:
    write_report(tmp_path / "proof.html", HELD, NO_POLICY, profile)
    assert (tmp_path / "proof.html").stat().st_mode & 0o077 == 0
    with pytest.raises(TransferError):
        write_report(tmp_path / "none" / "proof.html", HELD, NO_POLICY, profile)
