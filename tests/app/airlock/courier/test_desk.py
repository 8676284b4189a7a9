"""The launcher's desk: between a chat process and a courier, either of which may be hostile."""

import os

import pytest

from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Consent,
    Ended,
    Outcome,
    Pause,
    Progress,
    Propose,
    Refused,
    Report,
    Resume,
    encode_request,
)
from app.airlock.download.progress import State, Step
from app.airlock.ledger import RowKind
from inference.sentence import said
from tests.app.airlock.courier.desk_table import (
    FILE,
    LISTING,
    NAME,
    YES_FETCH,
    YES_LIST,
    Table,
    begin,
)


def test_a_download_is_passed_on_told_and_recorded(table: Table) -> None:
    begin(table)
    assert table.couriers.was_asked() == [Propose(repository=NAME)]
    progress = Progress(Step.FETCH, State.RUNNING, 5, 900, 5, said(""))
    told = [Asked(Consent.LIST), YES_LIST, Asked(Consent.FETCH), YES_FETCH, progress]
    table.tell(told[0], told[1], LISTING, told[2], told[3], FILE, told[4])
    end = Ended(Outcome.COMPLETE, said(""), "name")
    table.tell(end)
    assert table.told() == told
    table.couriers.process.end(0)
    table.turn()
    assert table.told() == [end]
    rows = table.rows()
    assert [row.kind for row in rows] == [
        RowKind.CONSENT,
        RowKind.EXCHANGE,
        RowKind.CONSENT,
        RowKind.EXCHANGE,
        RowKind.ENDED,
    ]
    assert {row.run for row in rows} == {rows[0].run}
    assert {row.repository for row in rows} == {NAME}
    assert [row.consent for row in rows] == ["list", "list", "fetch", "fetch", ""]
    assert (rows[3].host, rows[3].path, rows[3].received_bytes) == ("hub", "/f", 900)
    assert (rows[2].answer, rows[2].files, rows[2].total_bytes) == ("yes", 3, 900)
    assert rows[4].answer == "complete"


def test_what_is_told_to_a_courier_goes_on_to_it(table: Table) -> None:
    begin(table)
    table.ask(*map(encode_request, (Pause(), Resume(), Cancel())))
    assert table.couriers.was_asked() == [Propose(repository=NAME), Pause(), Resume(), Cancel()]


def test_without_a_courier_there_is_nobody_to_tell(table: Table) -> None:
    table.ask(encode_request(Pause()))
    assert table.told() == []
    assert table.couriers.started == []


def test_one_at_a_time(table: Table) -> None:
    begin(table)
    begin(table)
    assert len(table.couriers.started) == 1
    (refused,) = table.told()
    assert isinstance(refused, Refused)
    assert "another one has not ended yet" in refused.why
    table.couriers.process.end(0)
    table.turn()
    begin(table)
    assert len(table.couriers.started) == 2


def test_where_none_may_be_started_the_reason_is_told(table: Table) -> None:
    table.couriers.refusal = said("Nothing is downloaded on this computer.")
    begin(table)
    assert table.told() == [Refused(said("Nothing is downloaded on this computer."))]
    assert table.rows() == []


def test_a_system_that_has_nothing_left_is_told_and_the_loop_goes_on(table: Table) -> None:
    table.couriers.failure = OSError(24, "Too many open files")
    begin(table)
    (refused,) = table.told()
    assert isinstance(refused, Refused)
    assert "Too many open files" in refused.why
    table.couriers.failure = None
    begin(table)
    assert len(table.couriers.started) == 1


# ------------------------------------------------------------- a hostile chat process


@pytest.mark.parametrize(
    "words",
    [
        b"everything that was ever said\n",
        b'{"kind":"propose","repository":"owner/name","more":"secret"}\n',
        b"x" * 600,
        b"\n",
        b"\x00\xff\n",
    ],
)
def test_who_breaks_the_rules_is_not_heard_any_more(table: Table, words: bytes) -> None:
    begin(table)
    table.ask(words)
    assert table.couriers.process.killed
    reports = table.told()
    assert isinstance(reports[0], Refused)
    assert isinstance(reports[-1], Ended)
    with pytest.raises(BrokenPipeError):
        os.write(table.raw, encode_request(Propose(repository=NAME)))
    assert len(table.couriers.started) == 1


def test_a_request_in_small_pieces_is_one(table: Table) -> None:
    for byte in encode_request(Propose(repository=NAME)):
        table.ask(bytes([byte]))
    assert table.couriers.was_asked() == [Propose(repository=NAME)]


def test_a_flood_of_proposals_starts_one_courier_and_keeps_little(table: Table) -> None:
    line = encode_request(Propose(repository=NAME))
    for _ in range(200):
        table.ask(line * 50)
    assert len(table.couriers.started) == 1
    assert len(table.desk._reports._waiting) <= 64
    reports = table.told()
    assert all(isinstance(report, Refused) for report in reports)


def test_a_chat_process_that_reads_nothing_holds_nobody(table: Table) -> None:
    begin(table)
    table.tell(YES_LIST, LISTING, YES_FETCH)
    for done in range(3000):
        table.tell(Progress(Step.FETCH, State.RUNNING, done, 3000, 5, said("")))
    table.tell(Ended(Outcome.COMPLETE, said(""), "name"))
    table.couriers.process.end(0)
    table.turn()
    reports = table.told()
    assert reports[-1] == Ended(Outcome.COMPLETE, said(""), "name")
    latest = [report for report in reports if isinstance(report, Progress)][-1]
    assert latest.done_bytes == 2999


def test_a_chat_process_that_closes_its_pipe_ends_its_courier(table: Table) -> None:
    begin(table)
    table.tell(YES_LIST, LISTING)
    table.door.close()
    os.close(table.raw)
    table.turn()
    assert table.couriers.process.killed
    table.raw = os.open(os.devnull, os.O_RDONLY)
    assert [row.answer for row in table.rows()] == ["yes", "", "cancelled"]


def test_a_courier_that_takes_no_cancel_is_ended(table: Table) -> None:
    begin(table)
    courier = table.couriers.started[0]
    while courier.ask(Pause()):
        pass
    table.ask(encode_request(Pause()))
    assert not table.couriers.process.killed
    table.ask(encode_request(Cancel()))
    assert table.couriers.process.killed
    assert table.told() == [Ended(Outcome.CANCELLED, "Stopped. What has arrived is kept.")]


# ------------------------------------------------------------------ a hostile courier


@pytest.mark.parametrize("words", [b"x" * 5000, b"hello\n", b'{"kind":"asked"}\n', b"\xff\n"])
def test_a_courier_that_breaks_the_rules_is_ended(table: Table, words: bytes) -> None:
    begin(table)
    os.write(table.couriers.tells[-1], words)
    table.turn()
    assert table.couriers.process.killed
    (end,) = table.told()
    assert isinstance(end, Ended)
    assert end.outcome is Outcome.FAILED


@pytest.mark.parametrize("before", [(), (Answered(Consent.LIST, False, NAME),), (YES_LIST,)])
def test_an_exchange_that_nobody_allowed_ends_it_and_stands_in_the_ledger(
    table: Table, before: tuple[Report, ...]
) -> None:
    begin(table)
    table.tell(*before, FILE)
    assert table.couriers.process.killed
    end = table.told()[-1]
    assert isinstance(end, Ended)
    assert "nobody had allowed" in end.why
    assert [row.path for row in table.rows() if row.kind is RowKind.EXCHANGE] == ["/f"]


def test_a_courier_that_dies_without_a_word_is_told_of_and_another_can_be_started(
    table: Table,
) -> None:
    begin(table)
    table.tell(YES_LIST)
    table.couriers.process.end(-11)
    table.turn()
    end = table.told()[-1]
    assert isinstance(end, Ended)
    assert end.outcome is Outcome.LOST
    assert "-11" in end.why
    assert table.rows()[-1].answer == "lost"
    begin(table)
    assert len(table.couriers.started) == 2


def test_what_it_told_just_before_its_end_is_heard(table: Table) -> None:
    begin(table)
    table.couriers.tell(YES_LIST, LISTING, Ended(Outcome.DECLINED, said("No."), ""))
    table.couriers.process.end(0)
    table.turn()
    assert table.told()[-1] == Ended(Outcome.DECLINED, said("No."), "")
    assert [row.kind for row in table.rows()][:2] == [RowKind.CONSENT, RowKind.EXCHANGE]


def test_one_that_closed_its_pipe_and_lives_on_wakes_nobody(table: Table) -> None:
    begin(table)
    os.close(table.couriers.tells[-1])
    table.couriers.tells.pop()
    table.turn()
    table.turn(most=1)
    assert not table.couriers.process.killed


def test_the_end_of_the_chat_process_ends_it(table: Table) -> None:
    begin(table)
    table.tell(YES_LIST, LISTING)
    table.desk.close()
    assert table.couriers.process.killed
    assert table.rows()[-1].kind is RowKind.ENDED
    table.desk.close()


def test_a_run_in_which_nothing_was_asked_or_tried_leaves_no_row(table: Table) -> None:
    begin(table)
    table.tell(Ended(Outcome.CANCELLED, said("Stopped."), ""))
    table.couriers.process.end(0)
    table.turn()
    assert table.rows() == []
