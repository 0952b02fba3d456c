"""A transcript that is opened again: where one was, and how long its recording is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Transcript, Word
from app.store.audio_links import link_to
from app.ui.wording import clock
from tests.flow.conftest import OpenProgram
from tests.support.waiting import until

WORDS = (Word("One", 100, 300), Word("two.", 300, 600))
LATER = (Word("Three.", 4_000, 4_400),)
TALK = Transcript(
    (Paragraph(WORDS, None, 100, 600), Paragraph(LATER, None, 4_000, 4_400)),
    duration_ms=60_000,
)


def test_at_a_pause_the_last_word_is_lit_and_all_say_one_length(
    open_program: OpenProgram, run_async, clips: Path, tmp_path: Path
) -> None:
    recording = Path(shutil.copy(clips / "kennedy-1961.flac", tmp_path))

    async def flow() -> None:
        async with open_program() as opened:
            library = opened.storage.library
            transcript_id = library.add(
                TALK,
                name="Talk",
                options=TranscriptionOptions(),
                link=link_to(recording),
                now_ms=1,
            )
            stored = library.load(transcript_id)
            library.save_position(transcript_id, replace(stored.place, position_ms=6_000))
            opened.program.rooms.library.open(transcript_id)
            player = opened.session.player
            await until(lambda: player.path is not None and player.position_ms == 6_000)
            assert opened.view.text.spoken == 2
            await until(lambda: 0 < player.duration_ms < 60_000)
            head = opened.program.front.head.meta
            await until(lambda: head.text().startswith(clock(player.duration_ms)))

    run_async(flow())
