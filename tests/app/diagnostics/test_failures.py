"""What is remembered of a failure: its class and places in our own code, never a word of it."""

from __future__ import annotations

import logging
import sys
import threading
from types import CodeType, ModuleType

import pytest

import app.chats.database
from app.chats.database import Database
from app.chats.errors import StoreError
from app.diagnostics.failures import MOST_FAILURES, MOST_PLACES, FailureMemory, failures
from app.diagnostics.own_code import class_word, is_class_word, is_place

LOG = logging.getLogger("app.somewhere")


def caught(tmp_path) -> StoreError:
    try:
        Database.open(tmp_path / "geheimnis.db", bytes(32))
    except StoreError as error:
        return error
    raise AssertionError


def test_a_failure_is_a_class_and_places_of_our_own(memory: FailureMemory, tmp_path) -> None:
    LOG.debug("It failed", exc_info=caught(tmp_path))
    (found,) = memory.failures()
    assert found.error == "app.chats.errors.StoreError"
    assert [place.split(" ")[1] for place in found.places] == ["open", "_check_is_there"]
    assert all(place.startswith("app.chats.database:") for place in found.places)
    assert all(map(is_place, found.places))
    assert "geheimnis" not in repr(found)


def test_equal_failures_are_one_that_is_counted(memory: FailureMemory, tmp_path) -> None:
    for _ in range(3):
        LOG.error("It failed", exc_info=caught(tmp_path))
    (found,) = memory.failures()
    assert found.count == 3
    assert found.first_at_ms <= found.last_at_ms


def test_only_the_last_kinds_are_kept(memory: FailureMemory) -> None:
    for number in range(MOST_FAILURES + 5):
        LOG.error("It failed", exc_info=OSError(number, "no"))
    assert len(memory.failures()) == MOST_FAILURES
    assert 0 not in {found.system_error for found in memory.failures()}


def test_a_deep_trace_keeps_its_innermost_places(memory: FailureMemory) -> None:
    def deep(left: int) -> object:
        return is_class_word("") if not left else deep(left - 1)

    assert deep(3) is False
    source = "def fall(left):\n if not left: raise KeyError('geheimnis')\n fall(left - 1)\n"
    module = ModuleType("app.fallen")
    exec(source, vars(module))  # its frames are of this module and of no file
    sys.modules["app.fallen"] = module
    try:
        with pytest.raises(KeyError) as raised:
            module.fall(100)
        memory.remember(raised.value)
    finally:
        del sys.modules["app.fallen"]
    assert len(memory.failures()[0].places) == MOST_PLACES


def test_warnings_of_ours_are_remembered_and_others_not(memory: FailureMemory) -> None:
    LOG.warning("geheimnis %s", "geheimnis")
    LOG.info("geheimnis")
    logging.getLogger("torch").warning("geheimnis")
    (found,) = memory.failures()
    assert (found.level, found.error) == ("warning", None)
    assert "geheimnis" not in repr(found).replace("test_warnings", "")


def test_a_cause_is_told_by_its_class(memory: FailureMemory) -> None:
    try:
        try:
            raise PermissionError(13, "geheimnis", "/home/geheimnis")
        except OSError as error:
            raise StoreError("geheimnis") from error
    except StoreError as error:
        memory.remember(error)
    (found,) = memory.failures()
    assert (found.error, found.cause) == ("app.chats.errors.StoreError", "PermissionError")
    assert "geheimnis" not in repr(found)


def test_from_many_threads_none_is_lost(memory: FailureMemory) -> None:
    def fail() -> None:
        for _ in range(200):
            LOG.error("It failed", exc_info=ValueError("no"))

    threads = [threading.Thread(target=fail) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.count for found in memory.failures()] == [800]


def test_without_a_log_there_are_none() -> None:
    assert failures() == ()


def test_a_class_that_the_code_does_not_define_is_told_as_the_one_above_it() -> None:
    own = {"__module__": "app.chats.errors"}
    made = type("Geheimnis", (StoreError,), own)
    assert class_word(made) == "app.chats.errors.StoreError"
    assert class_word(type("Geheimnis", (OSError,), {"__module__": "builtins"})) == "OSError"
    assert class_word(type("Geheimnis", (OSError,), {"__module__": 7})) == "OSError"
    assert class_word(StoreError) == "app.chats.errors.StoreError"
    assert class_word(UnicodeDecodeError) == "UnicodeDecodeError"


def test_not_even_where_it_was_put_into_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    made = type("Geheimnis", (StoreError,), {"__module__": "app.chats.errors"})
    monkeypatch.setattr("app.chats.errors.Geheimnis", made, raising=False)
    assert class_word(made) == "app.chats.errors.StoreError"
    assert not is_class_word("app.chats.errors.Geheimnis")


def test_a_function_under_another_name_is_no_place() -> None:
    def lines(code: CodeType) -> int:
        return code.co_firstlineno

    line = lines(Database.read.__code__)
    name = app.chats.database.__name__
    assert is_place(f"{name}:{line} read")
    assert not is_place(f"{name}:{line} geheimnis")
    assert not is_place(f"{name}:{line + 500} read")
    assert not is_place(f"{name}:1 read")
    assert not is_place(f"app.geheimnis:{line} read")
    assert not is_place(f"os:{line} read")
    assert not is_place(f"{name}:{line} read\n")
