"""The kernels in Triton's language, and where one is found by its name.

For: the interpreter's launcher and the ahead-of-time build; importing a body imports triton.
A kernel's name is its function's, no two bodies share one, and `Kernel.constants` are its
parameters that are `tl.constexpr`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

# A module's kernels are what its `KERNELS` names.
MODULES = ("products", "experts", "fp8", "attention", "rows", "router", "sampling")


def body(name: str) -> Callable[..., Any]:
    """The function of that name, as triton.jit made it; raises KeyError for none."""
    for module_name in MODULES:
        module = import_module(f"{__name__}.{module_name}")
        if name in module.KERNELS:
            found: Callable[..., Any] = getattr(module, name)
            return found
    raise KeyError(name)
