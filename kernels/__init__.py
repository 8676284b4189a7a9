"""Tensors in, tensors out: the arithmetic of a model over packed weights.

No Qt, no files, no knowledge of architectures. `contracts` says what each op must do,
`reference` is the oracle, `registry` picks a backend per op and remembers why.
"""
