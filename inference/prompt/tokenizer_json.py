"""A tokenizer out of `tokenizer.json` and what lies beside it. For `tokenizer`.

Everything is checked here and rebuilt from what was checked, so that the native library never
reads the file itself. Truncation, padding and post-processing are not ours; added tokens are
handled by `added`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.added import ADDED_LIMIT, AddedToken, check_added
from inference.prompt.config_files import ConfigFiles, read_config_files
from inference.prompt.json_file import read_object
from inference.prompt.library import native_faults
from inference.prompt.parts import TokenizerParts, byte_level_bpe
from inference.prompt.steps import normalizer_of, pre_tokenizer_of
from inference.prompt.vocabulary import MERGES_LIMIT, TOKENS_LIMIT
from inference.sentence import said

NAME = "tokenizer.json"
_FLAGS = ("special", "normalized", "lstrip", "rstrip", "single_word")


def tokenizer_json_parts(path: Path) -> TokenizerParts:
    """Read and build it; raises TokenizerError, UnsupportedModelError."""
    top = read_object(path)
    added = _added(path.name, top.get("added_tokens"))
    outside = {token.text: token.token_id for token in added}
    model = _model(path.name, top.get("model"))
    ids = _vocabulary(path.name, model, outside)
    merges = _merges(path.name, model, outside)
    config = read_config_files(path.parent)
    with native_faults(said("{file}: building the tokenizer", file=path.name)):
        plain = byte_level_bpe(
            ids,
            merges,
            pre_tokenizer_of(path.name, top.get("pre_tokenizer")),
            normalizer=normalizer_of(path.name, top.get("normalizer")),
            ignore_merges=model.get("ignore_merges") is True,
        )
    texts = {token_id: text for text, token_id in ids.items()}
    texts.update({token.token_id: token.text for token in added})
    return TokenizerParts(
        plain=plain,
        texts=texts,
        added=added,
        specials=config.specials(texts, added, _names_bos_first(top, config)),
        hidden_ids=frozenset(token.token_id for token in added if token.special),
        chat_template=config.chat_template,
    )


def _added(name: str, entries: object) -> tuple[AddedToken, ...]:
    if entries is None:
        return ()
    if not isinstance(entries, list) or len(entries) > ADDED_LIMIT:
        raise TokenizerError(
            said(
                "{file} has added tokens that are no list, or more than {added_limit:,}.",
                file=name,
                added_limit=ADDED_LIMIT,
            )
        )
    added = tuple(
        added_token(name, entry.get("id") if isinstance(entry, dict) else None, entry)
        for entry in entries
    )
    check_distinct(name, added)
    return added


def added_token(name: str, token_id: object, entry: object) -> AddedToken:
    """One entry of a file; raises TokenizerError."""
    if isinstance(entry, dict) and type(token_id) is int and 0 <= token_id < TOKENS_LIMIT:
        text = entry.get("content")
        flags = {flag: entry.get(flag, False) for flag in _FLAGS}
        if isinstance(text, str) and text.strip() and set(map(type, flags.values())) == {bool}:
            return AddedToken(token_id, text, **flags)
    raise TokenizerError(
        said("{file} is damaged: an added token has no sound text, id or flags.", file=name)
    )


def check_distinct(name: str, added: tuple[AddedToken, ...]) -> None:
    """Refuse two of one text or one id, and more than can be found fast."""
    check_added(name, added)
    for kind, values in (
        (said("text"), [token.text for token in added]),
        (said("id"), [token.token_id for token in added]),
    ):
        if len(set(values)) < len(added):
            raise TokenizerError(
                said(
                    "{file} is damaged: two added tokens have the same {kind}.",
                    file=name,
                    kind=kind,
                )
            )


def _model(name: str, model: object) -> Mapping[str, Any]:
    if not isinstance(model, dict):
        raise TokenizerError(said("{file} is damaged: it holds no model.", file=name))
    kind = model.get("type", "BPE")
    if kind != "BPE":
        raise UnsupportedModelError(
            said(
                "{file} holds a tokenizer of the kind “{kind}”; this version of Pitcher "
                "knows byte-level BPE alone.",
                file=name,
                kind=str(kind)[:40],
            )
        )
    for option in ("continuing_subword_prefix", "end_of_word_suffix", "dropout"):
        if model.get(option):
            raise UnsupportedModelError(
                said(
                    "{file} uses “{option}”, which this version of Pitcher does not know.",
                    file=name,
                    option=option,
                )
            )
    return model


def _vocabulary(name: str, model: Mapping[str, Any], outside: Mapping[str, int]) -> dict[str, int]:
    """Text → id of all that BPE may give: no text and no id of an added token."""
    vocabulary = model.get("vocab")
    if not isinstance(vocabulary, dict) or len(vocabulary) > TOKENS_LIMIT:
        raise TokenizerError(
            said("{file} is damaged: its vocabulary is missing or too large.", file=name)
        )
    if not all(type(n) is int and 0 <= n < TOKENS_LIMIT for n in vocabulary.values()):
        raise TokenizerError(said("{file} is damaged: a token has no sound id.", file=name))
    kept = {text: token_id for text, token_id in vocabulary.items() if text not in outside}
    ids = set(kept.values())
    if len(ids) < len(kept) or not ids.isdisjoint(outside.values()):
        raise TokenizerError(said("{file} is damaged: two tokens have the same id.", file=name))
    if any(vocabulary.get(text, token_id) != token_id for text, token_id in outside.items()):
        raise TokenizerError(said("{file} is damaged: an added token has two ids.", file=name))
    return kept


def _merges(
    name: str, model: Mapping[str, Any], outside: Mapping[str, int]
) -> list[tuple[str, str]]:
    """In order, without those that use or make an added token."""
    merges = model.get("merges")
    if not isinstance(merges, list) or len(merges) > MERGES_LIMIT:
        raise TokenizerError(
            said("{file} is damaged: its merges are missing or too many.", file=name)
        )
    kept = []
    for merge in merges:
        parts = merge.split(" ") if isinstance(merge, str) else merge
        if not (
            isinstance(parts, list)
            and len(parts) == 2
            and isinstance(parts[0], str)
            and isinstance(parts[1], str)
        ):
            raise TokenizerError(
                said("{file} is damaged: a merge is not of two tokens.", file=name)
            )
        left, right = parts
        if left not in outside and right not in outside and left + right not in outside:
            kept.append((left, right))
    return kept


def _names_bos_first(top: Mapping[str, Any], config: ConfigFiles) -> bool:
    """Whether the file's post-processing puts the BOS token first: a template says so."""
    pending = [top.get("post_processor")]
    for _ in range(256):
        if not pending:
            break
        step = pending.pop()
        if not isinstance(step, dict):
            continue
        inner = step.get("processors")
        pending += inner[:64] if isinstance(inner, list) else []
        single = step.get("single")
        first = single[0] if isinstance(single, list) and single else None
        special = first.get("SpecialToken") if isinstance(first, dict) else None
        if config.bos_token and isinstance(special, dict) and special.get("id") == config.bos_token:
            return True
    return False
