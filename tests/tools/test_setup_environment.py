"""What set-up says and repairs, without a network and without a second environment."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from tools import setup_environment as setup

NO_ANSWER = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(x)': /simple/
ERROR: Could not find a version that satisfies the requirement jinja2 (from versions: none)
"""


def package(environment: Path, name: str, content: str = "x = 1\n") -> Path:
    """A package as pip leaves it, with its record; returns the entry."""
    site = environment / "lib" / "python3.11" / "site-packages"
    entry = site / f"{name}-1.0.dist-info"
    entry.mkdir(parents=True)
    (site / f"{name}.py").write_text(content)
    rows = [f"{name}.py,sha256=abc,{len(content)}", f"{entry.name}/RECORD,,"]
    (entry / "RECORD").write_text("\n".join(rows) + "\n")
    return entry


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / ".venv"
    made.mkdir()
    monkeypatch.setattr(setup, "ENVIRONMENT", made)
    monkeypatch.setattr(setup, "PYTHON", made / "bin" / "python")
    monkeypatch.setattr(setup, "LOG", made / "setup.log")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    return made


def test_no_answer_from_the_network_is_one_sentence_that_says_how_much_is_needed() -> None:
    said = setup.explain(NO_ANSWER, setup.PURPOSES["run"])
    assert said == (
        "Set-up needs a network once, for about 430 MB of packages; it got no answer. "
        "Connect, then run make run again."
    )


def test_a_full_disk_is_told_apart_from_the_network() -> None:
    said = setup.explain("ERROR: [Errno 28] No space left on device\n", setup.PURPOSES["dev"])
    assert "3.2 GB of disk" in said
    assert said.endswith("run make test again.")


def test_any_other_failure_names_pips_reason_and_the_log(environment: Path) -> None:
    said = setup.explain("ERROR: No matching distribution for x.\n", setup.PURPOSES["run"])
    assert said == (
        "Set-up stopped: No matching distribution for x (all of it stands in .venv/setup.log)."
    )


def test_pip_that_dies_silently_still_gives_a_sentence(environment: Path) -> None:
    assert "pip ended without a word" in setup.explain("", setup.PURPOSES["run"])


def test_a_whole_package_is_left_alone(environment: Path) -> None:
    entry = package(environment, "whole")
    setup.forget_half_installed()
    assert entry.exists()


@pytest.mark.parametrize("damage", ["no record", "a file missing", "a file cut short"])
def test_a_half_installed_package_is_forgotten(environment: Path, damage: str) -> None:
    whole, broken = package(environment, "whole"), package(environment, "broken")
    if damage == "no record":
        (broken / "RECORD").unlink()
    elif damage == "a file missing":
        (broken.parent / "broken.py").unlink()
    else:
        (broken.parent / "broken.py").write_text("x")
    setup.forget_half_installed()
    assert not broken.exists()
    assert whole.exists()


def test_what_pip_had_renamed_is_removed(environment: Path) -> None:
    leftover = package(environment, "whole").parent / "~orch.dist-info"
    leftover.mkdir()
    setup.forget_half_installed()
    assert not leftover.exists()


def test_a_half_made_environment_does_not_count_as_one(environment: Path) -> None:
    assert not setup.environment_works()
    (environment / "bin").mkdir()
    (environment / "bin" / "python").symlink_to("/nonexistent/python3.11")
    assert not setup.environment_works()


def test_a_disk_too_small_is_refused_before_anything_is_fetched(environment: Path) -> None:
    huge = setup.Purpose("run", "run", (), 1, 10**9)
    with pytest.raises(setup.SetupError, match="make room"):
        setup.check_disk(huge)


def test_settings_that_send_packages_elsewhere_do_not_reach_pip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    handed_on = setup.pip_environment()
    assert "PIP_TARGET" not in handed_on
    assert handed_on["PIP_FIND_LINKS"] == "wheels"


def test_development_asks_for_all_that_running_asks_for_and_more() -> None:
    run, dev = (setup.requirements(setup.PURPOSES[name].extras) for name in ("run", "dev"))
    assert set(run) < set(dev)


def test_progress_names_a_wheel_and_its_size_and_warns_of_cuda_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = setup.Progress()
    for line in (
        "Collecting torch",
        "  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (526.6 MB)",
        "  Downloading six-1.0-py3-none-any.whl.metadata (12 kB)",
        "  Downloading nvidia_cublas-13.1-py3-none-manylinux_2_27_x86_64.whl (423.1 MB)",
        "  Downloading nvidia_nccl_cu13-2.29-py3-none-manylinux_2_18_x86_64.whl (206.0 MB)",
        "Installing collected packages: torch",
    ):
        progress.see(line + "\n")
    shown = capsys.readouterr().out.splitlines()
    assert shown == [
        "  torch, 527 MB",
        setup.CUDA_SENTENCE,
        "  nvidia-cublas, 423 MB",
        "  nvidia-nccl-cu13, 206 MB",
        "  unpacking (a minute or so)",
    ]


def test_tools_for_the_gpu_kernels_are_no_cuda_build_of_torch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = setup.Progress()
    progress.see("  Downloading nvidia_nvvm-13.0.88-py3-none-manylinux.whl (65.5 MB)\n")
    progress.see("  Downloading triton-3.7.1-cp311-cp311-manylinux_2_28_x86_64.whl (190.0 MB)\n")
    assert capsys.readouterr().out.splitlines() == ["  nvidia-nvvm, 66 MB", "  triton, 190 MB"]


def test_set_up_goes_on_without_what_only_some_machines_can_have(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def refuse(purpose: setup.Purpose, packages: list[str], *options: str) -> None:
        asked.append(packages)
        raise setup.SetupError("No matching distribution for triton.")

    monkeypatch.setattr(setup, "pip_install", refuse)
    setup.install_optional(setup.PURPOSES["run"])
    assert not asked
    setup.install_optional(setup.PURPOSES["dev"])
    assert [package.partition("==")[0] for package in asked[0]][-1] == "triton"
    assert "PySide6" not in " ".join(asked[0])
    said = capsys.readouterr().out
    assert "skipped" in said
    assert "No matching distribution for triton" in said


def test_on_a_terminal_the_megabytes_of_a_large_wheel_move(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    progress = setup.Progress()
    progress.see("  Downloading torch-2-py3-none-any.whl (526.6 MB)\n")
    progress.see("Progress 100000000 of 526600000\n")
    progress.see("Progress 1000 of 2000\n")
    assert capsys.readouterr().out.endswith("\r  torch: 100 of 526 MB")


def test_a_second_set_up_in_the_same_folder_waits(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = os.open(environment.parent, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    entered = threading.Event()

    def second() -> None:
        with setup.only_set_up():
            entered.set()

    waiting = threading.Thread(target=second)
    waiting.start()
    assert not entered.wait(0.2)
    os.close(first)
    waiting.join(10)
    assert entered.is_set()
    assert "waiting" in capsys.readouterr().out


@pytest.fixture
def builder(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python that says what it was started for, and then takes its time; what it said."""
    setup.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    said = environment / "said"
    setup.PYTHON.write_text(
        f'#!/bin/sh\necho "$*" >"{said}.new"\nmv "{said}.new" "{said}"\n'
        f'while [ ! -e "{environment}/go" ]; do sleep 0.05; done\necho built >>"{said}"\n'
    )
    setup.PYTHON.chmod(0o755)
    monkeypatch.setattr(setup, "pip_install", lambda *_: None)
    monkeypatch.setattr(setup, "packages_of", {"build": ["cmake"]}.get)
    return said


def test_kernels_are_built_while_packages_come_and_are_waited_for(builder: Path) -> None:
    with setup.kernels_built_beside(setup.PURPOSES["run"]):
        while not builder.exists():
            time.sleep(0.02)
        assert builder.read_text() == "-m tools.build_kernels --no-fetch\n"
        (builder.parent / "go").touch()
    assert builder.read_text().endswith("\nbuilt\n")


def test_packages_that_can_not_be_had_end_the_building_and_its_children(builder: Path) -> None:
    def fail() -> None:
        while not builder.exists():
            time.sleep(0.02)
        raise setup.SetupError("no answer")

    with pytest.raises(setup.SetupError), setup.kernels_built_beside(setup.PURPOSES["run"]):
        fail()
    (builder.parent / "go").touch()
    time.sleep(0.2)
    assert "built" not in builder.read_text().splitlines()


def test_what_is_waited_for_is_said(builder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    end = threading.Timer(0.3, (builder.parent / "go").touch)
    with setup.kernels_built_beside(setup.PURPOSES["run"]):
        end.start()
    assert capsys.readouterr().out == "Compiling the native kernels.\n"


def test_where_no_tools_are_asked_for_nothing_is_built_beside(
    builder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "packages_of", lambda _: [])
    with setup.kernels_built_beside(setup.PURPOSES["run"]):
        pass
    assert not builder.exists()
