"""A file that does not hold what its configuration says is refused by name."""

import gguf
import numpy as np
import pytest

from inference.errors import CheckpointError, UnsupportedModelError
from inference.loading import open_model
from inference.models.base import LinearScaling


def test_a_whole_model_opens_and_tells_what_it_is(tiny_llama):
    with open_model(tiny_llama(extra=lambda w: w.add_name("Tiny"))) as opened:
        assert opened.info.name == "Tiny"
        assert opened.info.architecture == "llama"
        assert opened.info.quantization == "F32"
        assert opened.info.num_layers == 3
        assert opened.info.vocab_size == 40
        assert opened.info.parameters == sum(
            np.prod(t.shape) for t in gguf.GGUFReader(opened.checkpoint.path).tensors
        )


def test_the_starter_model_is_known(starter_path):
    with open_model(starter_path) as opened:
        assert opened.info.quantization == "Q4_1"
        assert opened.info.parameters == 134_515_008
        assert opened.spec.tied_head
        assert opened.chat_template()


def missing(name):
    return lambda tensors: tensors.pop(name)


def added(name):
    return lambda tensors: tensors.update({name: np.zeros(3, np.float32)})


def reshaped(name):
    return lambda tensors: tensors.update({name: np.zeros((5, 5), np.float32)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (missing("blk.1.attn_v.weight"), "blk.1.attn_v.weight: this tensor is missing"),
        (missing("output_norm.weight"), "output_norm.weight: this tensor is missing"),
        (missing("token_embd.weight"), "token_embd.weight"),
        (
            added("blk.0.attn_sinks.weight"),
            "blk.0.attn_sinks.weight: the architecture has no place",
        ),
        (
            reshaped("blk.2.ffn_up.weight"),
            r"blk.2.ffn_up.weight: its shape is \[5, 5\]; the configuration asks for \[32, 24\]",
        ),
    ],
)
def test_a_wrong_tensor_is_named(tiny_llama, change, sentence):
    with pytest.raises(CheckpointError, match=sentence):
        open_model(tiny_llama(change=change))


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        (lambda w: w.add_expert_count(8), "llama.expert_count"),
        (lambda w: w.add_uint32("llama.attention.sliding_window", 512), "sliding_window"),
        (lambda w: w.add_string("llama.rope.scaling.type", "longrope"), "longrope"),
    ],
)
def test_a_field_that_is_not_honoured_is_refused_by_name(tiny_llama, extra, sentence):
    with pytest.raises(UnsupportedModelError, match=sentence):
        open_model(tiny_llama(extra=extra))


def with_factor(factor):
    def extra(writer):
        writer.add_string("llama.rope.scaling.type", "linear")
        writer.add_float32("llama.rope.scaling.factor", factor)

    return extra


def test_linear_rope_scaling_is_honoured(tiny_llama):
    with open_model(tiny_llama(extra=with_factor(4.0))) as opened:
        assert opened.spec.layers[0].attention.rope.scaling == LinearScaling(4.0)
    with pytest.raises(UnsupportedModelError, match="factor"):
        open_model(tiny_llama(extra=with_factor(0.0)))


@pytest.mark.parametrize(
    "changes",
    [{"heads": 0}, {"kv_heads": 3}, {"rope_dim": 5}, {"context": 0}, {"rope_dim": 8}],
    ids=str,
)
def test_impossible_shapes_are_refused(tiny_llama, changes):
    with pytest.raises((UnsupportedModelError, CheckpointError)):
        open_model(tiny_llama(**changes))


def test_value_heads_of_another_size_are_refused(tiny_llama):
    with pytest.raises(UnsupportedModelError, match="value_length: 7"):
        open_model(tiny_llama(value_dim=7))


def test_another_architecture_is_named(tmp_path):
    writer = gguf.GGUFWriter(str(tmp_path / "m.gguf"), "mamba")
    writer.add_tensor("x", np.zeros(3, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(UnsupportedModelError, match=r"“mamba”.*runs deepseek2, llama"):
        open_model(tmp_path / "m.gguf")
