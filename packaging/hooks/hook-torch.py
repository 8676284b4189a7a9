"""In place of PyInstaller's own hook, which takes all of torch: its headers, tests, compilers."""

from pathlib import Path

from PyInstaller.utils.hooks import get_package_paths

from tools.package import contents

_folder = Path(get_package_paths("torch")[1])
binaries = [
    (str(file), "torch/lib")
    for file in sorted((_folder / "lib").iterdir())
    if file.is_file() and contents.is_kept(f"torch/lib/{file.name}")
]
# `import torch` looks whether it is there; it is for processes that share tensors, which we lack.
binaries.append((str(_folder / "bin" / "torch_shm_manager"), "torch/bin"))
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
