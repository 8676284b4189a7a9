"""What the proof says of chats and policy, and nothing of what is in a chat."""

from pathlib import Path

import pytest

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


def test_it_is_written_whole_or_not_at_all(profile: Profile, tmp_path: Path) -> None:
    write_report(tmp_path / "proof.html", HELD, NO_POLICY, profile)
    assert (tmp_path / "proof.html").stat().st_mode & 0o077 == 0
    with pytest.raises(TransferError):
        write_report(tmp_path / "none" / "proof.html", HELD, NO_POLICY, profile)
