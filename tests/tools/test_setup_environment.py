"""What set-up says and repairs, without a network and without a second environment."""

import fcntl
import os
import threading
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
    assert "2.2 GB of disk" in said
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
