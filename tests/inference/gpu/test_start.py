"""Nothing of a GPU is imported or asked where nobody asked for one."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
# A model is loaded and answers, through the command line's own modules.
STARTED = """
import sys
from pathlib import Path
import app.cli, app.cli.chat, app.cli.services
from inference import Engine, EngineOptions
from inference.prompt.sandbox import SandboxRenderer
from inference.request import GenerateRequest, Message
engine = Engine.load(Path(sys.argv[1]), EngineOptions(context_tokens=64), SandboxRenderer())
request = GenerateRequest((Message("user", "Hi"),), max_tokens=1)
assert list(engine.generate(request))
wanted = ("triton", "inference.gpu", "kernels.gpu", "kernels.cuda", "kernels.triton")
print([m for m in sys.modules if m.startswith(wanted)])
import torch
print(torch.cuda.is_initialized())
with open("/proc/self/maps") as maps:
    print("libcuda" in maps.read())
"""


def test_a_start_on_the_processor_imports_nothing_of_a_gpu():
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(ROOT / "tests/data/tiny-r1")],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["[]", "False", "False"]


LOOKED = """
import sys
from kernels.gpu import driver_api
driver_api.LIBRARY = "libno-such-driver.so.1"
from inference.graphics import find_card
print(find_card().reason)
print("torch" in sys.modules)
"""


def test_looking_for_a_card_where_there_is_none_imports_no_torch():
    done = subprocess.run(
        [sys.executable, "-c", LOOKED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["no NVIDIA driver is installed", "False"]


def test_the_base_installation_has_no_triton():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for part in ("triton", "nvidia"):
        assert not [package for package in project["dependencies"] if package.startswith(part)]
        for extra in ("build", "cuda", "dev", "package"):
            optional = project["optional-dependencies"][extra]
            assert not [package for package in optional if package.startswith(part)]
