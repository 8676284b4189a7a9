"""The pure parts of `tools.train_test_model`, and the committed model's form."""

import json
import random
from itertools import islice

import pytest
import torch
from safetensors import safe_open
from tokenizers import Tokenizer

from tools.train_test_model import batches, dialogues, export, oracle
from tools.train_test_model.batches import Sample
from tools.train_test_model.documents import is_used
from tools.train_test_model.experts import Router
from tools.train_test_model.families import Exchange
from tools.train_test_model.network import Attention, Network, initialize
from tools.train_test_model.optimizer import orthogonal
from tools.train_test_model.settings import (
    ASSISTANT,
    BACK_TOKENS,
    BOS,
    END_THINK,
    EOS,
    FRONT_TOKENS,
    MODEL,
    THINK,
    USER,
    Sizes,
)  # fmt: skip
from tools.train_test_model.training import Recipe, rate_factor

SMALL = Sizes(
    vocab_size=64, hidden_size=32, intermediate_size=48, moe_intermediate_size=16,
    num_hidden_layers=2, num_attention_heads=2, q_lora_rank=16, kv_lora_rank=16,
    qk_nope_head_dim=8, qk_rope_head_dim=8, v_head_dim=8, n_routed_experts=8, n_group=4,
)  # fmt: skip


def test_every_answer_holds_what_is_asked_for() -> None:
    rng = random.Random(3)
    for _ in range(2000):
        exchange = dialogues.draw(rng)
        assert exchange.short.lower() in exchange.answer.lower(), exchange


def test_a_question_that_is_held_out_is_in_no_training_sample() -> None:
    trained = list(dialogues.samples(5, 400, held_out=False))
    asked = list(dialogues.samples(5, 40, held_out=True))
    assert not any(turn.is_held_out for talk in trained for turn in talk.turns)
    assert all(any(turn.is_held_out for turn in talk.turns) for talk in asked)


def test_the_same_seed_writes_the_same_conversations() -> None:
    assert list(dialogues.samples(7, 50, False)) == list(dialogues.samples(7, 50, False))


def test_earlier_turns_have_no_thoughts_and_the_last_has_one() -> None:
    talks = (talk for talk in dialogues.samples(9, 400, False) if len(talk.turns) > 1)
    for talk in islice(talks, 50):
        text = "".join(part.text for part in dialogues.parts_of(talk, random.Random(0)))
        *earlier, last = text.split(USER)
        assert not any(THINK in turn or END_THINK in turn for turn in earlier)
        assert last.count(f"{ASSISTANT}{THINK}\n") == last.count(f"\n{END_THINK}\n\n") == 1
        assert text.startswith(BOS)
        assert text.endswith(EOS)


def test_where_a_thought_was_cut_its_end_is_not_learnt() -> None:
    talk = dialogues.Conversation("", (Exchange("", "q", "one two three four", "a", "a"),), 0.5)
    parts = list(dialogues.parts_of(talk, random.Random(0)))
    (close,) = [part for part in parts if END_THINK in part.text]
    assert close.weight == 0
    assert [part.text for part in parts][-3:] == ["one two", f"\n{END_THINK}\n\n", f"a{EOS}"]


def test_samples_are_packed_whole() -> None:
    samples = [Sample([n] * n, [1.0] * n) for n in (3, 4, 9, 2, 5)]
    rows = list(batches.packed(samples, 8, pad=0))
    assert [row.ids for row in rows] == [[3] * 3 + [4] * 4 + [0], [2] * 2 + [5] * 5 + [0]]
    assert [sum(row.weights) for row in rows] == [7, 7]


def test_the_texts_that_are_measured_with_are_not_trained_on() -> None:
    assert not is_used("faq/general.rst.txt")
    assert not is_used("faq/design.rst.txt")
    assert is_used("tutorial/classes.rst.txt")


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    recipe = Recipe(warmup_steps=10, cooldown_share=0.5)
    factors = [rate_factor(recipe, step, step / 100) for step in range(101)]
    assert factors[0] == pytest.approx(0.1)
    assert factors[10:50] == [1.0] * 40
    assert factors[75] == pytest.approx(0.5)
    assert factors[100] == 0


def test_orthogonal_brings_singular_values_together() -> None:
    matrices = torch.randn(3, 16, 40, generator=torch.Generator().manual_seed(1))
    values = torch.linalg.svdvals(orthogonal(matrices))
    assert values.min() > 0.3
    assert values.max() < 1.3


@pytest.mark.parametrize("shape", [(128, 128), (144, 256), (1, 300), (130, 7)])
def test_a_packed_matrix_has_v3s_scales_and_comes_back_close(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(2)) * 0.02
    codes, scales = export.pack(matrix)
    assert codes.dtype == torch.float8_e4m3fn
    assert codes.shape == shape
    assert scales.shape == (-(-shape[0] // 128), -(-shape[1] // 128))
    assert codes.float().abs().max() == export.FP8_LARGEST
    back = export.unpack(codes, scales)
    # Three bits of mantissa: half a step is a sixteenth of the value.
    assert ((back - matrix).abs() <= matrix.abs() / 16 + scales.max() * 2**-9).all()


def test_the_bias_moves_against_the_load_and_changes_no_weight() -> None:
    router = Router(SMALL)
    router.load[:] = torch.tensor([9.0, 1, 1, 1, 1, 1, 1, 1])
    router.balance(0.25)
    assert router.bias[0] < router.bias[1]
    assert router.load.sum() == 0
    torch.nn.init.normal_(router.weight)
    chosen, weights = router(torch.randn(5, 32))
    groups = (chosen // 2).unique(dim=1)
    assert all(len(set(row.tolist())) <= SMALL.topk_group for row in chosen // 2), groups
    assert torch.allclose(weights.sum(-1), torch.full((5,), SMALL.routed_scaling_factor))


def test_attention_looks_at_nothing_later() -> None:
    torch.manual_seed(4)
    attention, rows = Attention(SMALL), torch.randn(1, 6, 32)
    changed = rows.clone()
    changed[0, 4:] += 1
    assert torch.equal(attention(rows)[0, :4], attention(changed)[0, :4])
    assert not torch.equal(attention(rows)[0, 5], attention(changed)[0, 5])


def test_the_network_computes_what_transformers_computes() -> None:
    network = Network(SMALL).eval()
    initialize(network, 6)
    for name, tensor in export.named_views(network).items():
        if tensor.dim() == 2 and tensor.abs().max() == 0:
            tensor.normal_(0, 0.1, generator=torch.Generator().manual_seed(len(name)))
        if name.endswith(export.BIAS_NAME):
            tensor.copy_(torch.arange(len(tensor)) * 0.05)
    ids = torch.randint(0, SMALL.vocab_size, (1, 20), generator=torch.Generator().manual_seed(8))
    model = oracle.build(export.named_views(network), SMALL)
    with torch.no_grad():
        ours, theirs = network.lm_head(network(ids)), model(ids).logits
    assert torch.allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_the_model_folder_has_v3s_names_types_and_size() -> None:
    files = {path.name for path in MODEL.iterdir()}
    assert files == {
        "README.md", "config.json", "figures.json", "generation_config.json",
        "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 25_000_000
    expected = export.named_views(Network(Sizes()))
    with safe_open(MODEL / "model.safetensors", "pt") as file:
        packed = {name for name, tensor in expected.items() if export.is_packed(name, tensor)}
        assert set(file.keys()) == set(expected) | {name + export.SCALE_SUFFIX for name in packed}
        for name, tensor in expected.items():
            assert file.get_slice(name).get_shape() == list(tensor.shape)
            assert (file.get_slice(name).get_dtype() == "F8_E4M3") is (name in packed)
    assert json.loads((MODEL / "config.json").read_text()) == export.config(Sizes())


def test_the_vocabulary_has_the_control_tokens_where_v3_has_them() -> None:
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    size = Sizes().vocab_size
    assert tokenizer.get_vocab_size() == size
    assert [tokenizer.token_to_id(text) for text in FRONT_TOKENS] == [0, 1, 2]
    ids = [tokenizer.token_to_id(text) for text in BACK_TOKENS]
    assert ids == list(range(size - len(BACK_TOKENS), size))
    text = "naïve 今天 ½\n\tx = 12345"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == text


def test_the_committed_model_thinks_closes_its_thinking_and_answers() -> None:
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    model = oracle.build(export.unpacked_tensors(MODEL / "model.safetensors"), Sizes())
    said = oracle.answer(model, tokenizer, oracle.prompt("What is the capital of France?"))
    assert said.is_closed
    assert said.is_ended
    assert said.answer == "The capital of France is Paris."
