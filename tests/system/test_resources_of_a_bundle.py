"""What a frozen bundle brings with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.audio.process import find_ffmpeg
from app.core.errors import RecordingError
from app.system.children import leave_loader_alone
from app.system.resources import build_commit, bundled_path


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    return tmp_path


def test_source_has_no_bundle() -> None:
    assert bundled_path("ffmpeg") is None
    assert build_commit() == ""


def test_a_bundle_uses_its_own_ffmpeg_before_the_systems(bundle: Path) -> None:
    own = bundle / ("ffmpeg.exe" if sys.platform == "win32" else "ffmpeg")
    own.touch()

    assert find_ffmpeg() == own


def test_no_ffmpeg_at_all_is_a_sentence(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(bundle))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with pytest.raises(RecordingError, match="Install it and try again"):
        find_ffmpeg()


def test_a_bundle_tells_its_commit(bundle: Path) -> None:
    (bundle / "commit.txt").write_text("0123456789ab\n", "utf-8")

    assert build_commit() == "0123456789ab"


def test_other_programs_do_not_find_our_libraries() -> None:
    environ = {"LD_LIBRARY_PATH": "/opt/wordlight/lib", "LD_LIBRARY_PATH_ORIG": "/home/mine"}

    leave_loader_alone(environ)

    assert environ == {"LD_LIBRARY_PATH": "/home/mine"}


def test_where_nothing_was_set_nothing_is_left() -> None:
    environ = {"LD_LIBRARY_PATH": "/opt/wordlight/lib", "HOME": "/home/mine"}

    leave_loader_alone(environ)

    assert environ == {"HOME": "/home/mine"}
