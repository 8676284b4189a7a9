"""Random configurations of every architecture, odd widths and all branches, from a seed."""

from tests.inference.oracles import CLASSES, LLAMA3, YARN, Case

LATENT = ("deepseek_v2", "deepseek_v3", "glm4_moe_lite")
# Their oracles ask that heads divide hidden_size.
DIVIDED = ("llama", "deepseek_v2", "qwen2", "qwen3_moe")


def draw(random, model_type=None):
    """A `Case` that the oracle can run."""
    kind = model_type or random.choice(list(CLASSES))
    heads, layers = random.choice([1, 2, 3, 4, 6]), random.choice([1, 2, 3, 5])
    wide = heads * random.choice([4, 6, 10, 14])
    fields = {
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "vocab_size": random.choice([17, 61, 130]),
        "hidden_size": wide if kind in DIVIDED else random.choice([5, 24, 31, 50, 132]),
        "intermediate_size": random.choice([1, 7, 33, 48, 130]),
        "tie_word_embeddings": random.random() < 0.4,
        "rms_norm_eps": random.choice([1e-6, 1e-5, 1e-3]),
        "max_position_embeddings": random.choice([64, 128, 300]),
    }
    scaling = _rope_scaling(random)
    if scaling:
        fields["rope_scaling"] = scaling
    fields |= (
        _latent(random, kind, heads, layers)
        if kind in LATENT
        else _grouped(random, kind, heads, layers)
    )
    return Case(kind, fields, random.randrange(1000))


def _rope_scaling(random):
    flag, number = (lambda: random.random() < 0.5), random.choice
    scaling = number(
        [
            None,
            {**YARN, "factor": number([2.0, 4.0, 40.0])},
            {**YARN, "mscale": number([1.0, 0.707]), "mscale_all_dim": number([1.0, 0.707, 0.0])},
            {**YARN, "beta_fast": number([4, 32]), "truncate": flag(), "attention_factor": 1.1},
            {"rope_type": "linear", "factor": 2.5},
            dict(LLAMA3),
            {"rope_type": "default"},
        ]
    )
    if scaling and flag():
        scaling["rope_theta"] = number([500.0, 1000.0, 1e6])
    return scaling


def _latent(random, kind, heads, layers):
    experts = random.choice([2, 4, 8, 12])
    groups = random.choice([n for n in (1, 2, 3, 4) if experts % n == 0 and experts // n >= 2])
    top_groups = random.randint(1, groups)
    fields = {
        "num_key_value_heads": heads,
        "q_lora_rank": random.choice([None, 3, 24]),
        # Not 1: the norm of one value is its sign, and the oracle's own float32 is then as far
        # as 7e-4 from its float64.
        "kv_lora_rank": random.choice([2, 7, 32, 130]),
        "qk_nope_head_dim": random.choice([1, 3, 16]),
        # An odd row of q and rope together is more than V2's oracle can turn.
        "qk_rope_head_dim": random.choice([2, 4, 8, 16]),
        "v_head_dim": random.choice([1, 5, 16]),
        "n_routed_experts": experts,
        "num_experts_per_tok": random.randint(1, top_groups * (experts // groups)),
        "n_shared_experts": random.choice([0, 1, 2]),
        "moe_intermediate_size": random.choice([1, 9, 32]),
        "attention_bias": random.random() < 0.3,
        "routed_scaling_factor": random.choice([1.0, 2.5, 16.0]),
    }
    if kind == "deepseek_v2":
        fields["mlp_bias"] = random.random() < 0.3
        fields["qk_nope_head_dim"] = random.choice([2, 6, 16])
        fields["kv_lora_rank"] = random.choice([2, 32, 130])
        if groups > 1:
            fields |= {
                "topk_method": "group_limited_greedy",
                "n_group": groups,
                "topk_group": top_groups,
            }
    else:
        fields |= {
            "n_group": groups,
            "topk_group": top_groups,
            "norm_topk_prob": random.random() < 0.6,
            "rope_interleave": random.random() < 0.6,
        }
    if kind == "glm4_moe_lite":
        kinds = [random.choice(["dense", "sparse"]) for _ in range(layers)]
        return fields | {"mlp_layer_types": kinds}
    return fields | {"first_k_dense_replace": random.randint(0, layers)}


def _grouped(random, kind, heads, layers):
    fields = {"num_key_value_heads": random.choice([n for n in (1, 2, 3, 6) if heads % n == 0])}
    if kind != "qwen2":
        fields["attention_bias"] = random.random() < 0.4
    if kind == "llama":
        fields["mlp_bias"] = random.random() < 0.4
    if kind == "qwen3" or (kind != "qwen2" and random.random() < 0.5):
        fields["head_dim"] = random.choice([2, 4, 10, 16])
    if kind == "qwen3_moe":
        experts = random.choice([1, 4, 9])
        fields |= {
            "num_experts": experts,
            "num_experts_per_tok": random.randint(1, experts),
            "norm_topk_prob": random.random() < 0.5,
            "decoder_sparse_step": random.choice([1, 1, 2]),
            "mlp_only_layers": [i for i in range(layers) if random.random() < 0.2],
            "moe_intermediate_size": random.choice([1, 9, 32]),
        }
    return fields
