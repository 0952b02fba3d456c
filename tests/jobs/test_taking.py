"""A take becomes one recording and one job, whatever ended before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.probe import probe
from app.capture.journal import TakeFolder, wav_header
from app.capture.protocol import Heard, Started
from app.core.errors import Action, RecordingError, StorageError
from app.core.projects import ProjectId
from app.core.recording import Chapter
from app.core.take import Gap, GapReason, Source, SourceKind, Take, TakeState, Trouble, Troubled
from app.jobs.taking import Kept, TakeNow, Taking, recording_name
from tests.support.fake_sound import PER_MS, noise
from tests.support.lives import REFUSED, SOUND, Life, Lives
from tests.support.waiting import until

BEGAN_MS = 1_790_000_000_000


class Desk:
    """Takes that somebody left, and who is handed what they become."""

    def __init__(self, folder: Path) -> None:
        self.takes = folder / "takes"
        self.recordings = folder / "recordings"
        self.kept: list[Kept] = []
        self.failing: StorageError | None = None

    def taking(self) -> Taking:
        return Taking(self.takes, lambda: self.recordings, self.hand_on)

    def lives(self, *lives: Life) -> Lives:
        """Give a desk of the kind, whose processes live so."""
        return Lives(self.takes, self.recordings, self.hand_on, *lives)

    async def hand_on(self, kept: Kept) -> None:
        if self.failing is not None:
            raise self.failing
        self.kept.append(kept)

    def leave(self, *lengths_ms: int, channels: int = 1, name: str = "1-a") -> TakeFolder:
        """Leave a take of so many parts, as a killed process does."""
        folder = TakeFolder(self.takes / name)
        folder.path.mkdir(parents=True)
        for number, ms in enumerate(lengths_ms):
            sound = noise(ms * PER_MS * channels, number).tobytes()
            path = folder.path / f"part-{number + 1}.wav"
            path.write_bytes(wav_header(channels) + sound)
        sources = (Source(SourceKind.MICROPHONE), Source(SourceKind.COMPUTER))[:channels]
        folder.write(Take(name, sources, BEGAN_MS))
        return folder


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(("lengths_ms", "channels"), [((1_500,), 1), ((900, 700, 400), 2)])
async def test_what_a_crash_left_becomes_one_recording_with_all_its_sound(
    desk: Desk, lengths_ms: tuple[int, ...], channels: int
) -> None:
    folder = desk.leave(*lengths_ms, channels=channels)
    (kept,) = await desk.taking().adopt()
    assert desk.kept == [kept]
    assert kept.is_rescued
    assert kept.path.parent == desk.recordings
    assert not folder.path.exists()
    recording = await probe(kept.path)
    assert recording.duration_ms == sum(lengths_ms)
    assert recording.channels == channels
    assert await desk.taking().adopt() == []
    assert [entry.name for entry in desk.recordings.iterdir()] == [kept.path.name]


async def test_a_frame_that_was_cut_in_two_costs_no_more_than_itself(desk: Desk) -> None:
    folder = desk.leave(1_000, channels=2)
    (part,) = folder.parts()
    with part.open("ab") as file:
        file.write(b"\x01\x02\x03")
    (kept,) = await desk.taking().adopt()
    assert (await probe(kept.path)).duration_ms == 1_000


async def test_what_cannot_be_handed_on_stays_and_is_handed_on_next_time_once(
    desk: Desk,
) -> None:
    folder = desk.leave(800)
    desk.failing = StorageError("The disk is full.")
    with pytest.raises(StorageError):
        await desk.taking().adopt()
    assert folder.parts()
    desk.failing = None
    (kept,) = await desk.taking().adopt()
    assert [entry.name for entry in desk.recordings.iterdir()] == [kept.path.name]


async def test_a_name_that_was_settled_is_taken_again(desk: Desk) -> None:
    """The program ended between writing the recording and handing it on."""
    folder = desk.leave(800)
    target = desk.recordings / "Recording.flac"
    folder.write(replace(folder.read(), state=TakeState.FINISHING, file=str(target)))
    desk.recordings.mkdir()
    target.write_bytes(b"whole already")
    (kept,) = await desk.taking().adopt()
    assert kept.path == target
    assert target.read_bytes() == b"whole already"


async def test_no_two_recordings_of_one_minute_get_one_name(desk: Desk) -> None:
    """Another program has chosen its name, and has not written the recording yet."""
    other, unnamed = desk.leave(500, name="2-other"), desk.leave(700, name="1-unnamed")
    target = desk.recordings / f"{recording_name(unnamed.read().began_at_ms)}.flac"
    other.write(replace(other.read(), state=TakeState.FINISHING, file=str(target)))

    kept = await desk.taking().adopt()

    lengths = [(await probe(one.path)).duration_ms for one in kept]
    assert sorted(lengths) == [500, 700]


async def test_one_that_fails_keeps_no_other_from_being_rescued(desk: Desk) -> None:
    broken = desk.leave(500, name="1-broken")
    (part,) = broken.parts()
    desk.leave(700, name="2-whole")
    broken.write(
        replace(
            broken.read(), state=TakeState.FINISHING, file=str(part / "below a file" / "x.flac")
        )
    )
    taking = desk.taking()
    with pytest.raises(StorageError):
        await taking.adopt()
    assert [kept.take.take_id for kept in desk.kept] == ["2-whole"]
    assert broken.parts() == [part]


async def test_a_take_without_sound_leaves_nothing(desk: Desk) -> None:
    folder = desk.leave(0)
    assert await desk.taking().adopt() == []
    assert not folder.path.exists()
    assert desk.kept == []


async def test_a_take_that_is_being_recorded_is_asked_to_finish_first(desk: Desk) -> None:
    folder = desk.leave(600)
    owner = folder.owner
    assert owner.acquire()
    adopting = asyncio.ensure_future(desk.taking().adopt())
    await until(folder.stop_file.exists)
    assert not adopting.done()
    assert desk.kept == []
    owner.release()
    (kept,) = await adopting
    assert kept.is_rescued


async def test_gaps_and_marks_come_along(desk: Desk) -> None:
    folder = desk.leave(2_000)
    gap = Gap(500, 9_000, GapReason.ASLEEP)
    folder.write(folder.read().with_gap(gap).with_mark(700).with_mark(1_200))
    (kept,) = await desk.taking().adopt()
    assert kept.take.gaps == (gap,)
    assert kept.take.marks_ms == (700, 1_200)
    recording = await probe(kept.path)
    assert recording.chapters == (Chapter(700), Chapter(1_200))


MIC = (Source(SourceKind.MICROPHONE),)


async def test_a_device_that_went_with_its_process_is_waited_for_as_long_as_it_takes(
    desk: Desk, expected_log
) -> None:
    expected_log("The recording process died")
    refusals = [Life((REFUSED,)) for _ in range(20)]
    lives = Lives(
        desk.takes,
        desk.recordings,
        desk.hand_on,
        Life(SOUND),
        *refusals,
        Life(SOUND, lasts=True),
    )
    await lives.taking.start(MIC)
    await until(lambda: not lives.left and not lives.troubles)
    assert (Trouble.LOST,) in lives.seen
    assert len(lives.waited_s) == len(refusals)
    await lives.taking.stop()


async def test_stopping_while_a_device_is_waited_for_ends_it(desk: Desk, expected_log) -> None:
    expected_log("The recording process died")
    lives = Lives(
        desk.takes,
        desk.recordings,
        desk.hand_on,
        Life(SOUND),
        *(Life((REFUSED,)) for _ in range(10_000)),
    )
    await lives.taking.start(MIC)
    await until(lambda: lives.troubles == [Trouble.LOST])
    assert await lives.taking.stop() is None


async def test_where_no_process_stays_alive_that_is_said_and_the_sound_is_kept(
    desk: Desk, expected_log
) -> None:
    expected_log("The recording process died")
    lives = desk.lives(*(Life(SOUND) for _ in range(6)))
    await lives.taking.start(MIC, project_id=ProjectId("thesis"))
    await until(lambda: lives.troubles == [Trouble.ENDED])
    folder = lives.taking.folder
    assert folder is not None
    (folder.path / "part-1.wav").write_bytes(wav_header(1) + noise(900 * PER_MS).tobytes())
    folder.write(Take(folder.path.name, MIC, BEGAN_MS))
    kept = await lives.taking.stop()
    assert kept is not None
    assert (await probe(kept.path)).duration_ms == 900
    assert kept.project_id == "thesis"


async def test_a_window_that_was_updated_beneath_says_so_before_it_records(
    desk: Desk, expected_log
) -> None:
    expected_log("The recording process died")
    lives = desk.lives(Life(is_of_another_build=True))
    with pytest.raises(RecordingError, match="was updated while this window") as told:
        await lives.taking.start(MIC)
    assert told.value.action is Action.RESTART
    assert lives.taking.now is None


async def test_a_window_that_was_updated_while_it_records_says_that_it_cannot_go_on(
    desk: Desk, expected_log
) -> None:
    expected_log("The recording process died")
    lives = Lives(
        desk.takes, desk.recordings, desk.hand_on, Life(SOUND), Life(is_of_another_build=True)
    )
    await lives.taking.start(MIC)
    await until(lambda: lives.troubles == [Trouble.ENDED])
    await lives.taking.stop()


async def recorded(desk: Desk) -> Lives:
    """Record something for as long as it is wanted."""
    lives = desk.lives(Life(SOUND, lasts=True))
    await lives.taking.start(MIC)
    folder = lives.taking.folder
    assert folder is not None
    (folder.path / "part-1.wav").write_bytes(wav_header(1) + noise(900 * PER_MS).tobytes())
    folder.write(Take(folder.path.name, MIC, BEGAN_MS))
    return lives


async def test_a_window_that_opens_while_a_terminal_records_leaves_it_its_take(
    desk: Desk,
) -> None:
    terminal = await recorded(desk)
    window = desk.taking()
    assert await window.adopt() == []
    kept = await terminal.taking.stop()
    assert kept is not None
    assert await window.adopt() == []
    assert [one.path for one in desk.kept] == [kept.path]
    assert not list(desk.takes.iterdir())


async def test_once_it_is_let_go_of_another_takes_it_up(desk: Desk) -> None:
    terminal = await recorded(desk)
    await terminal.taking.aclose()
    (kept,) = await desk.taking().adopt()
    assert kept.is_rescued
    assert not list(desk.takes.iterdir())


async def test_taking_up_an_old_take_does_not_let_go_of_the_present_one(desk: Desk) -> None:
    desk.leave(400)
    terminal = await recorded(desk)
    assert len(await terminal.taking.adopt()) == 1
    assert await desk.taking().adopt() == []
    await terminal.taking.drop()
    assert not list(desk.takes.iterdir())


async def test_what_can_be_heard_meanwhile_ends_where_another_file_begins(desk: Desk) -> None:
    whole = Heard(9_000, (), 0, 0, is_paused=False)
    lives = desk.lives(Life((Started(), whole), lasts=True))
    await lives.taking.start((Source(SourceKind.MICROPHONE),))
    await until(lambda: now_of(lives).at_ms == 9_000)
    assert now_of(lives).first_file_ms == 9_000
    await lives.taking.drop()
    cut = replace(whole, first_file_ms=4_000)
    lives = desk.lives(Life((Started(), cut), lasts=True))
    await lives.taking.start((Source(SourceKind.MICROPHONE),))
    await until(lambda: now_of(lives).at_ms == 9_000)
    assert now_of(lives).first_file_ms == 4_000
    await lives.taking.drop()


async def test_nobody_goes_on_with_a_take_whose_sound_was_deleted(desk: Desk) -> None:
    gone = Troubled(Trouble.DELETED, None)
    lives = desk.lives(Life((*SOUND, gone)), Life(SOUND, lasts=True))
    await lives.taking.start((Source(SourceKind.MICROPHONE),))
    await until(lambda: lives.troubles == [Trouble.DELETED])
    assert await lives.taking.stop() is None
    assert len(lives.left) == 1
    assert lives.waited_s == []


def now_of(lives: Lives) -> TakeNow:
    now = lives.taking.now
    assert now is not None
    return now
