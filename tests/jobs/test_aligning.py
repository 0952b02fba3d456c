"""Words put where they are said: a real recording, whoever wrote the words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.cache import PlaybackCache
from app.core.document import Document
from app.core.errors import AppError
from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Transcript, Word
from app.jobs.aligning import Aligning
from app.ondevice.alignment import WordAligner
from app.store.paths import AppPaths

BEGINS = [290, 570, 970, 1_250, 1_630, 3_280, 3_990, 5_340, 5_600, 5_850, 6_430, 6_660]
"""Of its first words."""


def subtitles() -> Transcript:
    """The words as three subtitles bring them along: spread evenly over each."""
    paragraphs: list[Paragraph] = []
    for text, start_ms, end_ms in (
        ("And so my fellow Americans,", 200, 2_300),
        ("ask not", 3_200, 4_600),
        ("what your country can do for you", 5_200, 7_600),
    ):
        parts = text.split()
        each = (end_ms - start_ms) // len(parts)
        words = tuple(
            Word(
                part, start_ms + each * place, start_ms + each * (place + 1), is_estimated=True
            )
            for place, part in enumerate(parts)
        )
        paragraphs.append(Paragraph(words, None, start_ms, end_ms))
    return Transcript(tuple(paragraphs), language="en", duration_ms=11_000)


@pytest.fixture
def aligning(tmp_path: Path) -> Aligning:
    pytest.importorskip("soundswallower")
    paths = AppPaths.below(tmp_path)
    paths.temp.mkdir(parents=True)
    return Aligning(paths=paths, aligner=WordAligner(), cache=PlaybackCache(tmp_path / "cache"))


async def test_subtitles_are_put_where_their_words_are_said(
    aligning: Aligning, clips: Path
) -> None:
    told: list[tuple[int, int]] = []
    start = subtitles()

    found = await aligning.align(
        TranscriptionOptions(),
        start,
        clips / "kennedy-1961.flac",
        lambda done, total: told.append((done, total)),
    )

    change = found.change
    assert change is not None
    assert found.missing == 0
    document = Document(start)
    document.apply(change)
    words = list(document.transcript.words())
    assert [word.text for word in words] == [word.text for word in start.words()]
    assert all(abs(word.start_ms - at) <= 60 for word, at in zip(words, BEGINS, strict=False))
    assert not any(word.is_estimated for word in words)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    document.undo()
    assert document.transcript == start


async def test_words_that_are_not_said_there_stay(aligning: Aligning, clips: Path) -> None:
    start = replace(subtitles(), language="de")

    with pytest.raises(AppError, match="Only English"):
        await aligning.align(
            TranscriptionOptions(), start, clips / "kennedy-1961.flac", lambda *_: None
        )
