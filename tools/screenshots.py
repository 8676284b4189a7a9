"""Renders the window's main states into a folder, for eyes and for the README.

`python -m tools.screenshots OUT [--scale 2] [--scheme dark] [--language de] [--scene NAME]
[--real]`: by default every state, light and dark, at 100 %, 200 % and 300 %, and once in German
and in a pseudo-locale, from a scripted engine and without a display. `--real` asks the starter
model instead, one picture. The history's states have their own, `tools.history_screenshots`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.screenshot_scenes import Scenes
from tools.screenshot_stage import render_each, staged

_LANGUAGES = ("en", "de", "pseudo")
_LOOKS = (("1", "light"), ("1", "dark"), ("2", "light"), ("2", "dark"), ("3", "light"))


def _render_each(options: argparse.Namespace) -> None:
    """All looks in English and the first one in the other languages, or what was asked for."""
    for language in _LANGUAGES:
        if options.language not in (None, language):
            continue
        looks = [
            (scale, scheme)
            for scale, scheme in (_LOOKS if language == "en" or options.scale else _LOOKS[:1])
            if options.scale in (None, scale) and options.scheme in (None, scheme)
        ]
        more = [f"--scene={name}" for name in options.scene] + ["--real"] * options.real
        more.append(f"--language={language}")
        render_each("tools.screenshots", options.out, looks, *more, language=language)


def main() -> None:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", choices=["1", "2", "3"])
    parser.add_argument("--scheme", choices=["light", "dark"])
    parser.add_argument("--scene", action="append", default=[], help="only this one")
    parser.add_argument("--language", choices=_LANGUAGES, help="pseudo: longer words")
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.scale or not options.scheme or not options.language:
        _render_each(options)
        return
    with staged(options.out, options.scale, options.scheme, options.language) as stage:
        scenes = Scenes(stage)
        if options.real:
            scenes.real()
            return
        for name, scene in scenes.all().items():
            if not options.scene or name in options.scene:
                scene()


if __name__ == "__main__":
    main()
