"""Reads `generation_config.json`: how the makers want answers to be generated. For the engine.

Other fields of the file are transformers' own business. Wrong types and values out of range
are refused, not repaired: whoever lies there may lie elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.errors import RequestError, TokenizerError
from inference.prompt.json_file import read_object
from inference.prompt.recommended import Recommended
from inference.request import SamplerSettings
from inference.sentence import said

NAME = "generation_config.json"
_FILE_LIMIT_BYTES = 2**20
_IDS_LIMIT = 256
_HIGHEST_ID = 2**31 - 1
# transformers' names → ours
_NUMBERS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "min_p": "min_p",
    "repetition_penalty": "repeat_penalty",
}


@dataclass(frozen=True)
class GenerationDefaults:
    """What the file says; `eos_ids` in its order, unchecked against a vocabulary."""

    recommended: Recommended = field(default_factory=Recommended)
    eos_ids: tuple[int, ...] = ()
    bos_id: int | None = None


def read_generation_defaults(path: Path) -> GenerationDefaults:
    """Read the file, or the one in a folder; where there is none, it says nothing.

    Raises TokenizerError.
    """
    file = path / NAME if path.is_dir() else path
    return generation_defaults(read_object(file, _FILE_LIMIT_BYTES)) if file.is_file() else _NONE


def generation_defaults(config: Mapping[str, Any]) -> GenerationDefaults:
    """The same, of a file that was read; raises TokenizerError."""
    values: dict[str, Any] = {}
    for name, ours in _NUMBERS.items():
        value = config.get(name)
        if value is not None:
            values[ours] = _number(name, value)
    if (top_k := config.get("top_k")) is not None:
        values["top_k"] = _whole("top_k", top_k, _HIGHEST_ID)
    do_sample = config.get("do_sample")
    if do_sample is not None and not isinstance(do_sample, bool):
        raise _wrong("do_sample", do_sample)
    if do_sample is False:
        values["temperature"] = 0.0
    recommended = Recommended(**values)
    try:
        recommended.settings(SamplerSettings())
    except RequestError as error:
        raise TokenizerError(
            said("{file} asks for what makes no sense: {error}", file=NAME, error=error)
        ) from None
    bos_ids = _ids("bos_token_id", config.get("bos_token_id"))
    return GenerationDefaults(
        recommended=recommended,
        eos_ids=_ids("eos_token_id", config.get("eos_token_id")),
        bos_id=bos_ids[0] if bos_ids else None,
    )


_NONE = GenerationDefaults()


def _number(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        number = float(value)
        if math.isfinite(number):
            return number
    raise _wrong(name, value)


def _whole(name: str, value: object, highest: int) -> int:
    if type(value) is int and 0 <= value <= highest:
        return value
    raise _wrong(name, value)


def _ids(name: str, value: object) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    if len(listed) > _IDS_LIMIT:
        raise TokenizerError(
            said("{file} has far too many ids under “{field}”.", file=NAME, field=name)
        )
    return tuple(_whole(name, entry, _HIGHEST_ID) for entry in listed if entry is not None)


def _wrong(name: str, value: object) -> TokenizerError:
    shown = repr(value)[:40] if isinstance(value, str | float | bool) else type(value).__name__
    return TokenizerError(
        said("{file} is damaged: “{field}” can't be {shown}.", file=NAME, field=name, shown=shown)
    )
