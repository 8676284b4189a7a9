"""Measuring a model: logits, perplexity, tokens a second."""
