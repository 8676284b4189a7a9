"""A tokenizer out of `tiktoken.model` (Moonlight, Kimi). For `tokenizer`.

The file is lines of a token in base64 and its rank, which is its id as well. How text is cut
stands in program code beside it, which is never run: this module knows the one rule that
Moonshot's models share. Tokens outside BPE are named in tokenizer_config.json.

tiktoken joins the two neighbours whose joined text has the lowest rank, again and again; the
library joins by a list of pairs. So the list is every pair whose joined text is a token, in
the order of that token's rank.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from inference.errors import TokenizerError
from inference.prompt.added import ADDED_LIMIT, AddedToken
from inference.prompt.config_files import CONFIG_NAME, read_config_files
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.json_file import read_bytes
from inference.prompt.library import native_faults
from inference.prompt.parts import TokenizerParts, byte_level_bpe
from inference.prompt.pretokenizers import rule_named
from inference.prompt.tokenizer_json import added_token, check_distinct
from inference.sentence import said

NAME = "tiktoken.model"
_RULE = "kimi-k2"
# Kimi's has 163,584 tokens in 2.8 MB, the longest of 128 bytes.
_FILE_LIMIT_BYTES = 16 * 2**20
_TOKENS_LIMIT = 400_000
_TOKEN_LIMIT_BYTES = 512
_MERGES_LIMIT = 2_000_000
_RESERVED_IDS = 256  # what Moonshot's models keep behind the ranks
_LINE = re.compile(rb"([A-Za-z0-9+/]+={0,2}) ([0-9]{1,7})")
_CHARACTERS = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}


def tiktoken_parts(path: Path) -> TokenizerParts:
    """Read and build it; raises TokenizerError."""
    ids = _ids(path)
    config = read_config_files(path.parent)
    named = _named(config.content.get("added_tokens_decoder"))
    added = (*named, *_reserved(named, len(ids)))
    check_distinct(CONFIG_NAME, added)
    texts = {token_id: text for text, token_id in ids.items()}
    if not texts.keys().isdisjoint(token.token_id for token in added):
        raise TokenizerError(
            said(
                "{config} names a token that {file} has too.",
                config=CONFIG_NAME,
                file=path.name,
            )
        )
    rule = rule_named(_RULE)
    with native_faults(said("{file}: building the tokenizer", file=path.name)):
        plain = byte_level_bpe(
            ids, _merges(path.name, ids), rule.pre_tokenizer(), ignore_merges=rule.ignore_merges
        )
    texts.update({token.token_id: token.text for token in added})
    return TokenizerParts(
        plain=plain,
        texts=texts,
        added=added,
        specials=config.specials(texts, added, adds_bos=False),
        hidden_ids=frozenset(token.token_id for token in added if token.special),
        chat_template=config.chat_template,
    )


def _ids(path: Path) -> dict[str, int]:
    """Token, its bytes written as characters → rank."""
    lines = read_bytes(path, _FILE_LIMIT_BYTES).split(b"\n", _TOKENS_LIMIT + 1)
    if len(lines) > _TOKENS_LIMIT:
        raise TokenizerError(
            said(
                "{file} has more than {tokens_limit:,} tokens.",
                file=path.name,
                tokens_limit=_TOKENS_LIMIT,
            )
        )
    ids: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip())
        try:
            token = base64.b64decode(match[1], validate=True) if match else b""
        except binascii.Error:
            token = b""
        if match is None or not 0 < len(token) <= _TOKEN_LIMIT_BYTES:
            raise TokenizerError(
                said("{file} is damaged in line {number}.", file=path.name, number=number)
            )
        ids[token.decode("latin-1").translate(_CHARACTERS)] = int(match[2])
    # As tiktoken has it: each rank once, none left out, and every byte among them.
    if sorted(ids.values()) != list(range(sum(1 for line in lines if line.strip()))):
        raise TokenizerError(
            said("{file} is damaged: a token or a rank is there twice.", file=path.name)
        )
    if any(character not in ids for character in BYTE_OF_CHARACTER):
        raise TokenizerError(
            said("{file} is damaged: it lacks tokens of one byte.", file=path.name)
        )
    return ids


def _merges(name: str, ids: Mapping[str, int]) -> list[tuple[str, str]]:
    pairs = (
        (token[:cut], token[cut:])
        for token in sorted(ids, key=ids.__getitem__)
        for cut in range(1, len(token))
        if token[:cut] in ids and token[cut:] in ids
    )
    merges = list(islice(pairs, _MERGES_LIMIT + 1))
    if len(merges) > _MERGES_LIMIT:
        raise TokenizerError(
            said("The tokens of {name} can be made in far too many ways.", name=name)
        )
    return merges


def _named(entries: object) -> tuple[AddedToken, ...]:
    """What `added_tokens_decoder` says: id, as text → token."""
    if entries is None:
        return ()
    if not isinstance(entries, dict) or len(entries) > ADDED_LIMIT:
        raise TokenizerError(
            said(
                "{config} has added tokens that are no object, or too many.",
                config=CONFIG_NAME,
            )
        )
    return tuple(
        added_token(CONFIG_NAME, int(key) if re.fullmatch("[0-9]{1,7}", key) else None, entry)
        for key, entry in entries.items()
    )


def _reserved(named: tuple[AddedToken, ...], ranks: int) -> list[AddedToken]:
    """The ids behind the ranks that have no name of their own, as the makers call them."""
    taken = {token.token_id for token in named}
    ids = range(ranks, ranks + _RESERVED_IDS)
    return [AddedToken(n, f"<|reserved_token_{n}|>") for n in ids if n not in taken]
