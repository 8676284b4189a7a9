"""A prepared model holds its original's values, all of them, and gives its logits."""

import pytest
import torch

from inference.loading import open_model
from inference.prepared.preparing import prepare
from inference.prepared.recipe import PAGE
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import LLAMA3, YARN, Case, make_oracle, save_safetensors, some_tokens
from tests.inference.prepared.making import assert_lossless, quantized_llama, reference_logits

pytestmark = pytest.mark.timeout(300)

V3 = {"n_group": 4, "topk_group": 2, "rope_scaling": {**YARN, "mscale": 1, "mscale_all_dim": 1}}
RAGGED = {
    "n_shared_experts": 2, "first_k_dense_replace": 0, "hidden_size": 35, "v_head_dim": 7,
    "moe_intermediate_size": 13, "qk_nope_head_dim": 5, "kv_lora_rank": 19, "q_lora_rank": 11,
}  # fmt: skip
GGUF_CASES = [
    (Case("deepseek_v3", V3), "Q8_0", True),
    (Case("deepseek_v3", V3), "Q8_0", False),
    (Case("deepseek_v3", RAGGED), "F32", True),
    (Case("deepseek_v3", RAGGED), "F32", False),
    (Case("deepseek_v2", {"q_lora_rank": None, "n_shared_experts": 2}), "Q4_0", False),
    (Case("glm4_moe_lite"), "F32", True),
    (Case("llama", {"num_key_value_heads": 2, "rope_scaling": LLAMA3}), "Q8_0", True),
    (Case("llama", {"tie_word_embeddings": True, "attention_bias": True, "mlp_bias": True}),
     "Q4_0", True),
    (Case("qwen2", {"num_key_value_heads": 2, "rope_scaling": YARN}), "Q8_0", True),
    (Case("qwen3", {"num_key_value_heads": 2, "head_dim": 10}), "F32", True),
    (Case("qwen3_moe", {"norm_topk_prob": True, "head_dim": 8}), "Q8_0", True),
]  # fmt: skip
SAFETENSORS_CASES = [
    Case("deepseek_v3", RAGGED),
    Case("deepseek_v2", {"mlp_bias": True, "n_shared_experts": 0}),
    Case("qwen3_moe", {"decoder_sparse_step": 2, "mlp_only_layers": [1]}),
    Case("llama", {"tie_word_embeddings": True}),
]
MIXES = [
    {"weight": "Q4_K"},
    {"ffn_down.weight": "Q6_K", "token_embd.weight": "Q6_K", "weight": "Q5_K"},
    {"attn_k.weight": "Q5_1", "attn_v.weight": "Q8_0", "ffn_up.weight": "Q4_1", "weight": "Q5_0"},
    {"attn_k.weight": "Q2_K", "ffn_up.weight": "IQ2_XXS", "ffn_gate.weight": "IQ3_S",
     "weight": "IQ4_XS"},
    {"attn_q.weight": "MXFP4", "ffn_up.weight": "IQ4_NL", "weight": "Q3_K"},
    {"attn_q.weight": "BF16", "weight": "F16"},
]  # fmt: skip


def assert_same_logits(source, folder, tokens):
    want, got = reference_logits(source, tokens), reference_logits(folder, tokens)
    assert want.isfinite().all()
    torch.testing.assert_close(got, want, rtol=0, atol=float(want.abs().max()) * 2e-6)


@pytest.mark.parametrize(("case", "scheme", "split"), GGUF_CASES, ids=str)
def test_gguf_is_prepared_without_loss(case, scheme, split, tmp_path):
    source = save_gguf(make_oracle(case), tmp_path / "m.gguf", tmp_path, scheme, split)
    folder = prepare(source, tmp_path / "prepared")
    assert_lossless(source, folder)
    assert_same_logits(source, folder, some_tokens(case))


def test_gguf_in_parts_is_prepared_without_loss(tmp_path):
    oracle = make_oracle(Case("deepseek_v3", V3))
    save_gguf(oracle, tmp_path / "m.gguf", tmp_path, "Q8_0", split_tensors=20)
    parts = sorted(tmp_path.glob("m-*.gguf"))
    assert len(parts) > 2
    folder = prepare(parts[1], tmp_path / "prepared")
    assert_lossless(parts[0], folder)
    assert len(list(folder.glob("source-header-*.gguf"))) == len(parts)


@pytest.mark.parametrize("case", SAFETENSORS_CASES, ids=str)
def test_floats_are_prepared_without_loss(case, tmp_path):
    source = save_safetensors(make_oracle(case), tmp_path / "model", shard_size="40KB")
    folder = prepare(source, tmp_path / "prepared")
    assert_lossless(source, folder)
    assert_same_logits(source, folder, some_tokens(case))


@pytest.mark.parametrize("mix", MIXES, ids=lambda mix: "-".join(mix.values()))
def test_every_scheme_runs_prepared(mix, tmp_path):
    source = quantized_llama(tmp_path / "m.gguf", mix)
    folder = prepare(source, tmp_path / "prepared")
    assert_lossless(source, folder)
    assert_same_logits(source, folder, [3, 1, 4, 1, 5, 9, 2, 6, 60, 5, 3])


def test_a_tied_head_is_stored_once(tmp_path):
    source = quantized_llama(tmp_path / "m.gguf", {"weight": "Q4_K"}, tied=True)
    folder = prepare(source, tmp_path / "prepared")
    with open_model(folder) as opened:
        assert opened.spec.tied_head
        assert "head" not in opened.tensors()
    assert_same_logits(source, folder, [5, 8, 13])


def test_one_read_brings_an_expert(tmp_path):
    source = save_gguf(make_oracle(Case("deepseek_v3", V3)), tmp_path / "m.gguf", tmp_path, "Q8_0")
    folder = prepare(source, tmp_path / "prepared")
    with open_model(folder) as opened:
        checkpoint, tensors = opened.checkpoint, opened.tensors()
        record = checkpoint.record("layers.1.experts.5")
        assert record.numel() % PAGE == 0
        base = checkpoint.record("embedding").untyped_storage().data_ptr()
        assert (record.data_ptr() - base) % PAGE == 0
        gate, up, down = (tensors[f"layers.1.experts.5.{part}"] for part in ("gate", "up", "down"))
        panel = gate.scheme.panel_bytes(gate.shape[1])
        # Gate and up panel by panel, then down.
        assert gate.buffers["panels"].data_ptr() == record.data_ptr()
        assert up.buffers["panels"].data_ptr() == record.data_ptr() + panel
        assert gate.buffers["panels"].stride() == (2 * panel, 1)
        behind = 2 * panel * gate.buffers["panels"].shape[0]
        assert down.buffers["panels"].data_ptr() == record.data_ptr() + behind
        end = behind + down.stored_bytes
        assert not record[end:].any()


def test_a_prepared_model_tells_what_its_original_told(tmp_path):
    source = quantized_llama(tmp_path / "m.gguf", {"weight": "Q6_K"}, name="Someone's model")
    folder = prepare(source, tmp_path / "prepared")
    with open_model(source) as original, open_model(folder) as prepared:
        assert prepared.info.name == "Someone's model"
        assert prepared.info.parameters == original.info.parameters
        assert prepared.info.quantization == "Q6_K_P16"
        assert prepared.info.licence == original.info.licence
        assert prepared.chat_template() == original.chat_template()
        assert prepared.beside.tokenizer_kind == original.beside.tokenizer_kind
        assert prepared.recommended() == original.recommended()
        stored = sum(prepared.stored_bytes().values())
        assert stored <= prepared.info.file_bytes


def test_the_starter_model_talks_prepared(starter_path, tmp_path):
    folder = prepare(starter_path, tmp_path / "prepared")
    with open_model(starter_path) as original, open_model(folder) as prepared:
        text = "Tell me of <|im_start|> and 123 cats."
        want = original.tokenizer().encode_raw(text)
        assert prepared.tokenizer().encode_raw(text) == want
        assert prepared.chat_template() == original.chat_template()
        assert prepared.info.name == original.info.name
    assert_same_logits(starter_path, folder, want)
