"""A take from the first sound to the last, with whatever happens in between."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.capture.journal import HEADER_BYTES, TakeFolder, takes_in
from app.capture.protocol import Finished, Heard, Marked, Missed, Report, Started
from app.capture.recorder import TICK_MS, Recorder
from app.capture.writer import PartWriter
from app.core.errors import RecordingError
from app.core.take import (
    SILENT_MS,
    Device,
    Gap,
    GapReason,
    Source,
    SourceKind,
    TakeState,
    Trouble,
    Troubled,
)
from tests.support.fake_sound import PER_MS, FakeBackend, FakeTime, noise, tick

MIC = Source(SourceKind.MICROPHONE, "usb", "USB microphone")
BUILT_IN = Source(SourceKind.MICROPHONE, "built-in", "Built-in microphone")
SPEAKERS = Source(SourceKind.COMPUTER, "speakers.monitor", "Speakers")


class Booth:
    """A recorder with its fake surroundings."""

    def __init__(self, folder: Path, *sources: Source) -> None:
        self.time = FakeTime()
        self.backend = FakeBackend([Device(one) for one in (MIC, BUILT_IN, SPEAKERS)])
        self.told: list[Report] = []
        folder.mkdir(exist_ok=True)
        self.folder = TakeFolder(folder)
        self.recorder = Recorder(
            self.folder, sources or (MIC,), self.backend, self.time.clocks, self.told.append
        )

    def feed(self, ms: int, *devices: str, sound: Callable[[int], np.ndarray] = noise) -> None:
        """Let the devices deliver for so long, a block a tick."""
        for _ in range(0, ms, TICK_MS):
            self.time.pass_ms(TICK_MS)
            for device in devices:
                self.backend.last(device).deliver(sound(TICK_MS * PER_MS))
            self.recorder.tick()

    def wait_for_look(self) -> None:
        """Let the thread that opens devices again do its work."""
        self.recorder.wait_for_look(5)

    def heard(self) -> np.ndarray:
        """Give what is on the disk."""
        channels = len(self.folder.read().sources)
        sound = b"".join(part.read_bytes()[HEADER_BYTES:] for part in self.folder.parts())
        return np.frombuffer(sound, np.int16).reshape(-1, channels)

    def troubles(self) -> list[tuple[Trouble, bool]]:
        return [(one.trouble, one.is_over) for one in self.told if isinstance(one, Troubled)]

    def gaps(self) -> list[Gap]:
        return [one.gap for one in self.told if isinstance(one, Missed)]


@pytest.fixture
def booth(tmp_path: Path) -> Booth:
    made = Booth(tmp_path / "take")
    made.recorder.begin()
    return made


def test_all_that_was_delivered_is_on_the_disk_and_told(booth: Booth) -> None:
    booth.feed(2_000, "usb")
    booth.recorder.finish()
    assert len(booth.heard()) == 2_000 * PER_MS
    assert np.array_equal(booth.heard()[: TICK_MS * PER_MS, 0], noise(TICK_MS * PER_MS))
    assert booth.told[0] == Started()
    assert booth.told[-1] == Finished(2_000)
    levels = [one for one in booth.told if isinstance(one, Heard)]
    assert len(levels) >= 18
    assert all(0.5 < one.levels[0].peak < 0.7 for one in levels[1:-1])
    assert levels[-2].at_ms <= 2_000
    assert not booth.troubles()
    assert not booth.backend.last("usb").is_open


def test_what_lies_on_the_disk_at_any_moment_is_all_but_the_last_tick(booth: Booth) -> None:
    for _ in range(40):
        booth.feed(TICK_MS, "usb")
        (part,) = booth.folder.path.glob("part-*.wav")
        assert part.stat().st_size == HEADER_BYTES + booth.recorder.at_ms * PER_MS * 2
    assert booth.recorder.at_ms == 40 * TICK_MS


def test_a_source_that_cannot_be_opened_begins_nothing(tmp_path: Path) -> None:
    booth = Booth(tmp_path / "take", MIC, Source(SourceKind.COMPUTER, "gone"))
    with pytest.raises(RecordingError, match="device is gone"):
        booth.recorder.begin()
    assert not booth.backend.last("usb").is_open
    assert not booth.folder.parts()


def test_a_pause_keeps_nothing_and_is_noted(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    booth.recorder.pause()
    assert booth.folder.read().state is TakeState.PAUSED
    booth.feed(3_000, "usb")
    booth.recorder.resume()
    booth.feed(500, "usb")
    booth.recorder.finish()
    assert len(booth.heard()) == 1_500 * PER_MS
    (gap,) = booth.folder.read().gaps
    assert (gap.at_ms, gap.reason, gap.is_filled) == (1_000, GapReason.PAUSED, False)
    assert abs(gap.lost_ms - 3_000) <= TICK_MS


def test_a_marked_moment_is_kept_at_once(booth: Booth) -> None:
    booth.feed(700, "usb")
    booth.recorder.mark()
    assert booth.folder.read().marks_ms == (700,)
    assert Marked(700) in booth.told


def test_an_unplugged_device_is_said_replaced_and_taken_again(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    booth.backend.plugged = [Device(BUILT_IN)]
    booth.backend.last("usb").end()
    tick(booth.recorder, booth.time, 45)
    booth.wait_for_look()
    assert (Trouble.LOST, False) in booth.troubles() or (Trouble.STALLED, False) in (
        booth.troubles()
    )
    assert booth.backend.last("built-in").is_open
    moved = [one for one in booth.told if isinstance(one, Troubled) and one.name]
    assert moved[0].name == "Built-in microphone"  # as people call it
    booth.feed(1_000, "built-in")
    booth.recorder.finish()
    (gap,) = booth.gaps()
    assert gap.reason is GapReason.UNPLUGGED
    assert gap.is_filled
    assert gap.channel == 0
    assert abs(gap.lost_ms - 2_250) <= 100
    assert len(booth.heard()) == (1_000 + 2_250 + 1_000) * PER_MS


def test_a_device_that_gives_nothing_is_said_after_two_seconds_and_filled(
    booth: Booth,
) -> None:
    booth.feed(1_000, "usb")
    tick(booth.recorder, booth.time, 100)
    assert booth.troubles() == [(Trouble.STALLED, False)]
    booth.feed(200, "usb")
    assert booth.troubles() == [(Trouble.STALLED, False), (Trouble.STALLED, True)]
    booth.recorder.finish()
    (gap,) = booth.gaps()
    assert (gap.reason, gap.is_filled) == (GapReason.STALLED, True)
    assert abs(gap.lost_ms - 5_000) <= 100
    assert len(booth.heard()) == 6_200 * PER_MS


def test_exact_zeros_are_said_and_a_quiet_room_is_not(booth: Booth) -> None:
    booth.feed(SILENT_MS + 2_000, "usb", sound=lambda count: noise(count) // 10_000)
    assert not booth.troubles()
    booth.feed(SILENT_MS + 100, "usb", sound=lambda count: np.zeros(count, np.int16))
    assert booth.troubles() == [(Trouble.SILENT, False)]
    booth.feed(100, "usb")
    assert booth.troubles() == [(Trouble.SILENT, False), (Trouble.SILENT, True)]


def test_sleep_is_a_gap_and_no_hour_of_silence(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    booth.time.asleep += 3_600_000
    booth.time.wall += 3_600_000
    tick(booth.recorder, booth.time)
    booth.feed(1_000, "usb")
    booth.recorder.finish()
    (gap,) = booth.gaps()
    assert (gap.reason, gap.lost_ms, gap.is_filled) == (GapReason.ASLEEP, 3_600_000, False)
    assert len(booth.heard()) == 2_000 * PER_MS


def test_sleep_through_which_the_clock_goes_on_is_the_same(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    booth.time.pass_ms(3_600_000)
    booth.recorder.tick()
    booth.feed(1_000, "usb")
    booth.recorder.finish()
    (gap,) = booth.gaps()
    assert gap.reason is GapReason.ASLEEP
    assert len(booth.heard()) == 2_000 * PER_MS


def test_somebody_setting_the_clock_changes_nothing(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    booth.time.wall -= 7_200_000
    booth.feed(1_000, "usb")
    booth.time.wall += 90_000_000
    booth.feed(1_000, "usb")
    booth.recorder.finish()
    assert not booth.gaps()
    assert len(booth.heard()) == 3_000 * PER_MS


def test_held_up_for_long_nothing_of_what_came_meanwhile_is_lost(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    for _ in range(100):
        booth.time.pass_ms(TICK_MS)
        booth.backend.last("usb").deliver(noise(TICK_MS * PER_MS))
    booth.recorder.tick()
    booth.feed(1_000, "usb")
    booth.recorder.finish()
    assert not booth.gaps()
    assert len(booth.heard()) == 7_000 * PER_MS


def test_another_process_goes_on_with_a_take(booth: Booth, tmp_path: Path) -> None:
    booth.feed(1_000, "usb")
    again = Booth(tmp_path / "take")
    again.recorder.begin()
    again.feed(500, "usb")
    again.recorder.finish()
    assert [part.name for part in again.folder.parts()] == ["part-1.wav"]  # can be played on
    (gap,) = again.folder.read().gaps
    assert (gap.at_ms, gap.reason) == (1_000, GapReason.RESTARTED)
    assert again.folder.duration_ms() == 1_500
    assert again.told[-1] == Finished(1_500)
    last = [one for one in again.told if isinstance(one, Heard)][-1]
    assert (last.at_ms, last.first_file_ms) == (1_500, None)
    assert last.sound_bytes == 1_500 * PER_MS * 2  # of both processes


def test_half_a_frame_of_a_process_that_died_puts_no_later_sound_out_of_step(
    tmp_path: Path,
) -> None:
    booth = Booth(tmp_path / "take", MIC, SPEAKERS)
    booth.recorder.begin()
    booth.feed(400, "usb", "speakers.monitor")
    (part,) = booth.folder.parts()
    begun = part.read_bytes()
    part.write_bytes(begun + b"\x01\x02\x03")
    again = Booth(tmp_path / "take", MIC, SPEAKERS)
    again.recorder.begin()
    again.feed(500, "usb", "speakers.monitor")
    again.recorder.finish()
    alone = Booth(tmp_path / "other", MIC, SPEAKERS)
    alone.recorder.begin()
    alone.feed(500, "usb", "speakers.monitor")
    alone.recorder.finish()
    assert part.read_bytes() == begun + alone.heard().tobytes()


def test_another_process_leaves_a_file_alone_whose_sound_is_of_other_sources(
    booth: Booth, tmp_path: Path
) -> None:
    booth.feed(400, "usb")
    writer = PartWriter(booth.folder, 2, lambda: 0)
    writer.write(noise(100 * PER_MS * 2).tobytes())
    assert [part.name for part in booth.folder.parts()] == ["part-1.wav", "part-2.wav"]
    assert writer.first_bytes == 0
    writer.close()


def test_behind_a_disk_that_refused_how_long_the_first_file_is_is_told(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    import app.capture.writer as module

    booth.feed(1_000, "usb")
    write = module.os.write

    def broken(_descriptor: int, _sound: bytes) -> int:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(module.os, "write", broken)
    booth.feed(500, "usb")
    monkeypatch.setattr(module.os, "write", write)
    booth.feed(3_000, "usb")
    booth.recorder.finish()
    assert len(booth.folder.parts()) == 2
    assert len(booth.heard()) == 4_500 * PER_MS
    last = [one for one in booth.told if isinstance(one, Heard)][-1]
    assert (last.at_ms, last.first_file_ms) == (4_500, 1_000)


def test_a_take_that_somebody_deletes_ends_and_is_told_once(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    assert not booth.recorder.is_deleted
    shutil.rmtree(booth.folder.path)
    booth.feed(5_000, "usb")
    assert booth.recorder.is_deleted
    assert booth.troubles() == [(Trouble.DELETED, False)]
    booth.recorder.finish()
    assert not [one for one in booth.told if isinstance(one, Finished)]
    assert not booth.folder.path.exists()


class Full:
    """A disk that takes so many bytes, and more once there is room."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        import app.capture.writer as module

        self.room = room
        self._write = module.os.write
        monkeypatch.setattr(module.os, "write", self)

    def __call__(self, descriptor: int, sound: bytes) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "full")
        done = self._write(descriptor, sound[: self.room])
        self.room -= done
        return done


@pytest.mark.parametrize("room", [0, 20, 44, 45, 9_999, 96_001, 150_000])
def test_a_full_disk_is_said_and_what_waited_is_written_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    booth = Booth(tmp_path / "take")
    booth.recorder.begin()
    disk = Full(monkeypatch, room)
    booth.feed(3_000, "usb")
    assert booth.troubles() == [(Trouble.DISK_FULL, False)]
    disk.room = 10**9
    booth.feed(3_000, "usb")
    assert booth.troubles() == [(Trouble.DISK_FULL, False), (Trouble.DISK_FULL, True)]
    booth.recorder.finish()
    assert not booth.gaps()
    heard = booth.heard()[:, 0]
    assert len(heard) == 6_000 * PER_MS
    assert np.array_equal(heard.reshape(-1, TICK_MS * PER_MS)[77], noise(TICK_MS * PER_MS))


def test_sound_given_up_since_the_disk_took_nothing_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = Booth(tmp_path / "take")
    booth.recorder.begin()
    disk = Full(monkeypatch, 10_000)
    booth.feed(90_000, "usb")
    disk.room = 10**9
    booth.feed(3_000, "usb")
    booth.recorder.finish()
    (gap,) = booth.gaps()
    assert gap.reason is GapReason.DISK_FULL
    assert abs(len(booth.heard()) + gap.lost_ms * PER_MS - 93_000 * PER_MS) < 2 * PER_MS
    assert gap.lost_ms < 31_000


def test_two_sources_are_two_channels(tmp_path: Path) -> None:
    booth = Booth(tmp_path / "take", MIC, SPEAKERS)
    booth.recorder.begin()
    booth.feed(3_000, "usb", "speakers.monitor")
    booth.recorder.finish()
    heard = booth.heard()
    assert heard.shape == (3_000 * PER_MS, 2)
    assert np.array_equal(heard[1_000:90_000, 0], heard[1_000:90_000, 1])


def test_a_damaged_journal_costs_no_sound(booth: Booth) -> None:
    booth.feed(1_000, "usb")
    (booth.folder.path / "take.json").write_bytes(b'{"version": 1, "take')
    take = booth.folder.read()
    assert take.channels == 1
    assert booth.folder.duration_ms() == 1_000
    assert [one.path for one in takes_in(booth.folder.path.parent)] == [booth.folder.path]


def test_the_journal_reads_what_it_wrote(booth: Booth) -> None:
    booth.feed(500, "usb")
    booth.recorder.mark()
    booth.recorder.pause()
    booth.recorder.resume()
    booth.recorder.finish()
    take = booth.folder.read()
    booth.folder.write(take)
    assert booth.folder.read() == take
    assert json.loads((booth.folder.path / "take.json").read_bytes())["version"] == 1


def test_a_disk_that_fails_begins_another_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = TakeFolder(tmp_path)
    time = FakeTime()
    writer = PartWriter(folder, 2, lambda: time.monotonic)
    writer.write(bytes(range(200)) * 4)
    import app.capture.writer as module

    real = module.os.write

    def fail_after_a_bit(descriptor: int, sound: bytes) -> int:
        monkeypatch.setattr(module.os, "write", fail)
        return real(descriptor, sound[:3])

    def fail(_descriptor: int, _sound: bytes) -> int:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(module.os, "write", fail_after_a_bit)
    writer.write(b"\x01\x02\x03\x04" * 100)
    assert writer.problem is not None
    monkeypatch.setattr(module.os, "write", real)
    time.pass_ms(3_000)
    writer.write(b"\x05\x06\x07\x08" * 10)
    writer.close()
    first, second = folder.parts()
    assert first.stat().st_size == HEADER_BYTES + 803
    assert (
        second.read_bytes()[HEADER_BYTES:]
        == b"\x01\x02\x03\x04" * 99 + b"\x05\x06\x07\x08" * 10
    )
