"""The `quantization_config` of config.json: V3's FP8 is run, all else is refused by name.

For: `inference.loading`. What a tensor's bytes are is said by the files themselves
(`safetensors`); this is what only the configuration says.
"""

from __future__ import annotations

from inference.checkpoint.config_json import JsonConfig
from inference.errors import UnsupportedModelError
from inference.sentence import ours, said

_SECTION = "quantization_config"
_TILE = [128, 128]
# What says nothing about the weights' values: which modules were left as they are (their
# tensors show it), whether transformers dequantizes, and which float the scales were
# rounded to.
_READ = frozenset(
    (
        "quant_method", "fmt", "weight_block_size", "activation_scheme", "scale_fmt",
        "modules_to_not_convert", "ignored_layers", "dequantize",
    )
)  # fmt: skip


def check_quantization(config: JsonConfig) -> bool:
    """Whether weights are in V3's FP8; raises UnsupportedModelError for any other scheme."""
    found = config.section(_SECTION)
    if found is None:
        return False
    method = found.string("quant_method")
    if method != "fp8":
        raise _refusal(
            found, said("weights quantized with “{method}” do not run here", method=method)
        )
    for key, runs in (("fmt", "e4m3"), ("activation_scheme", "dynamic")):
        value = found.string(key, runs)
        if value != runs:
            raise _refusal(
                found,
                said(
                    "{key} “{value}” does not run here; {runs} does",
                    key=key,
                    value=value,
                    runs=runs,
                ),
            )
    if found.is_null("weight_block_size") or "weight_block_size" not in found.keys():  # noqa: SIM118
        raise _refusal(found, "FP8 without weight_block_size does not run here; [128, 128] does")
    block = found.integers("weight_block_size")
    if block != _TILE:
        raise _refusal(
            found,
            said(
                "weight_block_size {block} does not run here; {tile} does", block=block, tile=_TILE
            ),
        )
    unknown = sorted(found.keys() - _READ)
    if unknown:
        raise _refusal(
            found, said("the field {field} is not known to this program", field=unknown[0])
        )
    return True


def _refusal(found: JsonConfig, reason: str) -> UnsupportedModelError:
    return UnsupportedModelError(said("{found}: {reason}.", found=found.name, reason=ours(reason)))
