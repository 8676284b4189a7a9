"""Every distance, radius and duration of the window. Pixels are Qt's own, before display scale.

What holds text grows with the text's size: read `SIZE` when it is used, never once for all.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Space:
    """Gaps between things."""

    hair: int = 1
    tick: int = 2
    xs: int = 4
    sm: int = 8
    row: int = 10
    md: int = 12
    block: int = 14
    lg: int = 16
    xl: int = 20
    xxl: int = 24
    section: int = 28
    xxxl: int = 32


@dataclass(frozen=True)
class Radius:
    """Corners."""

    chip: int = 6
    control: int = 8
    code: int = 10
    toast: int = 12
    card: int = 14
    composer: int = 16


@dataclass
class Size:
    """Fixed widths and heights; below, as they are at a text size of 100 %."""

    sidebar: int = 264
    sidebar_min: int = 220
    sidebar_max: int = 360
    grip: int = 6
    header: int = 52
    banner: int = 28
    row: int = 32
    lock_row: int = 46
    column: int = 720
    composer: int = 752
    bubble_max: int = 560
    button: int = 32
    field: int = 36
    button_large: int = 40
    toast_button: int = 28
    send: int = 34
    attached: int = 34
    attached_name: int = 160
    toast: int = 46
    toast_max: int = 588
    dialog: int = 560
    dialog_small: int = 480
    screen: int = 400
    empty: int = 440
    model_max: int = 240
    answer_foot: int = 32
    jump: int = 36
    reasoning_head: int = 28
    reasoning_lines: int = 3
    reasoning_rule: int = 2
    icon_xs: int = 14
    icon_sm: int = 16
    icon: int = 18
    icon_lg: int = 20
    icon_banner: int = 32
    icon_screen: int = 40
    logo: int = 76
    pebbles: int = 18
    stop_square: int = 12
    scrollbar: int = 10
    scrollbar_handle: int = 24
    compact_below: int = 960
    window_min_width: int = 640
    window_min_height: int = 480
    window_width: int = 1280
    window_height: int = 800
    composer_lines: int = 10
    list_step: int = 32
    quote_step: int = 18
    code_head: int = 32
    code_button: int = 28
    table_row: int = 32
    cell_least: int = 96
    cell_most: int = 320
    switch_width: int = 40
    switch: int = 22
    switch_knob: int = 12
    slider: int = 200
    slider_height: int = 30
    slider_knob: int = 17
    slider_track: int = 4
    slider_tick: int = 7
    number_field: int = 78
    choice_field: int = 124
    settings_search: int = 248
    palette: int = 600
    palette_top: int = 118
    palette_field: int = 56
    palette_row: int = 38
    prompt_lines: int = 4
    page: int = 840
    step_bar: int = 6

    def __post_init__(self) -> None:
        self._percent = 100

    def grow(self, percent: int) -> None:
        """Fit a text size. Only `Theme` calls it. Smaller text leaves what is pressed as it is."""
        self._percent = max(100, percent)
        for field in fields(self):
            most = 100 if field.name in _STILL else 150 if field.name in _WIDE else percent
            full_px: int = getattr(type(self), field.name)
            setattr(self, field.name, round(full_px * min(self._percent, max(100, most)) / 100))

    def names(self) -> dict[int, str]:
        """What grows, by its pixels now: what many have as a fixed width or height."""
        growing = [field.name for field in fields(self) if field.name not in _STILL]
        growing.sort(key=_WIDE.__contains__)  # the last of the same width counts
        return {getattr(self, name): name for name in growing}

    def beside(self, width_px: int) -> int:
        """A width that the user set for what stands beside the text, which needs the room too."""
        return round(width_px * (self._percent + 100) / 200)

    def as_set(self, width_px: int) -> int:
        """The width that `beside` made this of."""
        return round(width_px * 200 / (self._percent + 100))


# Numbers of lines, what the user sets, and what belongs to the window rather than to text.
_STILL = frozenset(
    {
        "sidebar",
        "sidebar_min",
        "sidebar_max",
        "grip",
        "reasoning_lines",
        "reasoning_rule",
        "logo",
        "scrollbar",
        "scrollbar_handle",
        "compact_below",
        "window_min_width",
        "window_min_height",
        "window_width",
        "window_height",
        "composer_lines",
        "prompt_lines",
        "palette_top",
    }
)
# Beyond half as much again they would leave the screen.
_WIDE = frozenset({"dialog", "dialog_small", "screen", "empty", "slider"})


class Growing:
    """A size that someone chose at one text size, as it is at the present one."""

    def __init__(self, px: int) -> None:
        self._of_button = px / SIZE.button

    @property
    def px(self) -> int:
        """In pixels."""
        return round(self._of_button * SIZE.button)


@dataclass(frozen=True)
class Stroke:
    """Line widths."""

    hairline: float = 1.0
    icon: float = 1.6
    input: float = 2.0
    ring: int = 2
    ring_gap: int = 2
    quote: int = 2


@dataclass(frozen=True)
class Depth:
    """Shadow blur of what floats; its offset is a sixth of it."""

    composer: int = 18
    popover: int = 24
    dialog: int = 36


@dataclass(frozen=True)
class Motion:
    """Durations; reduced motion makes the animated ones 0."""

    toast_ms: int = 180
    pebbles_ms: int = 900
    toast_shown_ms: int = 6000
    copied_shown_ms: int = 1500
    second_ms: int = 1000
    patience_ms: int = 400
    scroll_ms: int = 120
    mark_shown_ms: int = 1600


SPACE = Space()
RADIUS = Radius()
SIZE = Size()
STROKE = Stroke()
DEPTH = Depth()
MOTION = Motion()
