"""The process that records, in a thread of the test."""

from __future__ import annotations

import io
import os
import shutil
import threading
from pathlib import Path
from typing import Any, cast

from app.capture.journal import TakeFolder
from app.capture.protocol import Begin, Finished, Started, read_report
from app.capture.worker import record
from app.core.take import Device, Source, SourceKind, Trouble, Troubled
from tests.support.fake_sound import FakeBackend

MIC = Source(SourceKind.MICROPHONE, "usb", "USB")


def test_whose_take_is_deleted_ends_at_once_and_says_so(tmp_path: Path) -> None:
    """It would record for nobody, in the end for five minutes after its window."""
    folder = TakeFolder(tmp_path / "take")
    out = io.BytesIO()
    backend = FakeBackend([Device(MIC)])
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb"), os.fdopen(reading, "rb", buffering=0) as source:
        recording = threading.Thread(
            target=record,
            args=(Begin(folder.path, (MIC,), ""), cast("Any", source), out, backend),
        )
        recording.start()
        while b"Started" not in out.getvalue():
            recording.join(0.01)
        shutil.rmtree(folder.path)
        recording.join(30)
        assert not recording.is_alive()  # though its orders have not ended
    told = [read_report(line) for line in out.getvalue().splitlines()]
    assert told[0] == Started()
    assert told.count(Troubled(Trouble.DELETED, None)) == 1
    assert not any(isinstance(one, Finished) for one in told)
    assert not folder.path.exists()
