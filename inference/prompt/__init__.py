"""Prompts: chat templates, tokenizers, detokenizing. Import its modules one by one: the template worker needs some of them and must not load torch or tokenizers."""
