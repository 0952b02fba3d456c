"""Sounds that are hard to hear, and sounds without a word, as a terminal gives them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Wordlight
from tests.support.sounds import ffmpeg

HARD: dict[str, tuple[str, ...]] = {
    "telephone": (
        *("-af", "highpass=f=300,lowpass=f=3400", "-ar", "8000"),
        *("-c:a", "pcm_mulaw"),
    ),
    "faint": ("-af", "volume=-60dB"),
    "clipped": ("-af", "volume=24dB"),
    "fast": ("-af", "atempo=1.5"),
}
NOTHING = {
    "silence": "anullsrc=r=16000:cl=mono:d=12",
    "hum": "sine=f=50:r=16000:d=12",
    "pink": "anoisesrc=c=pink:r=16000:d=12:a=0.3:s=1",
    "white": "anoisesrc=c=white:r=16000:d=12:a=0.6:s=2",
}


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_hard_sounds_keep_their_words_and_sounds_without_any_get_none(
    wordlight: Wordlight, clips: Path, tmp_path: Path
) -> None:
    for name, made in HARD.items():
        ffmpeg("-i", clips / "kennedy-1961.flac", *made, tmp_path / f"{name}.wav")
    for name, made in NOTHING.items():
        ffmpeg("-f", "lavfi", "-i", made, tmp_path / f"{name}.wav")
    files = [tmp_path / f"{name}.wav" for name in (*HARD, *NOTHING)]

    told = wordlight("transcribe", *files, "--language", "en", WORDLIGHT_MODEL="tiny.en")

    assert told.returncode == 1
    said = told.stderr.decode()
    for name in HARD:
        text = (tmp_path / f"{name}.txt").read_text("utf-8")
        assert "what you can do for your country" in " ".join(text.split()), name
    for name in NOTHING:
        assert not (tmp_path / f"{name}.txt").exists()
        assert f"{name}.wav: No words were heard. Try another language or model." in said
