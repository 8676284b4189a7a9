"""Every released form of the history, upgraded by a program that is killed meanwhile: the file is
always of one whole form, what was in it is there, and so is the backup from before.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.airlock.syscalls import this_architecture
from app.chats.model import MessageState
from app.chats.profile import Profile
from app.chats.schema import MIGRATIONS
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.vault import envelope_file
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey
from app.chats.vault.passphrase import Purpose, wrap_proved
from tools.history_kills.copies import read_copy
from tools.history_kills.judge import Killed, judge
from tools.history_kills.killing import Moment, Target, run_and_kill
from tools.history_kills.oracle import Record
from tools.history_kills.orders import Mode, Orders
from tools.history_kills.plans import between
from tools.history_kills.work import CHEAP
from tools.history_kills.worlds import World

RELEASED = sorted((Path(__file__).parents[2] / "data" / "schemas").glob("v*.db"))
KEY = bytes(range(32))
WORDS = "rain on the roof"
# What a later program adds: today's form is the newest, and its upgrade is what is tried.
FURTHER_STEPS = 3

pytestmark = [
    pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux"),
    pytest.mark.timeout(300),
]


def laid_down(folder: Path, file: Path) -> Profile:
    """A profile of the file's time, under a passphrase."""
    profile = Profile(folder / "data" / "history")
    profile.prepare()
    shutil.copyfile(file, profile.database)
    profile.database.chmod(0o600)
    key, history_id = HistoryKey(KEY), new_history_id()
    way = wrap_proved(key, WORDS, history_id, Purpose.PASSPHRASE, CHEAP)
    envelope_file.save(profile.folder, Envelope(history_id, key.check, True, passphrase=way))
    return profile


def stopped(world: World) -> World:
    """The same with nothing streaming: what the first start makes of it."""
    for number, chat in world.chats.items():
        messages = {
            message_id: replace(said, state=MessageState.STOPPED)
            if said.state is MessageState.STREAMING
            else said
            for message_id, said in chat.messages.items()
        }
        world = world.with_chat(number, replace(chat, messages=messages))
    return world


@pytest.mark.parametrize("kills", [8, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_an_upgrade_that_is_killed_leaves_one_whole_form(
    tmp_path: Path, file: Path, kills: int
) -> None:
    draw, cut_off = Random(file.stem), 0
    whole = tmp_path / "whole.db"
    shutil.copyfile(file, whole)
    expected = stopped(read_copy(whole, KEY).world)
    assert expected.messages
    for number in range(kills):
        profile = laid_down(tmp_path / str(number), file)
        orders = Orders(profile.folder, f"{number}", Mode.OPEN, steps=FURTHER_STEPS)
        moment = Moment("opening", between(draw, 0.004, 0.06))
        ended = run_and_kill(orders, [WORDS], moment, Target.TREE)
        cut_off += not any(line["kind"] == "ready" for line in ended.lines or ())
        record = Record(world=expected, words=[WORDS], is_begun=True)
        record.take(ended.lines or ())
        killed = Killed(profile.folder, ended.lines or (), ended.killed_at_s, FURTHER_STEPS)
        assert judge(killed, record).problems == ()
        kept = [b for b in list_backups(profile) if b.kind is BackupKind.BEFORE_MIGRATION]
        assert expected in [stopped(read_copy(backup.database, KEY).world) for backup in kept]
    assert cut_off >= kills // 4, "most kills came after the upgrade"


def test_the_newest_form_is_among_the_released() -> None:
    assert RELEASED[-1].stem == f"v{MIGRATIONS[-1].version}"
