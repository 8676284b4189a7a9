"""Presets: named once, changed, and gone without harm to a chat."""

import pytest

from app.chats.errors import MissingError, StoreError
from app.chats.model import Preset
from app.chats.store import ChatStore

GONE = 4711
SETTINGS = (("temperature", 0.6), ("top_k", 40), ("thinks", True), ("system", "Be brief, 世界."))


def test_settings_come_back_with_their_kinds(store: ChatStore) -> None:
    preset = store.presets.create("calm", SETTINGS)
    assert store.presets.get(preset.id) == Preset(preset.id, "calm", SETTINGS)
    assert [type(value) for _, value in preset.settings] == [float, int, bool, str]


def test_they_are_listed_by_name(store: ChatStore) -> None:
    for name in ("wild", "calm"):
        store.presets.create(name)
    assert [preset.name for preset in store.presets.all()] == ["calm", "wild"]


def test_a_preset_is_changed_and_keeps_its_number(store: ChatStore) -> None:
    preset = store.presets.create("calm", SETTINGS)
    store.presets.change(Preset(preset.id, "calmer", ()))
    assert store.presets.all() == (Preset(preset.id, "calmer", ()),)
    store.presets.change(Preset(preset.id, "calmer", SETTINGS))
    assert store.presets.get(preset.id).settings == SETTINGS


def test_a_name_is_given_once(store: ChatStore) -> None:
    calm, wild = store.presets.create("calm"), store.presets.create("wild")
    with pytest.raises(StoreError, match="another name"):
        store.presets.create("calm")
    with pytest.raises(StoreError, match="another name"):
        store.presets.change(Preset(wild.id, "calm"))
    assert store.presets.all() == (calm, wild)


def test_chats_outlive_their_preset(store: ChatStore) -> None:
    preset = store.presets.create("calm")
    chat = store.create("chat", preset.id)
    assert chat.preset_id == preset.id
    store.presets.delete(preset.id)
    assert store.get(chat.id).preset_id is None
    assert store.presets.all() == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda presets: presets.get(GONE),
        lambda presets: presets.delete(GONE),
        lambda presets: presets.change(Preset(GONE, "x")),
    ],
)
def test_a_preset_that_is_gone_says_so(store: ChatStore, call) -> None:
    with pytest.raises(MissingError, match="preset"):
        call(store.presets)


def test_settings_that_are_not_ours_are_damage(store: ChatStore) -> None:
    preset = store.presets.create("calm")
    with store.database.write() as cursor:
        cursor.execute("UPDATE preset SET settings = '{\"a\": 1}'")
    with pytest.raises(StoreError, match="understood"):
        store.presets.get(preset.id)


def test_what_new_chats_begin_with_is_kept_and_replaced(store: ChatStore) -> None:
    assert store.presets.for_new_chats() == ()
    store.presets.set_for_new_chats(SETTINGS)
    assert store.presets.for_new_chats() == SETTINGS
    store.presets.set_for_new_chats(())
    assert store.presets.for_new_chats() == ()
    assert store.presets.all() == ()
