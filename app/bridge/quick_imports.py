"""Imports that stall nothing: Qt without its look into every module, torch without the lock, and
neither with the collector of garbage, which walks over all that is there again and again.

For: the chat process's start (`app.roles`) and the model's opener. Measured on 2 cores: the
longest stall of the window while torch is imported fell from 250–290 ms to 20–60 ms, and the
process holds 40 MB less.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import importlib
import importlib.util
import os
import sys
from pathlib import Path

# In torch's own order: what it loads for all to see, then what takes 250 ms.
_GLOBAL_LIBRARY = "libtorch_global_deps.so"
_LIBRARIES = ("libc10.so", "libtorch_cpu.so")


def keep_modules() -> None:
    """Spare the collector all that was imported so far, for good."""
    gc.freeze()


def import_qt() -> None:
    """Import Qt's core and keep Python's own way to import; raises ImportError.

    PySide puts a function in its place that reads the source of every module imported after
    it, torch's thousand too, to see whether it wants `snake_case` names. Nothing here does.
    """
    original = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = original


def load_torch_libraries() -> bool:
    """Map and relocate torch's libraries while others use the interpreter; False: not here.

    `import torch` does the same under the interpreter's lock, and finds it done. A failure is
    no matter: the import then does it, or says what is wrong.
    """
    spec = importlib.util.find_spec("torch") if sys.platform == "linux" else None
    if spec is None or spec.origin is None or "torch" in sys.modules:
        return False
    folder = Path(spec.origin).parent / "lib"
    # A function of a library: ctypes gives up the lock for its length, unlike its own loader.
    load = getattr(ctypes.CDLL(None), "dlopen", None)
    if load is None:  # before glibc 2.34 it is elsewhere
        return False
    load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    names = {_GLOBAL_LIBRARY: os.RTLD_GLOBAL | os.RTLD_LAZY}
    names |= dict.fromkeys(_LIBRARIES, os.RTLD_LOCAL | os.RTLD_NOW)
    return all(load(os.fsencode(folder / name), mode) for name, mode in names.items())
