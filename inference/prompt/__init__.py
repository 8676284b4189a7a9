"""Prompts: chat templates, tokenizers, detokenizing.

Import its modules one by one: the template worker needs `worker`, `wire`, `sandbox` and
`rendered`, and must load neither torch nor tokenizers.
"""
