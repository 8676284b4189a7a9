"""What goes into the frozen program, what lies beside it, and how a build is put in place."""

import io
import json
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from app.installation import build_of
from tests.tools.made_elf import made_elf
from tools.package import __main__ as package
from tools.package import contents, freeze
from tools.package.own_python import PythonError

ROOT = Path(__file__).resolve().parents[2]
COMMIT = freeze.Commit("c0ffee" + "0" * 34, 1_700_000_000, "0.1.0")
KEY = bytes(range(32))


def archive(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as opened:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            opened.addfile(member, io.BytesIO(content))
    return held.getvalue()


def test_a_wheel_is_made_of_every_folder_that_the_program_reads() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    built = settings["tool"]["scikit-build"]
    assert set(built["wheel"]["packages"]) == {*contents.OWN_PACKAGES, "assets"}
    assert "install(FILES main.py" in (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")


def test_no_pattern_keeps_an_asset_that_the_program_reads_out_of_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = settings["tool"]["scikit-build"]["wheel"]["exclude"]
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "assets", "kernels/schemes"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    gone = {name for name in listed if any(Path(name).match(each) for each in left_out)}
    assert {Path(name).suffix for name in gone} <= {".ts", ".md", ".png"}
    assert {Path(name).parts[1] for name in gone} <= {"screenshots", "translations"}


@pytest.mark.parametrize(
    ("target", "is_kept"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/lib/libtorchbind_test.so", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6\\Qt\\translations\\qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("libstdc++.so.6", False),
        ("libexpat.so.1", False),
        ("libxcb-cursor.so.0", True),
        ("torch/_C.pyi", False),
    ],
)
def test_only_what_is_used_is_kept(target: str, is_kept: bool) -> None:
    assert contents.is_kept(target) is is_kept


def test_a_library_of_the_systems_stays_only_where_a_kept_file_needs_it() -> None:
    asks = {
        "/a/plugin.so": ["libnear.so.1"],
        "/s/libnear.so.1": ["libfar.so.2"],
        "/s/libfar.so.2": ["libc.so.6"],
    }
    targets = {
        "qt/plugin.so": "/a/plugin.so",
        "libnear.so.1": "/s/libnear.so.1",
        "libfar.so.2": "/s/libfar.so.2",
        "libgtk-3.so.0": "/s/libgtk-3.so.0",
        "_cffi_backend.so": "/a/_cffi_backend.so",
    }
    kept = contents.needed(targets, lambda file: asks.get(file, []))
    assert kept == targets.keys() - {"libgtk-3.so.0"}


def test_the_program_says_what_it_was_built_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freeze, "SOURCE", ROOT)
    monkeypatch.setattr(freeze, "built_with", lambda: {"python": "3.11.7"})
    (tmp_path / "pitcher").write_bytes(b"")
    freeze.finish(tmp_path, COMMIT, KEY)
    build = build_of(tmp_path)
    assert (build.version, build.commit, build.release_key) == ("0.1.0", COMMIT.name, KEY)
    assert (tmp_path / "LICENSE").stat().st_mtime == COMMIT.seconds
    freeze.finish(tmp_path, COMMIT, None)
    assert json.loads((tmp_path / "build.json").read_text())["release_key"] is None
    assert build_of(tmp_path).release_key is None


def test_the_source_is_what_was_committed_and_only_what_changed_is_written(tmp_path: Path) -> None:
    freeze.write_source(archive({"a.cpp": b"1", "old/b.cpp": b"2"}), tmp_path)
    compiled = tmp_path / "build" / "wheel" / "a.o"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(b"object")
    before_ns = (tmp_path / "a.cpp").stat().st_mtime_ns
    freeze.write_source(archive({"a.cpp": b"1", "c.cpp": b"3"}), tmp_path)
    assert (tmp_path / "a.cpp").stat().st_mtime_ns == before_ns
    assert (tmp_path / "c.cpp").read_bytes() == b"3"
    assert not (tmp_path / "old").exists()
    assert compiled.exists()


def test_a_file_that_asks_for_a_newer_system_fails_the_build_by_name(tmp_path: Path) -> None:
    (tmp_path / "old.so").write_bytes(made_elf({"libc.so.6": ("GLIBC_2.9", "GLIBC_2.34")}))
    freeze.hold_floor(tmp_path)
    (tmp_path / "new.so").write_bytes(made_elf({"libc.so.6": ("GLIBC_2.35",)}))
    with pytest.raises(freeze.PackageError, match=r"^new\.so want GLIBC 2\.35; .* with 2\.34"):
        freeze.hold_floor(tmp_path)


def test_the_python_that_is_frozen_is_our_own_on_linux_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freeze, "own_python", lambda *_: tmp_path)
    assert freeze.python_to_freeze() == tmp_path

    def fails(*_: object) -> Path:
        raise PythonError("There is no source.")

    monkeypatch.setattr(freeze, "own_python", fails)
    with pytest.raises(freeze.PackageError, match="no source"):
        freeze.python_to_freeze()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert freeze.python_to_freeze() == Path(sys.executable)


def test_a_new_build_takes_the_place_of_the_last_one(tmp_path: Path) -> None:
    target = tmp_path / "pitcher"
    for content in ("first", "second"):
        made = tmp_path / "made"
        made.mkdir()
        (made / "file").write_text(content)
        freeze.put_in_place(made, target)
    assert (target / "file").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["pitcher"]


@pytest.mark.parametrize("text", ["", "no key", "00" * 31, "00" * 33])
def test_a_release_key_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    with pytest.raises(freeze.PackageError, match="key"):
        freeze.read_release_key(file)


def test_a_release_key_is_read(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY.hex()}\n")
    assert freeze.read_release_key(file) == KEY


def test_a_key_that_can_not_be_read_ends_the_build_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert package.main(["--release-key", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The release key can't be read from")
    assert said.count("\n") == 1
