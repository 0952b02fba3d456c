"""Live text by the service, over real sockets on loopback: every word once, whatever breaks."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from app.core.live import Behind, Ended, LiveEvent, Offline, Settled, Spent, Tentative
from app.core.live_models import LIVE_MODELS, LiveModel
from app.core.transcript import Word
from app.waves.live_access import LiveAccess
from app.waves.live_codec import LiveRequest
from app.waves.live_talk import Times
from app.waves.network import ServiceNetwork
from app.waves.price import LiveBudget
from app.waves.realtime import RealtimeRecogniser
from tests.support.fake_live import KEY, FakeLive, Hazards, coded_sound

Event = TypeVar("Event")
SPEED = 40
_STALL_S = 0.02
SENTENCE = (
    "This is a sample audio file for testing speech to text transcription with the live "
    "service. Great, so let us get started with the demonstration then. Numbers look good, "
    "and yesterday nobody complained about anything at all."
)


class PatientClock:
    """Goes ``SPEED`` times as fast as the wall's, and stands still while all of us do."""

    def __init__(self) -> None:
        self._at_s = time.perf_counter()
        self._ms = 0.0

    def __call__(self) -> float:
        now_s = time.perf_counter()
        self._ms += min(now_s - self._at_s, _STALL_S) * 1_000 * SPEED
        self._at_s = now_s
        return self._ms


async def quick_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / SPEED)


def script_of(
    text: str, *, begin_ms: int = 300, long_ms: int = 260, gap_ms: int = 60, pause_ms: int = 900
) -> list[Word]:
    """Give words with times: a pause behind each sentence, a short gap elsewhere."""
    words: list[Word] = []
    at_ms = begin_ms
    for one in text.split():
        words.append(Word(one, at_ms, at_ms + long_ms))
        at_ms += long_ms + (pause_ms if one[-1] in ".?!" else gap_ms)
    return words


def read(words: list[Word]) -> str:
    return "".join(word.text if word.is_joined else f" {word.text}" for word in words).strip()


@dataclass
class Outcome:
    """What a take brought."""

    events: list[LiveEvent] = field(default_factory=list)
    settled_at_open: list[int] = field(default_factory=list)

    @property
    def words(self) -> list[Word]:
        return [word for one in self.events if isinstance(one, Settled) for word in one.words]

    @property
    def ending(self) -> Ended | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Ended) else None

    def of(self, kind: type[Event]) -> list[Event]:
        return [one for one in self.events if isinstance(one, kind)]


class _WatchedAccess(LiveAccess):
    """Notes how far the words were settled when a connection was opened."""

    outcome: Outcome

    @override
    async def open(self, request):
        starts = [word.start_ms for word in self.outcome.words]
        self.outcome.settled_at_open.append(starts[-1] if starts else 0)
        return await super().open(request)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeLive]:
    with FakeLive(speed=SPEED) as fake:
        yield fake


@pytest.fixture
def fake(server: FakeLive) -> Iterator[FakeLive]:
    server.begin_again(())
    server.idle_ms = 60_000
    server.key = KEY
    yield server
    assert server.violations == []


@dataclass
class Take:
    """How a take is fed."""

    length_ms: int
    piece_ms: int = 100
    speed: float = 1.0
    pauses: tuple[tuple[int, int], ...] = ()
    key: str = KEY
    request: LiveRequest = field(default_factory=LiveRequest)
    stop_at: Decimal | None = None
    stops_ms: int | None = None


async def record(fake: FakeLive, take: Take) -> Outcome:
    """Feed a take as it would be recorded, to its end."""
    outcome = Outcome()
    access = _WatchedAccess(fake.address, lambda: take.key, ServiceNetwork())
    access.outcome = outcome
    price = LIVE_MODELS[take.request.model].dollars_per_minute
    recogniser = RealtimeRecogniser(
        access,
        take.request,
        LiveBudget(price, take.stop_at),
        Times(PatientClock(), quick_sleep),
    )

    async def follow() -> None:
        async for event in recogniser.events():
            outcome.events.append(event)

    following = asyncio.create_task(follow())
    feeding = asyncio.create_task(_feed(recogniser, take))
    if take.stops_ms is not None:
        await quick_sleep(take.stops_ms / 1_000)
    else:
        await feeding
    await recogniser.finish()
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)
    await following
    await recogniser.aclose()
    return outcome


async def _feed(recogniser: RealtimeRecogniser, take: Take) -> None:
    pauses = dict(take.pauses)
    at_ms = 0
    while at_ms < take.length_ms:
        end_ms = min(take.length_ms, at_ms + take.piece_ms)
        await recogniser.feed(coded_sound(at_ms, end_ms))
        await quick_sleep((end_ms - at_ms) / 1_000 / take.speed)
        for pause_ms, lasts_ms in list(pauses.items()):
            if end_ms >= pause_ms:
                del pauses[pause_ms]
                await recogniser.pause()
                await quick_sleep(lasts_ms / 1_000)
        at_ms = end_ms


async def heard(fake: FakeLive, *hazards: Hazards, text: str = SENTENCE, **more) -> Outcome:
    """Record the sentence with what may go wrong; gives what became of it."""
    script = script_of(text)
    fake.begin_again(script, *hazards)
    length_ms = more.pop("length_ms", script[-1].end_ms + 700)
    return await record(fake, Take(length_ms, **more))


async def test_words_come_while_they_are_spoken_and_settle_as_they_were_said(fake):
    outcome = await heard(fake)
    assert read(outcome.words) == SENTENCE
    assert outcome.ending is None
    assert len(fake.visits) == 1
    assert fake.visits[0].controls[-1] == "close_stream"
    assert any(one.words for one in outcome.of(Tentative))
    first = next(place for place, one in enumerate(outcome.events) if isinstance(one, Settled))
    assert any(isinstance(one, Tentative) for one in outcome.events[:first])
    for word, said in zip(outcome.words, fake.script, strict=True):
        assert abs(word.start_ms - said.start_ms) <= 20
        assert abs(word.end_ms - said.end_ms) <= 20


async def test_the_cost_is_that_of_the_sound_that_was_sent(fake):
    outcome = await heard(fake)
    spent = outcome.of(Spent)
    assert spent[-1].sent_ms == pytest.approx(fake.heard_ms(), abs=40)
    assert spent[-1].dollars == Decimal("0.008") * spent[-1].sent_ms / 60_000


async def test_at_the_amount_that_is_set_it_stops_and_says_so(fake):
    outcome = await heard(fake, stop_at=Decimal("0.001"))  # 7.5 seconds
    assert outcome.ending is not None
    assert "it has cost $0.00, the most you allow" in outcome.ending.message.fill()
    assert fake.heard_ms() == pytest.approx(7_500, abs=200)
    assert SENTENCE.startswith(read(outcome.words))
    assert len(outcome.words) > 15


@pytest.mark.parametrize(
    "hazards",
    [
        Hazards(lone_stops=True),
        Hazards(stop_entries=True),
        Hazards(twice=True),
        Hazards(bare=True),
        Hazards(splits=True),
        Hazards(other_name=True),
        Hazards(labels=True),
        Hazards(no_last=True),
        Hazards(never_final=True),
        Hazards(untimed=True),
        Hazards(jitter_ms=15),
        Hazards(no_idle_answer=True),
        Hazards(slow_s=8),
        Hazards(say=("{", "[]", b"\x00\xff", '{"type":"weather"}', '{"type":"pong"}')),
        Hazards(huge=True),
    ],
    ids=lambda one: ",".join(
        name
        for name in one.__dataclass_fields__
        if getattr(one, name) != getattr(Hazards(), name)
    ),
)
async def test_odd_answers_change_no_word(fake, hazards):
    outcome = await heard(fake, hazards)
    assert read(outcome.words) == SENTENCE
    assert outcome.ending is None


@pytest.mark.parametrize(
    "hazards",
    [
        Hazards(drop_ms=6_000),
        Hazards(close_ms=6_000, close_code=1011),
        Hazards(close_ms=6_000, close_code=1012),
        Hazards(close_ms=6_000, close_code=1013),
        Hazards(close_ms=6_000, close_code=1008),
        Hazards(close_ms=6_000, close_code=1000),
        Hazards(stop_reading_ms=6_000),
        Hazards(status=503, body="busy"),
        Hazards(status=429, body='{"error":"slow down"}'),
        Hazards(say=('{"error":"out of memory"}',)),
        Hazards(say=('{"type":"error","status":500,"message":"oh"}',)),
    ],
    ids=str,
)
async def test_what_breaks_once_is_gone_on_with(fake, hazards):
    outcome = await heard(fake, hazards)
    assert read(outcome.words) == SENTENCE
    assert outcome.ending is None
    assert len(fake.visits) == 2
    for word, said in zip(outcome.words, fake.script, strict=True):
        assert abs(word.start_ms - said.start_ms) <= 20
        assert abs(word.end_ms - said.end_ms) <= 20


async def test_a_service_that_stands_still_for_half_a_minute_costs_no_word(fake):
    script = script_of(" ".join([SENTENCE] * 3))
    fake.begin_again(script, Hazards(stall_ms=6_000))
    outcome = await record(fake, Take(script[-1].end_ms + 500))
    assert read(outcome.words) == " ".join([SENTENCE] * 3)
    assert outcome.ending is None


async def test_a_key_that_is_taken_back_while_one_speaks_keeps_the_words_so_far(fake):
    complaint = json.dumps({"type": "error", "status": 401, "message": "unauthorized"})
    outcome = await heard(fake, Hazards(complain_ms=7_000, complaint=complaint))
    assert outcome.ending is not None
    assert outcome.ending.message.text.startswith("The service does not accept the key.")
    assert len(outcome.words) >= 10
    assert SENTENCE.startswith(read(outcome.words)[:40])
    assert len(fake.visits) == 1


async def test_a_service_that_falls_silent_is_left_for_another_connection(fake):
    script = script_of(" ".join([SENTENCE] * 4))
    fake.begin_again(script, Hazards(mute_ms=12_000))
    outcome = await record(fake, Take(script[-1].end_ms + 500))
    assert read(outcome.words) == " ".join([SENTENCE] * 4)
    assert len(fake.visits) == 2
    assert outcome.of(Behind)  # it caught up


async def test_a_pause_settles_what_is_open_and_keeps_the_connection(fake):
    script = script_of("This is what was said before it paused. And this came later.")
    pause_ms = next(one.end_ms for one in script if one.text == "what") + 20
    fake.begin_again(script)
    outcome = await record(fake, Take(script[-1].end_ms + 400, pauses=((pause_ms, 40_000),)))
    assert read(outcome.words) == "This is what was said before it paused. And this came later."
    (visit,) = fake.visits
    assert "finalize" in visit.controls
    assert visit.controls.count("keepalive") >= 4


async def test_a_long_pause_costs_no_connection(fake):
    script = script_of("Said before it paused. And this came much later.")
    fake.begin_again(script)
    outcome = await record(fake, Take(script[-1].end_ms + 400, pauses=((2_000, 200_000),)))
    assert read(outcome.words) == "Said before it paused. And this came much later."
    assert len(fake.visits) == 2
    assert fake.visits[0].controls[-1] == "close_stream"


async def test_long_silence_is_not_sent_again(fake):
    script = script_of("Said at the beginning.")
    script += script_of("And a minute later.", begin_ms=80_000)
    fake.begin_again(script, Hazards(drop_ms=75_000))
    outcome = await record(fake, Take(script[-1].end_ms + 400))
    assert read(outcome.words) == "Said at the beginning. And a minute later."
    assert fake.visits[1].begin_ms > 25_000


async def test_a_key_that_is_refused_ends_it_with_the_reason(fake):
    outcome = await heard(fake, key="sk_another")
    assert outcome.words == []
    assert outcome.ending is not None
    assert outcome.ending.message.text.startswith("The service does not accept the key.")
    assert "sk_another" not in repr(outcome.ending)


async def test_a_key_that_is_refused_in_the_middle_keeps_the_words_so_far(fake):
    outcome = await heard(fake, Hazards(drop_ms=7_000), Hazards(status=401, body="{}"))
    assert outcome.ending is not None
    assert outcome.ending.message.text.startswith("The service does not accept the key.")
    assert SENTENCE.startswith(read(outcome.words)[:40])
    assert len(outcome.words) >= 10


async def test_a_language_the_region_lacks_is_said_and_not_tried_again(fake):
    outcome = await heard(fake, request=LiveRequest(language="ja"))
    assert outcome.ending is not None
    assert "not available to you in the region" in outcome.ending.message.text
    assert len(fake.visits) == 1


async def test_the_second_model_closes_for_what_it_does_not_know_and_that_ends_in_a_sentence(
    fake,
):
    request = LiveRequest(LiveModel.PULSE_2)
    assert read((await heard(fake, request=request)).words) == SENTENCE


async def test_a_service_that_hangs_up_each_time_is_left_in_the_end(fake):
    closing = [Hazards(close_ms=0, close_code=1000) for _ in range(9)]
    script = script_of(" ".join([SENTENCE] * 12))
    fake.begin_again(script, *closing)
    outcome = await record(fake, Take(script[-1].end_ms))
    assert outcome.ending is not None
    assert "keeps closing the connection" in outcome.ending.message.text
    assert outcome.of(Offline)


async def test_away_at_the_end_it_says_from_where_text_is_missing(fake):
    away = [Hazards(status=503) for _ in range(60)]
    outcome = await heard(fake, Hazards(drop_ms=9_000), *away, stops_ms=30_000)
    assert outcome.ending is not None
    assert outcome.ending.message.text.startswith("The service could not be reached at the end")
    assert SENTENCE.startswith(read(outcome.words)[:30])


async def test_closing_at_once_ends_the_events(fake):
    fake.begin_again(script_of(SENTENCE))
    access = LiveAccess(fake.address, lambda: KEY, ServiceNetwork())
    recogniser = RealtimeRecogniser(access, LiveRequest(), LiveBudget(Decimal("0.008")))
    await recogniser.feed(coded_sound(0, 300))
    await recogniser.aclose()
    assert [event async for event in recogniser.events()] == []
    await recogniser.feed(coded_sound(300, 600))  # returns at once


async def test_nothing_said_is_no_connection(fake):
    access = LiveAccess(fake.address, lambda: KEY, ServiceNetwork())
    recogniser = RealtimeRecogniser(access, LiveRequest(), LiveBudget(Decimal("0.008")))
    await recogniser.finish()
    assert [event async for event in recogniser.events()] == []
    assert fake.visits == []


async def test_the_key_is_in_one_header_and_in_no_log(fake, caplog):
    caplog.set_level(logging.DEBUG)
    await heard(fake, Hazards(say=(json.dumps({"error": f"key {KEY} is odd"}),)))
    (path, headers), *_ = fake.requests
    assert KEY not in path
    assert [name for name, value in headers.items() if KEY in value] == ["authorization"]
    assert "user-agent" not in headers
    ours = [one for one in caplog.records if not one.name.startswith("websockets.server")]
    assert not any(KEY in one.getMessage() for one in ours)


async def test_two_channels_share_what_may_be_spent(fake):
    script = script_of(SENTENCE)
    fake.begin_again(script)
    access = LiveAccess(fake.address, lambda: KEY, ServiceNetwork())
    budget = LiveBudget(Decimal("0.008"), Decimal("0.001"))  # 7.5 seconds of both
    times = Times(PatientClock(), quick_sleep)
    channels = [RealtimeRecogniser(access, LiveRequest(), budget, times) for _ in range(2)]

    async def hear(channel: RealtimeRecogniser) -> list[LiveEvent]:
        return [event async for event in channel.events()]

    hearing = [asyncio.create_task(hear(one)) for one in channels]
    await asyncio.gather(*(_feed(one, Take(10_000)) for one in channels))
    await asyncio.gather(*(one.finish() for one in channels))
    told = await asyncio.gather(*hearing)
    assert all(isinstance(events[-1], Ended) for events in told)
    sent_ms = [
        max(event.sent_ms for event in events if isinstance(event, Spent)) for events in told
    ]
    assert sum(sent_ms) == pytest.approx(7_500, abs=300)
    assert budget.sent_ms == sum(sent_ms)


def test_it_works_on_the_loop_of_the_window(server, run_async):
    script = script_of(SENTENCE)
    server.begin_again(script, Hazards(drop_ms=5_000))
    outcome = run_async(record(server, Take(script[-1].end_ms + 500)))
    assert read(outcome.words) == SENTENCE
    assert server.violations == []


texts = st.lists(
    st.sampled_from(
        ["one", "other", "Something", "little", "is.", "was?", "Anna,", "said", "everything!"]
    ),
    min_size=12,
    max_size=60,
).map(" ".join)


@pytest.mark.slow
@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    text=texts,
    gap_ms=st.integers(40, 500),
    long_ms=st.integers(120, 500),
    piece_ms=st.integers(20, 900),
    breaks=st.lists(st.integers(0, 30_000), max_size=3),
    kind=st.sampled_from(["drop_ms", "close_ms", "stop_reading_ms"]),
    odd=st.sampled_from(["", "lone_stops", "stop_entries", "twice", "splits"]),
    jitter_ms=st.integers(0, 15),
    pauses=st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 8_000)), max_size=2),
)
def test_every_word_once_and_every_sample_heard_whatever_breaks_and_when(  # noqa: PLR0917
    server, text, gap_ms, long_ms, piece_ms, breaks, kind, odd, jitter_ms, pauses
):
    script = script_of(text, long_ms=long_ms, gap_ms=gap_ms)
    length_ms = script[-1].end_ms + 300
    usual = {"jitter_ms": jitter_ms, **({odd: True} if odd else {})}
    at_ms = sorted(one for one in breaks if one < length_ms)
    if kind == "stop_reading_ms":
        del at_ms[1:]  # each takes longer to be noticed than such a take lasts
    server.idle_ms = 60_000
    server.begin_again(
        script,
        *(Hazards(**{kind: one}, **usual) for one in at_ms),
        *(Hazards(**usual) for _ in range(20)),
    )
    take = Take(length_ms, piece_ms, pauses=tuple(sorted(pauses)))
    outcome = asyncio.run(record(server, take))
    assert read(outcome.words) == text
    assert outcome.ending is None
    assert server.violations == []
    assert server.heard_ms() == pytest.approx(length_ms, abs=35)
    begins = [visit.begin_ms for visit in server.visits if visit.begin_ms >= 0]
    for begin_ms, settled_ms in zip(begins, outcome.settled_at_open, strict=False):
        assert begin_ms >= settled_ms - 20  # no more is sent again than since the last word
