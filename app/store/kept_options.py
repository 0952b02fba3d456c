"""The options of a job or a transcript as they are kept."""

from __future__ import annotations

import functools
from dataclasses import replace

from app.core.options import TranscriptionOptions
from app.store.records import dump, parse, to_plain

_OPTIONS_VERSION = 1
_LATER = ("tracks_are_speakers", "track", "channel", "names")
_USUAL = to_plain(TranscriptionOptions())


@functools.lru_cache(maxsize=256)
def options_text(options: TranscriptionOptions) -> str:
    """Write options as JSON with a version, every one of them."""
    return dump({"version": _OPTIONS_VERSION, **to_plain(options)})


def words_text(options: TranscriptionOptions) -> str:
    """Write what decides the words and what they cost, not how they are shown or grouped."""
    plain = to_plain(replace(options, timestamps=True))
    # Told apart here, once the words are there; and no job begun before must start anew.
    del plain["speakers"]
    # What a Wordlight without these options began is found again where they are not used.
    for name in _LATER:
        if plain[name] == _USUAL[name]:
            del plain[name]
    return dump({"version": _OPTIONS_VERSION, **plain})


@functools.lru_cache(maxsize=256)
def read_options(text: str) -> tuple[TranscriptionOptions, bool]:
    """Read options; the second value tells whether all of them made sense."""
    problems: list[str] = []
    return parse(TranscriptionOptions, text, problems), not problems
