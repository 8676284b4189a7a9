"""A bundle is installed whole and as signed, or not at all, and nothing outside is touched."""

import json
import os
import shutil
from dataclasses import replace

import pytest

from app.library.bundles import importing
from app.library.bundles.admission import Allowance
from app.library.bundles.checking import check_installed, find_bundle, open_bundle
from app.library.bundles.errors import (
    ContentError,
    Fault,
    ManifestError,
    MissingPartsError,
    ModelThereError,
    OlderBundleError,
    StickError,
    UnknownSignerError,
)
from app.library.bundles.exporting import export_bundle
from app.library.bundles.importing import import_bundle, signer_name
from app.library.bundles.manifest import BundleFile
from app.library.bundles.trust import TrustStore
from inference.errors import NotEnoughDiskError, PreparationCancelledError
from inference.prepared.preparing import Watch
from tests.app.library.bundles.conftest import PART_BYTES, SIZES, source_in, tree


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def installed(bundle_folder, models, **options):
    return import_bundle(open_bundle(bundle_folder), models, "Anna", **options)


def test_what_is_installed_is_what_was_exported(bundle_folder, source, models):
    done = installed(bundle_folder, models)
    assert done.folder == models / "tiny"
    for file in source.files:
        assert (done.folder / file.name).read_bytes() == file.read_bytes()
    assert [p.name for p in models.iterdir()] == ["tiny"]
    check_installed(open_bundle(done.folder))
    before = tree(models)
    assert installed(bundle_folder, models).was_there
    assert tree(models) == before


def test_the_report_says_what_from_whom_and_when(bundle_folder, models):
    done = installed(bundle_folder, models)
    facts = json.loads((done.folder / "bundle-report.json").read_text())
    assert facts["model"] == "tiny"
    assert facts["signed_by"] == "Anna"
    assert facts["key_fingerprint"] == done.bundle.signer.fingerprint
    assert {f["name"]: f["sha256"] for f in facts["files"]} == {
        f.name: f.sha256 for f in done.bundle.manifest.files
    }
    assert facts["imported_at"].endswith("UTC")
    page = (done.folder / "bundle-report.html").read_text()
    assert all(f["sha256"] in page for f in facts["files"])
    assert facts["key_fingerprint"] in page


def test_nothing_of_a_manifest_is_markup_in_the_report(source, stick, key, models):
    evil = "<script>alert(1)</script>" + "\u0301" * 100  # as many marks lie over other lines
    source = replace(source, entry=replace(source.entry, title=evil, licence='"><img src=x>'))
    done = installed(export_bundle(source, stick, key, PART_BYTES)[0], models)
    page = (done.folder / "bundle-report.html").read_text()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "‹U+0301 ×92›" in page


def test_an_unknown_signer_is_refused_and_shown(bundle_folder, tmp_path, key):
    bundle, store = open_bundle(bundle_folder), TrustStore(tmp_path / "keys")
    with pytest.raises(UnknownSignerError, match=key.public.fingerprint):
        signer_name(bundle, store)
    other = "0000 " * 15 + "0000"
    with pytest.raises(UnknownSignerError):
        signer_name(bundle, store, other)
    assert "alone" in signer_name(bundle, store, key.public.fingerprint)
    store.trust(key.public.fingerprint, "Anna")
    assert signer_name(bundle, store) == "Anna"


def test_parts_may_come_on_several_sticks_in_any_order(bundle_folder, models, tmp_path):
    sticks = [tmp_path / f"stick{n}" for n in range(3)]
    for stick in sticks:
        stick.mkdir()
        for name in ("bundle.json", "bundle.sig", "bundle-sbom.json"):
            shutil.copy(bundle_folder / name, stick)
    for number, part in enumerate(sorted(bundle_folder.glob("part-*"))):
        part.rename(sticks[number % 3] / part.name)
    for stick, missing in ((sticks[2], 4), (sticks[0], 2)):
        with pytest.raises(MissingPartsError, match="next stick") as caught:
            installed(stick, models)
        assert len(caught.value.problems) == missing
        assert not (models / "tiny").exists()
    check_installed(open_bundle(installed(sticks[1], models).folder))


def test_a_bad_part_stops_it_and_a_good_copy_ends_it(bundle_folder, models):
    part = bundle_folder / "part-00004.bin"
    good = part.read_bytes()
    part.write_bytes(good[:500] + b"!" + good[501:])
    with pytest.raises(ContentError, match=r"part-00004\.bin is not as it was signed"):
        installed(bundle_folder, models)
    assert not (models / "tiny").exists()
    part.write_bytes(good)
    check_installed(open_bundle(installed(bundle_folder, models).folder))


def test_a_bill_of_materials_that_was_altered_stops_it(bundle_folder, models):
    (bundle_folder / "bundle-sbom.json").write_text("{}")
    with pytest.raises(ContentError, match=r"bundle-sbom\.json"):
        installed(bundle_folder, models)
    assert not (models / "tiny").exists()


@pytest.mark.parametrize("left_after", range(0, 20, 3))
def test_stopped_anywhere_it_goes_on(bundle_folder, models, left_after):
    told = []

    def cancelled():
        told.append(1)
        return len(told) > left_after

    try:
        installed(bundle_folder, models, watch=Watch(cancelled=cancelled))
        assert left_after > 12
    except PreparationCancelledError:
        assert not (models / "tiny").exists()
    check_installed(open_bundle(installed(bundle_folder, models).folder))
    assert [p.name for p in models.iterdir()] == ["tiny"]


def test_a_stick_that_is_pulled_keeps_what_is_done(bundle_folder, models, tmp_path):
    away = tmp_path / "pocket"

    def pull(progress):
        if progress.done_bytes > 1500 and bundle_folder.exists():
            bundle_folder.rename(away)

    with pytest.raises((StickError, MissingPartsError)):
        installed(bundle_folder, models, watch=Watch(pull))
    assert not (models / "tiny").exists()
    steps = []
    away.rename(bundle_folder)
    installed(bundle_folder, models, watch=Watch(lambda p: steps.append(p.done_bytes)))
    check_installed(open_bundle(models / "tiny"))


def test_a_read_error_of_the_stick_is_a_sentence(bundle_folder, models, monkeypatch):
    bundle = open_bundle(bundle_folder)

    def gone(stream, size):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("app.library.bundles.parts.chunks", gone)
        with pytest.raises(StickError, match="Put the stick in again"):
            import_bundle(bundle, models, "Anna")
    check_installed(open_bundle(import_bundle(bundle, models, "Anna").folder))


def test_what_the_disk_garbled_is_found_before_it_is_used(bundle_folder, models, monkeypatch):
    real = importing.write_all

    def garble(stream, data):
        real(stream, bytes(len(data)) if len(data) == 552 else data)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "write_all", garble)
        with pytest.raises(ContentError, match=r"w\.safetensors is not as it was signed"):
            installed(bundle_folder, models)
    assert not (models / "tiny").exists()
    check_installed(open_bundle(installed(bundle_folder, models).folder))


def test_room_is_looked_for_and_a_full_disk_is_a_sentence(bundle_folder, models, monkeypatch):
    def full(stream, data):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(importing, "write_all", full)
        with pytest.raises(NotEnoughDiskError):
            installed(bundle_folder, models)
    little = shutil.disk_usage(models)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: little)
    with pytest.raises(NotEnoughDiskError):
        installed(bundle_folder, models)
    assert not (models / "tiny").exists()


# ---------------------------------------------------------------------- versions


@pytest.fixture
def later(bundle_folder, key, tmp_path, monkeypatch):
    """A bundle of other files of this name, made an hour later."""
    made_at_s = open_bundle(bundle_folder).manifest.made_at_s
    monkeypatch.setattr("time.time", lambda: made_at_s + 3600)
    (tmp_path / "later").mkdir()
    source = source_in(tmp_path / "source2", 2, sizes=SIZES | {"new.json": 7})
    return export_bundle(source, tmp_path / "later", key, PART_BYTES)[0]


def test_a_later_one_takes_the_place_of_an_older_one_and_not_the_other_way(
    bundle_folder, later, models
):
    installed(bundle_folder, models)
    installed(later, models)
    assert open_bundle(models / "tiny").manifest == open_bundle(later).manifest
    assert [p.name for p in models.iterdir()] == ["tiny"]
    with pytest.raises(OlderBundleError, match="--allow-older"):
        installed(bundle_folder, models)
    check_installed(open_bundle(models / "tiny"))
    installed(bundle_folder, models, allow=Allowance(older=True))
    assert open_bundle(models / "tiny").manifest == open_bundle(bundle_folder).manifest
    check_installed(open_bundle(models / "tiny"))


def test_half_an_import_of_another_bundle_is_no_hindrance(bundle_folder, later, models):
    (bundle_folder / "part-00006.bin").unlink()
    with pytest.raises(MissingPartsError):
        installed(bundle_folder, models)
    check_installed(open_bundle(installed(later, models).folder))
    assert [p.name for p in models.iterdir()] == ["tiny"]


def test_a_damaged_one_is_made_whole(bundle_folder, models):
    folder = installed(bundle_folder, models).folder
    for name in ("config.json", "bundle.json"):
        (folder / name).write_bytes(b"{}")
        assert not installed(bundle_folder, models).was_there
        check_installed(open_bundle(folder))


def test_a_model_that_came_otherwise_is_not_replaced(bundle_folder, models, tmp_path):
    (models / "tiny").mkdir(parents=True)
    (models / "tiny" / "config.json").write_text("{}")
    with pytest.raises(ModelThereError):
        installed(bundle_folder, models)
    shutil.rmtree(models / "tiny")
    (models / "tiny").symlink_to(tmp_path)
    with pytest.raises(ModelThereError):
        installed(bundle_folder, models)


# ---------------------------------------------------------------------- names


EVIL = [
    *("..", ".", "", "/etc/passwd", "../x", "..\\x", "a/../../x", "a/b", "a\\b", "/x", "\\x", "~"),
    *("C:x", "C:\\x", "C:/x", "\\\\host\\share\\x", "//host/share/x", "\\\\?\\C:\\x", "x:stream"),
    *("a\0b", "\0", "a\nb", "a\rb", "a\tb", "a\x1b[2Jb", "a\x7fb", " a", "a ", "a.", ".a", "-a"),
    *("bundle.json", "BUNDLE.SIG", "bundle-report.html", "Bundle-x", "bundle", "x" * 121),
    *("a*", "a?", 'a"b', "a<b", "a>b", "a|b", "a%00b/", "a$b", "a`b", "a;b", "a&b", "a'b", "a!"),
    *("ä.json", "ﬁ.json", "ﾃ", "a\u202eb", "a\u200bb", "．．", "／x", "a∕b", "\ud800", "😀", "ſ"),
]
DEVICES = ("con", "PRN", "aux", "NUL", "Clock$", "CONIN$", "conout$",
           *(f"com{n}" for n in range(10)), *(f"LPT{n}" for n in range(10)))  # fmt: skip
EVIL += [name + ending for name in DEVICES for ending in ("", ".json", ".tar.gz", " .txt", ".")]
EVIL += ["../" * n + "x" for n in range(2, 9)] + ["..\\" * n + "x" for n in range(2, 9)]


def forged(folder, bundle_folder, key, **changes):
    """A bundle whose manifest says something else, soundly signed."""
    shutil.copytree(bundle_folder, folder)
    manifest = replace(open_bundle(bundle_folder).manifest, **changes)
    (folder / "bundle.json").write_bytes(manifest.canonical())
    (folder / "bundle.sig").write_bytes(key.signature_of(manifest.canonical()))
    return folder


def test_two_hundred_evil_names_write_nothing_at_all(bundle_folder, key, tmp_path, models):
    assert len(set(EVIL)) >= 200
    files = open_bundle(bundle_folder).manifest.files
    models.mkdir()
    before = tree(tmp_path)
    for number, name in enumerate(EVIL):
        evil_files = (replace(files[0], name=name), *files[1:])
        evil_files = tuple(sorted(evil_files, key=lambda file: file.name))
        for place, changes in (("f", {"files": evil_files}), ("m", {"name": name})):
            if place == "m" and name.lower().startswith("bundle"):
                continue  # a folder may be called so
            folder = forged(tmp_path / f"{place}{number}", bundle_folder, key, **changes)
            with pytest.raises(ManifestError):
                import_bundle(open_bundle(folder), models, "Anna")
            shutil.rmtree(folder)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("one", "other"), [("a.json", "A.json"), ("README", "readme")])
def test_names_that_are_one_on_many_systems_are_refused(
    bundle_folder, key, tmp_path, models, one, other
):
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    files = tuple(BundleFile(name, 0, empty, ()) for name in sorted((one, other)))
    folder = forged(tmp_path / "f", bundle_folder, key, files=files)
    with pytest.raises(ManifestError, match="one name on many systems"):
        import_bundle(open_bundle(folder), models, "Anna")


@pytest.mark.parametrize(
    "changes",
    [
        {"part_bytes": 1}, {"part_bytes": 1 << 33}, {"made_at_s": -1}, {"made_at_s": 1 << 60},
        {"bundle_id": "x" * 32}, {"made_by": "a\nb"}, {"made_by": "x" * 500}, {"files": ()},
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused(bundle_folder, key, tmp_path, models, changes):
    folder = forged(tmp_path / "f", bundle_folder, key, **changes)
    with pytest.raises(ManifestError):
        open_bundle(folder)


def test_counts_and_sizes_have_limits(bundle_folder, key, tmp_path):
    file = open_bundle(bundle_folder).manifest.files[0]
    many = tuple(replace(file, name=f"f{n:05}") for n in range(4097))
    huge = (replace(file, size=1 << 45),)
    few_hashes = (replace(file, part_sha256=()),)
    for number, files in enumerate((many, huge, few_hashes)):
        with pytest.raises(ManifestError):
            open_bundle(forged(tmp_path / f"f{number}", bundle_folder, key, files=files))
    with (bundle_folder / "bundle.json").open("ab") as stream:
        stream.truncate((16 << 20) + 1)
    with pytest.raises(ManifestError, match="larger than any such file"):
        open_bundle(bundle_folder)


def test_links_in_the_work_folder_lead_nowhere(bundle_folder, models, tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "config.json").write_bytes(b"mine")
    before = tree(victim)
    work = models / "tiny.importing"
    work.mkdir(parents=True)
    (work / "files").symlink_to(victim)
    check_installed(open_bundle(installed(bundle_folder, models).folder))
    shutil.rmtree(models)
    (work / "files").mkdir(parents=True)
    (work / "files" / "config.json").symlink_to(victim / "config.json")
    (work / "files" / "LICENSE").mkdir()
    check_installed(open_bundle(installed(bundle_folder, models).folder))
    shutil.rmtree(models)
    models.mkdir()
    work.symlink_to(victim)
    with pytest.raises(StickError):
        installed(bundle_folder, models)
    assert tree(victim) == before


def test_the_stick_is_enough_to_find_its_bundle(bundle_folder, stick):
    assert find_bundle(stick) == find_bundle(bundle_folder) == bundle_folder
    shutil.copytree(bundle_folder, stick / "second")
    with pytest.raises(ManifestError, match="several bundles"):
        find_bundle(stick)
    with pytest.raises(ManifestError, match="no whole bundle"):
        find_bundle(stick.parent / "source")
    with pytest.raises(StickError, match="Is the stick in"):
        find_bundle(stick / "none")


def test_faults_have_names(bundle_folder, models):
    (bundle_folder / "part-00001.bin").unlink()
    (bundle_folder / "part-00002.bin").write_bytes(b"")
    with pytest.raises(ContentError, match=r"Not as signed either: part-00002\.bin") as caught:
        installed(bundle_folder, models)
    assert [p.fault for p in caught.value.problems] == [Fault.MISSING, Fault.ALTERED]
