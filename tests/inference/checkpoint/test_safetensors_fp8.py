"""V3's FP8 in safetensors: a weight and its scales are one tensor, or a sentence."""

import math
import struct

import pytest
import torch
from safetensors.torch import save_file

from inference.checkpoint.safetensors import SafetensorsModel
from inference.errors import CheckpointError
from kernels.schemes.fp8_e4m3_128 import FP8_E4M3_128

WEIGHT, SCALES = ("q.weight", "F8_E4M3", (130, 3)), ("q.weight_scale_inv", "F32", (2, 1))


@pytest.mark.parametrize("scale_dtype", [torch.float32, torch.bfloat16])
def test_values_are_codes_times_scales(tmp_path, scale_dtype):
    tensors, want = {"norm": torch.ones(4)}, {}
    for rows, columns in ((128, 128), (200, 130), (1, 300), (0, 128)):
        name = f"w{rows}.weight"
        codes = torch.randn(rows, columns).to(torch.float8_e4m3fn)
        scales = torch.rand(-(-rows // 128), -(-columns // 128)).to(scale_dtype)
        tensors |= {name: codes, f"{name}_scale_inv": scales}
        spread = scales.float().repeat_interleave(128, 0)[:rows].repeat_interleave(128, 1)
        want[name] = codes.float() * spread[:, :columns]
    save_file(tensors, tmp_path / "model.safetensors")
    with SafetensorsModel.open(tmp_path) as model:
        assert set(model.tensors) == {"norm", *want}
        for name, values in want.items():
            info, packed = model.tensors[name], model.packed(name)
            assert info.scheme == packed.scheme.name == "FP8_E4M3_128"
            assert info.shape == packed.shape == tuple(values.shape)
            assert torch.equal(packed.dequantize(), values)
            assert info.stored_bytes == (
                values.numel() + tensors[f"{name}_scale_inv"].numel() * scale_dtype.itemsize
            )
        cut = model.packed("w200.weight").rows(100, 140).rows(20, 35)
        assert torch.equal(cut.dequantize(), want["w200.weight"][120:135])
        assert model.packed("w128.weight").buffers["codes"].data_ptr() == (
            model.packed("w128.weight").buffers["codes"].data_ptr()
        )


def test_what_was_packed_here_comes_back_the_same(tmp_path):
    packed = FP8_E4M3_128.pack(torch.randn(300, 260))
    save_file(
        {
            "a.weight": packed.buffers["codes"].view(torch.float8_e4m3fn),
            "a.weight_scale_inv": packed.buffers["scales"],
        },
        tmp_path / "model.safetensors",
    )
    with SafetensorsModel.open(tmp_path) as model:
        assert torch.equal(model.packed("a.weight").dequantize(), packed.dequantize())


def test_weight_and_scales_may_lie_in_different_shards(raw_model):
    one, two = (f"model-0000{n}-of-00002.safetensors" for n in (1, 2))
    folder = raw_model(
        {one: [(*WEIGHT, b"\x38" * 390)], two: [(*SCALES, struct.pack("<2f", 2, 3))]},
        {"q.weight": one, "q.weight_scale_inv": two},
    )
    with SafetensorsModel.open(folder) as model:
        values = model.packed("q.weight").dequantize()
        assert values[:128].unique().tolist() == [2]
        assert values[128:].unique().tolist() == [3]


@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ([WEIGHT], r"q.weight: it is in F8_E4M3 and its scales \(scale_inv\) are missing"),
        ([SCALES], "q.weight_scale_inv: these scales belong to no weight"),
        (
            [("q.weight", "BF16", (130, 3)), SCALES],
            "q.weight_scale_inv: these scales belong to a weight in BF16",
        ),
        ([WEIGHT, (SCALES[0], "F16", (2, 1))], "these scales are in F16; expected F32, BF16"),
        ([WEIGHT, (SCALES[0], "F8_E4M3", (2, 1))], "these scales are in F8_E4M3; expected"),
        (
            [WEIGHT, (SCALES[0], "F32", (1, 1))],
            r"its shape is \[1, 1\]; a weight of \[130, 3\] asks for \[2, 1\]",
        ),
        ([WEIGHT, (SCALES[0], "F32", (2,))], r"its shape is \[2\]"),
        ([WEIGHT, (SCALES[0], "F32", ())], r"its shape is \[\]"),
        (
            [("q.weight", "F8_E4M3", (2, 3, 4)), SCALES],
            r"q.weight: FP8_E4M3_128 stores matrices, and \[2, 3, 4\] is none",
        ),
        ([("q.weight", "F8_E4M3", ()), SCALES], "stores matrices"),
    ],
    ids=range(10),
)
def test_what_is_not_a_pair_is_refused(safetensors_file, tensors, sentence):
    with pytest.raises(CheckpointError, match=sentence):
        SafetensorsModel.open(safetensors_file(tensors))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_scales_that_are_no_numbers_are_refused_when_used(safetensors_file, value):
    scales = (*SCALES, struct.pack("<2f", 1, value))
    with SafetensorsModel.open(safetensors_file([WEIGHT, scales])) as model:
        for _ in range(2):
            with pytest.raises(CheckpointError, match=r"q.weight_scale_inv: .* NaN or infinity"):
                model.packed("q.weight")


@pytest.mark.parametrize("lead", range(4))
def test_scales_at_odd_addresses_are_read(safetensors_file, lead):
    tensors = [("x", "F8_E5M2", (lead,)), (*WEIGHT, b"\x38" * 390)]
    path = safetensors_file([*tensors, (*SCALES, struct.pack("<2f", 2, 3))])
    with SafetensorsModel.open(path) as model:
        assert model.packed("q.weight").dequantize()[::128, 0].tolist() == [2, 3]
