"""Proof that what `make package` built can be installed, used and taken away again.

`userlands` are Debian systems without Python; a `machine` is one of them in namespaces without a
network, thrown away after each check; a `screen` is what its user sees and types. The checks are
`installing`, `surprises`, `hard_starts` and `renewing`.
"""
