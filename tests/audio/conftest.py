from __future__ import annotations

from pathlib import Path

import pytest

from app.audio.cache import PlaybackCache
from tests.support.recordings import make

__all__ = ["make"]


@pytest.fixture
def cache(tmp_path: Path) -> PlaybackCache:
    return PlaybackCache(tmp_path / "cache")
