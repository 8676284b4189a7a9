"""The bill of materials beside a bundle: CycloneDX 1.5 as JSON, for other people's scanners.

For: exporting. Source: https://cyclonedx.org/docs/1.5/json/. It says what the manifest says.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from app.library.bundles.manifest import BundleFile, Entry


def sbom_of(
    name: str, bundle_id: str, made_at_s: int, made_by: str, entry: Entry,
    files: Sequence[BundleFile],
) -> bytes:  # fmt: skip
    """The document; the same content is the same bytes."""
    model: dict[str, object] = {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": name,
        "description": entry.title,
        "properties": [
            {"name": f"pitcher:{key}", "value": str(value)}
            for key, value in (
                ("family", entry.family),
                ("parameters", entry.parameters),
                ("context_tokens", entry.context_tokens),
                ("quantization", entry.quantization),
                ("source", entry.source),
            )
            if value
        ],
    }
    if entry.licence:
        model["licenses"] = [{"license": {"name": entry.licence}}]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(hex=bundle_id, version=4)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(made_at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tools": {"components": [{"type": "application", "name": made_by}]},
            "component": model,
        },
        "components": [_file(number, file) for number, file in enumerate(files, 1)],
        "dependencies": [
            {"ref": "model", "dependsOn": [f"file-{n}" for n in range(1, len(files) + 1)]}
        ],
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def _file(number: int, file: BundleFile) -> dict[str, object]:
    return {
        "type": "file",
        "bom-ref": f"file-{number}",
        "name": file.name,
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
        "properties": [{"name": "pitcher:bytes", "value": str(file.size)}],
    }
