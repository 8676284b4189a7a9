"""Whether a window can open, said before Qt is asked."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock import display
from app.airlock.display import NO_DISPLAY, display_problem

pytestmark = pytest.mark.skipif(os.name != "posix", reason="displays are Unix sockets")


@pytest.fixture
def wayland(tmp_path: Path) -> Iterator[dict[str, str]]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        yield {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def x11() -> Iterator[str]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{40000 + os.getpid() % 10000}")
        server.listen()
        yield f":{40000 + os.getpid() % 10000}"


def test_no_display_is_said() -> None:
    assert display_problem({}) == NO_DISPLAY
    assert display_problem({"DISPLAY": "", "WAYLAND_DISPLAY": ""}) == NO_DISPLAY


@pytest.mark.parametrize(
    "name", ["localhost:10.0", "host:0", "tcp/host:1", "127.0.0.1:0", "[::1]:0"]
)
def test_a_display_over_the_network_is_said(name: str) -> None:
    problem = display_problem({"DISPLAY": name})
    assert problem is not None
    assert "over the network" in problem
    assert name in problem


def test_a_local_display_that_answers_is_no_problem(x11: str) -> None:
    for name in (x11, f"{x11}.0", f"unix{x11}", f"unix/{x11}"):
        assert display_problem({"DISPLAY": name}) is None
    assert display_problem({"DISPLAY": x11, "QT_QPA_PLATFORM": "xcb"}) is None


def test_a_display_that_does_not_answer_is_said() -> None:
    assert display_problem({"DISPLAY": ":39999"}) == "The display :39999 does not answer."
    problem = display_problem({"DISPLAY": "/no/such/socket:0"})
    assert problem == "The display /no/such/socket:0 does not answer."


def test_a_name_that_is_none_is_said() -> None:
    assert (
        display_problem({"DISPLAY": "nonsense"}) == "DISPLAY=nonsense is not the name of a display."
    )


def test_wayland_counts_even_beside_a_display_over_the_network(wayland: dict[str, str]) -> None:
    assert display_problem(wayland) is None
    assert display_problem(wayland | {"DISPLAY": "localhost:10.0"}) is None
    assert display_problem(wayland | {"QT_QPA_PLATFORM": "wayland-egl"}) is None


def test_a_wayland_display_that_qt_was_told_not_to_use_does_not_count(
    wayland: dict[str, str],
) -> None:
    assert display_problem(wayland | {"QT_QPA_PLATFORM": "xcb"}) == NO_DISPLAY
    gone = wayland | {"WAYLAND_DISPLAY": "wayland-8"}
    assert display_problem(gone) == "The Wayland display wayland-8 does not answer."


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "linuxfb:fb=/dev/fb0"])
def test_a_platform_without_a_server_counts_as_a_display(platform: str) -> None:
    assert display_problem({"QT_QPA_PLATFORM": platform}) is None


def test_the_platform_that_opens_a_port_is_said() -> None:
    problem = display_problem({"QT_QPA_PLATFORM": "vnc:size=800x600"})
    assert problem is not None
    assert "network port" in problem


def test_other_systems_have_their_own_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display.platform, "system", lambda: "Darwin")
    assert display_problem({}) is None
