"""The options of a job or a transcript as they are kept."""

from __future__ import annotations

import functools

from app.core.options import TranscriptionOptions
from app.store.records import dump, parse, to_plain

_OPTIONS_VERSION = 1


@functools.lru_cache(maxsize=256)
def options_text(options: TranscriptionOptions) -> str:
    """Write options as JSON with a version, every one of them."""
    return dump({"version": _OPTIONS_VERSION, **to_plain(options)})


@functools.lru_cache(maxsize=256)
def read_options(text: str) -> tuple[TranscriptionOptions, bool]:
    """Read options; the second value tells whether all of them made sense."""
    problems: list[str] = []
    return parse(TranscriptionOptions, text, problems), not problems
