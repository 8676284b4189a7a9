"""The window's way to the courier: what it sends, what it tells, and when it is closed."""

import os
from collections.abc import Iterator

import pytest

from app.airlock.courier.door import NO_WAY, CourierDoor, take_courier_door
from app.airlock.courier.errors import WireError
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
    SpeedLimit,
    decode_request,
    encode_report,
)
from app.airlock.download.progress import State, Step
from app.bridge.courier_port import CourierPort, PortState
from inference.sentence import said


class Launcher:
    """The other end of both pipes."""

    def __init__(self) -> None:
        self.requests, self.chat_requests = os.pipe()
        self.chat_reports, self.reports = os.pipe()
        os.set_blocking(self.requests, False)

    def heard(self) -> list[object]:
        try:
            return [decode_request(line) for line in os.read(self.requests, 65536).splitlines()]
        except BlockingIOError:
            return []

    def tell(self, *reports: Report) -> None:
        os.write(self.reports, b"".join(encode_report(report) for report in reports))


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    made = Launcher()
    yield made
    for descriptor in (made.requests, made.reports):
        if descriptor >= 0:
            os.close(descriptor)


@pytest.fixture
def port(qapp, launcher: Launcher) -> Iterator[CourierPort]:
    made = CourierPort(CourierDoor(launcher.chat_requests, launcher.chat_reports))
    yield made
    made.close()
    made.deleteLater()


def progress(state: State) -> Progress:
    return Progress(Step.FETCH, state, 1, 2, 3, said(""))


def test_a_download_is_proposed_steered_and_told(
    qtbot, port: CourierPort, launcher: Launcher
) -> None:
    told: list[object] = []
    for signal in (port.asked, port.answered, port.progressed, port.ended):
        signal.connect(told.append)
    states: list[PortState] = []
    port.state_changed.connect(lambda: states.append(port.state))
    port.propose(7)
    reports = [
        Asked(Consent.LIST),
        Answered(Consent.LIST, True, "a/b"),
        progress(State.PAUSED),
        progress(State.RUNNING),
        Ended(Outcome.COMPLETE, said(""), "b"),
    ]
    launcher.tell(*reports)
    qtbot.waitUntil(lambda: told == reports)
    assert states == [
        PortState.PROPOSED,
        PortState.ASKING,
        PortState.FETCHING,
        PortState.PAUSED,
        PortState.FETCHING,
        PortState.IDLE,
    ]
    port.pause()
    port.resume()
    port.limit_speed(5)
    port.cancel()
    assert launcher.heard() == [Propose(number=7), Pause(), Resume(), SpeedLimit(5), Cancel()]


def test_one_at_a_time(port: CourierPort, launcher: Launcher) -> None:
    refused: list[str] = []
    port.refused.connect(refused.append)
    port.propose(" owner/name ")
    port.propose("owner/other")
    assert launcher.heard() == [Propose(repository="owner/name")]
    assert len(refused) == 1
    assert "One download at a time" in refused[0]


def test_a_refusal_leaves_it_free(qtbot, port: CourierPort, launcher: Launcher) -> None:
    refused: list[str] = []
    port.refused.connect(refused.append)
    port.propose(1)
    launcher.tell(Refused(said("Nothing is downloaded on this computer.")))
    qtbot.waitUntil(lambda: bool(refused))
    assert refused == ["Nothing is downloaded on this computer."]
    assert port.state is PortState.IDLE


def test_a_name_that_can_not_be_is_not_sent(port: CourierPort, launcher: Launcher) -> None:
    with pytest.raises(WireError, match="can’t be a repository’s name"):
        port.propose("words words")
    assert launcher.heard() == []
    assert port.state is PortState.IDLE


def test_without_a_door_there_is_no_courier(qapp) -> None:
    port = CourierPort(None)
    refused: list[str] = []
    port.refused.connect(refused.append)
    assert not port.can_fetch
    assert port.why_not == NO_WAY
    port.propose(1)
    port.pause()
    assert refused == [NO_WAY]


@pytest.mark.parametrize("words", [None, b"nonsense\n", b"x" * 5000])
def test_a_way_that_is_closed_or_broken_is_closed_for_good(
    qtbot, port: CourierPort, launcher: Launcher, words: bytes | None
) -> None:
    ended: list[Ended] = []
    port.ended.connect(ended.append)
    port.propose(1)
    if words is not None:
        os.write(launcher.reports, words)
    os.close(launcher.reports)
    launcher.reports = -1
    qtbot.waitUntil(lambda: bool(ended))
    assert ended[0].outcome is Outcome.LOST
    assert port.state is PortState.CLOSED
    assert not port.can_fetch


def test_a_launcher_that_reads_no_more_is_noticed_when_something_is_asked(
    port: CourierPort, launcher: Launcher
) -> None:
    os.close(launcher.requests)
    launcher.requests = -1
    port.propose(1)
    assert port.state is PortState.CLOSED


def test_while_nothing_goes_on_a_closed_way_ends_nothing(
    qtbot, port: CourierPort, launcher: Launcher
) -> None:
    ended: list[Ended] = []
    port.ended.connect(ended.append)
    os.close(launcher.reports)
    launcher.reports = -1
    qtbot.waitUntil(lambda: port.state is PortState.CLOSED)
    assert ended == []


def test_a_closed_port_closes_both_pipes(port: CourierPort, launcher: Launcher) -> None:
    port.close()
    assert os.read(launcher.requests, 1) == b""
    with pytest.raises(BrokenPipeError):
        launcher.tell(Asked(Consent.LIST))


def test_the_door_is_taken_once_out_of_the_environment(launcher: Launcher) -> None:
    environment = {
        "PITCHER_REQUESTS": str(launcher.chat_requests),
        "PITCHER_REPORTS": str(launcher.chat_reports),
    }
    door = take_courier_door(environment)
    assert door is not None
    assert environment == {}
    assert take_courier_door(environment) is None
    assert not os.get_inheritable(launcher.chat_requests)
    assert not door.wait(0)
    door.close()
    assert door.wait(0)
    assert door.read() == []
    assert not door.ask(Pause())
