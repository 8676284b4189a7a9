"""What every reader of model files offers, whatever their format.

For: `inference.loading` (it checks tensors against the configuration) and the command
line (it lists them). Readers are opened by `inference.checkpoint.open`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kernels.schemes.base import PackedTensor


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor's name, logical shape (slowest axis first), scheme, and bytes in the files.

    `scheme` is a key of `kernels.schemes.SCHEMES`, or the format's own name of a type
    that this program does not run.
    """

    name: str
    shape: tuple[int, ...]
    scheme: str
    stored_bytes: int


class Checkpoint(Protocol):
    """Open, checked model files; no weight has been read."""

    @property
    def path(self) -> Path:
        """The file or folder that the user named."""

    @property
    def format(self) -> str:
        """The format and its version, for people: `GGUF 3`, `safetensors`."""

    @property
    def tensors(self) -> Mapping[str, TensorInfo]:
        """Every tensor, by the files' own names."""

    @property
    def file_bytes(self) -> int:
        """Bytes of all files that hold tensors."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that hold tensors, in the model's order."""

    def packed(self, name: str) -> PackedTensor:
        """A tensor over the map, not a copy, made anew at each call.

        Raises CheckpointError if it is not there or its scales can't be used, and
        UnsupportedModelError for a type that this program does not run.
        """

    def release_pages(self) -> None:
        """What was read so far need not stay in this process; reading again brings it back."""

    def close(self) -> None:
        """Let go of the maps; those under a living tensor stay until it has gone."""
