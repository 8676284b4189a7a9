"""Reading a configuration so that no field is passed over in silence.

For: architecture files. Every field that is read is remembered; `finish` refuses the
first one that nobody read, by name. Values are held against bounds before anything is
built on them.
"""

from __future__ import annotations

from collections.abc import Collection

from inference.errors import UnsupportedModelError
from inference.models.base import Configuration
from inference.sentence import ours, said

# What says nothing about the arithmetic: who wrote the file and with what, how it was
# trained, which tokens have a meaning (the tokenizer's files say that), how it was stored.
_NOT_ARITHMETIC = frozenset(
    (
        "architectures", "auto_map", "model_type", "torch_dtype", "dtype",
        "transformers_version", "_name_or_path", "initializer_range", "use_cache",
        "pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id", "sep_token_id",
        "tokenizer_class", "prefix", "task_specific_params", "id2label", "label2id",
        "num_labels", "attention_dropout", "resid_pdrop", "embd_pdrop", "dropout",
        "hidden_dropout", "pretraining_tp", "ep_size", "aux_loss_alpha", "seq_aux",
        "router_aux_loss_coef", "output_router_logits", "output_attentions",
        "output_hidden_states", "return_dict", "torchscript", "use_bfloat16", "is_decoder",
        "is_encoder_decoder", "cross_attention_hidden_size", "add_cross_attention",
        "tie_encoder_decoder", "pruned_heads", "chunk_size_feed_forward", "problem_type",
        "finetuning_task", "gradient_checkpointing", "quantization_config", "unsloth_fixed",
        "unsloth_version", "is_llama_config", "transformers.js_config", "attn_implementation",
        "_attn_implementation_autoset", "experts_implementation", "router_jitter_noise",
    )
)  # fmt: skip


class Fields:
    """One configuration, read field by field."""

    def __init__(self, config: Configuration, where: str = "") -> None:
        self._config = config
        self._where = where
        self._read: set[str] = set(_NOT_ARITHMETIC)

    def has(self, key: str) -> bool:
        """Whether the field is there and says something."""
        self._read.add(key)
        return key in self._config.keys() and not self._config.is_null(key)  # noqa: SIM118

    def integer(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """An integer within [least, most]; without a default it must be there."""
        self._read.add(key)
        value = self._config.integer(key, default)
        if not least <= value <= most:
            raise self._refusal(key, value, said("{least:,} to {most:,}", least=least, most=most))
        return value

    def optional_integer(self, key: str, least: int, most: int) -> int | None:
        """None where it is missing or null."""
        return self.integer(key, least, most) if self.has(key) else None

    def nullable_integer(self, key: str, least: int, most: int) -> int | None:
        """None where it is null; missing is an error, as its default differs between programs."""
        self._read.add(key)
        return None if self._config.is_null(key) else self.integer(key, least, most)

    def number(self, key: str, least: float, most: float, default: float | None = None) -> float:
        """A number within [least, most]."""
        self._read.add(key)
        value = self._config.number(key, default)
        if not least <= value <= most:
            raise self._refusal(key, value, said("{least:g} to {most:g}", least=least, most=most))
        return value

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A truth value."""
        self._read.add(key)
        return self._config.boolean(key, default)

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        self._read.add(key)
        value = self._config.string(key, default)
        if value not in allowed:
            raise self._refusal(key, said("“{value}”", value=value), ", ".join(sorted(allowed)))
        return value

    def strings(self, key: str) -> list[str] | None:
        """A list of strings; None where it is missing or null."""
        return list(self._config.strings(key)) if self.has(key) else None

    def integers(self, key: str) -> list[int] | None:
        """A list of integers; None where it is missing or null."""
        return list(self._config.integers(key)) if self.has(key) else None

    def section(self, key: str) -> Fields | None:
        """A nested configuration; None where it is missing or null."""
        self._read.add(key)
        nested = self._config.section(key)
        return None if nested is None else Fields(nested, f"{key}.")

    def only(self, key: str, allowed: str | int | float | bool) -> None:
        """A field that may be missing, or say just this; another value changes the arithmetic."""
        if not self.has(key):
            return
        value: object
        match allowed:
            case bool():
                value = self._config.boolean(key)
            case str():
                value = self._config.string(key)
            case int():
                value = self._config.integer(key)
            case _:
                value = self._config.number(key)
        if value != allowed:
            raise self._refusal(key, value, str(allowed))

    def skip(self, *keys: str) -> None:
        """Fields that the architecture's own makers do not use either."""
        self._read.update(keys)

    def finish(self) -> None:
        """Raises UnsupportedModelError for a field that nobody read."""
        unread = sorted(self._config.keys() - self._read)
        if unread:
            raise UnsupportedModelError(
                said(
                    "The configuration's field {where}{field} is not known to this program, so "
                    "the model might run wrong. It was not loaded.",
                    where=self._where,
                    field=unread[0],
                )
            )

    def refuse(self, key: str, reason: str) -> UnsupportedModelError:
        """The error for a field whose value does not run."""
        return UnsupportedModelError(
            said(
                "The configuration's field {where}{key}: {reason}.",
                where=self._where,
                key=key,
                reason=ours(reason),
            )
        )

    def _refusal(self, key: str, value: object, runs: str) -> UnsupportedModelError:
        return self.refuse(
            key, said("{value} does not run here; this program runs {runs}", value=value, runs=runs)
        )
