"""What a file says of itself beside its weights is bounded where it would be shown everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from inference.beside_weights import GgufBeside
from inference.checkpoint.gguf_metadata import GgufMetadata


class _Metadata:
    """Names as a file gives them, or none."""

    def __init__(self, name: str | None) -> None:
        self._name = name

    def string(self, key: str, default: str) -> str:
        assert key == "general.name"
        return default if self._name is None else self._name


def _name(given: str | None) -> str:
    metadata = cast(GgufMetadata, _Metadata(given))
    return GgufBeside(metadata, Path("/models/file.gguf")).name


def test_a_name_is_the_files_own_or_its_file_name_and_never_without_end():
    assert _name("SmolLM2 135M") == "SmolLM2 135M"
    assert _name(None) == "file"
    assert _name("n" * 1_000_000) == "n" * 200
