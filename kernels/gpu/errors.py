"""What can go wrong with a GPU.

GpuError
├── GpuUnavailableError    no GPU that kernels can run on, and why
├── MissingKernelError     no compiled kernel for this card
├── GpuOutOfMemoryError    the card's memory is full
└── GpuLostError           the device stopped answering; its memory is gone
"""

from __future__ import annotations


class GpuError(Exception):
    """Of the GPU path; the message says what happened."""


class GpuUnavailableError(GpuError):
    """No GPU that kernels can run on; the message says why."""


class MissingKernelError(GpuError):
    """No compiled kernel for this card; the message names both."""


class GpuOutOfMemoryError(GpuError):
    """The card's memory is full."""


class GpuLostError(GpuError):
    """The device stopped answering: everything in its memory is gone."""
