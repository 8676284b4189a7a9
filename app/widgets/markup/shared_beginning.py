"""What two texts have in common at their beginning: what a view of the one keeps for the other."""

from __future__ import annotations


def shared_beginning(one: str, other: str) -> str:
    """The beginning that two texts share; at once where one goes on from the other."""
    if other.startswith(one):
        return one
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return one[:low]
