"""A keyring that does what a test wants, a quick Argon2, and a history with something in it."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.chats.database import Database
from app.chats.vault.backends import KeyringKind
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.opening import Opening
from app.chats.vault.passphrase import Argon2Cost
from app.chats.vault.states import Unlocked

LIMIT_S = 30.0
TOLD = "what only its owner may read"


@dataclass
class FakeKeyring:
    """Answers as a `keyring` backend does. `failure` is raised by every call; with `gate` set
    a call waits until it opens; without `keeps` it forgets what it was given, as `null` does.
    """

    entries: dict[str, str] = field(default_factory=dict)
    is_here: bool = True
    failure: Exception | None = None
    gate: threading.Event | None = None
    keeps: bool = True
    prompts: int = 0

    def __call__(self) -> FakeKeyring:
        """Made anew for each call, as the real ones are."""
        if not self.is_here:
            raise RuntimeError("no such service")
        return self

    def get_password(self, service: str, username: str) -> str | None:
        self._meet(service)
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._meet(service)
        if self.keeps:
            self.entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._meet(service)
        del self.entries[username]

    def _meet(self, service: str) -> None:
        assert service == "Pitcher history"
        self.prompts += 1
        if self.gate is not None:
            assert self.gate.wait(60)
        if self.failure is not None:
            raise self.failure


@dataclass
class Desktop:
    """A user's desktop: a Secret Service, a KWallet, and the folder of a history."""

    folder: Path
    cost: Argon2Cost
    secret_service: FakeKeyring = field(default_factory=FakeKeyring)
    kwallet: FakeKeyring = field(default_factory=lambda: FakeKeyring(is_here=False))

    @property
    def keyrings(self) -> Keyrings:
        return Keyrings(
            {
                KeyringKind.SECRET_SERVICE: self.secret_service,
                KeyringKind.KWALLET: self.kwallet,
            }
        )

    @property
    def database(self) -> Path:
        return self.folder / "history.db"

    def opening(self) -> Opening:
        return Opening(self.folder, self.keyrings, self.cost)

    def keep_something(self, opening: Opening, state: object) -> None:
        """What the caller of the vault does with a new history."""
        assert isinstance(state, Unlocked)
        assert state.is_new
        database = Database.open(self.database, state.key.reveal(), create=True)
        opening.mark_used()
        with database.write() as cursor:
            cursor.execute("CREATE TABLE kept (text)")
            cursor.execute("INSERT INTO kept VALUES (?)", (TOLD,))
        database.close()

    def told(self, key: HistoryKey) -> str:
        """What the history says, opened by a key."""
        database = Database.open(self.database, key.reveal())
        ((text,),) = database.read("SELECT text FROM kept")
        database.close()
        return str(text)

    def files(self) -> dict[str, bytes]:
        """Every file of the folder."""
        found = sorted(self.folder.rglob("*")) if self.folder.exists() else []
        return {str(path): path.read_bytes() for path in found if path.is_file()}


@pytest.fixture
def summed() -> Callable[[dict[str, object]], bytes]:
    """Writes an envelope as a program would that knows the sum's rule, which never changes."""

    def write(fields: dict[str, object]) -> bytes:
        fields = {name: value for name, value in fields.items() if name != "sum"}
        canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        told = hashlib.sha256(canonical.encode()).hexdigest()
        return json.dumps({**fields, "sum": told}).encode()

    return write


@pytest.fixture
def join_keyrings() -> Callable[[], None]:
    """Waits until no keyring call is under way."""

    def join() -> None:
        for thread in threading.enumerate():
            if thread.name == "keyring":
                thread.join(60)
                assert not thread.is_alive()

    return join


@pytest.fixture(autouse=True)
def no_call_outlives_its_test(join_keyrings: Callable[[], None]) -> Iterator[None]:
    yield
    join_keyrings()


@pytest.fixture
def cost() -> Argon2Cost:
    """As little as Argon2 can do."""
    return Argon2Cost(memory_kib=16, iterations=1, lanes=1)


@pytest.fixture
def history_key() -> HistoryKey:
    return HistoryKey(bytes(range(100, 132)))


@pytest.fixture
def desktop(tmp_path: Path, cost: Argon2Cost) -> Desktop:
    return Desktop(tmp_path / "history", cost)


@pytest.fixture
def in_keyring(desktop: Desktop) -> Desktop:
    """A history whose key the Secret Service keeps."""
    opening = desktop.opening()
    opening.begin(LIMIT_S)
    desktop.keep_something(opening, opening.create_in_keyring(KeyringKind.SECRET_SERVICE, LIMIT_S))
    desktop.secret_service.prompts = 0
    return desktop


@pytest.fixture
def with_recovery(in_keyring: Desktop) -> Desktop:
    """The same with a recovery passphrase."""
    opening = in_keyring.opening()
    opening.begin(LIMIT_S)
    opening.ways().set_recovery("rain on the roof")
    in_keyring.secret_service.prompts = 0
    return in_keyring


@pytest.fixture
def under_passphrase(desktop: Desktop) -> Desktop:
    """A history under a passphrase."""
    opening = desktop.opening()
    opening.begin(LIMIT_S)
    desktop.keep_something(opening, opening.create_under_passphrase("eight or more"))
    return desktop


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException], Steps]:
    """Counts from now on what is done to the disk, and raises at the n-th step."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "rename", "unlink")}

    def prepare(step: int, error: BaseException) -> Steps:
        steps = Steps(step, error)
        for name, call in real.items():
            monkeypatch.setattr(os, name, steps.counted(name, call))
        return steps

    return prepare


@dataclass
class Steps:
    """Where in a run of steps something goes wrong; -1 for nowhere."""

    step: int
    error: BaseException
    done: list[str] = field(default_factory=list)

    def counted(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def counting(*arguments: object, **named: object) -> object:
            if threading.current_thread() is threading.main_thread():
                self.done.append(name)
                if len(self.done) == self.step:
                    raise self.error
            return call(*arguments, **named)

        return counting
