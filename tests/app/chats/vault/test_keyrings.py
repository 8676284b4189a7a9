"""Keys in a keyring: stored, read back, compared, deleted; and only in those that are allowed."""

import sys
import threading
import types
from collections.abc import Iterator

import pytest
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
)

from app.chats.errors import (
    KeyChangedError,
    KeyMissingError,
    KeyringLockedError,
    KeyringUnavailableError,
    VaultError,
)
from app.chats.vault import backends
from app.chats.vault.backends import ALLOWED, KeyringEntry, KeyringKind, translated
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import SERVICE, Keyrings
from app.chats.vault.words import Reason, failure

SECRET_SERVICE = KeyringKind.SECRET_SERVICE
LIMIT_S = 60


@pytest.fixture
def keyrings(desktop) -> Keyrings:
    return desktop.keyrings


@pytest.fixture
def entry(keyrings: Keyrings, history_key: HistoryKey) -> KeyringEntry:
    return keyrings.store(SECRET_SERVICE, history_key).answer_within(LIMIT_S)


def test_a_stored_key_is_read(desktop, keyrings, entry, history_key) -> None:
    assert entry.kind is SECRET_SERVICE
    read = keyrings.read(entry, history_key.check).answer_within(LIMIT_S)
    assert read.reveal() == history_key.reveal()
    assert desktop.secret_service.entries == {entry.name: history_key.to_text()}


def test_every_storing_has_an_entry_of_its_own(desktop, keyrings, entry, history_key) -> None:
    other = keyrings.store(SECRET_SERVICE, history_key).answer_within(LIMIT_S)
    keyrings.delete(entry).answer_within(LIMIT_S)
    assert list(desktop.secret_service.entries) == [other.name]


def test_deleting_what_is_gone_is_no_fault(desktop, keyrings, entry) -> None:
    keyrings.delete(entry).answer_within(LIMIT_S)
    keyrings.delete(entry).answer_within(LIMIT_S)
    assert desktop.secret_service.entries == {}


def test_a_deleted_entry_is_missing(desktop, keyrings, entry, history_key) -> None:
    desktop.secret_service.entries.clear()
    with pytest.raises(KeyMissingError):
        keyrings.read(entry, history_key.check).answer_within(LIMIT_S)


@pytest.mark.parametrize("text", ["", "secret", "00" * 32, "zz" * 32, "00" * 31, "Ü" * 64])
def test_an_altered_entry_is_not_the_key_and_is_not_quoted(
    desktop, keyrings, entry, history_key, text: str
) -> None:
    desktop.secret_service.entries[entry.name] = text
    with pytest.raises(KeyChangedError) as raised:
        keyrings.read(entry, history_key.check).answer_within(LIMIT_S)
    assert raised.value.__cause__ is None
    assert text == "" or text not in str(raised.value)


def test_a_key_that_is_not_kept_does_not_count_as_stored(desktop, keyrings, history_key) -> None:
    desktop.secret_service.keeps = False
    with pytest.raises(KeyringUnavailableError) as raised:
        keyrings.store(SECRET_SERVICE, history_key).answer_within(LIMIT_S)
    assert raised.value.reason == Reason.NOT_KEPT


def test_a_key_that_comes_back_changed_does_not_count_as_stored(
    desktop, keyrings, history_key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop.secret_service, "get_password", lambda *_: "00" * 32)
    with pytest.raises(KeyringUnavailableError) as raised:
        keyrings.store(SECRET_SERVICE, history_key).answer_within(LIMIT_S)
    assert raised.value.reason == Reason.NOT_KEPT


def test_a_key_stored_after_it_was_given_up_is_deleted_again(
    desktop, keyrings, history_key, join_keyrings
) -> None:
    keyring = desktop.secret_service
    keyring.gate = threading.Event()
    call = keyrings.store(SECRET_SERVICE, history_key)
    call.cancel()
    keyring.gate.set()
    join_keyrings()
    assert keyring.entries == {}
    assert keyring.prompts == 4, "it was set, read back, found and deleted"


def test_a_late_key_that_can_not_be_deleted_is_left(desktop, keyrings, entry) -> None:
    desktop.secret_service.failure = LockedException()
    keyrings._forget(entry)
    assert entry.name in desktop.secret_service.entries


def test_a_key_read_after_it_was_given_up_is_wiped(
    desktop, keyrings, entry, history_key, join_keyrings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[HistoryKey] = []
    real = HistoryKey.from_text

    def watched(text: str) -> HistoryKey:
        made.append(real(text))
        return made[-1]

    monkeypatch.setattr(HistoryKey, "from_text", watched)
    desktop.secret_service.gate = threading.Event()
    call = keyrings.read(entry, history_key.check)
    call.cancel()
    desktop.secret_service.gate.set()
    join_keyrings()
    assert [key.is_wiped for key in made] == [True]


def test_the_first_that_answers_is_found(desktop, keyrings) -> None:
    assert keyrings.find().answer_within(LIMIT_S) is SECRET_SERVICE
    desktop.secret_service.is_here = False
    desktop.kwallet.is_here = True
    assert keyrings.find().answer_within(LIMIT_S) is KeyringKind.KWALLET
    desktop.kwallet.is_here = False
    with pytest.raises(KeyringUnavailableError) as raised:
        keyrings.find().answer_within(LIMIT_S)
    assert raised.value.reason == Reason.ABSENT


def test_a_history_of_another_desktop_is_told_from_no_keyring_at_all(
    desktop, keyrings, entry, history_key
) -> None:
    desktop.secret_service.is_here = False
    with pytest.raises(KeyringUnavailableError) as raised:
        keyrings.read(entry, history_key.check).answer_within(LIMIT_S)
    assert raised.value.reason == Reason.ABSENT
    desktop.kwallet.is_here = True
    with pytest.raises(KeyringUnavailableError) as raised:
        keyrings.read(entry, history_key.check).answer_within(LIMIT_S)
    assert raised.value.reason == Reason.OTHER_DESKTOP
    assert "kept in the Secret Service (GNOME Keyring, KeePassXC, …), which" in str(raised.value)


def test_a_keyring_that_is_not_on_the_list_is_absent(history_key: HistoryKey) -> None:
    with pytest.raises(KeyringUnavailableError):
        Keyrings({}).store(SECRET_SERVICE, history_key).answer_within(LIMIT_S)


class AnswerError(Exception):
    """A D-Bus error answer, as jeepney raises it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def library_errors():
    from keyring.errors import InitError, KeyringLocked, PasswordDeleteError, PasswordSetError

    return [
        (LockedException("locked"), KeyringLockedError, Reason.LOCKED),
        (AnswerError("org.freedesktop.Secret.Error.IsLocked"), KeyringLockedError, Reason.LOCKED),
        (
            caused(KeyError("x"), AnswerError("org.freedesktop.Secret.Error.IsLocked")),
            KeyringLockedError,
            Reason.LOCKED,
        ),
        (KeyringLocked("dismissed"), KeyringLockedError, Reason.DISMISSED),
        (PromptDismissedException("dismissed"), KeyringLockedError, Reason.DISMISSED),
        (
            caused(InitError("failed"), PromptDismissedException("dismissed")),
            KeyringLockedError,
            Reason.DISMISSED,
        ),
        (PasswordSetError("Cancelled by user"), KeyringLockedError, Reason.DISMISSED),
        (PasswordDeleteError("Cancelled by user"), KeyringLockedError, Reason.DISMISSED),
        (ItemNotFoundException("gone"), KeyMissingError, Reason.MISSING),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), KeyChangedError, Reason.CHANGED),
        (
            caused(InitError("failed"), SecretServiceNotAvailableException("no bus")),
            KeyringUnavailableError,
            Reason.ABSENT,
        ),
        (AnswerError("org.freedesktop.DBus.Error.NoReply"), KeyringUnavailableError, Reason.ABSENT),
        (ConnectionResetError(), KeyringUnavailableError, Reason.ABSENT),
        (AssertionError(), KeyringUnavailableError, Reason.ABSENT),
    ]


@pytest.mark.parametrize(("error", "kind", "reason"), library_errors())
def test_what_libraries_raise_becomes_a_typed_error(
    error: Exception, kind: type[VaultError], reason: Reason
) -> None:
    with pytest.raises(kind) as raised, translated():
        raise error
    assert raised.value.reason == reason
    assert raised.value.__cause__ is error


def test_our_own_errors_pass_as_they_are() -> None:
    ours = failure(Reason.CHANGED)
    with pytest.raises(KeyChangedError) as raised, translated():
        raise ours
    assert raised.value is ours


# ---------------------------------------------------------------- the real backends


@pytest.fixture
def usable() -> Iterator[dict[KeyringKind, type]]:
    """The four backends of the library, as if each one's desktop were here."""
    from keyring.backends import SecretService, Windows, kwallet, macOS

    classes = (
        SecretService.Keyring,
        kwallet.DBusKeyring,
        Windows.WinVaultKeyring,
        macOS.Keyring,
    )
    # By hand: to ask for a priority is to ask the desktop, which raises.
    before = [library_class.__dict__["priority"] for library_class in classes]
    for library_class in classes:
        type.__setattr__(library_class, "priority", 5.0)
    yield dict(zip(ALLOWED, classes, strict=True))
    for library_class, priority in zip(classes, before, strict=True):
        type.__setattr__(library_class, "priority", priority)


def test_exactly_four_keyrings_are_allowed() -> None:
    assert list(ALLOWED) == list(KeyringKind)
    assert len(KeyringKind) == 4
    assert len({kind.full_name for kind in KeyringKind}) == 4


@pytest.mark.parametrize("kind", list(KeyringKind))
def test_each_is_the_library_s_own(usable, kind: KeyringKind) -> None:
    assert isinstance(ALLOWED[kind](), usable[kind])


def test_the_environment_changes_nothing_in_them(usable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/elsewhere")
    monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "KeePassXC")
    monkeypatch.setenv("KEYRING_PROPERTY_KEYCHAIN", "/elsewhere")
    monkeypatch.setenv("KEYRING_PROPERTY_APPID", "another program")
    # Read from KEYCHAIN_PATH when the library is imported.
    monkeypatch.setattr(usable[KeyringKind.MACOS], "keychain", "/elsewhere")
    for kind in KeyringKind:
        backend = ALLOWED[kind]()
        assert not hasattr(backend, "preferred_collection")
        assert getattr(backend, "scheme", "default") == "default"
        assert getattr(backend, "keychain", None) is None
        assert getattr(backend, "appid", "Pitcher") == "Pitcher"


def test_a_backend_that_is_not_recommended_is_not_used() -> None:
    from keyring.backends import fail, null

    for library_class in (fail.Keyring, null.Keyring):
        with pytest.raises(KeyringUnavailableError):
            backends._made(library_class)


def test_where_no_desktop_is_here_each_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(KeyringUnavailableError) as raised:
        Keyrings().find().answer_within(LIMIT_S)
    assert raised.value.reason == Reason.ABSENT


def test_a_null_a_plaintext_and_a_plugged_in_backend_are_never_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path, history_key: HistoryKey
) -> None:
    """Environment, configuration file and entry points all name another; none is asked."""
    import keyring
    from keyring.backend import KeyringBackend

    asked: list[str] = []

    class PlaintextKeyring(KeyringBackend):
        priority = 100  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            asked.append(username)
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            asked.append(password)

    module = types.ModuleType("keyrings_alt_file")
    module.PlaintextKeyring = PlaintextKeyring  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyrings_alt_file", module)
    config = tmp_path / "python_keyring"
    config.mkdir()
    name = "keyrings_alt_file.PlaintextKeyring"
    (config / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={name}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(keyring.core, "_keyring_backend", PlaintextKeyring())
    for override in ("keyring.backends.null.Keyring", name):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", override)
        keyrings = Keyrings()
        with pytest.raises(KeyringUnavailableError):
            keyrings.find().answer_within(LIMIT_S)
        for kind in KeyringKind:
            with pytest.raises(KeyringUnavailableError):
                keyrings.store(kind, history_key).answer_within(LIMIT_S)
    assert asked == []
    # The set-up is what it claims to be: whoever asks `keyring` gets the plain text.
    keyring.set_password(SERVICE, "x", "y")
    assert asked == ["y"]


def test_entries_have_names_of_our_own_making() -> None:
    assert len({KeyringEntry.create(SECRET_SERVICE).name for _ in range(50)}) == 50
    with pytest.raises(ValueError, match="not the name"):
        KeyringEntry(SECRET_SERVICE, "default")
