"""The mixes that people choose from, by name: how many bits most weights get when a model is
prepared.

For: preflight, the window and the command line. What a mix is, `inference/prepared/mixes` knows;
this loads nothing of it.
"""

from __future__ import annotations

from enum import StrEnum


class Mix(StrEnum):
    """The names of `inference`'s mixes. `KEPT`: those that its files have."""

    Q4 = "q4"
    Q6 = "q6"
    Q8 = "q8"
    KEPT = "none"


# What full precision can be prepared with, by its bits.
BITS = {Mix.Q4: 4, Mix.Q6: 6, Mix.Q8: 8}
MIXES = tuple(BITS)
