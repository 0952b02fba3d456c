"""Kill whoever makes bulk changes: each is there wholly or not at all, and what was before too.

``WORDLIGHT_CRASH_SEED`` repeats it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.core.options import TranscriptionOptions
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from tests.crash.stage import kill
from tests.support.builders import transcript

SEED = os.environ.get("WORDLIGHT_CRASH_SEED", "1")
KILLS = 12
_FROM_S, _TO_S = 0.05, 2.5
TALK = transcript(*[("A", "so he said what was said"), ("B", "and she said it")] * 60)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_bulk_change_is_kept_wholly_or_not_at_all_and_what_was_before_can_be_had(
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    database = tmp_path / "library.db"
    opened, _ = open_database(database)
    made = Library(opened).add(
        TALK,
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink(""),
        now_ms=1,
    )
    opened.close()
    changed = 0
    for number in range(KILLS):
        command = [sys.executable, "-m", "tests.crash.bulk_in", str(database), made]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(_FROM_S, _TO_S))  # noqa: TID251 - power goes at any time
            assert kill(process)
        opened, _ = open_database(database)
        try:
            library = Library(opened)
            kept = library.load(made).transcript
            said, meant = kept.text.count("said"), kept.text.count("meant")
            assert (said, meant) in {(180, 0), (0, 180)}, f"kill {number}"
            assert len(kept.speakers) in {1, 2}
            versions = [
                library.version(made, one.taken_ms) for one in library.version_list(made)
            ]
            if meant:
                changed += 1
                assert any(one.text == TALK.text for one in versions), f"kill {number}"
                with_words = [[word.start_ms for word in one.words()] for one in versions]
                assert all(one == with_words[0] for one in with_words)
            if len(kept.speakers) == 1:
                assert any(len(one.speakers) == 2 for one in versions), f"kill {number}"
            if meant or len(kept.speakers) == 1:  # as it was, for the next one
                library.save(made, TALK, now_ms=2 + number)
        finally:
            opened.close()
    assert changed, "no kill came after a change was kept"
