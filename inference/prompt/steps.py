"""What a `tokenizer.json` does to text before BPE, checked and built. For `tokenizer_json`.

Only what byte-level BPE is made with is known: cutting by an expression (`patterns` says
which), by digits, GPT-2's way, and Unicode's normal forms. Nothing that lengthens text
(`Replace`, `Prepend`), so that no file can make a text grow without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokenizers import Regex, normalizers, pre_tokenizers

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.patterns import PATTERN_LIMIT_CHARACTERS, linear_pattern
from inference.sentence import said

_STEPS_LIMIT = 32
_DEPTH = 4
_BEHAVIORS = {
    "Isolated": "isolated",
    "Removed": "removed",
    "MergedWithPrevious": "merged_with_previous",
    "MergedWithNext": "merged_with_next",
    "Contiguous": "contiguous",
}
_FORMS = {form.__name__: form for form in (normalizers.NFC, normalizers.NFD)} | {
    form.__name__: form for form in (normalizers.NFKC, normalizers.NFKD)
}


def pre_tokenizer_of(file_name: str, spec: object) -> pre_tokenizers.PreTokenizer:
    """The library's object; raises TokenizerError, UnsupportedModelError."""
    steps = _flat(file_name, spec, "pretokenizers") if spec is not None else []
    if not any(step.get("type") == "ByteLevel" for step in steps):
        raise UnsupportedModelError(
            said(
                "{file} holds a tokenizer that is not byte-level; this version of "
                "Pitcher knows byte-level BPE alone.",
                file=file_name,
            )
        )
    return pre_tokenizers.Sequence([_cut(file_name, step) for step in steps])


def normalizer_of(file_name: str, spec: object) -> normalizers.Normalizer | None:
    """The library's object, None for none; raises TokenizerError, UnsupportedModelError."""
    forms = []
    for step in _flat(file_name, spec, "normalizers") if spec is not None else []:
        kind = step.get("type")
        if not isinstance(kind, str) or kind not in _FORMS:
            raise _unknown(file_name, said("normalizes text"), kind)
        forms.append(_FORMS[kind]())
    return normalizers.Sequence(forms) if forms else None


def _flat(file_name: str, spec: object, inner: str) -> list[Mapping[str, Any]]:
    """The steps in order, out of the sequences that hold them."""
    flat: list[Mapping[str, Any]] = []
    pending = [(spec, _DEPTH)]
    while pending:
        step, depth = pending.pop()
        if not isinstance(step, dict) or depth == 0:
            raise TokenizerError(
                said(
                    "{file} is damaged: its {inner} are not as they should be.",
                    file=file_name,
                    inner=inner,
                )
            )
        if step.get("type") != "Sequence":
            flat.append(step)
            continue
        steps = step.get(inner)
        if not isinstance(steps, list) or len(steps) + len(pending) + len(flat) > _STEPS_LIMIT:
            raise TokenizerError(
                said(
                    "{file} has {inner} that are no list, or too many.",
                    file=file_name,
                    inner=inner,
                )
            )
        pending += [(each, depth - 1) for each in reversed(steps)]
    return flat


def _cut(file_name: str, step: Mapping[str, Any]) -> pre_tokenizers.PreTokenizer:
    kind = step.get("type")
    if kind == "ByteLevel":
        return pre_tokenizers.ByteLevel(
            add_prefix_space=_flag(file_name, step, "add_prefix_space", True),
            use_regex=_flag(file_name, step, "use_regex", True),
        )
    if kind == "Digits":
        return pre_tokenizers.Digits(
            individual_digits=_flag(file_name, step, "individual_digits", False)
        )
    if kind != "Split":
        raise _unknown(file_name, said("cuts text"), kind)
    behavior = step.get("behavior")
    if not isinstance(behavior, str) or behavior not in _BEHAVIORS:
        raise _unknown(file_name, said("cuts text"), behavior)
    return pre_tokenizers.Split(
        _pattern(file_name, step.get("pattern")),
        behavior=_BEHAVIORS[behavior],
        invert=_flag(file_name, step, "invert", False),
    )


def _pattern(file_name: str, pattern: object) -> Regex | str:
    if isinstance(pattern, dict) and len(pattern) == 1:
        expression, text = pattern.get("Regex"), pattern.get("String")
        if isinstance(expression, str):
            return Regex(linear_pattern(expression))
        if isinstance(text, str) and 0 < len(text) <= PATTERN_LIMIT_CHARACTERS:
            return text
    raise TokenizerError(said("{file} is damaged: it cuts text by something odd.", file=file_name))


def _flag(file_name: str, step: Mapping[str, Any], name: str, default: bool) -> bool:
    value = step.get(name, default)
    if not isinstance(value, bool):
        raise TokenizerError(
            said(
                "{file} is damaged: “{name}” is neither true nor false.",
                file=file_name,
                name=name,
            )
        )
    return value


def _unknown(file_name: str, does: str, kind: object) -> UnsupportedModelError:
    shown = kind[:60] if isinstance(kind, str) else type(kind).__name__
    return UnsupportedModelError(
        said(
            "{file} {does} in a way that this version of Pitcher does not know: “{shown}”.",
            file=file_name,
            does=does,
            shown=shown,
        )
    )
