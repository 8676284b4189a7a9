"""`models verify` of a model that was downloaded: is each byte as the hub listed it?"""

from __future__ import annotations

from pathlib import Path

from app.airlock.download.source import Source, verify_source
from app.cli.meter import Meter
from app.cli.terminal import show, show_json
from inference.prepared.preparing import PreparationProgress

_GB = 1e9


def verify_downloaded(folder: Path, source: Source, as_json: bool) -> int:
    """Read all of it; 1 where a file is missing or not as it came. Raises DownloadError."""
    total_bytes = sum(file.size for file in source.files)
    meter = Meter(as_json)
    read_bytes = 0

    def count(read: int) -> None:
        nonlocal read_bytes
        read_bytes += read
        meter.tell(PreparationProgress("Verifying", read_bytes, total_bytes))

    damaged = verify_source(folder, source, count)
    meter.end()
    if as_json:
        show_json(
            {"type": "damaged" if damaged else "verified", "path": str(folder),
             "name": folder.name, "bytes": total_bytes, "repository": source.repository,
             "commit": source.commit, "hub": source.hub, "problems": list(damaged)}
        )  # fmt: skip
    elif damaged:
        for name in damaged:
            show(f"{name}: missing, or not as it was downloaded.")
        show(f"{folder.name}: remove the model and download it again.")
    else:
        size = total_bytes / _GB
        show(
            f"{folder.name}: all of it ({size:,.2f} GB) is as {source.hub} listed it, "
            f"{source.repository} at {source.commit}."
        )
    return 1 if damaged else 0
