"""A model that answers: load, generate, cancel, unload. No Qt, no network.

The public door. Names are fetched on first use, so that importing this package (which the
template worker does for `inference.prompt`) brings in neither torch nor tokenizers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inference.engine import Engine, EngineOptions
    from inference.loading import ModelInfo, OpenedModel, open_model

_HOMES = {
    "Engine": "inference.engine",
    "EngineOptions": "inference.engine",
    "ModelInfo": "inference.loading",
    "OpenedModel": "inference.loading",
    "open_model": "inference.loading",
}

__all__ = ["Engine", "EngineOptions", "ModelInfo", "OpenedModel", "open_model"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
