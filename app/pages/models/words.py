"""What the models page says of a model: its size, where it came from, whether it is as it was."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime

from app.dates import day_words
from app.error_words import words_of
from app.library.shelved import Checked, PlanPart, Shelved
from app.numbers import decimal, whole
from app.widgets.one_line import one_line

_GB, _MB = 1e9, 1e6
translate = QCoreApplication.translate
_BETWEEN = " · "


def size_words(count_bytes: float) -> str:
    """Such as 98 MB, 5.1 GB."""
    if count_bytes < _GB:
        return translate("Models", "{count} MB").format(count=whole(round(count_bytes / _MB)))
    return translate("Models", "{count} GB").format(count=decimal(count_bytes / _GB, 1))


def row_words(model: Shelved, graphics: str = "") -> str:
    """The line below a model's name; `graphics`: the card on which it computes now."""
    if model.problem:
        return one_line(words_of(model.problem))
    if not model.is_there:
        return translate("Models", "It lies in {folder}").format(
            folder=one_line(str(model.path.parent))
        )
    parts = [size_words(model.stored_bytes)]
    if model.facts is not None:
        memory = size_words(model.facts.needed_bytes)
        parts.insert(0, one_line(model.facts.quantization))
        parts.append(translate("Models", "needs about {size} of memory").format(size=memory))
        parts += [one_line(model.facts.licence)] if model.facts.licence else []
    if graphics:
        form = translate("Models", "computes on {card}")
        parts.append(form.format(card=one_line(graphics)))
    if model.tokens_per_s is not None:
        rate = decimal(model.tokens_per_s, 1)
        parts.append(translate("Models", "{rate} tokens/s here").format(rate=rate))
    parts.append(origin_words(model))
    parts += [words for words in (checked_words(model.checked),) if words]
    return _BETWEEN.join(part for part in parts if part)


def origin_words(model: Shelved) -> str:
    """Where a model came from, or lies."""
    if model.is_starter:
        return translate("Models", "came with Pitcher")
    if model.source:
        return translate("Models", "from {source}").format(source=one_line(model.source))
    if model.is_elsewhere:
        return translate("Models", "in {folder}").format(folder=one_line(str(model.path.parent)))
    return ""


def checked_words(checked: Checked | None) -> str:
    """What the last reading of all its bytes found; "" for one that nobody has read."""
    if checked is None:
        return ""
    day = _day(checked.at_s)
    if not checked.is_sound:
        return translate("Models", "damaged, found {day}").format(day=day)
    if not checked.is_trusted:
        form = translate("Models", "verified {day}, signed by a key that is not trusted here")
        return form.format(day=day)
    if checked.is_first_reading:
        return translate("Models", "read whole {day}").format(day=day)
    if checked.since_s:
        return translate("Models", "unchanged since {day}").format(day=_day(checked.since_s))
    return translate("Models", "verified {day}").format(day=day)


def part_words(part: PlanPart) -> tuple[str, str]:
    """A part of what a model needs, by name, and where it is and why."""
    words = {
        PlanPart.SHARED: (
            translate("Models", "Weights that every token reads"),
            translate("Models", "In memory"),
        ),
        PlanPart.CACHE: (
            translate("Models", "Context"),
            translate(
                "Models", "In memory, for a chat of the usual length; a longer one takes more"
            ),
        ),
        PlanPart.WORK: (
            translate("Models", "Work space"),
            translate("Models", "In memory, while a message is read"),
        ),
        PlanPart.EXPERTS: (
            translate("Models", "Experts in memory"),
            translate("Models", "Each token uses a few of them"),
        ),
        PlanPart.EXPERTS_ON_DISK: (
            translate("Models", "Experts on disk"),
            translate(
                "Models", "Not all fit in memory; those a token needs are read when it needs them"
            ),
        ),
    }
    return words[part]


def fit_words(model: Shelved) -> str:
    """Whether it fits into this computer's memory."""
    facts = model.facts
    if facts is None:
        return ""
    needed, usable = size_words(facts.needed_bytes), size_words(facts.usable_bytes)
    if facts.fits:
        form = translate(
            "Models", "It fits: {needed} of the {usable} of memory that models can use."
        )
    elif facts.runs:
        form = translate(
            "Models",
            "It needs {needed} of memory, and models can use {usable}. It runs, slowly: the rest "
            "is read from disk.",
        )
    else:
        form = translate(
            "Models",
            "It needs {needed} of memory, and models can use {usable}. It would be very slow.",
        )
    return form.format(needed=needed, usable=usable)


def _day(seconds: int) -> str:
    return day_words(QDateTime.fromSecsSinceEpoch(seconds).date(), is_short=True)
