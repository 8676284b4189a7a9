"""One case list for tests and benchmarks of every backend, and how results are compared."""
