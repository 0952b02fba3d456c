"""A recording with its transcript beside it: three turns of two speakers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

CLIPS = Path(__file__).parents[1] / "clips"
TURNS = (
    ("Ann", 0, "And so, my fellow Americans: ask not."),
    ("Bob", 4_000, "What your country can do for you; ask what you can do for your country."),
    ("Ann", 9_000, "That was the end."),
)
WORD_MS = 250


ARABIC_TURNS = (
    ("ليلى", 0, "مرحبا يا صديقي العزيز. كيف حالك اليوم؟"),
    ("سامي", 4_000, "أنا بخير والحمد لله."),
)


def write_talk(
    folder: Path,
    name: str,
    turns: Sequence[tuple[str, int, str]] = TURNS,
    language: str = "en",
    unsure: Collection[str] = (),
) -> Path:
    """Write the transcript and lay the recording beside it; gives the transcript's file.

    Args:
        folder: Where.
        name: What both are called.
        turns: Of each who speaks, from when in milliseconds, and what.
        language: Of the words.
        unsure: Words that were hardly understood; with any, it is told of each how well.
    """
    shutil.copy(CLIPS / "kennedy-1961.flac", folder / f"{name}.flac")
    paragraphs = []
    for speaker, begin_ms, text in turns:
        words = [
            {
                "word": word,
                "start": (begin_ms + place * WORD_MS) / 1_000,
                "end": (begin_ms + (place + 1) * WORD_MS) / 1_000,
                **({"probability": 0.2 if word in unsure else 0.9} if unsure else {}),
            }
            for place, word in enumerate(text.split())
        ]
        paragraphs.append(
            {
                "start": words[0]["start"],
                "end": words[-1]["end"],
                "text": text,
                "speaker": speaker,
                "words": words,
            }
        )
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"language": language, "segments": paragraphs}), "utf-8")
    return path
