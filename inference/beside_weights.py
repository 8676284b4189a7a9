"""What a model's files say beside its weights: name, tokenizer, template, sampling.

For: `loading`. One class a format, the same questions. Tokenizers are imported late, as
few commands need them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from inference.checkpoint.gguf_metadata import GgufMetadata
from inference.prompt.generation_config import read_generation_defaults
from inference.prompt.recommended import Recommended

if TYPE_CHECKING:
    from inference.prompt.tokenizer import Tokenizer

# It goes into every answer's record and every export; a file may name itself with a megabyte.
_MOST_NAME_CHARS = 200


class BesideWeights(Protocol):
    """What is known of a model but its tensors; everything may raise TokenizerError."""

    @property
    def name(self) -> str:
        """What its makers or its owner call it."""

    @property
    def licence(self) -> str:
        """As the file names it, empty where it does not."""

    @property
    def tokenizer_kind(self) -> str:
        """The kind of its tokenizer, empty where there is none."""

    def tokenizer(self) -> Tokenizer:
        """Its tokenizer, built anew."""

    def chat_template(self) -> str:
        """Its chat template, empty where it has none."""

    def recommended(self) -> Recommended:
        """How its makers want tokens chosen, as far as the files say."""


class GgufBeside:
    """All of it stands in the metadata."""

    def __init__(self, metadata: GgufMetadata, path: Path) -> None:
        self._metadata = metadata
        self._path = path

    @property
    def name(self) -> str:
        return self._metadata.string("general.name", self._path.stem)[:_MOST_NAME_CHARS]

    @property
    def licence(self) -> str:
        return self._metadata.string("general.license", "")

    @property
    def tokenizer_kind(self) -> str:
        return self._metadata.string("tokenizer.ggml.model", "")

    def tokenizer(self) -> Tokenizer:
        from inference.prompt.tokenizer import Tokenizer
        from inference.prompt.vocabulary import vocabulary_from_gguf

        return Tokenizer.from_gguf(vocabulary_from_gguf(self._metadata))

    def chat_template(self) -> str:
        return self._metadata.string("tokenizer.chat_template", "")

    def recommended(self) -> Recommended:
        present, number = self._metadata.keys(), self._metadata.number

        def told(name: str) -> float | None:
            key = f"general.sampling.{name}"
            return number(key, 0.0) if key in present else None

        top_k = "general.sampling.top_k"
        return Recommended(
            temperature=told("temp"),
            top_k=self._metadata.integer(top_k, 0) if top_k in present else None,
            top_p=told("top_p"),
            min_p=told("min_p"),
        )


# What a folder's tokenizer may be, by the name of its file.
_TOKENIZER_FILES = ("tokenizer.json", "tiktoken.model")


def folder_with_tokenizer(path: Path) -> FolderBeside | None:
    """What lies in a folder that brings its tokenizer, weights or none; else None.

    `path` is the folder, or the tokenizer's file itself.
    """
    folder = path.parent if path.name in _TOKENIZER_FILES else path
    found = FolderBeside(folder)
    return found if folder.is_dir() and found.tokenizer_kind else None


class FolderBeside:
    """Files of their own in the model's folder, as the Hub has them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        return self._folder.resolve().name

    @property
    def licence(self) -> str:
        return ""

    @property
    def tokenizer_kind(self) -> str:
        found = (file for file in _TOKENIZER_FILES if (self._folder / file).is_file())
        return next(found, "")

    def tokenizer(self) -> Tokenizer:
        from inference.prompt.tokenizer import Tokenizer

        return Tokenizer.from_files(self._folder)

    def chat_template(self) -> str:
        from inference.prompt.config_files import read_config_files

        return read_config_files(self._folder).chat_template

    def recommended(self) -> Recommended:
        return read_generation_defaults(self._folder).recommended
