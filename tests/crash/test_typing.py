"""Kill whoever types a hundred times: at most the last second is lost, and never all.

``WORDLIGHT_CRASH_SEED`` repeats it, ``WORDLIGHT_CRASH_TYPING`` kills more or less often.
"""

from __future__ import annotations

import itertools
import logging
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from app.system.clocks import monotonic_ms
from tests.crash.stage import kill
from tests.crash.typing_in import mark
from tests.support.builders import transcript

SEED = os.environ.get("WORDLIGHT_CRASH_SEED", "1")
KILLS = int(os.environ.get("WORDLIGHT_CRASH_TYPING", "100"))
PARTS = 4
LANES = 2
"""So many type at once, each into a library of their own: most of the time one waits."""
_log = logging.getLogger(__name__)
MOST_LOST_MS = 1_000
_FROM_S, _TO_S = 0.05, 3.0
"""How long somebody types before the power goes."""
_LATENESS = 4
"""So many waits stand between a key and the disk; each may be as late as the machine was."""
_Typed = tuple[int, str, int]
"""When a key was pressed, what the words were then, and how late the machine was."""


def _load(database: Path, transcript_id: TranscriptId) -> Transcript:
    opened, _ = open_database(database)
    try:
        return Library(opened).load(transcript_id).transcript
    finally:
        opened.close()


def _typed_until_killed(
    database: Path, transcript_id: TranscriptId, chance: random.Random
) -> tuple[list[_Typed], int]:
    """Give what was typed, each state with its time, and when it ended."""
    asked = [sys.executable, "-m", "tests.crash.typing_in", str(database), transcript_id]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [*asked, str(chance.random())],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as typing:
        assert typing.stdout is not None
        first = typing.stdout.readline()
        time.sleep(chance.uniform(_FROM_S, _TO_S))  # noqa: TID251 - power goes at any time
        killed_ms = monotonic_ms()
        assert kill(typing)
        lines = [first, *typing.stdout.readlines()]
    states: list[_Typed] = []
    for line in lines:
        if line.endswith(b"\n"):
            at_ms, state, late_ms = line.decode().split()
            states.append((int(at_ms), state, int(late_ms)))
    return states, killed_ms


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_at_most_the_last_second_of_typing_is_lost(tmp_path: Path, part: int) -> None:
    kills = [len(range(lane, KILLS // PARTS, LANES)) for lane in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        lost = pool.map(
            lambda lane: _lost_ms(
                tmp_path / f"{lane}.db", f"{SEED}-{part}.{lane}", kills[lane]
            ),
            range(LANES),
        )
        lost_ms = list(itertools.chain.from_iterable(lost))
    assert len(lost_ms) > KILLS // PARTS // 2
    _log.info("lost at most %s ms of typing in %s kills", max(lost_ms), len(lost_ms))


def _lost_ms(database: Path, seed: str, kills: int) -> list[int]:
    """Kill whoever types into a library again and again; gives how much was lost each time."""
    chance = random.Random(seed)
    opened, _ = open_database(database)
    transcript_id = Library(opened).add(
        transcript(("A", "what was said before " * 200), ("B", "and what was answered " * 200)),
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink(""),
        now_ms=1,
    )
    opened.close()
    lost_ms: list[int] = []
    for number in range(kills):
        before = mark(_load(database, transcript_id))
        states, killed_ms = _typed_until_killed(database, transcript_id, chance)
        kept = mark(_load(database, transcript_id))
        known = [state for _, state, _ in states]
        # One that was typed and not yet told is as good as told.
        if kept not in {before, *known}:
            assert killed_ms - states[-1][0] < MOST_LOST_MS, f"kill {number}: what is kept?"
            continue
        at = max((place for place, state in enumerate(known) if state == kept), default=-1)
        later = [when for when, state, _ in states[at + 1 :] if state != kept]
        lost_ms.append(killed_ms - later[0] if later else 0)
        assert lost_ms[-1] <= MOST_LOST_MS + _late_ms(states), (
            f"kill {number}: {lost_ms[-1]} ms"
        )
    return lost_ms


def _late_ms(states: list[_Typed]) -> int:
    """Give what a busy machine adds to a second: nothing, on one with time to spare."""
    return _LATENESS * max(late_ms for _, _, late_ms in states[-20:])
