"""Reads `tokenizer.json`, and what lies beside it, into data. For `tokenizer`.

Keeps of the file only what plain BPE needs: added tokens are taken out of it and handled by
`added`; truncation, padding and post-processing are not ours. Everything is checked here, so
that the native library sees little that could upset it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.added import AddedToken
from inference.prompt.vocabulary import MERGES_LIMIT, TOKENS_LIMIT

FILE_LIMIT_BYTES = 64 * 2**20
ADDED_LIMIT = 20_000
TEMPLATE_LIMIT_BYTES = 256 * 2**10


@dataclass(frozen=True)
class TokenizerFiles:
    """What the files say; `plain` is a `tokenizer.json` with no added tokens in it."""

    plain: Mapping[str, Any]
    added: tuple[AddedToken, ...]
    bos_token: str
    eos_token: str
    eos_ids: tuple[int, ...]
    adds_bos: bool
    chat_template: str


def read_tokenizer_files(path: Path) -> TokenizerFiles:
    """Read `path`, a file or a folder; raises TokenizerError, UnsupportedModelError."""
    main = path / "tokenizer.json" if path.is_dir() else path
    top = _object(main)
    added = _added(main, top)
    outside = {token.text for token in added}
    config_path = main.parent / "tokenizer_config.json"
    config = _object(config_path) if config_path.is_file() else {}
    generation_path = main.parent / "generation_config.json"
    generation = _object(generation_path) if generation_path.is_file() else {}
    eos = generation.get("eos_token_id")
    eos_list = eos if isinstance(eos, list) else [eos]
    bos_token = _token_name(config.get("bos_token"))
    return TokenizerFiles(
        plain=_plain(main, top, outside),
        added=added,
        bos_token=bos_token,
        eos_token=_token_name(config.get("eos_token")),
        eos_ids=tuple(n for n in eos_list if type(n) is int and 0 <= n < TOKENS_LIMIT),
        adds_bos=_adds_bos(top, config, bos_token),
        chat_template=_template(main, config),
    )


def _object(path: Path) -> dict[str, Any]:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > FILE_LIMIT_BYTES:
            raise TokenizerError(
                f"{path.name} has {size_bytes:,} bytes; at most {FILE_LIMIT_BYTES:,} can be."
            )
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise TokenizerError(f"{path.name} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError):
        raise TokenizerError(f"{path.name} is damaged: it is not JSON.") from None
    if not isinstance(content, dict):
        raise TokenizerError(f"{path.name} is damaged: it is not an object.")
    return content


def _added(path: Path, top: Mapping[str, Any]) -> tuple[AddedToken, ...]:
    entries = top.get("added_tokens") or []
    if not isinstance(entries, list) or len(entries) > ADDED_LIMIT:
        raise TokenizerError(
            f"{path.name} has added tokens that are no list, or more than {ADDED_LIMIT:,}."
        )
    return tuple(_added_token(path, entry) for entry in entries)


def _added_token(path: Path, entry: object) -> AddedToken:
    if isinstance(entry, dict):
        token_id, text = entry.get("id"), entry.get("content")
        if type(token_id) is int and 0 <= token_id < TOKENS_LIMIT and isinstance(text, str):
            names = ("special", "normalized", "lstrip", "rstrip", "single_word")
            return AddedToken(token_id, text, **{name: bool(entry.get(name)) for name in names})
    raise TokenizerError(f"{path.name} is damaged: an added token has no text or no sound id.")


def _plain(path: Path, top: Mapping[str, Any], outside: set[str]) -> Mapping[str, Any]:
    model = top.get("model")
    if not isinstance(model, dict):
        raise TokenizerError(f"{path.name} is damaged: it holds no model.")
    kind = model.get("type", "BPE")
    if kind != "BPE" or not _is_byte_level(top.get("pre_tokenizer")):
        raise UnsupportedModelError(
            f"{path.name} holds a tokenizer of the kind “{kind}” that is not byte-level BPE; "
            "this version of Pitcher knows that kind alone."
        )
    vocabulary, merges = model.get("vocab"), model.get("merges")
    if not isinstance(vocabulary, dict) or not isinstance(merges, list):
        raise TokenizerError(f"{path.name} is damaged: its vocabulary or its merges are missing.")
    if len(vocabulary) > TOKENS_LIMIT or len(merges) > MERGES_LIMIT:
        raise TokenizerError(f"{path.name} has too large a vocabulary, or too many merges.")
    if not all(type(n) is int and 0 <= n < TOKENS_LIMIT for n in vocabulary.values()):
        raise TokenizerError(f"{path.name} is damaged: a token has no sound id.")
    kept = {text: token_id for text, token_id in vocabulary.items() if text not in outside}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": top.get("normalizer"),
        "pre_tokenizer": top.get("pre_tokenizer"),
        "post_processor": None,
        "decoder": None,
        # No token for what is unknown: it could be a control token. Bytes are never unknown.
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": model.get("continuing_subword_prefix"),
            "end_of_word_suffix": model.get("end_of_word_suffix"),
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": bool(model.get("ignore_merges", False)),
            "vocab": kept,
            "merges": [merge for merge in merges if not _touches(merge, outside)],
        },
    }


def _touches(merge: object, outside: set[str]) -> bool:
    """Whether a merge uses or makes an added token."""
    parts = merge.split(" ", 1) if isinstance(merge, str) else merge
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return False  # the library refuses it, and says so
    return any(part in outside for part in (*parts, "".join(parts)))


def _is_byte_level(pre_tokenizer: object) -> bool:
    if not isinstance(pre_tokenizer, dict):
        return False
    if pre_tokenizer.get("type") == "ByteLevel":
        return True
    steps = pre_tokenizer.get("pretokenizers")
    return isinstance(steps, list) and any(_is_byte_level(step) for step in steps[:64])


def _token_name(value: object) -> str:
    """A token is named by its text, or by an object that holds it."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else ""


def _adds_bos(top: Mapping[str, Any], config: Mapping[str, Any], bos_token: str) -> bool:
    if isinstance(config.get("add_bos_token"), bool):
        return bool(config["add_bos_token"])
    # Else the file's own post-processing says it: a template whose first part is the token.
    pending = [top.get("post_processor")]
    while pending:
        step = pending.pop()
        if not isinstance(step, dict):
            continue
        inner = step.get("processors")
        pending += inner[:64] if isinstance(inner, list) else []
        single = step.get("single")
        first = single[0] if isinstance(single, list) and single else None
        special = first.get("SpecialToken") if isinstance(first, dict) else None
        if bos_token and isinstance(special, dict) and special.get("id") == bos_token:
            return True
    return False


def _template(path: Path, config: Mapping[str, Any]) -> str:
    """The default chat template, empty where there is none."""
    beside = path.parent / "chat_template.jinja"
    if beside.is_file():
        if beside.stat().st_size > TEMPLATE_LIMIT_BYTES:
            raise TokenizerError(f"{beside.name} is too long for a chat template.")
        return beside.read_text(encoding="utf-8", errors="replace")
    value = config.get("chat_template")
    if isinstance(value, list):
        named = {e.get("name"): e.get("template") for e in value if isinstance(e, dict)}
        value = named.get("default")
    return value if isinstance(value, str) else ""
