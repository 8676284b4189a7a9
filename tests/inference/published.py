"""Configurations as the models' makers publish them, field by field: the catalogue's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "catalogue" / "configurations"


def _published(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return read


R1 = _published("DeepSeek-R1")
QWEN3_8B = _published("DeepSeek-R1-0528-Qwen3-8B")
R1_DISTILL_QWEN_7B = _published("DeepSeek-R1-Distill-Qwen-7B")
V2_LITE = _published("DeepSeek-V2-Lite-Chat")
MOONLIGHT = _published("Moonlight-16B-A3B-Instruct")
GLM_4_7_FLASH = _published("GLM-4.7-Flash")
