"""The child of `test_hostile_output`: starts `hostile_player` as the program starts.

`python -m tests.flows.hostile_window CANARY [--giants | --short] [--only NAME …] [--part 0/6]`
plays each hostile text in every place of a real window, and prints what came of it.
"""

from __future__ import annotations

import os

from app.bridge import quick_imports
from app.collector import uncollected


def main() -> None:
    """Import Qt as `app.roles` does, then play."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with uncollected():
        quick_imports.import_qt()
        from tests.flows import hostile_player
    hostile_player.main()


if __name__ == "__main__":
    main()
