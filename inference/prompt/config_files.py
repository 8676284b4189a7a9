"""What lies beside a vocabulary: tokenizer_config.json, generation_config.json and the chat
template. For the sources of `tokenizer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.errors import TokenizerError
from inference.prompt.added import AddedToken
from inference.prompt.ends import end_ids
from inference.prompt.generation_config import read_generation_defaults
from inference.prompt.json_file import read_bytes, read_object
from inference.prompt.parts import Specials
from inference.sentence import said

CONFIG_NAME = "tokenizer_config.json"
_TEMPLATE_NAME = "chat_template.jinja"
TEMPLATE_LIMIT_BYTES = 256 * 2**10
_NAMED_TEMPLATES_LIMIT = 64


@dataclass(frozen=True)
class ConfigFiles:
    """What the files say. `adds_bos` None: they do not. `content` is tokenizer_config.json's."""

    bos_token: str
    eos_token: str
    eos_ids: tuple[int, ...]
    adds_bos: bool | None
    chat_template: str
    content: Mapping[str, Any]

    def specials(
        self, texts: Mapping[int, str], added: Sequence[AddedToken], adds_bos: bool
    ) -> Specials:
        """The ids with a meaning of their own; `adds_bos` holds where the files do not say."""
        by_text = {token.text: token.token_id for token in added}
        bos_id = by_text.get(self.bos_token)
        eos_id = by_text.get(self.eos_token)
        named = [n for n in (eos_id, *self.eos_ids) if n is not None and n in texts]
        ends = end_ids({token.token_id: token.text for token in added}, named)
        adds = adds_bos if self.adds_bos is None else self.adds_bos
        return Specials(bos_id, eos_id, ends, adds and bos_id is not None)


def read_config_files(folder: Path) -> ConfigFiles:
    """Read those that are there; raises TokenizerError."""
    path = folder / CONFIG_NAME
    config = read_object(path) if path.is_file() else {}
    adds_bos = config.get("add_bos_token")
    return ConfigFiles(
        bos_token=_token_name(config.get("bos_token")),
        eos_token=_token_name(config.get("eos_token")),
        eos_ids=read_generation_defaults(folder).eos_ids,
        adds_bos=adds_bos if isinstance(adds_bos, bool) else None,
        chat_template=_template(folder, config),
        content=config,
    )


def _token_name(value: object) -> str:
    """A token is named by its text, or by an object that holds it."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else ""


def _template(folder: Path, config: Mapping[str, Any]) -> str:
    """The default chat template, empty where there is none."""
    beside = folder / _TEMPLATE_NAME
    if beside.is_file():
        return read_bytes(beside, TEMPLATE_LIMIT_BYTES).decode("utf-8", "replace")
    value = config.get("chat_template")
    if isinstance(value, list):
        named = [entry for entry in value[:_NAMED_TEMPLATES_LIMIT] if isinstance(entry, dict)]
        value = next((e.get("template") for e in named if e.get("name") == "default"), None)
    template = value if isinstance(value, str) else ""
    if len(template) > TEMPLATE_LIMIT_BYTES:
        raise TokenizerError(
            said("{file} holds a chat template that is too long.", file=CONFIG_NAME)
        )
    return template
