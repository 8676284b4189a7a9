"""Reads and operates a program as a screen reader does: over the session's AT-SPI bus."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from jeepney import DBusAddress, MatchRule, MessageType, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_PREFIX = "org.a11y.atspi."
_CALL_S = 60.0  # a bound against hanging
_REGISTRY = "org.a11y.atspi.Registry"
_KEY_DOWN, _KEY_UP, _KEY_TAP, _KEY_SYMBOL = range(4)  # AT-SPI's KeySynthType
_CTRL = 37  # a key's code


class GoneError(Exception):
    """The object was there a moment ago, and is no longer."""


class State(IntEnum):
    """Some of AT-SPI's StateType."""

    CHECKED = 4
    EXPANDABLE = 9
    EXPANDED = 10
    SELECTED = 23
    SHOWING = 25


@dataclass(frozen=True)
class Seen:
    """One object of the tree: where it is on the bus."""

    bus: str
    path: str


class AccessTree:
    """What a session's programs show to assistive technology."""

    def __init__(self, session_bus: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(_address(session_bus))

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()

    def programs(self) -> list[Seen]:
        """The programs on the bus."""
        return self.children(Seen(_REGISTRY, "/org/a11y/atspi/accessible/root"))

    def children(self, seen: Seen) -> list[Seen]:
        """What stands in it."""
        return [Seen(*child) for child in self._call(seen, "Accessible", "GetChildren")[0]]

    def walk(self, seen: Seen) -> Iterator[Seen]:
        """It and all that stands in it; what goes away meanwhile is left out."""
        yield seen
        try:
            children = self.children(seen)
        except GoneError:
            return
        for child in children:
            yield from self.walk(child)

    def name(self, seen: Seen) -> str:
        """What it is called."""
        return str(self._property(seen, "Accessible", "Name"))

    def description(self, seen: Seen) -> str:
        """What is said about it."""
        return str(self._property(seen, "Accessible", "Description"))

    def role(self, seen: Seen) -> str:
        """What it is, such as `push button`."""
        return str(self._call(seen, "Accessible", "GetRoleName")[0])

    def interfaces(self, seen: Seen) -> set[str]:
        """What can be done with it, such as `Text`."""
        names = self._call(seen, "Accessible", "GetInterfaces")[0]
        return {name.removeprefix(_PREFIX) for name in names}

    def has_state(self, seen: Seen, number: int) -> bool:
        """Whether a bit of AT-SPI's StateType is set."""
        words = self._call(seen, "Accessible", "GetState")[0]
        return bool(words[number // 32] >> number % 32 & 1)

    def text(self, seen: Seen) -> str:
        """The text that it holds, as a screen reader reads it."""
        return str(self._call(seen, "Text", "GetText", "ii", (0, -1))[0])

    def write(self, seen: Seen, text: str) -> None:
        """Replace what stands in a field."""
        assert self._call(seen, "EditableText", "SetTextContents", "s", (text,))[0]

    def actions(self, seen: Seen) -> list[str]:
        """What it can be told to do."""
        return [str(action[0]) for action in self._call(seen, "Action", "GetActions")[0]]

    def press(self, seen: Seen, action: str = "Press") -> None:
        """Do what a click does, or another of its actions."""
        names = self.actions(seen)
        assert action in names, f"{self.role(seen)} {self.name(seen)!r} can do {names}"
        assert self._call(seen, "Action", "DoAction", "i", (names.index(action),))[0]

    def table_place(self, cell: Seen) -> tuple[int, int]:
        """A cell's row and column."""
        row, column = self._property(cell, "TableCell", "Position")
        return int(row), int(column)

    def column_heads(self, cell: Seen) -> list[Seen]:
        """The cells that head its column."""
        return [Seen(*head) for head in self._call(cell, "TableCell", "GetColumnHeaderCells")[0]]

    def select(self, holder: Seen, number: int) -> bool:
        """Select a child by its number."""
        return bool(self._call(holder, "Selection", "SelectChild", "i", (number,))[0])

    def type_key(self, key: int, *, is_symbol: bool = True) -> None:
        """A key of the keyboard, pressed and let go: of a symbol, or by its code."""
        self._key(key, _KEY_SYMBOL if is_symbol else _KEY_TAP)

    def type_with_ctrl(self, key: int) -> None:
        """A key by its code, while Ctrl is held."""
        self._key(_CTRL, _KEY_DOWN)
        self._key(key, _KEY_TAP)
        self._key(_CTRL, _KEY_UP)

    def _key(self, key: int, kind: int) -> None:
        controller = Seen(_REGISTRY, "/org/a11y/atspi/registry/deviceeventcontroller")
        self._call(
            controller, "DeviceEventController", "GenerateKeyboardEvent", "isu", (key, "", kind)
        )

    def shown(self, root: Seen) -> Iterator[Seen]:
        """It and all that is seen in it."""
        try:
            if not self.has_state(root, State.SHOWING):
                return
            yield root
            children = self.children(root)
        except GoneError:
            return
        for child in children:
            yield from self.shown(child)

    def all_of(self, root: Seen, role: str, name: str) -> list[Seen]:
        """All that is seen of this role and name, in the order in which it is read."""
        found = self._shown_of(root, role)
        return [seen for seen, its_name in found if its_name == name]

    def first_of(self, root: Seen, role: str, name: str) -> Seen | None:
        """The first that is seen of this role and of a name that begins so."""
        found = self._shown_of(root, role)
        return next((seen for seen, its_name in found if its_name.startswith(name)), None)

    def roles_and_names(self, root: Seen) -> list[tuple[str, str]]:
        """Of all that is seen; what goes away meanwhile, as a toast does, is left out."""
        found = []
        for seen in self.shown(root):
            with suppress(GoneError):
                found.append((self.role(seen), self.name(seen)))
        return found

    def find(self, root: Seen, role: str, name: str) -> Seen | None:
        """The first of this role whose name begins so."""
        for seen in self.walk(root):
            try:
                if self.role(seen) == role and self.name(seen).startswith(name):
                    return seen
            except GoneError:
                continue
        return None

    def wait_for(self, root: Seen, role: str, name: str, limit_s: float = 60.0) -> Seen:
        """The same, when it has come."""
        return waited(lambda: self.find(root, role, name), f"no {role} “{name}”", limit_s)

    def _shown_of(self, root: Seen, role: str) -> Iterator[tuple[Seen, str]]:
        """With their names; what goes away meanwhile is left out."""
        for seen in self.shown(root):
            try:
                if self.role(seen) == role:
                    yield seen, self.name(seen)
            except GoneError:
                continue

    def _property(self, seen: Seen, interface: str, name: str) -> Any:
        address = DBusAddress(seen.path, seen.bus, _PREFIX + interface)
        return self._ask(Properties(address).get(name))[0][1]

    def _call(
        self,
        seen: Seen,
        interface: str,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
    ) -> Any:
        address = DBusAddress(seen.path, seen.bus, _PREFIX + interface)
        return self._ask(new_method_call(address, method, signature or None, body))

    def _ask(self, message: Any) -> Any:
        reply = self._connection.send_and_get_reply(message, timeout=_CALL_S)
        if reply.header.message_type is not MessageType.method_return:
            raise GoneError(str(reply.body))
        return reply.body


class Ears:
    """Hears what programs announce, as a screen reader would say it."""

    def __init__(self, session_bus: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(_address(session_bus))
        registry = DBusAddress("/org/a11y/atspi/registry", _REGISTRY, _REGISTRY)
        # Programs send what somebody asked for.
        asked = ("object:announcement", [], "")
        self._connection.send_and_get_reply(
            new_method_call(registry, "RegisterEvent", "sass", asked), timeout=_CALL_S
        )
        rule = MatchRule(type="signal", interface=f"{_PREFIX}Event.Object", member="Announcement")
        self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_CALL_S)
        self._heard: deque[Any] = deque()
        self._filter = self._connection.filter(rule, queue=self._heard)

    def close(self) -> None:
        """Leave the bus."""
        self._filter.close()
        self._connection.close()

    def wait_for(self, words: str, most: int = 20) -> str:
        """The first sentence with these words, of not too many."""
        heard: list[str] = []
        for _sentence in range(most):
            heard.append(self.next())
            if words in heard[-1]:
                return heard[-1]
        raise AssertionError(f"“{words}” is not in {heard}")

    def next(self, limit_s: float = 60.0) -> str:
        """The next sentence that is announced."""
        message = self._connection.recv_until_filtered(self._heard, timeout=limit_s)
        return str(message.body[3][1])


def _address(session_bus: str) -> str:
    """Where a session's accessibility bus is."""
    session = open_dbus_connection(session_bus)
    bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
    address = str(session.send_and_get_reply(new_method_call(bus, "GetAddress")).body[0])
    session.close()
    return address


def waited(look: Callable[[], Any], otherwise: str, limit_s: float = 60.0) -> Any:
    """What `look` finds in the end; a bound against hanging, not a measurement."""
    end_s = time.monotonic() + limit_s
    while (found := look()) is None or found is False:
        assert time.monotonic() < end_s, otherwise
        time.sleep(0.1)
    return found
