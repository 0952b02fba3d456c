"""A transcript of the library in words: what its row says, and how it is read aloud."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from app.store.audio_links import NO_RECORDING_BYTES
from app.store.listing import TranscriptEntry
from app.store.search import Hit, HitPlace
from app.ui import wording
from app.ui.translate import counted, language_name
from app.ui.wording import clock

_CONTEXT = "LibraryText"


def _t(text: str, **values: object) -> str:
    found = QCoreApplication.translate(_CONTEXT, text)
    for name, value in values.items():
        found = found.replace("{" + name + "}", str(value))
    return found


def model_name(model: str) -> str:
    """Name what a transcript was made with."""
    return wording.made_with(model) or _t("Imported")


def when(at_ms: int, *, today: QDate | None = None) -> str:
    """Write when something was, the nearer the shorter."""
    moment = QDateTime.fromMSecsSinceEpoch(at_ms)
    locale, day = QLocale(), moment.date()
    days = day.daysTo(today or QDate.currentDate())
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if days == 0:
        return _t("Today, {time}", time=time)
    if days == 1:
        return _t("Yesterday, {time}", time=time)
    return locale.toString(day, QLocale.FormatType.ShortFormat)


def about(entry: TranscriptEntry) -> str:
    """Give the second line: length, model, language, speakers, size."""
    parts = [clock(entry.duration_ms), model_name(entry.model)]
    if entry.language:
        parts.append(language_name(entry.language))
    if entry.speakers:
        parts.append(speakers(entry))
    if entry.is_dictated:
        parts.append(wording.dictated())
    if entry.size_bytes > NO_RECORDING_BYTES:
        parts.append(wording.size(entry.size_bytes))
    return " · ".join(parts)


def speakers(entry: TranscriptEntry) -> str:
    """Name the speakers where a person named them all and they are few, else count them."""
    if len(entry.speakers) <= 2 and all(entry.speakers):
        return ", ".join(entry.speakers)
    return counted("LibraryText", len(entry.speakers), "1 speaker", "{count} speakers")


def progress(entry: TranscriptEntry) -> str:
    """Say how much of it was reviewed, or heard where that is not counted yet."""
    share = entry.reviewed_fraction
    if share <= 0:
        return ""
    # Never 100 before the end, never 0 once begun.
    percent = QLocale().toString(100 if share >= 0.995 else max(1, min(99, round(share * 100))))
    if entry.reviewed is None:
        return _t("{percent} % listened to", percent=percent)
    return _t("{percent} % reviewed", percent=percent)


def place_of(place: HitPlace) -> str:
    """Say when a found word is spoken, and by whom where that is known."""
    who = place.speaker
    if not who and place.speaker_number:
        who = _t("Speaker {number}", number=QLocale().toString(place.speaker_number))
    return f"{clock(place.start_ms)} · {who}" if who else clock(place.start_ms)


def spoken_hit(entry: TranscriptEntry, hit: Hit, place: HitPlace | None) -> str:
    """Give everything a found place says, for somebody who hears it."""
    where = "" if place is None else place_of(place).replace(" · ", ", ")
    return ". ".join(piece.rstrip(".") for piece in (hit.snippet, where, entry.name) if piece)


def project_label(name: str, count: int) -> str:
    """Name a project with how many transcripts it has."""
    return f"{name}  {QLocale().toString(count)}"


def spoken_project(name: str, count: int) -> str:
    """Name a project for somebody who hears it."""
    return f"{name}, " + counted(
        "LibraryController", count, "1 transcript", "{count} transcripts"
    )


def spoken(entry: TranscriptEntry) -> str:
    """Give everything a row says, for somebody who hears it."""
    tags = _t("Tags: {tags}", tags=", ".join(entry.tags)) if entry.tags else ""
    pieces = [entry.name, when(entry.created_ms), about(entry), progress(entry), tags]
    return ". ".join(piece.rstrip(".") for piece in pieces if piece)
