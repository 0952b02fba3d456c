"""By how much two recordings of the same differ, found in real speech."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.audio.offset import find_offset
from app.audio.peaks import PeaksWriter
from app.core.peaks import Peaks, decode_peaks
from tests.support.sounds import ffmpeg

_NEAR_MS = 20


def outline(folder: Path, *arguments: str | Path) -> Peaks:
    sound = ffmpeg(*arguments, "-ac", "1", "-ar", "16000", "-f", "s16le", "pipe:1")
    target = folder / "outline"
    with PeaksWriter(target) as writer:
        writer.feed(sound)
        writer.finish()
    return decode_peaks(target.read_bytes())


@pytest.fixture
def talk(clips: Path) -> Path:
    return clips / "two-readers-alternating.flac"


def test_a_recording_that_begins_later_or_earlier(talk: Path, tmp_path: Path) -> None:
    old = outline(tmp_path, "-i", talk)
    cut = outline(tmp_path, "-ss", "7.3", "-i", talk)
    assert find_offset(old, cut) == pytest.approx(-7_300, abs=_NEAR_MS)
    assert find_offset(cut, old) == pytest.approx(7_300, abs=_NEAR_MS)
    assert find_offset(old, old) == 0


def test_another_codec_level_and_noise_change_nothing(talk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp3"
    noisy = "[0:a]adelay=2500:all=1,volume=0.25[t];[1:a][t]amix=normalize=0:duration=shortest"
    noise = ("-f", "lavfi", "-i", "anoisesrc=a=0.004:r=16000:d=55")
    ffmpeg("-i", talk, *noise, "-filter_complex", noisy, "-b:a", "48k", other)
    old, new = outline(tmp_path, "-i", talk), outline(tmp_path, "-i", other)
    assert find_offset(old, new) == pytest.approx(2_500, abs=5 * _NEAR_MS)


@pytest.mark.parametrize("name", ["kennedy-1961.flac", "lj001-0001.flac"])
def test_another_recording_has_no_offset(
    name: str, talk: Path, clips: Path, tmp_path: Path
) -> None:
    old, new = outline(tmp_path, "-i", talk), outline(tmp_path, "-i", clips / name)
    assert find_offset(old, new) is None
    assert find_offset(new, old) is None


def test_what_is_too_short_or_silent_proves_nothing(talk: Path, tmp_path: Path) -> None:
    old = outline(tmp_path, "-i", talk)
    assert find_offset(old, outline(tmp_path, "-t", "2", "-i", talk)) is None
    silence = ("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=20")
    assert find_offset(old, outline(tmp_path, *silence)) is None
