"""What is dragged out of a list: ids for our own lists, files for everything else."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from app.core.transcript import TranscriptId
from app.ui.dragging import dragged

KIND = "application/x-test"


class Writes:
    """Writes when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Sequence[TranscriptId]] = []
        self.written: Future[Sequence[Path]] = Future()

    def __call__(self, ids: Sequence[TranscriptId]) -> Future[Sequence[Path]]:
        self.asked.append(ids)
        return self.written


def test_files_are_there_as_soon_as_they_are_written(qapp) -> None:
    writes, ids = Writes(), [TranscriptId("a"), TranscriptId("b")]
    data = dragged(KIND, b"ids", ids, writes)
    assert writes.asked == [ids]
    assert data.hasUrls()
    assert data.data(KIND) == b"ids"
    paths = [Path("/tmp/Zoë & 50 %.txt"), Path("/tmp/b.srt")]
    threading.Timer(0.05, writes.written.set_result, [paths]).start()
    assert [Path(url.toLocalFile()) for url in data.urls()] == paths
    assert data.data("text/uri-list").count(b"\r\n") == 2


def test_nothing_is_dropped_where_nothing_could_be_written(qapp) -> None:
    writes = Writes()
    data = dragged(KIND, b"ids", [TranscriptId("a")], writes)
    writes.written.set_exception(OSError("no room"))
    assert data.urls() == []


def test_rows_without_a_transcript_and_very_many_are_no_files(qapp) -> None:
    writes = Writes()
    for ids in ([], [TranscriptId(str(number)) for number in range(41)]):
        data = dragged(KIND, b"ids", ids, writes)
        assert not data.hasUrls()
        assert data.formats() == [KIND]
    assert not dragged(KIND, b"ids", [TranscriptId("a")], None).hasUrls()
    assert writes.asked == []
