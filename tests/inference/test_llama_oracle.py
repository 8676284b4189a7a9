"""The engine against transformers, on the same real weights.

The mapping from the file to the oracle's names and row order is written here anew, from
the format's description and the `gguf` package, and shares nothing with the engine's.
"""

import gguf
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from inference.compute import compute_path
from inference.layers.decoder import Step
from inference.loading import open_model
from inference.measure.logits import logits_of
from inference.request import Compute
from inference.session import Session

pytestmark = pytest.mark.timeout(300)

HF_LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def field(reader, name):
    return reader.fields[name].contents()


def unpermuted(weight, heads):
    """GGUF stores a head's rows as (0, d/2, 1, d/2 + 1, …): back to halves."""
    rows, columns = weight.shape
    pairs = weight.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.transpose(1, 2).reshape(rows, columns)


def oracle_of(path):
    reader = gguf.GGUFReader(str(path))
    heads = field(reader, "llama.attention.head_count")
    kv_heads = field(reader, "llama.attention.head_count_kv")
    weights = {}
    for tensor in reader.tensors:
        raw = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        values = torch.from_numpy(raw.copy()).float()
        values = values.reshape(*reversed(tensor.shape.tolist()))
        parts = tensor.name.split(".")
        if parts[0] == "blk":
            if parts[2] in ("attn_q", "attn_k"):
                values = unpermuted(values, heads if parts[2] == "attn_q" else kv_heads)
            name = f"model.layers.{parts[1]}.{HF_LAYER_NAMES[parts[2]]}.weight"
        else:
            name = {
                "token_embd": "model.embed_tokens.weight",
                "output_norm": "model.norm.weight",
                "output": "lm_head.weight",
            }[parts[0]]
        weights[name] = values.contiguous()
    tied = "lm_head.weight" not in weights
    if tied:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    config = LlamaConfig(
        vocab_size=weights["model.embed_tokens.weight"].shape[0],
        hidden_size=field(reader, "llama.embedding_length"),
        intermediate_size=field(reader, "llama.feed_forward_length"),
        num_hidden_layers=field(reader, "llama.block_count"),
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        rms_norm_eps=field(reader, "llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={
            "rope_type": "default",
            "rope_theta": field(reader, "llama.rope.freq_base"),
        },
        max_position_embeddings=field(reader, "llama.context_length"),
        tie_word_embeddings=tied,
        attn_implementation="eager",
    )
    model = LlamaForCausalLM(config).eval()
    model.load_state_dict(weights, strict=True)
    return model


@pytest.fixture(scope="module")
def oracle(starter_path):
    return oracle_of(starter_path)


@pytest.fixture(scope="module")
def opened(starter_path):
    with open_model(starter_path) as model:
        yield model


@pytest.fixture(scope="module")
def reference(opened):
    return opened.decoder(compute_path(Compute.REFERENCE))


@pytest.fixture(scope="module")
def text_ids(opened, english_text):
    ids = opened.tokenizer().encode_typed(english_text[:4000])
    assert len(ids) >= 256
    return ids[:256]


def test_logits_of_256_tokens_lie_within_1e_3_of_transformers(oracle, reference, text_ids):
    with torch.inference_mode():
        want = oracle(torch.tensor([text_ids])).logits[0]
    got = logits_of(reference, text_ids)
    assert (got - want).abs().max() < 1e-3


def test_128_greedy_tokens_are_transformers_own(oracle, reference, text_ids):
    prompt = text_ids[:32]
    with torch.inference_mode():
        want = oracle.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.int64),
            max_new_tokens=128,
            min_new_tokens=128,
            do_sample=False,
            pad_token_id=0,
        )[0, len(prompt) :].tolist()
    session = Session(reference, len(prompt) + 128)
    *_, (_, logits) = session.read(prompt)
    got = [int(logits[-1].argmax())]
    while len(got) < 128:
        got.append(int(session.step(got[-1]).argmax()))
    assert got == want


def test_fast_stays_close_and_agrees_on_the_likeliest(opened, reference, text_ids):
    fast = opened.decoder(compute_path(Compute.FAST))
    got, want = logits_of(fast, text_ids), logits_of(reference, text_ids)
    assert (got.argmax(-1) == want.argmax(-1)).float().mean() > 0.95


def test_the_oracle_would_notice_a_missing_permutation(oracle, reference, text_ids):
    """Turning halves instead of pairs must not pass for the same model."""
    spec = reference.spec.layers[0].attention
    wrong = torch.randperm(spec.head_dim, generator=torch.Generator().manual_seed(1))
    assert not torch.equal(wrong, torch.arange(spec.head_dim))
    with torch.inference_mode():
        q = oracle.model.layers[0].self_attn.q_proj.weight
        kept = q.clone()
        q.copy_(q.view(spec.num_heads, spec.head_dim, -1)[:, wrong].reshape_as(q))
        moved = oracle(torch.tensor([text_ids[:64]])).logits[0]
        q.copy_(kept)
    got = reference.forward(Step(torch.tensor(text_ids[:64])), reference.new_cache(64), slice(None))
    assert (got - moved).abs().max() > 0.1
