"""The process of our own engine: torch is imported as the chat process imports it.

For: `benchmarks.compare`. What is served is `benchmarks.ours`, whose words it takes.

    python -m benchmarks.our_engine --model M --context N [--compute fast] [--threads N]
"""

from __future__ import annotations

from app import lean_torch


def main() -> None:
    """Prepares the import, then serves."""
    lean_torch.defer()
    from benchmarks import ours

    ours.main()


if __name__ == "__main__":
    main()
