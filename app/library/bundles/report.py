"""The report of an import for whoever answers for what comes into a house.

For: importing. One file to read (HTML, nothing in it is loaded or run) and one for programs
(JSON); both say the same. In English, as all that leaves the window.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from app.library.bundles.files import read_small
from app.library.bundles.manifest import Manifest
from app.markup.visible import visible

JSON_NAME, HTML_NAME = "bundle-report.json", "bundle-report.html"
REPORT_NAMES = (JSON_NAME, HTML_NAME)
_MOST_BYTES = 64 << 20
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.2rem .8rem "
    ".2rem 0;border-bottom:1px solid #888}code{overflow-wrap:anywhere}"
)


def facts_of(
    manifest: Manifest, fingerprint: str, signer: str, imported_at_s: int, taken_from: str
) -> dict[str, object]:
    """What, from whom, hashes, key fingerprint, when. `signer`: what the user calls the key."""
    entry = manifest.entry
    return {
        "type": "bundle import",
        "model": manifest.name,
        "title": entry.title,
        "family": entry.family,
        "parameters": entry.parameters,
        "context_tokens": entry.context_tokens,
        "quantization": entry.quantization,
        "licence": entry.licence,
        "source": entry.source,
        "bundle_id": manifest.bundle_id,
        "made_by": manifest.made_by,
        "made_at": _moment(manifest.made_at_s),
        "imported_at": _moment(imported_at_s),
        "imported_from": taken_from,
        "signed_by": signer,
        "key_fingerprint": fingerprint,
        "verified": "signature and every byte, before anything was used",
        "files": [
            {"name": file.name, "bytes": file.size, "sha256": file.sha256}
            for file in manifest.files
        ],
    }


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each report that lies in a model's folder, by its name; "" for what is there and
    none of ours: a link, a folder, too large, or not to be read.
    """
    found = {}
    for name in REPORT_NAMES:
        try:
            found[name] = hashlib.sha256(read_small(folder / name, _MOST_BYTES)).hexdigest()
        except FileNotFoundError:
            pass
        except OSError:
            found[name] = ""
    return found


def as_json(facts: dict[str, object]) -> bytes:
    """For programs."""
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def as_html(facts: dict[str, object]) -> bytes:
    """For people."""
    files = facts["files"]
    rows = [
        f"<tr><th>{escape(key.replace('_', ' '))}</th><td><code>{_shown(value)}</code></td>"
        for key, value in facts.items()
        if key not in ("type", "files") and value
    ]
    listed = [
        f"<tr><td>{_shown(file['name'])}</td><td>{file['bytes']:,}</td>"
        f"<td><code>{escape(file['sha256'])}</code></td>"
        for file in (files if isinstance(files, list) else [])
    ]
    title = f"Import of {_shown(facts['model'])}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style>\n<h1>{title}</h1>\n<table>\n"
        + "\n".join(rows)
        + "\n</table>\n<h2>Files</h2>\n<table>\n<tr><th>Name</th><th>Bytes</th><th>SHA-256</th>\n"
        + "\n".join(listed)
        + "\n</table>\n</html>\n"
    ).encode()


def _shown(value: object) -> str:
    """As text, in which nothing hides or lies over the lines around."""
    return escape(visible(str(value)))


def _moment(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
