"""Chats of the store in files of a folder: a file for each, whatever their titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.chats.errors import TransferError
from app.chats.export_format import ExportFormat
from app.chats.exporting import export_json, targets_in
from app.chats.model import AttachmentPart, Conversation
from app.chats.transfer.names import MAX_STEM_BYTES


def names(folder: Path, *chats: tuple[int, str]) -> list[str]:
    listed = [Conversation(number, title, 0, 0) for number, title in chats]
    targets = targets_in(folder, listed, ExportFormat.MARKDOWN)
    assert [chat for chat, _ in targets] == listed
    return [file.name for _, file in targets]


def test_each_chat_gets_a_file_of_its_title(tmp_path: Path):
    assert names(tmp_path, (1, "One"), (2, "Two"), (3, "")) == ["One.md", "Two.md", "Chat.md"]


def test_chats_of_one_title_are_told_apart_by_their_numbers(tmp_path: Path):
    assert names(tmp_path, (4, "Tea"), (5, "TEA"), (6, "Tea")) == ["Tea.md", "TEA 5.md", "Tea 6.md"]


def test_long_titles_that_begin_alike_are_told_apart_too(tmp_path: Path):
    found = names(tmp_path, (1, "漢" * 60), (2, "漢" * 60), (31, "漢" * 60))
    assert len(set(found)) == 3
    assert found[2].endswith("漢 31.md")
    assert max(len(name.removesuffix(".md").encode()) for name in found) <= MAX_STEM_BYTES


def test_a_title_that_ends_in_anothers_number_is_no_second_file_of_that_name(tmp_path: Path):
    found = names(tmp_path, (5, "A 7"), (6, "A"), (7, "A"), (8, "a 7-2"), (9, "A"))
    assert found == ["A 7.md", "A.md", "A 7-2.md", "a 7-2 8.md", "A 9.md"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(TransferError, match="There is no folder"):
        names(tmp_path / "missing", (1, "One"))


def test_a_chosen_chat_takes_along_neither_a_draft_nor_what_it_does_not_use(store, tmp_path):
    used = store.presets.create("used", (("system_prompt", "Be brief."),))
    store.presets.create("private", (("system_prompt", "My name is Ada."),))
    chat = store.create("one", used.id)
    store.set_loose_draft("not sent yet")
    store.draft_files.put(None, [AttachmentPart("private.txt", "nor this")])
    store.draft_files.put(chat.id, [AttachmentPart("its.txt", "its own")])
    alone, whole = tmp_path / "alone.json", tmp_path / "whole.json"
    export_json(store, [chat], alone)
    export_json(store, None, whole)
    text = alone.read_text(encoding="utf-8")
    assert "Be brief." in text
    assert "Ada" not in text
    assert "not sent yet" not in text
    assert "nor this" not in text
    assert "its own" in text
    everything = whole.read_text(encoding="utf-8")
    assert "Ada" in everything
    assert "not sent yet" in everything
    assert "nor this" in everything
