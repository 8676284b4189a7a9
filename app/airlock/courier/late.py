"""What the launcher imports only when a download is proposed: most starts see none.

For: `launcher.desk_for`. The policy, the ledger and the courier's lock cost a start about as much
as the launcher itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.airlock.courier.desk import Starting
    from app.airlock.courier.messages import Propose
    from app.airlock.courier.recording import Recording
    from app.airlock.courier.running import RunningCourier


def start_later(*, is_terminal: bool) -> Starting:
    """Starts a courier that asks on the terminal first, or in its window."""

    def start() -> RunningCourier:
        from app.airlock.courier.starting import AskFirst, CourierStart

        return CourierStart(AskFirst.TERMINAL if is_terminal else AskFirst.WINDOW)()

    return start


def record_later(proposal: Propose) -> Recording:
    """The rows of a courier's life, in this user's ledger."""
    from app.airlock.courier.recording import Recording
    from app.airlock.ledger import Ledger

    return Recording(Ledger(), proposal)
