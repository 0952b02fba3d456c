"""Types into a transcript of a library until it is killed; a line to stdout for every key:
when, what the words are, and how late the machine was.

``python -m tests.crash.typing_in DATABASE TRANSCRIPT SEED``: real keys into the real page, the
open transcript keeps them as it does in the program.
"""

from __future__ import annotations

import asyncio
import random
import sys
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.preferences import ThemeChoice
from app.core.transcript import Transcript, TranscriptId
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts
from app.store.library import Library
from app.store.opening import open_database
from app.store.transcript_blob import pack
from app.system.clocks import monotonic_ms
from app.ui.kit.appearance import Appearance
from app.ui.transcript.view import TranscriptView

_LEAST_MS, _MOST_MS = 5, 120
_KEYS = "we went on and on, and nobody asked. "


def mark(transcript: Transcript) -> str:
    """Tell one state of a transcript from all others."""
    return sha256(pack(transcript)).hexdigest()


async def type_on(view: TranscriptView, opened: OpenTranscript, chance: random.Random) -> None:
    """Press keys, and say after each what the words are now and when that was."""
    view.show_document(opened.document)
    view.typed.connect(opened.type)
    view.typing_moved.connect(opened.end_typing)
    late_ms = 0  # by how much the machine let it wait longer
    while True:
        match chance.randrange(20):
            case 0:
                QTest.keyClick(view.text, Qt.Key.Key_Return)
            case 1 | 2 | 3:
                QTest.keyClick(view.text, Qt.Key.Key_Backspace)
            case 4:
                opened.undo()
            case 5:
                to = chance.choice([Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up])
                QTest.keyClick(view.text, to)
            case _:
                QTest.keyClicks(view.text, chance.choice(_KEYS))
        sys.stdout.write(f"{monotonic_ms()} {mark(opened.document.transcript)} {late_ms}\n")
        sys.stdout.flush()
        pause_ms = chance.randint(_LEAST_MS, _MOST_MS)
        due_ms = monotonic_ms() + pause_ms
        await asyncio.sleep(pause_ms / 1_000)
        late_ms = monotonic_ms() - due_ms


async def main(database: Path, transcript_id: TranscriptId, seed: str) -> None:
    """Open the transcript and type."""
    view = TranscriptView(Appearance(QApplication([]), ThemeChoice.LIGHT))
    view.resize(800, 600)
    view.show()
    transcripts = OpenTranscripts(Library(open_database(database)[0]))
    await type_on(view, await transcripts.open(transcript_id), random.Random(seed))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), TranscriptId(sys.argv[2]), sys.argv[3]))
