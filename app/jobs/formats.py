"""Every format that there is, and what is chosen in one before anybody has chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from app.core.preferences import Settings
from app.export.bundle import BUNDLE
from app.export.formats import FORMATS, Format
from app.export.options import ExportOptions, TimeMarks
from app.export.request import ExportRequest
from app.store.stored import StoredTranscript

_FIRST = ("txt", "md", "docx", "odt", "pdf")


def all_formats(*more: Format) -> dict[str, Format]:
    """Give every format by name, those that people read first.

    Args:
        more: Formats whose writers are no part of ``app/export``, since they need Qt.
    """
    known = {one.name: one for one in (*FORMATS.values(), *more, BUNDLE)}
    first = [name for name in _FIRST if name in known]
    return {name: known[name] for name in (*first, *known)}


def first_options(kind: Format, stored: StoredTranscript) -> ExportOptions:
    """Give what is chosen before anybody has: times in text where they are shown."""
    if "times" not in kind.takes:
        return kind.preset
    times = TimeMarks.PARAGRAPH if stored.options.timestamps else TimeMarks.NONE
    return replace(kind.preset, times=times)


def last_options(settings: Settings) -> dict[str, ExportOptions]:
    """Give what was chosen last in each format, in whatever transcript.

    Which parts of it were wanted says nothing of another one: that is left out.
    """
    try:
        kept: object = json.loads(settings.export_options_json)
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    by_name = cast("dict[str, object]", kept)
    return {
        name: replace(ExportOptions.from_dict(one), only_approved=False, only_highlighted=False)
        for name, one in by_name.items()
    }


def usual_options(settings: Settings, kind: Format, stored: StoredTranscript) -> ExportOptions:
    """Give what is chosen in a format for any transcript: as last, or as at first."""
    return last_options(settings).get(kind.name) or first_options(kind, stored)


def usual_request(
    settings: Settings, formats: Mapping[str, Format], stored: StoredTranscript
) -> ExportRequest:
    """Give how a transcript is exported that never was: as others were last."""
    name = settings.export_format if settings.export_format in formats else "txt"
    return ExportRequest(
        name,
        usual_options(settings, formats[name], stored),
        settings.export_folder,
        settings.export_template or ExportRequest().template,
    )
