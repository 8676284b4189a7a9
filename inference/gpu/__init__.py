"""A model on an NVIDIA card and the processor together: what goes where, and how fast."""

from kernels.gpu.cards import CARDS, Card

__all__ = ["CARDS", "Card"]
