from __future__ import annotations

import os
from pathlib import Path

from app.audio.cache import (
    PEAKS_NAME,
    Facts,
    PlaybackCache,
)
from app.core.recording import Recording
from app.system.locks import WorkFolder


def recording(name: str, modified_ns: int = 1) -> Recording:
    return Recording(Path(name), 10, modified_ns, 1_000, "wav", "pcm_s16le", 1, 16_000)


def keep(cache: PlaybackCache, name: str, size_bytes: int = 1_000) -> None:
    cache.folder.mkdir(exist_ok=True)
    made = WorkFolder(cache.folder)
    (made.path / PEAKS_NAME).write_bytes(bytes(size_bytes))
    cache.save(recording(name), made.path, Facts(1_000))
    made.close()


def test_what_is_kept_is_found_for_the_same_state_of_the_file_only(tmp_path: Path) -> None:
    cache = PlaybackCache(tmp_path / "cache")
    keep(cache, "a.wav")

    found = cache.find(recording("a.wav"), needs_proxy=False)

    assert found is not None
    assert found.facts == Facts(1_000)
    assert cache.find(recording("a.wav", 2), needs_proxy=False) is None
    assert cache.find(recording("a.wav"), needs_proxy=True) is None


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = PlaybackCache(tmp_path / "cache", most_bytes=2_500)
    keep(cache, "a.wav")
    keep(cache, "b.wav")
    for used_ns, name in enumerate(("b.wav", "a.wav")):
        found = cache.find(recording(name), needs_proxy=False)
        assert found is not None
        os.utime(found.peaks_path.parent / "facts.json", ns=(used_ns, used_ns))

    keep(cache, "c.wav")

    assert cache.find(recording("b.wav"), needs_proxy=False) is None
    assert cache.find(recording("a.wav"), needs_proxy=False) is not None
    assert cache.find(recording("c.wav"), needs_proxy=False) is not None


def test_a_damaged_entry_counts_as_missing(tmp_path: Path) -> None:
    cache = PlaybackCache(tmp_path / "cache")
    keep(cache, "a.wav")
    found = cache.find(recording("a.wav"), needs_proxy=False)
    assert found is not None
    (found.peaks_path.parent / "facts.json").write_text("{")

    assert cache.find(recording("a.wav"), needs_proxy=False) is None
