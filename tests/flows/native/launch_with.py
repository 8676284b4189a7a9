"""Runs a command as the launcher runs the chat process, under a lock that a test may weaken.

    python launch_with.py LOCK COMMAND…

The product has no such switch: neither a flag nor a variable can weaken its lock.
"""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock import launcher, setting
from app.airlock.landlock import Domain
from app.airlock.rules import CHAT_RULES


def without(prefix: str) -> tuple[str, ...]:
    return tuple(call for call in CHAT_RULES.refused_calls if not call.startswith(prefix))


RULES = {
    "whole": CHAT_RULES,
    "ipv4": replace(CHAT_RULES, allowed_families=(1, 2)),
    "ipv6": replace(CHAT_RULES, allowed_families=(1, 10)),
    "netlink": replace(CHAT_RULES, allowed_families=(1, 16)),
    "packet": replace(CHAT_RULES, allowed_families=(1, 17)),
    "vsock": replace(CHAT_RULES, allowed_families=(1, 40)),
    "io_uring": replace(CHAT_RULES, refused_calls=without("io_uring")),
    "foreign": replace(CHAT_RULES, refuse_foreign_calls=False),
    "ptrace": replace(CHAT_RULES, refused_calls=without("ptrace")),
    "ioctl": replace(CHAT_RULES, refused_ioctls=()),
}


def chosen_lock(name: str) -> setting.Lock | None:
    if name == "none":
        return None
    lock = setting.prepare(RULES.get(name, CHAT_RULES))
    assert lock is not None
    if name == "no domain":
        return replace(lock, domain=None)
    if name == "rename domain":
        return replace(lock, domain=Domain.RENAMES)
    return lock


if __name__ == "__main__":
    sys.exit(launcher.launch(sys.argv[2:], chosen_lock(sys.argv[1])))
