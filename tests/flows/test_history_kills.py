"""kill -9 of the real process tree at work on a history: nothing that was acknowledged is lost,
whatever it was doing. And the campaign that says so does find what would lose something.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.airlock.syscalls import this_architecture
from app.chats.model import MessageState, Role
from app.chats.store import ChatStore
from tools import kill_history
from tools.history_kills.campaign import Campaign, Life
from tools.history_kills.killing import Moment, Target
from tools.history_kills.oracle import AT_RISK_S, Record, settled, stalls
from tools.history_kills.orders import Fault
from tools.history_kills.plans import Plan, drawn
from tools.history_kills.tally import Tally
from tools.history_kills.worlds import Chat, Said, World, difference

KILLS = 20
SEED = 20
# Kills until a mistake must have shown; each of them alone shows it more often than not.
TRIES = 15

pytestmark = [
    pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux"),
    pytest.mark.timeout(600),
]

START = Plan("work", Moment("ready", 0.3))
IN_AN_ANSWER = Plan("answer", Moment("answer", 2.3), focus="answer")
IN_A_SEND = Plan("send", Moment("send", 0.004, 3), focus="send")
AFTER_A_BACKUP = Plan("backup", Moment("backup", 0.3), focus="backup")
AFTER_A_WIPE = Plan("wipe", Moment("wipe", 0.05, 2), focus="wipe")


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path / "life")


def found_by(life: Life, plans: list[Plan]) -> str:
    """The first problem that a campaign of these kills finds."""
    for number in range(TRIES):
        for plan in plans:
            verdict, _ = life.kill_once(plan, f"{SEED}-{number}-{plan.kind}")
            if verdict.problems:
                return verdict.problems[0]
    return ""


def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    campaign = Campaign(SEED, tmp_path)
    for tally in campaign.run(KILLS):
        assert tally.problems == []
    assert campaign.tally.kills >= KILLS
    assert campaign.tally.acknowledged > KILLS
    assert campaign.tally.answers > 0
    assert campaign.tally.most_lost_s <= AT_RISK_S


def test_a_chat_typed_into_the_real_program_is_kept_as_it_was_on_the_screen(life: Life) -> None:
    life.kill_once(START, "begins")
    verdict, _ = life.kill_once(Plan("typed chat", Moment("", 2.5)), "asks")
    assert verdict.problems == ()
    (typed,) = (c for c in life.record.world.chats.values() if c.title.startswith("Tell"))
    question, answer = (typed.messages[number] for number in sorted(typed.messages))
    assert (question.role, question.state) == (Role.USER, MessageState.DONE)
    assert (answer.role, answer.state) == (Role.ASSISTANT, MessageState.STOPPED)


@pytest.mark.parametrize("number", range(2))
def test_a_killed_command_loses_nothing(life: Life, number: int) -> None:
    for plan in (START, AFTER_A_BACKUP, Plan("command", Moment("", 0.4 + 0.2 * number))):
        verdict, _ = life.kill_once(plan, f"{SEED}-{number}-{plan.kind}")
        assert verdict.problems == ()


def test_a_chat_process_whose_launcher_was_killed_leaves_in_order(life: Life) -> None:
    verdict, _ = life.kill_once(Plan("work", Moment("ready", 0.2), Target.LAUNCHER), "orphan")
    assert verdict.problems == ()
    assert life.told[-1]["kind"] == "left"


def test_an_acknowledgement_before_the_commit_is_found(tmp_path: Path) -> None:
    life = Life(tmp_path / "life", Fault.EARLY)
    assert "missing" in found_by(life, [IN_A_SEND])


def test_an_answer_that_is_written_too_seldom_is_found(tmp_path: Path) -> None:
    life = Life(tmp_path / "life", Fault.SLOW)
    assert "a second before the kill are lost" in found_by(life, [IN_AN_ANSWER])


def test_a_wipe_that_leaves_backups_alone_is_found(tmp_path: Path) -> None:
    life = Life(tmp_path / "life", Fault.FORGETFUL)
    assert "wiped chats" in found_by(life, [AFTER_A_BACKUP, AFTER_A_WIPE])


def test_a_start_that_leaves_answers_streaming_is_found(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChatStore, "recover", lambda store: 0)
    assert "is streaming" in found_by(life, [IN_AN_ANSWER])


# ---------------------------------------------------------------------- the record


def lines_of_an_answer() -> Iterator[dict[str, object]]:
    told = {"thoughts": "", "text": "one two three", "chat": 1, "parent": 1}
    new = {"messages": [2], "note": None, "chats": []}
    start = {"title": "chat", "text": "hello"}
    yield {"kind": "begin", "number": 1, "act": "start", "arguments": start, "t": 0.0}
    yield {"kind": "done", "number": 1, "chats": [1], "messages": [1], "note": None, "t": 0.1}
    yield {"kind": "begin", "number": 2, "act": "answer", "arguments": told, "t": 0.2}
    yield {"kind": "done", "number": 2, "t": 0.3} | new
    for tenth in range(1, 20):
        yield {"kind": "shown", "answer": 2, "chars": min(tenth, 13), "t": 0.3 + tenth / 10}


def world_with(answer: str) -> World:
    question = Said(None, Role.USER, MessageState.DONE, (("text", "hello"),))
    parts = (("text", answer),) if answer else ()
    said = Said(1, Role.ASSISTANT, MessageState.STOPPED, parts)
    return World({1: Chat("chat", 2, messages={1: question, 2: said})})


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [("one two", ""), ("one two thr", ""), ("one", "lost"), ("one two four", "not what was shown")],
)
def test_what_was_shown_a_second_before_the_kill_is_due(kept: str, wrong: str) -> None:
    record = Record()
    record.take(lines_of_an_answer())
    found = world_with(kept)
    expected, problem = settled(record.world, record, found, killed_at_s=2.05)
    assert wrong in problem
    assert bool(problem) == bool(wrong)
    if not wrong:
        assert difference(expected, found) == ""


def test_a_new_history_in_the_place_of_one_that_nobody_wiped_is_a_complaint() -> None:
    begin = {"kind": "begin", "number": 9, "act": "begin", "arguments": {"words": "w"}, "t": 9.0}
    wipe = {"kind": "begin", "number": 8, "act": "everything", "arguments": {}, "t": 8.0}
    for lines, complaints in (([begin], 1), ([wipe, begin], 0)):
        record = Record(is_begun=True, world=world_with("kept"))
        record.take(lines)
        assert len(record.complaints) == complaints
        assert record.world == World()
        assert record.words_possible() == ["w"]


def test_a_backup_beside_a_deletion_that_is_undone_need_not_hold_the_chat() -> None:
    record = Record(is_begun=True, world=world_with("kept"))
    new = {"chats": [], "messages": [], "note": None, "t": 1.0}
    backup = {"number": 1, "act": "backup", "arguments": {}}
    delete = {"number": 2, "act": "delete chats", "arguments": {"chats": [1]}}
    undo = {"number": 3, "act": "undo", "arguments": {"chat": 1}}
    record.take({"kind": "begin", "t": 0.5} | act for act in (backup, delete))
    record.take([{"kind": "done", "number": 2} | new, {"kind": "begin", "t": 1.0} | undo])
    record.take([{"kind": "done", "number": 3} | new])
    record.take([{"kind": "done", "number": 1} | new | {"note": "2026-01-01T00-00-00Z-asked"}])
    assert record.world == world_with("kept")
    assert record.backups[0].messages == {}


def test_how_much_of_an_answer_was_lost_is_measured() -> None:
    record = Record()
    record.take(lines_of_an_answer())
    (stream,) = record.streams.values()
    assert stream.lost_s(13, 2.2) == 0
    assert stream.lost_s(7, 2.2) == pytest.approx(2.2 - 1.1)


def test_a_machine_that_stood_still_before_the_kill_is_noticed() -> None:
    told = list(lines_of_an_answer())
    assert not stalls(told, 2.25)
    assert stalls(told, 2.9)
    assert stalls([], 1.0)


def test_an_act_under_way_may_have_happened_or_not_but_not_in_part() -> None:
    record = Record()
    record.take(list(lines_of_an_answer())[:2])
    asked = {"chat": 1, "text": "more"}
    record.take([{"kind": "begin", "number": 3, "act": "send", "arguments": asked, "t": 0.5}])
    (chat,) = record.world.chats.values()
    sent = Said(1, Role.USER, MessageState.DONE, (("text", "more"),))
    with_it = Chat("chat", 2, messages={**chat.messages, 2: sent})
    for whole in (chat, with_it):
        found = World({1: whole})
        assert "" in [difference(world, found) for world in record.worlds(found)]
    for part in (Chat("chat", 1, messages=with_it.messages), Chat("chat", messages={})):
        found = World({1: part})
        assert "" not in [difference(world, found) for world in record.worlds(found)]


def test_a_failure_that_nobody_expects_is_a_complaint() -> None:
    record = Record()
    record.take(list(lines_of_an_answer())[:1])
    failed = {"kind": "failed", "number": 1, "act": "start", "error": "StoreError", "why": "no"}
    record.take([failed])
    assert record.complaints == ["start failed: StoreError: no"]


def test_the_same_seed_draws_the_same_kill() -> None:
    for kind in ("start", "work", "act", "stream", "migrate", "command", "typed chat"):
        assert drawn(Random("7-3"), kind) == drawn(Random("7-3"), kind)


def test_a_campaign_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.json"
    command = ["kill_history", "--seed", "3", "--state", str(state), "--folder", str(tmp_path)]
    already = 0
    for count in (1, 4):
        monkeypatch.setattr("sys.argv", [*command, "--count", str(count)])
        assert kill_history.main() == 0
        told = capsys.readouterr().out
        assert ("going on after" in told) == bool(already)
        assert "0 violations" in told
        before, already = already, Tally.load(state, 3).kills
        assert already >= count > before


def test_another_seeds_campaign_is_not_gone_on_with(tmp_path: Path) -> None:
    Tally(kills=7).save(tmp_path / "state.json", 3)
    with pytest.raises(ValueError, match="another seed"):
        Tally.load(tmp_path / "state.json", 4)
