"""The models that speed is measured on: right in their format, the mix and the sizes."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
from gguf.quants import dequantize

from benchmarks import random_blocks, shapes
from inference.loading import open_model

SMALL = {"hidden": 256, "dense_width": 512, "vocab": 300, "heads": 2, "latent": 64}


@pytest.fixture(autouse=True)
def small_pools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_blocks, "POOL_BYTES", 1 << 20)


def small(name: str) -> shapes.Shape:
    """A shape of the same structure that is written at once."""
    shape = replace(shapes.SHAPES[name], layers=4, experts=16, expert_width=96, **SMALL)
    return replace(shape, query_latent=32 if shape.query_latent else 0)


@pytest.mark.parametrize("name", ["v2lite", "v3mini"])
def test_our_loader_takes_the_file_and_finds_every_tensor(name: str, tmp_path: Path) -> None:
    shape = small(name)
    shapes.write(shape, tmp_path / "model.gguf")
    with open_model(tmp_path / "model.gguf") as opened:
        assert opened.info.num_layers == 4
        assert opened.info.vocab_size == 300
        assert set(opened.checkpoint.tensors) == {plan.name for plan in shapes.tensors(shape)}
        assert opened.tokenizer().eos_ids == (299,)
    assert list(tmp_path.iterdir()) == [tmp_path / "model.gguf"]


@pytest.mark.parametrize("name", ["v2lite", "v3mini"])
def test_weights_are_finite_and_neither_vanish_nor_blow_up(name: str, tmp_path: Path) -> None:
    shapes.write(small(name), tmp_path / "model.gguf")
    for tensor in gguf.GGUFReader(tmp_path / "model.gguf").tensors:
        if len(tensor.shape) == 1:
            continue
        values = dequantize(tensor.data, tensor.tensor_type)
        assert np.isfinite(values).all()
        assert abs(values.mean()) < 0.2 * values.std()
        assert 0.005 < values.std() < 0.07


def test_the_same_shape_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shapes.write(small("v3mini"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_sizes_and_mix_of_v2_lite() -> None:
    plans = list(shapes.tensors(shapes.V2_LITE))
    assert sum(plan.size_bytes for plan in plans) == 10_363_959_296
    assert sum(int(np.prod(plan.dims)) for plan in plans) == 15_706_484_224
    # 1408 is no multiple of 256: a third of the down projections fall back to eight bits.
    down = Counter(plan.scheme.name for plan in plans if "ffn_down_exps" in plan.name)
    assert down == {"Q5_0": 14, "Q8_0": 12}


def test_sizes_of_v3_mini() -> None:
    plans = list(shapes.tensors(shapes.V3_MINI))
    assert sum(plan.size_bytes for plan in plans) == 2_065_549_312
    assert sum(int(np.prod(plan.dims)) for plan in plans) == 3_409_442_816


def test_six_bits_go_to_the_first_and_last_eighth_and_every_third_between() -> None:
    assert [layer for layer in range(16) if shapes.six_bit_layer(layer, 16)] == [
        *(0, 1),
        *(4, 7, 10, 13),
        *(14, 15),
    ]


def test_byte_letters_are_those_of_byte_level_bpe() -> None:
    letters = shapes.byte_letters()
    assert len(set(letters)) == 256
    assert (letters[ord("A")], letters[ord(" ")], letters[0]) == ("A", "Ġ", "Ā")


def test_the_cut_does_the_work_of_twelve_of_its_layers() -> None:
    cut = {plan.name: plan for plan in shapes.tensors(shapes.V2_LITE_12)}
    whole = {plan.name: plan for plan in shapes.tensors(shapes.V2_LITE)}
    for name in cut.keys() & whole.keys():
        assert cut[name].dims == whole[name].dims
    two = sum(int(np.prod(cut[f"blk.3.attn_q_{part}.weight"].dims)) for part in "ab")
    assert two / int(np.prod(whole["blk.3.attn_q.weight"].dims)) == pytest.approx(1.04, abs=0.01)
