"""A bundle is made whole or is none, in parts that a stick takes."""

import hashlib
import json
import os
import shutil
from dataclasses import replace

import pytest

from app.library.bundles import exporting
from app.library.bundles.checking import check_bundle, open_bundle
from app.library.bundles.errors import ModelThereError, SourceError, StickError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.manifest import MOST_PART_BYTES
from inference.errors import NotEnoughDiskError, PreparationCancelledError, PreparationError
from inference.prepared.lock import work_folder
from inference.prepared.preparing import Watch
from tests.app.library.bundles.conftest import PART_BYTES, SIZES, source_in, tree


def test_it_holds_every_byte_in_parts(bundle_folder, source):
    bundle = open_bundle(bundle_folder)
    check_bundle(bundle)
    assert {f.name: f.size for f in bundle.manifest.files} == SIZES
    assert [p.size for p in bundle.manifest.parts()] == [300, 1024, 1, 1024, 1024, 552]
    payload = b"".join(p.read_bytes()[128:] for p in sorted(bundle_folder.glob("part-*.bin")))
    assert payload == b"".join(f.read_bytes() for f in sorted(source.files))
    for part in bundle.manifest.parts():
        stored = (bundle_folder / f"part-{part.number:05}.bin").read_bytes()
        assert hashlib.sha256(stored[128:]).hexdigest() == part.sha256
    names = {p.name for p in bundle_folder.iterdir()}
    assert names == {*(f"part-{n:05}.bin" for n in range(1, 7)), "bundle.json", "bundle.sig",
                     "bundle-sbom.json"}  # fmt: skip


def test_no_part_outgrows_fat32():
    assert MOST_PART_BYTES + 128 == (4 << 30) - 1
    assert exporting.PART_BYTES <= MOST_PART_BYTES


def test_the_bill_of_materials_is_cyclonedx(bundle_folder):
    bom = json.loads((bundle_folder / "bundle-sbom.json").read_text())
    manifest = open_bundle(bundle_folder).manifest
    assert (bom["bomFormat"], bom["specVersion"], bom["version"]) == ("CycloneDX", "1.5", 1)
    assert bom["serialNumber"].startswith("urn:uuid:")
    assert bom["metadata"]["component"]["type"] == "machine-learning-model"
    assert bom["metadata"]["component"]["licenses"] == [{"license": {"name": "apache-2.0"}}]
    hashes = {c["name"]: c["hashes"] for c in bom["components"]}
    assert hashes == {f.name: [{"alg": "SHA-256", "content": f.sha256}] for f in manifest.files}
    refs = [c["bom-ref"] for c in bom["components"]]
    assert bom["dependencies"] == [{"ref": "model", "dependsOn": refs}]
    assert len(set(refs)) == len(refs)


@pytest.mark.parametrize("left_after", range(6))
def test_stopped_anywhere_it_goes_on_and_is_one_bundle(source, stick, key, left_after):
    told = []

    def cancelled():
        told.append(1)
        return len(told) > left_after

    with pytest.raises(PreparationCancelledError):
        export_bundle(source, stick, key, PART_BYTES, Watch(cancelled=cancelled))
    assert not (stick / "tiny-bundle").exists()
    kept = {p.name: p.stat().st_mtime_ns for p in stick.glob("*/part-*.bin")}
    folder, _ = export_bundle(source, stick, key, PART_BYTES)
    check_bundle(open_bundle(folder))
    assert [p.name for p in stick.iterdir()] == ["tiny-bundle"]
    assert {n: (folder / n).stat().st_mtime_ns for n in kept} == kept


def test_what_is_wrong_in_what_an_earlier_start_left_is_written_again(source, stick, key):
    work = stick / "tiny-bundle.exporting"
    work.mkdir()
    first, _ = export_bundle(source, stick.parent, key, PART_BYTES)
    for part in first.glob("part-*.bin"):
        shutil.copy(part, work)
    for name, change in (("part-00002.bin", b"xy"), ("part-00003.bin", b"")):
        file = work / name
        file.write_bytes(file.read_bytes()[:-2] + change)
    (work / "part-00006.bin").write_bytes(b"much too long" * 400)
    (work / "part-00077.bin").write_bytes(b"of another time")
    (work / "part-00004.bin.partial").write_bytes(b"torn")
    folder, manifest = export_bundle(source, stick, key, PART_BYTES)
    check_bundle(open_bundle(folder))
    assert manifest.bundle_id == open_bundle(first).manifest.bundle_id
    assert len(list(folder.iterdir())) == 9


def test_a_whole_one_is_left_as_it_is(bundle_folder, source, stick, key):
    before = tree(stick)
    assert export_bundle(source, stick, key, PART_BYTES)[0] == bundle_folder
    assert tree(stick) == before


def test_one_that_is_damaged_or_of_other_files_is_not_written_over(
    bundle_folder, source, stick, key, tmp_path
):
    for seed, sizes in ((2, SIZES), (1, {"LICENSE": 300})):
        other = source_in(tmp_path / f"other{seed}", seed, sizes=sizes)
        with pytest.raises(ModelThereError, match="is there already"):
            export_bundle(other, stick, key, PART_BYTES)
    (bundle_folder / "part-00001.bin").unlink()
    with pytest.raises(ModelThereError, match=r"part-00001\.bin is missing"):
        export_bundle(source, stick, key, PART_BYTES)


def test_room_is_looked_for_first(source, stick, key, monkeypatch):
    full = shutil.disk_usage(stick)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(NotEnoughDiskError):
        export_bundle(source, stick, key, PART_BYTES)
    assert list(stick.rglob("part-*")) == []


def test_a_disk_that_fills_up_or_goes_is_a_sentence(source, stick, key, monkeypatch):
    for code, error in ((28, NotEnoughDiskError), (5, StickError)):

        def refuse(stream, data, code=code):
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            patch.setattr(exporting, "write_all", refuse)
            with pytest.raises(error):
                export_bundle(source, stick, key, PART_BYTES)
    check_bundle(open_bundle(export_bundle(source, stick, key, PART_BYTES)[0]))


def test_two_at_once_are_one_too_many(source, stick, key):
    with (
        work_folder(stick / "tiny-bundle", ".exporting"),
        pytest.raises(PreparationError, match="at work on tiny-bundle"),
    ):
        export_bundle(source, stick, key, PART_BYTES)


def test_files_that_change_meanwhile_make_no_bundle(source, stick, key):
    def change(progress):
        source.files[0].write_bytes(b"x" * progress.done_bytes)

    with pytest.raises(SourceError, match="changed meanwhile"):
        export_bundle(source, stick, key, PART_BYTES, Watch(change))
    assert not (stick / "tiny-bundle").exists()


def test_an_original_that_is_not_what_it_was_is_refused(source, stick, key):
    known = replace(source, known_sha256={"LICENSE": "0" * 64})
    with pytest.raises(SourceError, match="LICENSE is not what it was"):
        export_bundle(known, stick, key, PART_BYTES)


@pytest.mark.parametrize("part_bytes", [0, 1023, MOST_PART_BYTES + 1])
def test_parts_have_limits(source, stick, key, part_bytes):
    with pytest.raises(SourceError, match="Parts have"):
        export_bundle(source, stick, key, part_bytes)


def test_too_many_parts_and_no_stick_are_sentences(source, stick, key, monkeypatch):
    with pytest.raises(StickError, match="Is the stick in"):
        export_bundle(source, stick / "none", key, PART_BYTES)
    monkeypatch.setattr(exporting, "MOST_PARTS", 5)
    with pytest.raises(SourceError, match="6 parts"):
        export_bundle(source, stick, key, PART_BYTES)


def test_a_link_planted_on_the_stick_is_not_followed(source, stick, key, tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    work = stick / "tiny-bundle.exporting"
    work.mkdir()
    (work / "part-00001.bin").symlink_to(victim)
    with pytest.raises(StickError):
        export_bundle(source, stick, key, PART_BYTES)
    assert victim.read_bytes() == b"mine"
