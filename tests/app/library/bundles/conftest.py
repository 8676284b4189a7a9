"""Small bundles: of plain files, and of a model that runs."""

from pathlib import Path
from random import Random

import pytest

from app.library.bundles.exporting import export_bundle
from app.library.bundles.manifest import Entry
from app.library.bundles.signing import SigningKey
from app.library.bundles.sources import Source

ENTRY = Entry("Tiny", "llama", 70, 128, "Q8_0", "apache-2.0", "GGUF 3", is_prepared=False)
PART_BYTES = 1024
SIZES = {"LICENSE": 300, "config.json": 1024, "empty.txt": 0, "one.json": 1, "w.safetensors": 2600}


def source_in(folder: Path, seed: int = 1, name: str = "tiny", sizes=SIZES) -> Source:
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    for file, size in sizes.items():
        (folder / file).write_bytes(random.randbytes(size))
    return Source(name, ENTRY, tuple(folder / file for file in sizes), {})


def tree(folder: Path) -> dict[str, bytes | str | None]:
    """Everything below a folder: bytes of files, targets of links, None for folders."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> Path:
    """What is remembered of bundles is remembered here."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def key(tmp_path_factory) -> SigningKey:
    return SigningKey.make(tmp_path_factory.mktemp("keys") / "private.pem")


@pytest.fixture
def source(tmp_path) -> Source:
    return source_in(tmp_path / "source")


@pytest.fixture
def stick(tmp_path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def bundle_folder(source, stick, key) -> Path:
    return export_bundle(source, stick, key, PART_BYTES)[0]
