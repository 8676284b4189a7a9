"""What is exported as JSON comes back equal, all of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chats.model import (
    AttachmentPart,
    Conversation,
    ConversationTree,
    Message,
    MessageState,
    Preset,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.store import ChatStore
from app.chats.temporary import temporary_store
from app.chats.transfer import json_stream
from app.chats.transfer.json_export import render
from app.chats.transfer.json_format import MAX_ID, MAX_TIME_MS
from app.chats.transfer.json_import import ImportedChats, add_to, read
from app.chats.transfer.writing import write_file

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
times = st.integers(0, MAX_TIME_MS)
counts = st.integers(0, 1 << 40)
plain = st.one_of(
    texts, st.booleans(), st.integers(-(1 << 63), (1 << 64) - 1), st.floats(allow_nan=False)
)
values = st.lists(st.tuples(texts, plain), max_size=4, unique_by=lambda pair: pair[0]).map(tuple)
parts = st.one_of(
    st.builds(TextPart, texts),
    st.builds(ReasoningPart, texts, counts, counts),
    st.builds(AttachmentPart, texts, texts),
)
files = st.lists(st.builds(AttachmentPart, texts, texts), max_size=2)
finished = st.sampled_from([s for s in MessageState if s is not MessageState.STREAMING])


@st.composite
def trees(draw: st.DrawFn, preset_ids: list[int]) -> ConversationTree:
    """A chat with branches; ids are any, parents come first."""
    number = draw(st.integers(0, MAX_ID))
    ids = draw(st.lists(st.integers(0, MAX_ID), max_size=8, unique=True))
    messages = tuple(
        Message(
            id=message_id,
            conversation_id=number,
            parent_id=draw(st.sampled_from([None, *ids[:at]])),
            role=draw(st.sampled_from(list(Role))),
            parts=tuple(draw(st.lists(parts, max_size=3))),
            state=draw(finished),
            created_at_ms=draw(times),
            provenance=draw(st.none() | st.builds(Provenance, values, counts)),
        )
        for at, message_id in enumerate(ids)
    )
    conversation = Conversation(
        id=number,
        title=draw(texts),
        created_at_ms=draw(times),
        updated_at_ms=draw(times),
        is_pinned=draw(st.booleans()),
        leaf_id=draw(st.sampled_from([None, *ids])),
        draft=draw(texts),
        preset_id=draw(st.sampled_from([None, *preset_ids])),
        settings=draw(values),
    )
    return ConversationTree(conversation, messages, tuple(draw(files)))


@st.composite
def histories(draw: st.DrawFn) -> ImportedChats:
    presets = draw(
        st.lists(
            st.builds(Preset, st.integers(0, MAX_ID), texts, values),
            max_size=3,
            unique_by=(lambda preset: preset.id, lambda preset: preset.name),
        )
    )
    chats = draw(
        st.lists(
            trees([preset.id for preset in presets]),
            max_size=3,
            unique_by=lambda tree: tree.conversation.id,
        )
    )
    return ImportedChats(tuple(chats), tuple(presets), draw(texts), tuple(draw(files)))


def exported(history: ImportedChats) -> str:
    chats = ((tree.conversation, tree.messages) for tree in history.chats)
    beside = {tree.conversation.id: tree.draft_files for tree in history.chats}
    pieces = render(
        chats,
        history.presets,
        exported_at_ms=5,
        draft=history.draft,
        draft_files=lambda chat_id: history.draft_files if chat_id is None else beside[chat_id],
    )
    return "".join(pieces)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("json") / "chats.json"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(history=histories(), laid_out=st.sampled_from(["as written", "indented", "sorted"]))
def test_a_history_comes_back_equal_however_it_is_laid_out(
    history: ImportedChats, laid_out: str, file: Path
):
    text = exported(history)
    if laid_out != "as written":
        text = json.dumps(json.loads(text), indent=2, sort_keys=laid_out == "sorted")
    write_file(file, [text], replace=True)
    found = read(file)
    if laid_out == "sorted":  # the order of values by name is the file's
        assert len(found.chats) == len(history.chats)
    else:
        assert found == history


@settings(max_examples=60, deadline=None, derandomize=True)
@given(history=histories(), window=st.integers(64, 128))
def test_where_the_window_cuts_changes_nothing(history: ImportedChats, window: int, file: Path):
    write_file(file, [exported(history)], replace=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_stream, "WINDOW_CHARS", window)
        assert read(file) == history


def example(**changes: object) -> ConversationTree:
    message = Message(1, 1, None, Role.ASSISTANT, (), MessageState.DONE, 5)
    return ConversationTree(
        Conversation(1, "t", 5, 5, leaf_id=1),
        (Message(**{**vars(message), **changes}),),  # type: ignore[arg-type]
    )


def test_numbers_that_json_cannot_write_come_back(file: Path):
    details = (("a", math.inf), ("b", -math.inf), ("c", math.nan), ("d", 1.0), ("e", 1))
    write_file(
        file, [exported(ImportedChats((example(provenance=Provenance(details)),)))], replace=True
    )
    text = file.read_text(encoding="utf-8")
    json.loads(text, parse_constant=pytest.fail)
    (tree,) = read(file).chats
    provenance = tree.messages[0].provenance
    assert provenance is not None
    assert repr(provenance.details) == repr(details)


def test_an_answer_that_was_streaming_comes_back_stopped_with_its_text(file: Path):
    tree = example(state=MessageState.STREAMING, parts=(TextPart("so far"),))
    write_file(file, [exported(ImportedChats((tree,)))], replace=True)
    (message,) = read(file).chats[0].messages
    assert (message.state, message.text) == (MessageState.STOPPED, "so far")


def test_a_preset_that_is_not_exported_is_not_named(file: Path):
    chat = Conversation(1, "t", 5, 5, preset_id=9)
    write_file(file, render([(chat, [])], exported_at_ms=5), replace=True)
    assert read(file).chats[0].conversation.preset_id is None


def test_texts_longer_than_a_window_come_back(file: Path):
    text = 'ä"\\\n\u2028😀' * 60_000
    parts = (TextPart(text), ReasoningPart(text), AttachmentPart("a", text))
    history = ImportedChats((example(parts=parts),), draft=text)
    write_file(file, [exported(history)], replace=True)
    assert read(file) == history
    escaped = json.dumps(json.loads(file.read_text(encoding="utf-8")))
    write_file(file, [escaped], replace=True)
    assert read(file) == history


def test_a_mark_of_byte_order_is_no_harm(file: Path):
    write_file(file, ["\ufeff", exported(ImportedChats((example(),)))], replace=True)
    assert read(file) == ImportedChats((example(),))


def renumbered(
    tree: ConversationTree, presets: Iterable[Preset]
) -> tuple[Conversation, tuple[Message, ...], Preset | None]:
    """A chat with its messages numbered as they come, and its preset without a number."""
    places: dict[int | None, int | None] = {None: None}
    places |= {message.id: place for place, message in enumerate(tree.messages)}
    messages = tuple(
        replace(m, id=place, conversation_id=0, parent_id=places[m.parent_id])
        for place, m in enumerate(tree.messages)
    )
    leaf_id = places[tree.conversation.leaf_id]
    chat = replace(tree.conversation, id=0, leaf_id=leaf_id, preset_id=None)
    named = {preset.id: replace(preset, id=0) for preset in presets}
    preset_id = tree.conversation.preset_id
    return chat, messages, None if preset_id is None else named[preset_id]


def kept_in(store: ChatStore, ids: Iterable[int]) -> ImportedChats:
    return ImportedChats(
        tuple(store.tree(number) for number in ids), store.presets.all(), store.loose_draft()
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(history=histories())
def test_from_store_to_file_to_store_nothing_is_lost(history: ImportedChats, file: Path):
    here, there = temporary_store(), temporary_store()
    try:
        first = kept_in(here, add_to(here, history))
        write_file(file, [exported(first)], replace=True)
        second = kept_in(there, add_to(there, read(file)))
    finally:
        here.database.close()
        there.database.close()
    assert history.draft == first.draft == second.draft
    for kept in (first, second):
        assert [renumbered(tree, kept.presets) for tree in kept.chats] == [
            renumbered(tree, history.presets) for tree in history.chats
        ]
        assert {(p.name, p.settings) for p in kept.presets} == {
            (p.name, p.settings) for p in history.presets
        }
