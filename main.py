"""Pitcher: private chat with a language model that runs on this computer.

Reads the role and hands over. Without one it is the launcher, which starts the chat
process under the lock.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Play this process's role; its exit code."""
    # An isolated Python (the template worker's) does not look beside the script by itself.
    here = str(Path(__file__).resolve().parent)
    if here not in sys.path:
        sys.path.insert(0, here)
    from app import roles

    return roles.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
