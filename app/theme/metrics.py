"""Every distance, radius and duration of the window. Pixels are Qt's own, before display scale."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Size:
    """Fixed widths and heights."""

    sidebar: int = 264
    sidebar_min: int = 220
    sidebar_max: int = 360
    grip: int = 6
    header: int = 52
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
    toast: int = 46
    toast_max: int = 588
    dialog: int = 560
    dialog_small: int = 480
    screen: int = 400
    empty: int = 440
    model_max: int = 240
    answer_foot: int = 32
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


@dataclass(frozen=True)
class Stroke:
    """Line widths."""

    hairline: float = 1.0
    icon: float = 1.6
    input: float = 2.0
    ring: int = 2
    ring_gap: int = 2


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


SPACE = Space()
RADIUS = Radius()
SIZE = Size()
STROKE = Stroke()
DEPTH = Depth()
MOTION = Motion()
