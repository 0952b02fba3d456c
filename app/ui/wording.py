"""What several rooms say alike: models, states, sizes, spans of time, money."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QLocale

from app.core import timecode
from app.core.job import STATE_NAMES, JobState
from app.core.models import TIER_NAMES, Tier, minutes_for_an_hour
from app.core.options import MODEL_NAMES, ModelId
from app.ui.translate import counted, digits, translated

_CONTEXT = "RoomWording"


def _t(text: str, **values: object) -> str:
    found = QCoreApplication.translate(_CONTEXT, text)
    for name, value in values.items():
        found = found.replace("{" + name + "}", str(value))
    return found


def state_name(state: JobState) -> str:
    """Name a state."""
    return translated(STATE_NAMES[state])


def model_name(model: ModelId) -> str:
    """Name a recogniser."""
    return translated(MODEL_NAMES[model])


def package_name(name: str, tier: Tier | None) -> str:
    """Name a model on this computer: what it is good for first, its own name behind."""
    return name if tier is None else f"{translated(TIER_NAMES[tier])} · {name}"


def time_for_an_hour(ms_per_second: float) -> str:
    """Say how long an hour of sound takes on this computer."""
    minutes = QLocale().toString(minutes_for_an_hour(ms_per_second))
    return _t("an hour of audio in about {minutes} min", minutes=minutes)


def goes_into(project: str) -> str:
    """Say which project new recordings go into; empty for none."""
    return _t("New recordings go into {project}.", project=project) if project else ""


def dictated() -> str:
    """Say in a word that only the words of something were kept."""
    return _t("Dictated")


def made_with(model: str) -> str:
    """Name what a transcript was made with, from what is kept of it; empty for nothing.

    Args:
        model: The model's id, perhaps with a package after a colon; or another program's.
    """
    head = model.partition(":")[0]
    return model_name(ModelId(head)) if head in set(ModelId) else head


def size(size_bytes: int) -> str:
    """Write a size as file managers do: ``28 MB``."""
    return QLocale().formattedDataSize(size_bytes, 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def number(count: int) -> str:
    """Write a number as the window's language does."""
    return QLocale().toString(count)


def decimal(value: float, places: int) -> str:
    """Write a number with so many places behind its point, as the window's language does."""
    return QLocale().toString(value, "f", places)


def clock(at_ms: int) -> str:
    """Write a time for reading: ``1:03``, ``1:02:03``."""
    return digits(timecode.clock(at_ms))


def span(span_ms: int) -> str:
    """Write how long something lasts, roughly: ``40 s``, ``3 min``, ``1 h 5 min``."""
    seconds = max(0, round(span_ms / 1000))
    if seconds < 60:
        return _t("{seconds} s", seconds=number(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _t("{minutes} min", minutes=number(minutes))
    return _t(
        "{hours} h {minutes} min", hours=number(minutes // 60), minutes=number(minutes % 60)
    )


def seconds(ms: int, places: int) -> str:
    """Write a short time in seconds with so many places behind the point: ``0.40 s``."""
    return _t("{seconds} s", seconds=decimal(ms / 1000, places))


def seconds_sign() -> str:
    """Give what stands behind a number of seconds, with the space between."""
    return _t("{seconds} s", seconds="")


def by_itself(text: str) -> str:
    """Let a text run its own way, whatever way all runs that is around it.

    What is spoken and keys to press would have their last sign first where one reads
    from the right.
    """
    return f"\u2068{text}\u2069"


def spoken_time(ms: int) -> str:
    """Write a time as it is said: ``1 hour 2 minutes 3 seconds``; for those who hear it."""
    seconds = max(0, ms) // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts: list[str] = []
    if hours:
        parts.append(counted(_CONTEXT, hours, "1 hour", "{count} hours"))
    if minutes:
        parts.append(counted(_CONTEXT, minutes, "1 minute", "{count} minutes"))
    if rest or not parts:
        parts.append(counted(_CONTEXT, rest, "1 second", "{count} seconds"))
    return " ".join(parts)


def figure(value: float) -> str:
    """Write a number with the places it needs and no more, as the window's language does."""
    return QLocale().toString(value, "g", 6)


def spoken_change(old: str, new: str) -> str:
    """Say what became of some words, without the signs that stand for it to be seen."""
    if not new:
        return _t("{old} removed", old=old)
    return _t("{old} becomes {new}", old=old, new=new) if old else new


def dollars(amount: Decimal) -> str:
    """Write an amount of money as the window's language does: ``$4.20``, ``−$0.50``."""
    return ("−" if amount < 0 else "") + QLocale().toCurrencyString(float(abs(amount)), "$", 2)


def estimate(amount: Decimal) -> str:
    """Write what something will cost: ``about $4.20``, ``less than $0.01``."""
    if 0 < amount < Decimal("0.01"):
        return _t("less than {amount}", amount=dollars(Decimal("0.01")))
    return _t("about {amount}", amount=dollars(amount))
