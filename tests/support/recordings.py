"""Recordings in every form that people have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sounds import ffmpeg

_PICTURES = ("-f", "lavfi", "-i", "testsrc=s=128x96:r=5:d=58")

Make = Callable[..., Path]

FORMATS: dict[str, tuple[str, ...]] = {
    "wav": ("-ac", "2", "-ar", "44100"),
    "mp3": ("-b:a", "64k"),
    "m4a": ("-c:a", "aac"),
    "aac": ("-c:a", "aac"),
    "flac": (),
    "ogg": ("-c:a", "libvorbis"),
    "opus": ("-c:a", "libopus"),
    "webm": ("-c:a", "libopus"),
    "mp4": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "aac"),
    "mov": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "aac"),
    "mkv": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "libvorbis"),
    "avi": (*_PICTURES, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "wma": ("-c:a", "wmav2"),
    "amr": ("-ar", "8000", "-c:a", "libopencore_amrnb"),
    "3gp": (*_PICTURES, "-c:v", "h263", "-ar", "8000", "-c:a", "libopencore_amrnb"),
}


ODD_NAMES = ["-y.flac", "100%d.flac", "it's.flac", 'a "b".flac', "a\nb.flac", "ü🎙.flac", "a:b"]


@pytest.fixture
def make(clips: Path, tmp_path: Path) -> Make:
    """Write 58 s of talk in another form: ``make("talk.mp3", "-b:a", "64k")``."""

    def written(name: str, *arguments: str, source: Path | None = None) -> Path:
        target = tmp_path / name
        talk = source or clips / "two-readers-alternating.flac"
        ffmpeg("-i", talk, *arguments, f"file:{target}")
        return target

    return written
