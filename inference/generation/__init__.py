"""From logits to an answer: the sampler and the rules that end it."""
