"""Facts about settings: numbers, switches and choices, and who decides them.

For: `gathering`. No setting of ours is free text; the form refuses to be made if one is.
"""

from __future__ import annotations

from typing import Any

from app.diagnostics.about_machine import Facts
from app.diagnostics.form import SettingValues
from app.settings import ALL, Setting, Settings


def settings(found: Settings) -> Facts:
    """What is in force."""
    every: tuple[Setting[Any], ...] = ALL
    values = {setting.name: found.effective(setting).value for setting in every}
    policy = found.policy
    return {
        "values": SettingValues(values),
        "locked": [setting.name for setting in ALL if setting.name in policy.locked],
        "has_policy": policy.file is not None,
        "policy_is_usable": None if policy.file is None else policy.problem is None,
        "stored_were_usable": found.problem is None,
    }
