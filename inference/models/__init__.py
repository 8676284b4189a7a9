"""Architectures: one short file each, named by its `model_type`; `base` is the contract."""
