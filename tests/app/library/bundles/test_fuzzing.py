"""Whatever happens to a bundle on its way is found, and the file is named."""

import shutil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library.bundles.checking import check_bundle, check_installed, open_bundle
from app.library.bundles.errors import BundleError, ContentError, Fault, ManifestError
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle
from app.library.bundles.manifest import read_manifest
from app.library.bundles.signing import SigningKey
from tests.app.library.bundles.conftest import PART_BYTES, source_in

FLIPS = 24
OF_THE_BUNDLE = ("bundle.json", "bundle.sig")


def named(check, folder) -> set[str]:
    """The names that the check complains about."""
    with pytest.raises((ManifestError, ContentError)) as caught:
        check(open_bundle(folder))
    if isinstance(caught.value, ContentError):
        return {problem.name for problem in caught.value.problems}
    return {name for name in OF_THE_BUNDLE if name in str(caught.value)}


def positions(size: int, random: Random) -> list[int]:
    """The edges of a part's head and of the file, and some between."""
    edges = [0, 14, 15, 46, 47, 60, 64, 126, 127, 128, size // 2, size - 1]
    drawn = [random.randrange(size) for _ in range(FLIPS)] if size else []
    return sorted({at for at in [*edges, *drawn] if 0 <= at < size})


def test_one_flipped_byte_is_named_in_every_file_of_a_bundle(bundle_folder):
    random, tried = Random(7), 0
    for file in sorted(bundle_folder.iterdir()):
        data = file.read_bytes()
        for at in positions(len(data), random):
            changed = bytearray(data)
            changed[at] ^= 1 << random.randrange(8)
            file.write_bytes(changed)
            assert named(check_bundle, bundle_folder) == {file.name}, (file.name, at)
            tried += 1
        file.write_bytes(data)
    assert tried > 200
    check_bundle(open_bundle(bundle_folder))


def test_every_byte_of_manifest_and_signature_counts(bundle_folder):
    for name in OF_THE_BUNDLE:
        file = bundle_folder / name
        data = file.read_bytes()
        for at in range(len(data)):
            file.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
            with pytest.raises(ManifestError, match=name):
                open_bundle(bundle_folder)
        file.write_bytes(data)


def test_every_truncation_is_named(bundle_folder):
    for file in sorted(bundle_folder.iterdir()):
        data = file.read_bytes()
        step = 1 if file.name in OF_THE_BUNDLE else 37
        for length in {*range(0, len(data), step), len(data) - 1}:
            file.write_bytes(data[:length])
            assert named(check_bundle, bundle_folder) == {file.name}, (file.name, length)
        file.write_bytes(data + b"\0")
        assert named(check_bundle, bundle_folder) == {file.name}
        file.unlink()
        assert named(check_bundle, bundle_folder) == {file.name}
        file.write_bytes(data)


def test_one_flipped_byte_is_named_in_every_file_of_an_installed_model(bundle_folder, tmp_path):
    folder = import_bundle(open_bundle(bundle_folder), tmp_path / "models", "test").folder
    random = Random(8)
    files = [file for file in sorted(folder.iterdir()) if "report" not in file.name]
    assert len(files) == 8
    for file in files:
        data = file.read_bytes()
        for at in positions(len(data), random):
            file.write_bytes(data[:at] + bytes([data[at] ^ 16]) + data[at + 1 :])
            assert named(check_installed, folder) == {file.name}, (file.name, at)
        for changed in (data[:-1] if data else b"x", data + b"x"):
            file.write_bytes(changed)
            assert named(check_installed, folder) == {file.name}
        file.unlink()
        assert named(check_installed, folder) == {file.name}
        file.write_bytes(data)
    (folder / "tokenizer.json").write_bytes(b"{}")
    assert named(check_installed, folder) == {"tokenizer.json"}


def fault_of(folder) -> dict[str, Fault]:
    with pytest.raises(ContentError) as caught:
        check_bundle(open_bundle(folder))
    return {problem.name: problem.fault for problem in caught.value.problems}


def test_swapped_older_and_later_parts_are_called_so(
    bundle_folder, key, source, tmp_path, monkeypatch
):
    one, two = bundle_folder / "part-00004.bin", bundle_folder / "part-00005.bin"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    swapped = {"part-00004.bin": Fault.SWAPPED, "part-00005.bin": Fault.SWAPPED}
    assert fault_of(bundle_folder) == swapped
    two.write_bytes(second)
    made_at_s = open_bundle(bundle_folder).manifest.made_at_s
    for shift_s, fault in ((-9, Fault.OLDER), (9, Fault.NEWER)):
        monkeypatch.setattr("time.time", lambda s=shift_s: made_at_s + s)
        (tmp_path / fault).mkdir()
        other, _ = export_bundle(source, tmp_path / fault, key, PART_BYTES)
        shutil.copy(other / one.name, one)
        assert fault_of(bundle_folder) == {one.name: fault}


def test_a_part_with_the_right_head_and_other_bytes_is_altered(bundle_folder):
    """Who can write heads can't write hashes."""
    file = bundle_folder / "part-00005.bin"
    head = file.read_bytes()[:128]
    file.write_bytes(head + (bundle_folder / "part-00004.bin").read_bytes()[128:])
    assert fault_of(bundle_folder) == {file.name: Fault.ALTERED}


def test_links_folders_and_pipes_are_no_parts(bundle_folder, tmp_path):
    import os

    one, two, three = (bundle_folder / f"part-0000{n}.bin" for n in (1, 2, 3))
    one.rename(tmp_path / "real")
    one.symlink_to(tmp_path / "real")
    two.unlink()
    two.mkdir()
    three.unlink()
    os.mkfifo(three)
    assert fault_of(bundle_folder) == dict.fromkeys((one.name, two.name, three.name), Fault.ALTERED)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_no_manifest(data):
    with pytest.raises(ManifestError):
        read_manifest(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELDS = ("format", "bundle_id", "made_at_s", "made_by", "name", "entry", "part_bytes", "files",
          "sbom")  # fmt: skip


@pytest.fixture(scope="module")
def signed_text(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    key = SigningKey.make(folder / "key.pem")
    _, manifest = export_bundle(source_in(folder / "s"), folder, key, PART_BYTES)
    return manifest.canonical()


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(FIELDS), value=JSON)
def test_any_field_may_be_anything(signed_text, field, value):
    import json

    fields = json.loads(signed_text) | {field: value}
    text = (json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n").encode()
    try:
        found = read_manifest(text)
    except BundleError as error:
        told = str(error)
    else:
        told = f"bundle.json {found.canonical().decode()}"
        assert found.canonical() == text
    assert "bundle.json" in told
