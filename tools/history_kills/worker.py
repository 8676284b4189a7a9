"""The program that is killed: it opens the history and works on it without an end.

    python -m tools.history_kills.worker PASSPHRASE_FD ORDERS

For: `launching`, in the chat process's place. It ends by a kill, or in order when its launcher
dies; its exit code is 3 where the history did not open.
"""

from __future__ import annotations

import os
import sys

from app.airlock import leaving
from app.cli.passphrases import Passphrases
from tools.history_kills import faults, further_steps
from tools.history_kills.acts import ACTS, start
from tools.history_kills.answering import answer
from tools.history_kills.lines import Teller
from tools.history_kills.orders import Fault, Mode, Orders
from tools.history_kills.upkeep_acts import UPKEEP, open_and_close
from tools.history_kills.work import ClosedDoorError, Work

_CLOSED_DOOR = 3
_ACTS_AT_ONCE = 5
_MANY_CHATS = 25
_FEW_CHATS = 3
_FEWER = ("wipe", "delete chats")
_FOCUS_SHARE = 0.4


def main(passphrase: str, orders_text: str) -> int:
    """Until the end."""
    leaving.install()
    teller = Teller(sys.stdout.fileno())
    teller.tell("hello", process=os.getpid())
    orders = Orders.from_text(orders_text)
    faults.put_in(orders.fault)
    # Two while it is not known which one holds: the change between them was cut off.
    work = Work(orders, Passphrases(int(passphrase)).ask().split("\t"), teller)
    with further_steps.known(orders.steps):
        try:
            _work(work)
        except ClosedDoorError:
            return _CLOSED_DOOR
        finally:
            work.door.close()
            teller.tell("left")
    return 0


def _work(work: Work) -> None:
    work.open()
    if work.orders.mode is Mode.OPEN:
        open_and_close(work)
    while True:
        with faults.around_acts(work.orders.fault, work.store.database):
            for _ in range(_ACTS_AT_ONCE):
                _act(work)


def _act(work: Work) -> None:
    count = len(work.store.conversations())
    if count < _FEW_CHATS:
        start(work)
    elif count > _MANY_CHATS:
        _named(work, work.draw.choice(_FEWER))
    elif work.orders.focus and work.draw.random() < _FOCUS_SHARE:
        _named(work, work.orders.focus)
    else:
        _named(work, work.draw.choices(list(EVERYTHING), _weights(work))[0])


def _weights(work: Work) -> list[int]:
    if work.orders.fault is Fault.EARLY:
        # In one transaction nothing can be closed, copied or wiped.
        return [weight if name in ACTS else 0 for name, (_, weight) in EVERYTHING.items()]
    return [weight for _, weight in EVERYTHING.values()]


def _named(work: Work, name: str) -> None:
    EVERYTHING[name][0](work)


EVERYTHING = {**ACTS, **UPKEEP, "answer": (answer, 12)}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
