"""Licences: gathered of distributions, written down, and read again."""

from __future__ import annotations

import json
import sys
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from app.licences import reading
from app.licences.distributions import Part, canonical, licence_of, parts_of, texts_of
from app.licences.reading import licences, of_environment, read
from app.licences.works import (
    Kind,
    Licences,
    LicencesError,
    Shelf,
    Text,
    Work,
    about_lines,
    as_json,
    as_text,
    from_json,
)


def distribution(folder: Path, metadata: str, **files: str) -> Distribution:
    """One that is installed in `folder`, with files beside its metadata (`__` for a slash)."""
    info = folder / "some_thing-1.0.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.4\nName: some.Thing\nVersion: 1.0\n{metadata}"
    (info / "METADATA").write_text(head)
    names = ["METADATA"]
    for name, text in files.items():
        path = info / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        names.append(path.relative_to(info).as_posix())
    record = "".join(f"{info.name}/{name},,\n" for name in names)
    (info / "RECORD").write_text(record)
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT AND OFL-1.1\n", "MIT AND OFL-1.1"),
        ("License: BSD-3-Clause\n", "BSD-3-Clause"),
        ("License: MIT\n", "MIT"),
        ("License: BSD\n", "BSD-3-Clause"),
        ("License: LGPL-3.0-only OR GPL-2.0-only\n", "LGPL-3.0-only OR GPL-2.0-only"),
        ("Classifier: License :: OSI Approved :: Apache Software License\n", "Apache-2.0"),
        ("License: see the file\nClassifier: License :: OSI Approved :: MIT License\n", "MIT"),
        ("License: OSI Approved\n", ""),
        ("", ""),
    ],
)
def test_a_distributions_licence_is_found_where_it_names_one(tmp_path, metadata, licence):
    assert licence_of(distribution(tmp_path, metadata)) == licence


def test_its_texts_are_those_beside_its_metadata(tmp_path):
    found = distribution(
        tmp_path, "", LICENSE="mine", licenses__NOTICE="also", AUTHORS="we", WHEEL="x"
    )
    assert dict(texts_of(found)) == {
        "some.Thing: LICENSE": b"mine",
        "some.Thing: NOTICE": b"also",
        "some.Thing: AUTHORS": b"we",
    }


def test_what_is_compiled_into_it_is_read_from_its_bill_of_materials(tmp_path):
    bill = {
        "components": [
            {"name": "some-thing-core", "version": "1.0"},
            {
                "name": "ring",
                "version": "0.17",
                "licenses": [{"expression": "ISC"}],
                "purl": "pkg:cargo/ring@0.17?download_url=file:///home/somebody",
            },
            {"name": "two", "version": "2", "licenses": [{"license": {"id": "MIT"}}]},
            {"name": "bare"},
        ]
    }
    found = distribution(tmp_path, "", **{"sboms__a.json": json.dumps(bill)})
    assert parts_of(found) == (
        Part("bare", "", "", ""),
        Part("ring", "0.17", "ISC", "pkg:cargo/ring@0.17"),
        Part("two", "2", "MIT", ""),
    )
    assert [part.in_words() for part in parts_of(found)] == [
        "bare ",
        "ring 0.17 (ISC)",
        "two 2 (MIT)",
    ]


def test_names_are_compared_as_indexes_do():
    assert canonical("Some_.Thing") == "some-thing"


# ---------------------------------------------------------------------- written down


def shelved() -> Licences:
    shelf = Shelf()
    zlib = Work(Kind.LIBRARY, "zlib1g", "1", "Zlib", "Debian", (shelf.put("z", b"zlib\r\n \f"),))
    b = Work(Kind.PYTHON, "b", "2", "MIT", "PyPI", (shelf.put("b", b"MIT\n"),), ("c 1",))
    a = Work(Kind.PYTHON, "A", "1", "MIT", "PyPI", (shelf.put("a", b"MIT   \n\n"),))
    return shelf.licences([zlib, b, a])


def test_a_text_that_several_have_stands_once_and_works_are_in_order():
    found = shelved()
    assert [work.name for work in found.works] == ["A", "b", "zlib1g"]
    assert [work.texts for work in found.works] == [(1,), (1,), (2,)]
    assert found.texts == (Text("b", "MIT"), Text("z", "zlib"))


def test_texts_of_other_times_can_be_read():
    shelf = Shelf()
    shelf.put("latin", "Müller".encode("latin-1"))
    shelf.put("marked", b"\xef\xbb\xbfMarked")
    works = [Work(Kind.ASSET, "x", "", "MIT", "y", (1, 2))]
    assert [text.text for text in shelf.licences(works).texts] == ["Müller", "Marked"]


def test_what_was_written_is_read_again():
    assert from_json(as_json(shelved())) == shelved()
    assert as_json(shelved()) == as_json(shelved())


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.clear(),
        lambda told: told["works"][0].update(texts=[3]),
        lambda told: told["works"][0].update(texts=[0]),
        lambda told: told["works"][0].update(texts="1"),
        lambda told: told["works"][0].update(kind="other"),
        lambda told: told["works"][0].pop("licence"),
        lambda told: told.update(texts=7),
    ],
)
def test_a_list_that_nobody_wrote_is_told_as_damaged(change):
    told = json.loads(as_json(shelved()))
    change(told)
    with pytest.raises(LicencesError, match="damaged"):
        from_json(json.dumps(told).encode())
    with pytest.raises(LicencesError):
        from_json(b"\xff")
    with pytest.raises(LicencesError):
        from_json(b" " * (33 << 20))


def test_the_file_for_people_has_every_work_and_every_text():
    text = as_text(shelved(), "Title")
    assert text.startswith("Title\n")
    for line in about_lines():
        assert line in text
    assert "b 2\n  Licence: MIT\n  From: PyPI\n  Texts: 1\n  Contains: c 1\n" in text
    assert text.endswith("Text 2: z\n" + "=" * 78 + "\n\nzlib\n")


# ---------------------------------------------------------------------- this program's


def test_from_source_the_environments_own_distributions_are_listed():
    found = licences()
    names = {work.name: work for work in found.works}
    assert {"Pitcher", "Python", "torch", "PySide6_Essentials", "Jinja2"} & names.keys() >= {
        "Pitcher",
        "Python",
        "torch",
    }
    own = names["Pitcher"]
    assert own.licence == "Apache-2.0"
    assert "Apache License" in found.texts[own.texts[0] - 1].text
    assert names["torch"].texts, "with its texts"
    assert names["tokenizers"].parts, "and what is compiled into it"


def test_a_program_without_its_notices_still_lists_the_works(tmp_path):
    own = next(work for work in of_environment(tmp_path).works if work.name == "Pitcher")
    assert own.texts == ()


def test_a_frozen_program_reads_what_its_build_wrote(tmp_path, monkeypatch):
    folder = tmp_path / "assets" / "licences"
    folder.mkdir(parents=True)
    (folder / "licences.json").write_bytes(as_json(shelved()))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(reading, "_ROOT", tmp_path)
    assert licences() == shelved()
    with pytest.raises(LicencesError, match="can’t be read: No such file"):
        read(tmp_path / "none")
