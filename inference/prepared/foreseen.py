"""What a model would consist of once it is prepared: from its configuration alone, or its files.

For: plans and predictions for models that nobody has fetched, and those that lie here as they
came. It holds no weight, and of a configuration it lists no expert one by one: 671 billion
parameters take milliseconds.
"""

from __future__ import annotations

from math import prod

from inference.checkpoint.base import TensorInfo
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.quantization_config import check_quantization
from inference.checkpoint.safetensors import SafetensorsModel
from inference.loading import OpenedModel
from inference.models import architecture_of
from inference.models.base import ModelSpec, Source
from inference.models.names import GGUF, slots
from inference.prepared.mixes import MIXES, chooser
from inference.prepared.opening import PreparedModel
from inference.prepared.recipe import Recipe, recipe_of

_PLAIN = "BF16"
_PLAIN_BYTES = 2
# V3's FP8: a byte a value, and a float32 scale for each tile.
_TILE, _SCALE_BYTES = 128, 4


def foreseen_spec(config: JsonConfig) -> ModelSpec:
    """The specification; raises CheckpointError and UnsupportedModelError by field."""
    return architecture_of(config).spec(config, Source({}, is_gguf=False))


def foreseen_recipe(spec: ModelSpec, mix: str) -> Recipe:
    """What preparing full precision or FP8 with a mix of `MIXES` makes of it."""
    # GGUF's names have one tensor for all experts of a layer.
    wanted = slots(spec, GGUF)
    plain = {s.file_name: TensorInfo(s.file_name, s.shape, _PLAIN, 0) for s in wanted.values()}
    return recipe_of(spec, wanted, plain, chooser(MIXES[mix], spec.tied_head))


def recipe_of_files(opened: OpenedModel, mix: str) -> Recipe:
    """Of a model that is here: a prepared one as it is, GGUF as its file has it, safetensors as
    the mix makes it. Raises PreparationError for what can't be prepared."""
    checkpoint = opened.checkpoint
    if isinstance(checkpoint, PreparedModel):
        return checkpoint.recipe
    quantizes = isinstance(checkpoint, SafetensorsModel)
    choose = chooser(MIXES[mix], opened.spec.tied_head) if quantizes else None
    return recipe_of(opened.spec, opened.slots, checkpoint.tensors, choose)


def foreseen_download_bytes(config: JsonConfig, spec: ModelSpec) -> int:
    """About what the maker's safetensors take: BF16, or FP8 where the configuration says so,
    with the layers of multi-token prediction, which are fetched and kept aside."""
    fp8 = check_quantization(config)
    sizes = {name: _file_bytes(name, slot.shape, fp8) for name, slot in slots(spec, GGUF).items()}
    last = f"layers.{len(spec.layers) - 1}."
    ordinary = sum(size for name, size in sizes.items() if name.startswith(last))
    hidden, vocab = spec.hidden_size, spec.vocab_size
    # Its own projection of two rows to one, and copies of embedding and head (names._MTP_OWN).
    own = _PLAIN_BYTES * (2 * hidden * hidden + 2 * vocab * hidden + 3 * hidden)
    # Not the specification's: where the field is missing it allows for one, which is no fact.
    mtp_layers = config.integer("num_nextn_predict_layers", 0)
    return sum(sizes.values()) + min(mtp_layers, spec.mtp_layers) * (ordinary + own)


def _file_bytes(name: str, shape: tuple[int, ...], fp8: bool) -> int:
    is_matrix = len(shape) > 1 and name.startswith("layers.") and "router" not in name
    if not (fp8 and is_matrix):
        return _PLAIN_BYTES * prod(shape)
    *stack, rows, columns = shape
    tiles = -(-rows // _TILE) * -(-columns // _TILE)
    return prod(stack) * (rows * columns + _SCALE_BYTES * tiles)
