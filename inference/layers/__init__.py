"""The blocks that architectures are built of; each owns packed weights and draws its
kernels once, when it is built."""
