"""A chat process that is somebody else's (tests only): it says whatever it likes to the launcher.

python hostile_chat.py LOG ACTION     what it is told is written into LOG, a line each
"""

import os
import select
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock.courier.desk import REPORTS_VARIABLE, REQUESTS_VARIABLE

SECRET = b"what-was-said-in-confidence"
PROPOSE = b'{"kind":"propose","repository":"owner/name"}\n'
ENDED = '"kind":"ended"'
LIMIT_S = 60
QUIET_S = 1.0
REQUESTS, REPORTS = int(os.environ[REQUESTS_VARIABLE]), int(os.environ[REPORTS_VARIABLE])
LOG = Path(sys.argv[1])


def say(*lines: bytes) -> None:
    for line in lines:
        try:
            os.write(REQUESTS, line)
        except OSError as error:
            note(f"closed {error.errno}")
            return


def note(text: str) -> None:
    with LOG.open("a") as log:
        log.write(text + "\n")


def hear(*words: str) -> None:
    """Until one of these was told, or nothing more comes."""
    seen = ""
    until_s = time.monotonic() + LIMIT_S
    while not any(word in seen for word in words) and time.monotonic() < until_s:
        piece = os.read(REPORTS, 4096).decode()
        if not piece:
            note(seen + "silence")
            return
        seen += piece
    note(seen)


def shouts() -> None:
    """Words instead of requests, all of them."""
    say(SECRET + b"\n", PROPOSE)
    hear("never")


def smuggles() -> None:
    """A proposal with more in it than there may be."""
    say(PROPOSE[:-2] + b',"note":"' + SECRET + b'"}\n')
    hear("never")


def floods() -> None:
    """A proposal, and then everything, while the user is asked."""
    say(PROPOSE)
    hear("asked")
    for _ in range(3000):
        say(PROPOSE, b'{"kind":"resume"}\n', b'{"kind":"speedlimit","bytes_per_s":77777777}\n')
    while select.select([REPORTS], [], [], QUIET_S)[0] and os.read(REPORTS, 65536):
        pass
    note("flooded")
    hear(ENDED)


def connects() -> None:
    """The network itself, at the hub's own door, and by descriptors it may have been left."""
    say(PROPOSE)
    hear("asked")
    port = int(os.environ["TEST_HUB_PORT"])
    try:
        socket.create_connection(("127.0.0.1", port), 1).sendall(SECRET)
        note("connected")
    except OSError as error:
        note(f"refused {error.errno}")
    for number in range(3, 64):
        try:
            os.write(number, SECRET)
        except OSError:
            continue
        if number not in (REQUESTS,):
            note(f"wrote to {number}")
    hear(ENDED)


def proposes() -> None:
    """As ours does, and stays until all is told."""
    say(PROPOSE)
    hear(ENDED, "refused")


if __name__ == "__main__":
    globals()[sys.argv[2]]()
