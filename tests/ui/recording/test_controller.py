"""What a person is told while something is recorded, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.capture.journal import TakeFolder, wav_header
from app.core.live import LiveLeft
from app.core.messages import message
from app.core.take import Gap, GapReason, Source, SourceKind, Take
from app.core.transcript import TranscriptId
from app.jobs.live_session import LiveNow
from app.jobs.taking import Kept
from app.store.database import Database
from app.store.opening import open_database
from app.store.settings import SettingsStore
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.recording.controller import RecordingController, Studio
from app.ui.tasks import Tasks
from tests.support.fake_sound import PER_MS, noise
from tests.support.lives import SOUND, Life, Lives
from tests.support.page import OnStage
from tests.support.waiting import until

MIC = (Source(SourceKind.MICROPHONE),)
LIVE = LiveLeft(TranscriptId("words"), is_final=True)
GAP = Gap(300, 2_000, GapReason.UNPLUGGED, 0)


class Stage(OnStage):
    """Knows besides whether something is recorded."""

    is_recording = False

    def show_recording(self, *, is_on: bool) -> None:
        self.is_recording = is_on


class Opened:
    """Stands for the transcript that grows."""

    transcript_id = LIVE.transcript_id


class Live:
    """Stands for what hears the take; tells what a test wants told."""

    def __init__(self) -> None:
        self.opened: Opened | None = Opened()
        self.now = LiveNow()
        self._listener: Callable[[LiveNow], None] = lambda _now: None

    def subscribe(self, listener: Callable[[LiveNow], None]) -> None:
        self._listener = listener

    def tell(self, now: LiveNow) -> None:
        self.now = now
        self._listener(now)

    def tentative(self) -> tuple[()]:
        return ()

    async def finish(self) -> None:
        """Hear the rest."""

    async def end(self) -> None:
        """Close the page."""


class Booth:
    """The room, and a take that is being recorded."""

    def __init__(
        self, folder: Path, database: Database, appearance: Appearance, qtbot: QtBot
    ) -> None:
        self.stage = Stage()
        self.live = Live()
        self.kept: list[Kept] = []
        life = Life(SOUND, lasts=True)
        self.lives = Lives(folder / "takes", folder / "recordings", self._hand_on, life)
        quiet = Lives(folder / "run", folder / "run", self._hand_on, life)
        stand_in: Any = self.live
        other: Any = Live()
        stage: Any = self.stage
        self.controller = RecordingController(
            stage=stage,
            actions=Actions(appearance),
            appearance=appearance,
            studio=Studio(self.lives.taking, stand_in),
            dictation=Studio(quiet.taking, other),
            settings=SettingsStore(database),
            tasks=Tasks(lambda _name, error: pytest.fail(str(error))),
            stay_awake=lambda _why: lambda: None,
            live_service=stand_in,
        )
        qtbot.addWidget(self.controller.bar)

    async def _hand_on(self, kept: Kept) -> None:
        self.kept.append(kept)

    async def begin(self, left: LiveLeft, *gaps: Gap) -> None:
        """Record something whose live text came out so."""
        await self.lives.taking.start(MIC)
        folder = self.lives.taking.folder
        assert isinstance(folder, TakeFolder)
        (folder.path / "part-1.wav").write_bytes(wav_header(1) + noise(700 * PER_MS).tobytes())
        folder.write(Take(folder.path.name, MIC, 1_790_000_000_000, gaps=gaps))
        folder.write_live(left)

    def said(self) -> list[str]:
        labels = self.controller.bar.findChildren(QLabel)
        return [one.text() for one in labels if not one.isHidden() and one.text()]


@pytest.fixture
def booth(tmp_path: Path, appearance: Appearance, qtbot: QtBot) -> Iterator[Booth]:
    database, _ = open_database(tmp_path / "wordlight.db")
    yield Booth(tmp_path, database, appearance, qtbot)
    database.close()


Run = Callable[[Any], Any]


@pytest.mark.parametrize(
    ("left", "gaps", "parts"),
    [
        (LIVE, (), ("Words are missing from the live text",)),
        (LIVE, (GAP,), ("Recorded. ", "unplugged", "Words are missing")),
        (replace(LIVE, is_whole=True), (), ()),
        (replace(LIVE, is_final=False), (), ()),
    ],
    ids=["not whole", "and with a gap", "whole", "not to be kept"],
)
def test_live_text_that_was_to_stay_and_is_not_whole_is_said_to_be_made_again(
    booth: Booth,
    run_async: Run,
    left: LiveLeft,
    gaps: tuple[Gap, ...],
    parts: tuple[str, ...],
) -> None:
    async def record() -> None:
        await booth.begin(left, *gaps)
        await booth.controller.finish()

    run_async(record())
    assert len(booth.kept) == 1
    assert len(booth.stage.said) == (1 if parts else 0)
    for part in parts:
        assert part in booth.stage.said[0]


def test_a_model_that_is_missing_is_one_sentence_beside_the_recording(
    booth: Booth, run_async: Run
) -> None:
    why = message("{name} is not on this computer.", name="small")

    async def record() -> None:
        await booth.begin(replace(LIVE, is_final=False))
        booth.live.tell(LiveNow(ended=why))
        assert "small is not on this computer. Recording continues." in booth.said()
        assert booth.stage.is_recording
        booth.live.tell(LiveNow(offline=None))
        assert not any("small" in one for one in booth.said())
        await booth.controller.finish()

    run_async(record())
    assert not booth.stage.is_recording
    assert not booth.stage.said


def test_a_recording_that_cannot_go_on_is_said_as_long_as_nobody_stops_it(
    booth: Booth, run_async: Run, expected_log: Callable[[str], None]
) -> None:
    expected_log("The recording process died")
    booth.lives.left[:] = [Life(SOUND) for _ in range(6)]

    async def record() -> None:
        await booth.begin(replace(LIVE, is_final=False))
        await until(lambda: any("Nothing is recorded any more" in one for one in booth.said()))
        bar = booth.controller.bar
        assert [one.isEnabled() for one in (bar.stop, bar.pause, bar.mark)] == [
            True,
            False,
            False,
        ]
        assert "●" not in booth.said()
        await booth.controller.finish()

    run_async(record())
    assert len(booth.kept) == 1
