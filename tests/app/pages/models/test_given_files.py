"""Files that a start names: taken in by the models page, once the chats are open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.bridge.history_states import Locked
from app.library.places import Places
from app.notices import NoticeKind
from tests.inference.prepared.making import quantized_llama

HOSTILE = "…/\u202eevil\n<b>bold</b> \x1b[31m' \"; $(touch x)"


def test_a_named_model_is_taken_in_and_the_page_shows_it(home, open_window, qtbot):
    quantized_llama(home / "mine.gguf", {"weight": "Q8_0"}, layers=1)
    application = open_window()
    assert not application.models.is_open
    application.given_files.take((home / "mine.gguf",))
    assert application.models.is_open
    rows = application.models.page.rows
    qtbot.waitUntil(lambda: any(row.model.name == "mine" for row in rows.values()))


def test_files_that_come_before_the_history_wait_for_it(home, open_window, qtbot):
    quantized_llama(home / "mine.gguf", {"weight": "Q8_0"}, layers=1)
    application = open_window()
    ready = application.history.state
    application.history._state = Locked(asks_passphrase=True)
    application.given_files.take((home / "mine.gguf",))
    application.given_files.take((home / "mine.gguf",))
    assert not application.models.is_open
    application.history._tell(ready)
    assert application.models.is_open
    rows = application.models.page.rows
    qtbot.waitUntil(lambda: any(row.model.name == "mine" for row in rows.values()))
    assert [place.name for place in Places().all()] == ["mine"]


def test_an_update_of_the_program_is_asked_about_and_is_no_model(home, open_window, monkeypatch):
    application = open_window()
    taken: list[Path] = []
    monkeypatch.setattr(application.updates, "take", taken.append)
    application.given_files.take((home / "pitcher-9.9.pitcher-update",))
    assert taken == [home / "pitcher-9.9.pitcher-update"]
    assert not application.models.is_open


@pytest.mark.parametrize(
    "name", ["missing.gguf", HOSTILE.replace("/", "-"), os.fsdecode(b"\xff\xfe.gguf")]
)
@pytest.mark.parametrize("is_there", [True, False])
def test_what_can_not_be_taken_is_said_whatever_its_name(models, home, name, is_there):
    file = Path(home) / name
    if is_there:
        file.write_bytes(b"no model")
    models.application.given_files.take((file,))
    models.until_told("no model" if is_there else "can’t be used: ")
    notices = [t.notice for t in models.page.toasts.toasts()]
    (refused,) = [n for n in notices if n.kind is NoticeKind.ERROR]
    assert "\n" not in refused.text
    assert "\x1b" not in refused.text
