"""The inventory of the tree that was frozen last: where its distributions and its Python lie.

For: the steps `licences` and `sbom`.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from app.installation import build_of
from tools.package.inventory import Component, Inventory, frozen_python, known
from tools.package.origins import Origins
from tools.package.system_packages import System

_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = _ROOT / ".venv-package"
# The userland that was frozen in, where it was not this system.
SYSTEM_VARIABLE = "PACKAGE_SYSTEM_ROOT"
_ASK = (
    "import json, sys, sysconfig; print(json.dumps("
    "[sysconfig.get_path('purelib'), sys.base_prefix, '.'.join(map(str, sys.version_info[:3]))]))"
)


@cache
def components_of(tree: Path, environment: Path = _ENVIRONMENT) -> tuple[Component, ...]:
    """Everything that the tree consists of. Raises UnknownOriginError, LicenceError."""
    command = [str(environment / "bin" / "python"), "-I", "-c", _ASK]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    site, prefix, version = json.loads(told)
    system = System(Path(os.environ.get(SYSTEM_VARIABLE, "/")))
    found = Origins(distributions(path=[site]), Path(site), Path(prefix), system)
    sources = json.loads((tree.parent / "sources.json").read_text(encoding="utf-8"))
    python = frozen_python(Path(prefix), version)
    inventory = Inventory(tree, found, system, known())
    return inventory.components(sources, build_of(tree).version, python)
