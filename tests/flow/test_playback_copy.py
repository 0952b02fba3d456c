"""While the copy that seeks exactly is made, the original is played, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from typing_extensions import override

from app.core.options import TranscriptionOptions
from app.store.audio_links import link_to
from app.ui.kit.notice import Notice
from tests.flow.conftest import OpenProgram
from tests.support.builders import transcript
from tests.support.sounds import ffmpeg
from tests.support.waiting import until


class Said(QObject):
    """Remembers what a notice said, however shortly."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.texts: list[str] = []
        self._notice = notice
        notice.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show:
            self.texts.append(self._notice.text)
        return False


@pytest.mark.slow
def test_the_original_is_played_and_said_to_be_until_the_copy_is_ready(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp3"
    ffmpeg("-stream_loop", "3", "-i", clips / "five-minutes.flac", "-q:a", "5", path)

    async def flow() -> None:
        async with open_program() as opened:
            transcript_id = opened.storage.library.add(
                transcript((None, "we meet again")),
                name="Talk",
                options=TranscriptionOptions(),
                link=link_to(path),
                now_ms=1,
            )
            said = Said(opened.window.notice)
            await opened.program.rooms.reading.open(transcript_id)
            await until(lambda: opened.session.player.path == path)
            await until(lambda: opened.session.player.path not in {None, path})
            played = opened.session.player.path
            assert played is not None
            assert played.name == "proxy.flac"
            assert any("original is playing until" in text for text in said.texts)
            assert opened.window.notice.text == ""

    run_async(flow(), timeout_s=50)
