"""Predicted speeds: worked out by hand for small shapes, and what must follow for all others."""

from dataclasses import replace

import pytest

from inference.checkpoint.config_json import JsonConfig
from inference.measure.prediction import predict
from inference.placement import experts_read_per_token
from inference.prepared.foreseen import foreseen_recipe, foreseen_spec
from kernels.cpu.speed import KernelSpeed, LayerShare, SchemeSpeed
from tests.inference.published import GLM_4_7_FLASH, MOONLIGHT, QWEN3_8B, R1, V2_LITE

SAME = SchemeSpeed(10e9, 200e9, 5e9, 100e9)
SPEED = KernelSpeed(
    level="avx2",
    threads=2,
    read_bytes_per_s=12e9,
    grouped_ops_per_s=100e9,
    latent_ops_per_s=50e9,
    phase_s=0.0 + 1e-12,
    value_s=1e-18,
    schemes={"Q4_K_P16": SAME, "Q8_0_P16": SAME, "Q6_K_P16": SAME, "Q5_K_P16": SAME,
             "F32_P16": SAME, "Q5_0_P16": SAME, "BF16_P16": SAME},
)  # fmt: skip
DENSE = {
    "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2048, "vocab_size": 512,
    "num_attention_heads": 8, "num_key_value_heads": 2, "num_hidden_layers": 2,
    "max_position_embeddings": 4096, "rope_theta": 10000.0, "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}  # fmt: skip


def predicted(values, speed=SPEED, mix="q8", **more):
    spec = foreseen_spec(JsonConfig("config.json", values))
    return predict(spec, foreseen_recipe(spec, mix), speed, **more)


def test_a_dense_model_by_hand():
    found = predicted(DENSE, prompt_tokens=100)
    attention = 1024 * 1024 * 2 + 2 * 256 * 1024  # q, o; k, v
    layer = attention + 3 * 1024 * 2048
    head = 512 * 1024
    bytes_a_weight = 34 / 32  # Q8_0
    read = (2 * layer + head) * bytes_a_weight
    assert found.decode_bytes == read
    assert found.decode_tokens_per_s == pytest.approx(10e9 / read)
    scores = 2 * (2 * 2 * 8 * 128) * 100 * 100 / 2
    prefill_s = 100 * 2 * 2 * layer / 200e9 + head * bytes_a_weight / 10e9 + scores / 100e9
    assert found.prefill_tokens_per_s == pytest.approx(100 / prefill_s)


def test_a_tied_embedding_is_read_as_the_head_and_a_narrow_model_is_precise():
    wide = predicted({**DENSE, "tie_word_embeddings": True})
    assert wide.decode_bytes == predicted(DENSE).decode_bytes
    narrow = {**DENSE, "hidden_size": 512}
    found = predicted(narrow)
    assert found.decode_tokens_per_s == pytest.approx(5e9 / found.decode_bytes)


@pytest.mark.parametrize("values", [V2_LITE, MOONLIGHT, GLM_4_7_FLASH, R1],
                         ids=["v2-lite", "moonlight", "glm", "r1"])  # fmt: skip
def test_of_a_mixture_a_token_reads_the_chosen_experts(values):
    spec = foreseen_spec(JsonConfig("config.json", values))
    recipe = foreseen_recipe(spec, "q4")
    parts = [(part, part.stored_bytes * count) for part, count in recipe.parts()]
    experts = sum(size for part, size in parts if ".experts." in part.name)
    others = sum(
        size for part, size in parts
        if ".experts." not in part.name and part.panels and part.name != "embedding"
    )  # fmt: skip
    found = predict(spec, recipe, SPEED)
    assert found.decode_bytes == pytest.approx(
        others + experts_read_per_token(spec, experts), rel=1e-9
    )


def test_a_machine_twice_as_fast_is_twice_as_fast():
    def scaled(speed, by):
        return replace(
            speed,
            read_bytes_per_s=by * speed.read_bytes_per_s,
            grouped_ops_per_s=by * speed.grouped_ops_per_s,
            latent_ops_per_s=by * speed.latent_ops_per_s,
            phase_s=speed.phase_s / by,
            value_s=speed.value_s / by,
            schemes={
                name: SchemeSpeed(*(by * rate for rate in vars(one).values()))
                for name, one in speed.schemes.items()
            },
        )

    slow = replace(SPEED, phase_s=2e-6, value_s=1e-9)
    for values in (QWEN3_8B, R1, DENSE):
        first, second = predicted(values, slow), predicted(values, scaled(slow, 2))
        assert second.decode_tokens_per_s == pytest.approx(2 * first.decode_tokens_per_s)
        assert second.prefill_tokens_per_s == pytest.approx(2 * first.prefill_tokens_per_s)


def test_a_scheme_that_was_not_measured_counts_as_the_slowest():
    slower = replace(SAME, row_bytes_per_s=1e9, tile_ops_per_s=7e9)
    speed = replace(SPEED, schemes={"Q4_K_P16": SAME, "Q6_K_P16": slower})
    assert predicted(DENSE, speed) == predicted(DENSE, replace(SPEED, schemes={"Q8_0_P16": slower}))


def test_many_experts_of_few_rows_wait_for_memory():
    quick = {name: replace(one, tile_ops_per_s=1e15) for name, one in SPEED.schemes.items()}
    spec = foreseen_spec(JsonConfig("config.json", R1))
    recipe = foreseen_recipe(spec, "q4")
    found = predict(spec, recipe, replace(SPEED, schemes=quick, latent_ops_per_s=1e15))
    experts = sum(p.stored_bytes * n for p, n in recipe.parts() if ".experts." in p.name)
    assert 512 / found.prefill_tokens_per_s > experts / 12e9


def test_overheads_of_ops_and_values_count():
    slow = replace(SPEED, phase_s=1e-3)
    layers = 2 * (6 + 4)
    taken = 1 / predicted(DENSE, slow).decode_tokens_per_s
    assert taken - 1 / predicted(DENSE).decode_tokens_per_s == pytest.approx(layers * 1e-3)
    values = 2 * (2 * 1024 + 2 * (8 + 2) * 128 + 3 * 2048)
    first = 1 / predicted(DENSE, replace(SPEED, value_s=1e-6)).prefill_tokens_per_s
    assert first - 1 / predicted(DENSE).prefill_tokens_per_s == pytest.approx(values * 1e-6)


def test_what_whole_layers_take_counts_for_models_of_their_attention():
    slow = replace(SPEED, latent_layers=LayerShare(decode=1.5, prefill=1.25))
    first, second = predicted(V2_LITE), predicted(V2_LITE, slow)
    assert first.decode_tokens_per_s == pytest.approx(1.5 * second.decode_tokens_per_s)
    assert first.prefill_tokens_per_s == pytest.approx(1.25 * second.prefill_tokens_per_s)
    assert predicted(QWEN3_8B, slow) == predicted(QWEN3_8B)
    grouped = replace(SPEED, grouped_layers=LayerShare(2.0, 2.0))
    assert predicted(V2_LITE, grouped) == first
    assert predicted(QWEN3_8B, grouped).decode_bytes == predicted(QWEN3_8B).decode_bytes
    assert predicted(QWEN3_8B, grouped) != predicted(QWEN3_8B)


def test_latent_attention_is_scores_and_what_latents_are_expanded_to():
    slow = predicted(V2_LITE, replace(SPEED, latent_ops_per_s=1e9))
    slower = predicted(V2_LITE, replace(SPEED, latent_ops_per_s=0.5e9))
    scores = 27 * 16 * (192 + 128) * 512 * 512
    expanded = 27 * 2 * 16 * (128 + 128) * 512 * 512
    more_s = 512 / slower.prefill_tokens_per_s - 512 / slow.prefill_tokens_per_s
    assert more_s == pytest.approx((scores + expanded) / 1e9)
    grouped = predicted(QWEN3_8B, replace(SPEED, latent_ops_per_s=1.0))
    assert grouped == predicted(QWEN3_8B)
