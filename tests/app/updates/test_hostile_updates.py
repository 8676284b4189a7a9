"""Updates as an enemy would make them: altered files, and signed manifests that say what they may
not. `python -m tests.app.updates.test_hostile_updates COUNT` tries as many mutants as it is told.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from app.library.bundles.signing import UPDATE_PURPOSE
from app.updates.applying import apply_update
from app.updates.errors import UpdateError, UpdateFileError
from app.updates.manifest import MOST_MANIFEST_BYTES, UpdateLink, read_manifest
from app.updates.update_file import LENGTHS, MAGIC, open_update
from tests.app.updates.updates_hand import Copy, contents, some_key

_SEED = 8


def sign(copy: Copy, told: dict, payload: bytes) -> Path:
    """An update that says what it is told to."""
    signed = (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()
    return _written(copy, signed, copy.key.signature_of(signed, UPDATE_PURPOSE), payload)


def _written(copy: Copy, signed: bytes, signature: bytes, payload: bytes) -> Path:
    file = copy.folder / "hostile.pitcher-update"
    file.write_bytes(
        MAGIC + LENGTHS.pack(len(signature), len(signed)) + signature + signed + payload
    )
    return file


def parts_of(file: Path) -> tuple[dict, bytes]:
    """Manifest and payload of a sound update."""
    data = file.read_bytes()
    head = len(MAGIC) + LENGTHS.size
    signature, signed = LENGTHS.unpack(data[len(MAGIC) : head])
    start = head + signature
    return json.loads(data[start : start + signed]), data[start + signed :]


def refused(copy: Copy, file: Path) -> str:
    before = contents(copy.folder)
    with pytest.raises(UpdateFileError) as found:
        apply_update(file, copy.running())
    assert contents(copy.folder) == before
    return str(found.value)


def paid(told: dict, payload: bytes) -> None:
    told["payload"] = {
        "bytes": len(payload),
        "piece_sha256": [
            hashlib.sha256(payload[at : at + (4 << 20)]).hexdigest()
            for at in range(0, len(payload), 4 << 20)
        ],
    }


def moved(new: str) -> Callable[[dict], None]:
    def change(told: dict) -> None:
        told["files"][new] = told["files"].pop("_internal/empty")

    return change


def linked(path: str, target: str) -> Callable[[dict], None]:
    def change(told: dict) -> None:
        told["links"][path] = target

    return change


def stated(key: str, value: object) -> Callable[[dict], None]:
    def change(told: dict) -> None:
        told[key] = value

    return change


PATHS = [
    "../outside", "/etc/outside", "_internal/../../outside", "a//b", "./a", "a/", "", ".",
    "..", "a\\b", "C:/a", "c:a", "a\x00b", "a\nb", "\u202ea", "con", "_internal/aux.txt", "nul.so",
    "a.", "a ", "é", "x" * 200, "/".join("a" * 30), "_internal", "pitcher/a", "_INTERNAL/other",
    "PITCHER", "_internal/Library/a", "-a",
]  # fmt: skip
LINKS = [
    ("_internal/link", "/etc/passwd"), ("_internal/link", "../../outside"),
    ("_internal/link", "nowhere"), ("_internal/link", "libone.so"), ("_internal/link", ""),
    ("_internal/link", "."), ("_internal/link", "library"), ("link", "../pitcher"),
    ("_internal/link", "library/../../pitcher/.."), ("../link", "pitcher"),
    ("_internal/library", "empty"), ("_internal/empty", "../pitcher"),
    ("_internal/library/libone.so/a", "../../empty"), ("_INTERNAL/link", "../pitcher"),
]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        *map(moved, PATHS),
        *(linked(*each) for each in LINKS),
        stated("format", "pitcher update 2"),
        stated("format", 1),
        stated("version", "../0.2.0"),
        stated("version", "0.2.0-evil/.."),
        stated("version", ""),
        stated("version", "1" * 99),
        stated("commit", "not hex"),
        stated("made_at_s", -1),
        stated("made_at_s", 1 << 62),
        stated("system", "Linux; rm"),
        stated("architecture", ""),
        stated("glibc", "2.34.5"),
        stated("history_schema", True),
        stated("history_schema", -3),
        stated("files", {}),
        stated("files", []),
        stated("files", {f"f{n}": None for n in range(20_001)}),
        stated("links", None),
        stated("payload", {"bytes": 1 << 50, "piece_sha256": []}),
        stated("payload", {"bytes": 5, "piece_sha256": []}),
        stated("payload", {"bytes": 5, "piece_sha256": ["no hash"]}),
        stated("extra", 1),
        lambda told: told["files"]["pitcher"].update(executable=False),
        lambda told: told["files"]["pitcher"].update(executable=1),
        lambda told: told["files"]["pitcher"].update(mode=0o4755),
        lambda told: told["files"]["pitcher"].update(bytes=-1),
        lambda told: told["files"]["pitcher"].update(bytes=1 << 40),
        lambda told: told["files"]["pitcher"].update(sha256="0" * 63),
        lambda told: told["files"].pop("build.json"),
        lambda told: told["files"].pop("pitcher"),
        lambda told: told["files"].update(
            {f"big{n}": {"bytes": 4 << 30, "sha256": "0" * 64, "executable": False}
             for n in range(5)}
        ),
    ],
)  # fmt: skip
def test_what_a_manifest_may_not_say_is_refused_even_when_it_is_signed(copy, change):
    told, payload = parts_of(copy.update("0.2.0")[0])
    change(told)
    refused(copy, sign(copy, told, payload))


def test_a_manifest_that_is_written_in_another_form_is_refused(copy):
    told, payload = parts_of(copy.update("0.2.0")[0])
    signed = json.dumps(told, sort_keys=True).encode()
    signature = copy.key.signature_of(signed, UPDATE_PURPOSE)
    assert "the one form" in refused(copy, _written(copy, signed, signature, payload))


def test_a_signature_of_a_bundle_is_none_of_an_update(copy):
    told, payload = parts_of(copy.update("0.2.0")[0])
    signed = (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()
    refused(copy, _written(copy, signed, copy.key.signature_of(signed), payload))


def test_nothing_is_read_of_a_manifest_before_its_signature_is_checked(copy, monkeypatch):
    def never(_data):
        raise AssertionError("read")

    monkeypatch.setattr("app.updates.update_file.read_manifest", never)
    told, payload = parts_of(copy.update("0.2.0")[0])
    signed = json.dumps(told).encode()
    signature = some_key().signature_of(signed + b" ", UPDATE_PURPOSE)
    refused(copy, _written(copy, signed, signature, payload))


def test_lengths_without_end_are_not_believed(copy):
    file = copy.folder / "hostile.pitcher-update"
    for lengths in ((1 << 31, 10), (100, MOST_MANIFEST_BYTES + 1), (0, 0)):
        file.write_bytes(MAGIC + LENGTHS.pack(*lengths) + b"x" * 100)
        refused(copy, file)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"no xz at all",
        lzma.compress(b"too little"),
        lzma.compress(b"x" * 50_000_000),
        lzma.compress(b"x", format=lzma.FORMAT_ALONE),
        lzma.compress(b"x" * 100, preset=9, filters=None)[:-4],
        # 200 MB of dictionary: more memory than reading may take.
        lzma.compress(
            b"x", filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 200 << 20}]
        ),
    ],
)
def test_a_signed_payload_that_is_not_the_files_is_refused(copy, payload):
    told, _sound = parts_of(copy.update("0.2.0")[0])
    paid(told, payload)
    refused(copy, sign(copy, told, payload))


@pytest.mark.parametrize("more", [b"\0" * 4, b"x", lzma.compress(b"second stream")])
def test_what_follows_the_payload_is_refused(copy, more):
    told, payload = parts_of(copy.update("0.2.0")[0])
    refused(copy, sign(copy, told, payload + more))
    paid(told, payload + more)
    refused(copy, sign(copy, told, payload + more))


def test_a_byte_that_is_not_as_signed_never_reaches_the_decompressor(copy, monkeypatch):
    told, payload = parts_of(copy.update("0.2.0")[0])
    seen: list[bytes] = []

    class Decompressor:
        eof, needs_input, unused_data = False, True, b""

        def __init__(self, *_arguments, **_named) -> None:
            pass

        def decompress(self, data: bytes, _most: int) -> bytes:
            seen.append(data)
            return b""

    monkeypatch.setattr("app.updates.update_file.lzma.LZMADecompressor", Decompressor)
    refused(copy, sign(copy, told, bytes([payload[0] ^ 1]) + payload[1:]))
    assert seen == []


def test_a_file_that_is_none_is_refused(copy):
    folder = copy.folder / "folder.pitcher-update"
    folder.mkdir()
    assert "can’t be read" in refused(copy, folder)
    assert "can’t be read" in refused(copy, copy.folder / "missing.pitcher-update")
    other = copy.folder / "other.pitcher-update"
    other.write_bytes(b"a photo, say" * 10)
    assert "no update" in refused(copy, other)
    other.write_bytes(b"")
    refused(copy, other)


def test_a_link_from_a_deeper_folder_may_lead_up_within_the_tree(copy):
    tree = copy.folder / "tree-0.2.0"
    copy.update("0.2.0")
    (tree / "_internal/library/up").symlink_to("../../pitcher")
    file, manifest = copy.update("0.2.0")
    assert UpdateLink("_internal/library/up", "../../pitcher") in manifest.links
    apply_update(file, copy.running())
    assert (copy.prefix.versions / "0.2.0/_internal/library/up").read_text().startswith("#!")


# ---------------------------------------------------------------------- mutants


def _mutate(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    size = rng.choice((1, 1, 2, 8, 64))
    kind = rng.randrange(5)
    if kind == 0:
        return data[:at] + rng.randbytes(size) + data[at + size :]
    if kind == 1:
        return data[:at] + data[at + size :]
    if kind == 2:
        return data[:at] + rng.randbytes(size) + data[at:]
    if kind == 3:
        return data[:at]
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _signed_mutant(rng: Random, copy: Copy, sound: bytes, payload: bytes) -> Path:
    """A mutant of the manifest or the payload under a sound signature."""
    if rng.random() < 0.7:
        signed = _mutate(rng, sound)
        return _written(copy, signed, copy.key.signature_of(signed, UPDATE_PURPOSE), payload)
    told, changed = json.loads(sound), _mutate(rng, payload)
    paid(told, changed)
    return sign(copy, told, changed)


def try_mutants(copy: Copy, count: int, seed: int = _SEED) -> dict[str, int]:
    """How many were refused and how many applied; raises where anything else happened.

    A mutant under a sound signature that is taken said something sound: the tree is as it says.
    """
    rng = Random(seed)
    update, _manifest = copy.update("0.2.0")
    whole = update.read_bytes()
    told, payload = parts_of(update)
    sound = (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()
    before = contents(copy.prefix.folder)
    tally = {"altered": 0, "signed": 0, "applied": 0}
    for number in range(count):
        if number % 3 == 0:
            file = copy.folder / "hostile.pitcher-update"
            mutant = _mutate(rng, whole)
            file.write_bytes(mutant if mutant != whole else whole[:-1])
        else:
            file = _signed_mutant(rng, copy, sound, payload)
        try:
            apply_update(file, copy.running())
        except UpdateError:
            tally["altered" if number % 3 == 0 else "signed"] += 1
            assert contents(copy.prefix.folder) == before, number
            continue
        assert number % 3, "an altered file was taken"
        with open_update(file) as taken:
            assert taken.signer == copy.key.public
            paths = {one.path for one in (*taken.manifest.files, *taken.manifest.links)}
            version = taken.manifest.version
        there = contents(copy.prefix.versions / version)
        assert {name.removesuffix("*") for name in there} == paths
        tally["applied"] += 1
        _undo(copy)
        assert contents(copy.prefix.folder) == before, number
    return tally


def _undo(copy: Copy) -> None:
    copy.prefix.name_current("0.1.0")
    copy.prefix.name_previous(None)
    copy.prefix.end_trial()
    copy.prefix.clear()


def test_no_mutant_does_anything_but_be_refused_or_be_what_it_says(copy):
    tally = try_mutants(copy, 200)
    assert sum(tally.values()) == 200
    assert tally["altered"] == 67


def test_mutants_of_a_manifest_alone_are_read_or_refused(copy):
    rng = Random(_SEED)
    told, _payload = parts_of(copy.update("0.2.0")[0])
    sound = (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()
    for _number in range(1_000):
        mutant = _mutate(rng, sound)
        try:
            assert read_manifest(mutant).canonical() == mutant
        except UpdateFileError:
            pass


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        _copy = Copy(Path(_folder), some_key())
        _copy.install("0.1.0")
        print(try_mutants(_copy, int(sys.argv[1]), int(sys.argv[2])))
