"""The program's bill of materials: CycloneDX 1.6 as JSON, for other people's scanners.

A step of `tools.package`. Source: https://cyclonedx.org/docs/1.6/json/. Every work with its
version, licence and package address; within it every shared library with its hash, and what is
compiled into it. The same tree gives the same bytes: its number is made of its content.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from app.installation import Build, build_of
from app.licences.distributions import Part
from app.licences.works import Kind
from tools.package.gathering import components_of
from tools.package.hashing import sha256_of
from tools.package.inventory import Component
from tools.package.origins import BILL_NAME
from tools.package.tree_files import write_into

_TYPES = {
    Kind.PROGRAM: "application",
    Kind.PYTHON: "library",
    Kind.LIBRARY: "library",
    Kind.ASSET: "data",
    Kind.MODEL: "machine-learning-model",
}
_ELF = b"\x7fELF"
# A bill's number is of this name and its own content.
_SPACE = uuid.UUID("2f6d3f8e-8a53-5d0c-9c40-1f0f6b6d7a11")


def build(tree: Path, out: Path) -> list[Path]:
    """Beside the executable, and beside the artefacts."""
    built = build_of(tree)
    raw = bill_of(tree, components_of(tree), built)
    write_into(tree, BILL_NAME, raw)
    file = out / f"pitcher-{built.version}-linux-x86_64.cdx.json"
    out.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    return [file]


def bill_of(tree: Path, components: Iterable[Component], built: Build) -> bytes:
    """The document."""
    listed = sorted((_component(tree, each) for each in components), key=lambda c: str(c["purl"]))
    root = {
        "type": "application",
        "bom-ref": "pitcher",
        "name": "Pitcher",
        "version": built.version,
        "licenses": [{"expression": "Apache-2.0"}],
        "properties": [{"name": "pitcher:commit", "value": built.commit}],
    }
    metadata: dict[str, object] = {"component": root}
    if when := os.environ.get("SOURCE_DATE_EPOCH"):
        at = datetime.fromtimestamp(int(when), UTC)
        metadata["timestamp"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    refs = [str(each["bom-ref"]) for each in listed]
    document: dict[str, object] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": listed,
        "dependencies": [{"ref": "pitcher", "dependsOn": refs}],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(_SPACE, digest)}"
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _component(tree: Path, component: Component) -> dict[str, object]:
    ref = component.purl
    libraries = [file for file in component.files if _is_library(tree / file)]
    described: dict[str, object] = {
        "type": _TYPES[component.kind],
        "bom-ref": ref,
        "name": component.name,
        "version": component.version,
        "licenses": [{"expression": component.licence}],
        "purl": component.purl,
        "properties": [
            {"name": "pitcher:origin", "value": component.origin},
            {"name": "pitcher:files", "value": str(len(component.files))},
        ],
    }
    inner = [
        *(_file(tree, ref, file) for file in libraries),
        *(_part(ref, part) for part in component.parts),
    ]
    if component.kind is Kind.MODEL:
        inner += [_file(tree, ref, file) for file in component.files]
    if inner:
        described["components"] = inner
    return described


def _file(tree: Path, ref: str, name: str) -> dict[str, object]:
    return {
        "type": "file",
        "bom-ref": f"{ref}#{name}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": sha256_of(tree / name)}],
    }


def _part(ref: str, part: Part) -> dict[str, object]:
    described: dict[str, object] = {
        "type": "library",
        "bom-ref": f"{ref}#{part.purl or part.name}",
        "name": part.name,
        "version": part.version,
    }
    if part.licence:
        described["licenses"] = [{"license": {"name": part.licence}}]
    if part.purl:
        described["purl"] = part.purl
    return described


def _is_library(file: Path) -> bool:
    if file.is_symlink():
        return False
    with open(file, "rb") as stream:
        return stream.read(len(_ELF)) == _ELF
