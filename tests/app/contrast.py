"""How far two colours stand apart."""

from __future__ import annotations


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""

    def linear(part: int) -> float:
        share = part / 255.0
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """From 1 to 21; words need 4.5 of the ground that they stand on."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
