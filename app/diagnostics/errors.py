"""What can go wrong with the diagnostics' file beside what `app.chats.errors` says of writing.

DiagnosticsError
└── NotClosedError      something in it is no value that the form can have; it is not kept
"""

from __future__ import annotations

from inference.sentence import ours, said


class DiagnosticsError(Exception):
    """The diagnostics could not be made; the message is a sentence."""


class NotClosedError(DiagnosticsError):
    """What was written holds something else than closed values. `where` says where, never what."""

    def __init__(self, where: str) -> None:
        super().__init__(
            said(
                "The diagnostics were not kept: {where} is not a value that they may hold. Nothing "
                "was written. Export them again.",
                where=ours(where),
            )
        )
        self.where = where
