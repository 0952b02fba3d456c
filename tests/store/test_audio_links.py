from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from app.core.errors import RecordingError
from app.store.audio_links import (
    NO_RECORDING_BYTES,
    AudioLink,
    find_moved,
    is_there,
    link_to,
)


def _recording(path: Path, seed: int = 1, size: int = 3_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(random.Random(seed).randbytes(size))
    return path


def test_link_knows_its_recording(tmp_path: Path) -> None:
    file = _recording(tmp_path / "talk.mp3")
    link = link_to(file)
    assert is_there(link)
    assert link.size_bytes == 3_000_000
    os.utime(file, (1, 1))
    assert not is_there(link)
    assert find_moved(link) == file


def test_renamed_file_is_found_in_its_folder(tmp_path: Path) -> None:
    link = link_to(_recording(tmp_path / "talk.mp3"))
    _recording(tmp_path / "other.mp3", seed=2)
    Path(tmp_path, "talk.mp3").rename(tmp_path / "renamed.mp3")
    assert find_moved(link) == tmp_path / "renamed.mp3"


def test_moved_file_is_found_below_a_known_folder(tmp_path: Path) -> None:
    link = link_to(_recording(tmp_path / "old" / "talk.mp3"))
    _recording(tmp_path / "new" / "a" / "talk.mp3", seed=2)
    (tmp_path / "new" / "b").mkdir(parents=True)
    Path(tmp_path, "old", "talk.mp3").rename(tmp_path / "new" / "b" / "talk.mp3")
    (tmp_path / "old").rmdir()
    assert find_moved(link) is None
    assert find_moved(link, [tmp_path / "new"]) == tmp_path / "new" / "b" / "talk.mp3"


def test_other_content_is_not_taken_for_it(tmp_path: Path) -> None:
    file = _recording(tmp_path / "talk.mp3")
    link = link_to(file)
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert find_moved(link) is None


def test_link_to_the_web_is_never_a_file() -> None:
    link = AudioLink("https://example.org/a.mp3", is_url=True)
    assert not is_there(link)
    assert find_moved(link) is None


def test_missing_recording_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"gone\.wav"):
        link_to(tmp_path / "gone.wav")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no names in folders there")
def test_a_pipe_is_said_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "talk.mp3")
    with pytest.raises(RecordingError, match="a pipe or a device"):
        link_to(tmp_path / "talk.mp3")


def test_small_and_empty_files_have_links(tmp_path: Path) -> None:
    assert link_to(_recording(tmp_path / "a", size=10)) != link_to(
        _recording(tmp_path / "b", size=0)
    )


def test_what_was_dictated_is_told_from_what_has_no_recording_yet() -> None:
    dictated = AudioLink("", size_bytes=NO_RECORDING_BYTES)
    imported = AudioLink("/talks/talk.srt", size_bytes=NO_RECORDING_BYTES)
    assert (dictated.is_dictated, dictated.has_recording) == (True, False)
    assert (imported.is_dictated, imported.has_recording) == (False, False)
    assert not AudioLink("/talks/talk.m4a", size_bytes=9).is_dictated
    assert not is_there(dictated)
    assert find_moved(dictated) is None
