"""Makes bulk changes in a transcript of a library until it is killed.

``python -m tests.crash.bulk_in DATABASE TRANSCRIPT``: a line to stdout for each done. The
open transcript keeps them as it does in the program.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.core import turns
from app.core.finding import Query
from app.core.replacing import find_all, replace_hits
from app.core.transcript import TranscriptId
from app.jobs.open_transcript import OpenTranscripts
from app.store.library import Library
from app.store.opening import open_database

_PAUSE_S = 0.4


async def main(database: Path, transcript_id: TranscriptId) -> None:
    """Replace all, join the speakers, take both back, and so on."""
    opened, _ = open_database(database)
    one = await OpenTranscripts(Library(opened)).open(transcript_id)
    while True:
        now = one.document.transcript
        one.apply(replace_hits(now, find_all(now, Query("said"), "meant")))
        print("replaced", flush=True)  # noqa: T201 - what the test reads
        await asyncio.sleep(_PAUSE_S)
        now = one.document.transcript
        first, second = (each.speaker_id for each in now.speakers)
        one.apply(turns.give_all(now, second, first))
        print("joined", flush=True)  # noqa: T201 - what the test reads
        await asyncio.sleep(_PAUSE_S)
        one.undo()
        one.undo()
        print("undone", flush=True)  # noqa: T201 - what the test reads
        await asyncio.sleep(_PAUSE_S)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), TranscriptId(sys.argv[2])))
