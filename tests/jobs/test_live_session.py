"""What is said stands in the order of time, and no trouble with words costs more than words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

from app.capture.journal import TakeFolder, wav_header
from app.core.live import Behind, Ended, LiveEvent, Offline, Settled, Spent, Tentative
from app.core.messages import message
from app.core.transcript import Word
from app.jobs.live_session import LiveNow, LiveSession
from tests.support.fake_sound import PER_MS, noise
from tests.support.speech import words
from tests.support.waiting import until


class FakeRecogniser:
    """Says what a test tells it to, and notes what it was given."""

    def __init__(self) -> None:
        self.fed = 0
        self.done: list[str] = []
        self.told: asyncio.Queue[LiveEvent | None] = asyncio.Queue()
        self.answers_finish = True
        self.taken = asyncio.Event()
        self.taken.set()

    async def feed(self, sound: bytes) -> None:
        self.fed += len(sound)
        await self.taken.wait()

    async def pause(self) -> None:
        self.done.append("pause")

    async def finish(self) -> None:
        self.done.append("finish")
        if self.answers_finish:
            self.told.put_nowait(None)

    async def events(self) -> AsyncIterator[LiveEvent]:
        while (event := await self.told.get()) is not None:
            yield event

    async def aclose(self) -> None:
        self.done.append("aclose")
        self.told.put_nowait(None)


class Page:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.settled: list[tuple[int, str]] = []
        self.wordless: list[tuple[int, int]] = []
        self.now = LiveNow()

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        self.settled.append((channel, " ".join(word.text for word in words)))

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        self.wordless += spans

    def show(self, now: LiveNow) -> None:
        self.now = now

    @property
    def tentative(self) -> list[tuple[int, str]]:
        return [
            (channel, " ".join(word.text for word in found))
            for channel, found in self.now.tentative
        ]


class Room:
    """A take that grows, and who hears it."""

    def __init__(self, folder: Path, channels: int = 1, *, finish_s: float = 30) -> None:
        self.folder = TakeFolder(folder)
        self.channels = channels
        self.page = Page()
        self.ears = [FakeRecogniser() for _ in range(channels)]
        self.session = LiveSession(self.folder, self.ears, self.page, finish_s=finish_s)
        self.session.start()

    def grow(self, ms: int) -> None:
        path = self.folder.path / "part-1.wav"
        with path.open("ab") as file:
            if not file.tell():
                file.write(wav_header(self.channels))
            file.write(noise(ms * PER_MS * self.channels).tobytes())

    def tell(self, channel: int, *events: LiveEvent) -> None:
        for event in events:
            self.ears[channel].told.put_nowait(event)


def said(text: str, start_ms: int, end_ms: int | None = None) -> Settled:
    found = words(text, start_ms)
    return Settled(found, found[-1].end_ms if end_ms is None else end_ms, "en")


async def test_all_sound_of_a_take_is_fed_and_the_last_words_are_waited_for(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path)
    room.grow(700)
    await until(lambda: room.ears[0].fed > 20_000)
    room.tell(0, Tentative(words("good mor", 100)))
    await until(lambda: room.page.tentative == [(0, "good mor")])
    room.grow(500)
    room.tell(0, said("Good morning.", 100))
    await room.session.finish()

    assert room.ears[0].fed // 32 >= 1_199
    assert room.ears[0].done == ["finish", "aclose"]
    assert room.page.settled == [(0, "Good morning.")]
    assert room.page.tentative == []


async def test_words_of_two_sources_stand_in_the_order_in_which_they_were_said(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path, 2)
    room.grow(300)
    room.tell(1, said("Fine, thanks.", 2_000))
    await until(lambda: room.page.tentative == [(1, "Fine, thanks.")])
    assert room.page.settled == []  # the first source may still say something before it
    room.tell(0, said("How are you?", 100))
    await until(lambda: len(room.page.settled) == 1)
    room.tell(0, Settled((), 2_500))
    await until(lambda: len(room.page.settled) == 2)
    assert room.page.settled == [(0, "How are you?"), (1, "Fine, thanks.")]
    await room.session.finish()


async def test_speech_without_words_is_told_with_words_and_without_any(tmp_path: Path) -> None:
    room = Room(tmp_path, 2)
    room.tell(0, Settled((), 4_000, "en", ((1_000, 3_500),)))
    await until(lambda: room.page.wordless == [(1_000, 3_500)])
    assert room.page.settled == []
    room.tell(1, Settled(words("Fine.", 200), 6_000, "en", ((2_000, 5_000),)))
    await until(lambda: len(room.page.settled) == 1)
    assert room.page.wordless == [(1_000, 3_500), (2_000, 5_000)]
    await room.session.finish()


async def test_words_do_not_wait_for_ever_for_a_source_that_says_nothing(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path, 2)
    room.tell(1, said("Hello?", 100))
    room.grow(15_300)
    await until(lambda: room.page.settled == [(1, "Hello?")] or not room.tell(1, Behind(0)))
    await room.session.finish()
    assert room.page.settled == [(1, "Hello?")]


async def test_a_pause_settles_what_is_open_once(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.grow(400)
    await until(lambda: room.ears[0].fed > 12_000)
    room.session.set_paused(is_paused=True)
    await until(lambda: room.ears[0].done == ["pause"])
    room.session.set_paused(is_paused=False)
    room.grow(400)
    await until(lambda: room.ears[0].fed > 25_000)
    assert room.ears[0].done == ["pause"]
    await room.session.finish()


async def test_one_source_without_words_is_told_and_leaves_the_other_its_own(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path, 2)
    why = message("The model {model} is gone.", model="x")
    room.tell(0, Ended(why))
    room.tell(1, said("Still here.", 400))
    await until(lambda: room.page.settled == [(1, "Still here.")])
    assert (room.page.now.offline, room.page.now.ended) == (why, None)
    room.tell(1, Ended(message("And this one.")))
    await until(lambda: room.page.now.ended is not None)
    await room.session.finish()
    assert not room.session.is_whole


async def test_what_was_heard_to_its_end_is_whole(tmp_path: Path) -> None:
    room = Room(tmp_path, 2)
    room.tell(1, said("All of it.", 400))
    await room.session.finish()
    assert room.session.is_whole


async def test_trouble_and_cost_are_told(tmp_path: Path) -> None:
    room = Room(tmp_path, 2)
    why = message("The service cannot be reached.")
    room.tell(0, Behind(6_000), Offline(why), Spent(60_000, Decimal("0.008")))
    room.tell(1, Spent(60_000, Decimal("0.008")))
    await until(lambda: room.page.now.dollars == Decimal("0.016"))
    assert (room.page.now.behind_ms, room.page.now.offline) == (6_000, why)
    room.tell(0, Behind(0), Offline(None))
    await until(lambda: room.page.now.offline is None)
    assert room.page.now.behind_ms == 0
    await room.session.finish()


async def test_how_far_words_lag_counts_what_waits_in_the_file(tmp_path: Path) -> None:
    """A slow recogniser takes only so much sound: what it does not take is late as well."""
    room = Room(tmp_path)
    taken = asyncio.Event()
    room.ears[0].taken = taken
    room.grow(4_500)
    await until(lambda: room.ears[0].fed > 30_000)
    assert room.page.now.behind_ms == 0  # nobody has to know of less
    room.grow(8_600)
    room.tell(0, Behind(4_000))
    await until(lambda: room.page.now.behind_ms == 7_000)  # with what waited at the last look
    taken.set()
    await until(lambda: room.ears[0].fed > 32 * 13_000)
    room.tell(0, Behind(0))
    await until(lambda: room.page.now.behind_ms == 0)
    await room.session.finish()


async def test_what_lags_a_little_more_and_a_little_less_does_not_come_and_go(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path)
    shown: list[int] = []
    for behind_ms in (4_900, 5_200, 4_300, 3_100, 2_900, 4_900):
        room.tell(0, Behind(behind_ms), Spent(0, Decimal(len(shown) + 1)))
        await until(lambda: room.page.now.dollars == len(shown) + 1)
        shown.append(room.page.now.behind_ms)
    assert shown == [0, 5_000, 4_000, 3_000, 0, 0]
    await room.session.finish()


async def test_a_recogniser_that_never_ends_keeps_nobody_waiting(tmp_path: Path) -> None:
    room = Room(tmp_path, finish_s=0.05)
    room.ears[0].answers_finish = False
    room.tell(0, said("Done.", 100))
    await until(lambda: room.page.settled == [(0, "Done.")])
    await room.session.finish()
    assert room.ears[0].done[-1] == "aclose"
    assert not room.session.is_whole
