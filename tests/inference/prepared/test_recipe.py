"""What a prepared model consists of, and quantizing what is not quantized yet."""

from dataclasses import replace

import pytest
import torch

from inference.errors import PreparationError
from inference.loading import open_model
from inference.prepared.manifest import read_manifest
from inference.prepared.pieces import pieces_of
from inference.prepared.preparing import Quantizing, Watch, prepare, quantizing_by
from inference.prepared.recipe import PAGE, recipe_of
from inference.prepared.verifying import verify
from kernels.schemes import SCHEMES
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, save_fp8, save_safetensors
from tests.inference.prepared.making import quantized_llama, same

WIDE = {
    "hidden_size": 64, "intermediate_size": 96, "moe_intermediate_size": 64, "q_lora_rank": 32,
    "kv_lora_rank": 32, "qk_nope_head_dim": 16, "qk_rope_head_dim": 16, "v_head_dim": 16,
}  # fmt: skip


class Fake:
    """Packs by the schemes' own simple rule, and notes what it was asked."""

    def __init__(self, by_name=lambda name: "Q8_0"):
        self._by_name = by_name
        self.asked = {}
        self.packed = []

    def mix_for(self, tied_head):
        self.tied_head = tied_head
        return self._mix

    def _mix(self, name, shape, layer, num_layers):
        self.asked[name] = (shape, layer, num_layers)
        return self._by_name(name)

    def quantize(self, values, scheme_name):
        assert values.dtype == torch.float32
        assert values.shape[1] % SCHEMES[scheme_name].block_elements == 0
        self.packed.append((tuple(values.shape), scheme_name))
        return SCHEMES[scheme_name].pack(values)

    def quantizing(self):
        return Quantizing("fake", self.mix_for, self.quantize)


def recipe_for(path, mix=None):
    with open_model(path) as opened:
        return recipe_of(opened.spec, opened.slots, opened.checkpoint.tensors, mix)


def test_pieces_are_every_byte_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("inference.prepared.pieces._PIECE_BYTES", 4_000)
    monkeypatch.setattr("inference.prepared.pieces._TASK_VALUES", 5_000)
    recipe = recipe_for(quantized_llama(tmp_path / "m.gguf", {"weight": "Q4_K"}))
    pieces = list(pieces_of(recipe))
    assert [p.start for p in pieces[1:]] == [p.stop for p in pieces[:-1]]
    assert pieces[0].start == 0
    assert pieces[-1].stop == recipe.stored_bytes
    assert all(output.stored_bytes % PAGE == 0 for output in recipe.outputs())
    assert sum(p.tensor == "embedding" for p in pieces) > 2
    tasks = [t for p in pieces if p.tensor == "embedding" for t in p.tasks]
    assert [(t.first, t.stop) for t in tasks] == [(i, i + 1) for i in range(5)]


def test_tensors_lie_in_the_order_of_reading(tmp_path):
    oracle = make_oracle(Case("deepseek_v3"))
    names = [o.name for o in recipe_for(save_gguf(oracle, tmp_path / "m.gguf", tmp_path)).outputs()]
    assert names[0] == "embedding"
    assert set(names[-2:]) == {"norm", "head"}
    layers = [int(name.split(".")[1]) for name in names if name.startswith("layers.")]
    assert layers == sorted(layers)
    experts = [name for name in names if ".experts." in name]
    assert experts == [f"layers.{i}.experts.{e}" for i in (1, 2) for e in range(8)]
    first = names.index("layers.1.experts.0")
    assert names[first : first + 8] == experts[:8]


def test_full_precision_is_quantized_by_a_mix(tmp_path):
    source = save_safetensors(make_oracle(Case("deepseek_v3", WIDE)), tmp_path / "model")
    fake = Fake(lambda name: "Q4_0" if ".experts." in name else "Q8_0")
    folder = prepare(source, tmp_path / "m", fake.quantizing())
    assert fake.tied_head is False
    assert fake.asked["layers.1.experts.0.down"] == ((64, 64), 1, 3)
    assert fake.asked["head"] == ((61, 64), None, 3)
    assert fake.asked["layers.0.kv_b.keys"] == ((4, 16, 32), 0, 3)
    assert not any("norm" in name or "router" in name for name in fake.asked)
    with open_model(source) as original, open_model(folder) as prepared:
        theirs, ours = original.tensors(), prepared.tensors()
        assert ours["layers.1.router.weight"].scheme.name == "F32_P16"
        assert ours["layers.1.experts.3.up"].scheme.name == "Q4_0_P16"
        for name, scheme in (
            ("layers.1.experts.3.up", "Q4_0"),
            ("layers.1.experts.7.down", "Q4_0"),
            ("layers.0.mlp.down.weight", "Q8_0"),
            ("embedding", "Q8_0"),
        ):
            want = SCHEMES[scheme].pack(theirs[name].dequantize()).dequantize()
            same(ours[name].dequantize(), want, name)
        same(
            ours["layers.1.router.weight"].dequantize(),
            theirs["layers.1.router.weight"].dequantize(),
            "",
        )
        whole = theirs["layers.2.kv_b.weight"].dequantize().view(4, 32, 32)
        keys = SCHEMES["Q8_0"].pack(whole[:, :16].contiguous()).dequantize()
        same(ours["layers.2.kv_b.keys"].dequantize(), keys, "kv_b")
    assert read_manifest(folder).mix == "fake"
    verify(folder)


def test_rows_that_are_not_whole_blocks_stay_as_they_are(tmp_path):
    source = save_safetensors(make_oracle(Case("llama")), tmp_path / "model")
    folder = prepare(source, tmp_path / "m", Fake(lambda name: "Q4_K").quantizing())
    with open_model(folder) as prepared:
        schemes = {name: t.scheme.name for name, t in prepared.tensors().items()}
    assert schemes["layers.0.q.weight"] == "F32_P16"


def test_fp8_is_quantized_and_never_carried(tmp_path):
    source = save_fp8(make_oracle(Case("deepseek_v3", WIDE)), tmp_path / "model")
    with pytest.raises(PreparationError, match="FP8_E4M3_128, which has to be quantized"):
        prepare(source, tmp_path / "m")
    assert not (tmp_path / "m.preparing").exists()
    folder = prepare(source, tmp_path / "m", Fake().quantizing())
    with open_model(source) as original, open_model(folder) as prepared:
        theirs, ours = original.tensors(), prepared.tensors()
        for name in ("layers.1.experts.3.up", "layers.0.kv_a.weight"):
            assert theirs[name].scheme.name == "FP8_E4M3_128"
            want = SCHEMES["Q8_0"].pack(theirs[name].dequantize()).dequantize()
            same(ours[name].dequantize(), want, name)


def test_a_mix_may_round_to_floats(tmp_path):
    source = save_safetensors(make_oracle(Case("llama")), tmp_path / "model")
    fake = Fake(lambda name: "BF16")
    folder = prepare(source, tmp_path / "m", fake.quantizing())
    assert not fake.packed
    with open_model(source) as original, open_model(folder) as prepared:
        want = original.tensors()["embedding"].dequantize().bfloat16().float()
        same(prepared.tensors()["embedding"].dequantize(), want, "embedding")


def test_gguf_keeps_its_schemes_whatever_the_mix(tmp_path):
    source = quantized_llama(tmp_path / "m.gguf", {"weight": "F16"})
    fake = Fake()
    folder = prepare(source, tmp_path / "m", fake.quantizing())
    assert not fake.asked
    assert read_manifest(folder).mix == ""
    assert set(read_manifest(folder).bytes_by_scheme) == {"F16_P16", "F32"}


def test_another_mix_starts_over(tmp_path):
    source = save_safetensors(make_oracle(Case("llama")), tmp_path / "model")
    seen = []
    watch = Watch(lambda p: seen.append(p) if "Laying" in p.step else None, lambda: len(seen) > 9)
    with pytest.raises(PreparationError):
        prepare(source, tmp_path / "m", Fake().quantizing(), watch)
    other = replace(Fake(lambda name: "Q4_0").quantizing(), name="other")
    folder = prepare(source, tmp_path / "m", other)
    assert set(read_manifest(folder).bytes_by_scheme) == {"Q4_0_P16", "F32"}
    verify(folder)


def test_a_mix_is_known_by_name():
    with pytest.raises(PreparationError, match=r"no mix “q99”: q4, "):
        quantizing_by("q99")
    assert quantizing_by("q8").name == "q8"
    assert quantizing_by("q8").mix_for(True)("embedding", (64, 64), None, 4) == "Q8_0"
