"""The desktop's list of recent files: ours go in and out, all else stays as it is."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.system.recent_files import RecentFiles

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0"
      xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks"
      xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info"
>
  <!-- kept -->
  <bookmark href="file:///talks/theirs.wav" added="2026-01-01T10:00:00.000000Z" modified="2026-01-01T10:00:00.000000Z" visited="2026-01-01T10:00:00.000000Z">
    <info>
      <metadata owner="http://freedesktop.org">
        <mime:mime-type type="audio/x-wav"/>
        <bookmark:applications>
          <bookmark:application name="Player" exec="&apos;player %u&apos;" modified="2026-01-01T10:00:00.000000Z" count="2"/>
        </bookmark:applications>
      </metadata>
    </info>
  </bookmark>
</xbel>"""  # noqa: E501 - as programs write it


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "share" / "recently-used.xbel"


def bookmarks(path: Path) -> list[dict[str, str]]:
    whole = ET.parse(path)  # noqa: S314 - written by the test itself
    return [one.attrib for one in whole.iter("bookmark")]


def listed(path: Path) -> list[str]:
    return [one["href"] for one in bookmarks(path)]


def test_files_are_listed_the_latest_last_and_each_once(path: Path) -> None:
    recent = RecentFiles(path)
    recent.note([Path("/talks/Zoë & Bo's 1.flac"), Path("/talks/b.mp4")], now_ms=1_000)
    recent.note([Path("/talks/Zoë & Bo's 1.flac")], now_ms=1_700_000_000_000)
    assert listed(path) == [
        "file:///talks/b.mp4",
        "file:///talks/Zo%C3%AB%20%26%20Bo%27s%201.flac",
    ]
    assert bookmarks(path)[-1]["modified"] == "2023-11-14T22:13:20.000000Z"
    assert path.stat().st_mode & 0o777 == 0o600
    recent.note([Path(f"/talks/{number}.wav") for number in range(40)], now_ms=2_000)
    assert listed(path)[0] == "file:///talks/10.wav"
    assert len(listed(path)) == 30


def test_what_others_wrote_stays_to_the_letter(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(OTHERS, "utf-8")
    recent = RecentFiles(path)
    recent.note([Path("/talks/theirs.wav")], now_ms=1_000)  # it stands there already
    assert path.read_text("utf-8") == OTHERS
    recent.note([Path("/talks/ours.wav")], now_ms=1_000)
    assert listed(path) == ["file:///talks/theirs.wav", "file:///talks/ours.wav"]
    recent.forget()
    assert path.read_text("utf-8") == OTHERS


@pytest.mark.parametrize("content", [b"", b"<xbel>", b"no list \xff at all"])
def test_what_is_no_list_is_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    RecentFiles(path).note([Path("/talks/a.wav")], now_ms=1_000)
    RecentFiles(path).forget()
    assert path.read_bytes() == content


def test_nothing_happens_where_there_is_no_list_or_no_room(tmp_path: Path) -> None:
    RecentFiles(None).note([Path("/talks/a.wav")], now_ms=1_000)
    RecentFiles(None).forget()
    (tmp_path / "file").touch()
    RecentFiles(tmp_path / "file" / "recently-used.xbel").note([Path("/a.wav")], now_ms=1_000)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
