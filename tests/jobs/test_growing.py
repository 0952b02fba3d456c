"""What is recognised so far is there for whoever shows it, part by part and in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.audio.parts import Part
from app.audio.prepare import Prepared
from app.core.document import Change
from app.core.growing import GROWTH
from app.core.job import JobId, Progress
from app.core.messages import message
from app.core.options import AUTO, TranscriptionOptions
from app.core.stitch import PartTranscript, shift
from app.core.transcript import Transcript
from app.jobs.growing import GrowingTranscripts, PartWords, WholeParts
from app.jobs.recognising import OnDevice
from app.ondevice.chunks import Chunk
from tests.support.builders import transcript, words

JOB = JobId("job")


def test_whoever_waits_for_words_is_told_of_the_first_ones() -> None:
    growing, told = GrowingTranscripts(), list[str]()
    unsubscribe = growing.subscribe(told.append)
    one = growing.begin(JOB, duration_ms=9_000, language="en")
    assert growing.of(JOB) is one
    assert not one.has_words

    one.append(())
    assert told == []
    one.append(words("So it goes."))
    one.append(words("And on.", start_ms=5_000))
    assert told == [JOB]
    assert one.document.transcript.text == "So it goes.\nAnd on."
    assert one.document.transcript.duration_ms == 9_000

    growing.end(JOB)
    assert growing.of(JOB) is None
    unsubscribe()
    growing.begin(JOB).append(words("Again."))
    assert told == [JOB]


async def test_channels_are_put_together_by_time() -> None:
    one = GrowingTranscripts().begin(JOB, duration_ms=60_000)
    seen: list[Change] = []
    one.document.subscribe(seen.append)
    empty = Transcript(())
    so_far = PartWords(one, [PartTranscript(empty, 0, 60_000, channel) for channel in (0, 1)])

    await so_far.take(0, [*words("Who is it?"), *words("Come in.", start_ms=20_000)])
    await so_far.take(1, words("It is me.", start_ms=8_000), language="en")

    assert [turn.text for turn in one.document.transcript.paragraphs] == [
        "Who is it?",
        "It is me.",
        "Come in.",
    ]
    assert one.document.transcript.duration_ms == 60_000
    assert {change.label for change in seen} == {GROWTH}
    assert not one.document.can_undo


async def test_parts_that_come_back_in_any_order_show_without_a_gap() -> None:
    one = GrowingTranscripts().begin(JOB, duration_ms=90_000)
    nothing = Transcript(())
    so_far = WholeParts(
        one,
        [PartTranscript(nothing, at, at + 31_000) for at in (0, 30_000, 60_000)],
    )
    texts: list[str] = []
    one.document.subscribe(lambda _: texts.append(one.document.transcript.text))

    async def take(number: int, text: str) -> None:
        await so_far.take(number, shift(transcript(("A", text)), 5_000))

    await take(1, "Then that.")
    assert not one.has_words
    await take(0, "First this.")
    assert texts == ["First this.\nThen that."]
    assert [turn.start_ms for turn in one.document.transcript.paragraphs] == [5_000, 35_000]
    assert one.document.transcript.duration_ms == 90_000
    await take(2, "And this.")  # all is there: the library's words follow
    assert len(texts) == 1


async def test_the_parts_of_each_channel_show_without_a_gap() -> None:
    one = GrowingTranscripts().begin(JOB)
    places = [(0, 0), (30_000, 0), (0, 1), (30_000, 1)]
    nothing = Transcript(())
    so_far = WholeParts(
        one, [PartTranscript(nothing, at, at + 31_000, lane) for at, lane in places]
    )
    said = ["I am here.", "I go.", "So am I.", "Stay."]
    for number in (3, 0, 2):
        begun_ms = 2_000 + 5_000 * places[number][1]
        await so_far.take(number, shift(transcript((None, said[number])), begun_ms))

    now = one.document.transcript
    assert [turn.text for turn in now.paragraphs] == ["I am here.", "So am I.", "Stay."]
    assert len(now.speakers) == 2


async def test_a_language_that_was_found_out_is_no_other_language() -> None:
    one = GrowingTranscripts().begin(JOB)
    so_far = PartWords(one, [PartTranscript(Transcript(()), 0, 60_000)])

    await so_far.take(0, words("Guten Tag."), language="de", changes=[(0, "de")])
    await so_far.take(
        0, words("Good day.", start_ms=9_000), language="en", changes=[(9_000, "en")]
    )

    now = one.document.transcript
    assert now.language == "de"
    assert [turn.language for turn in now.paragraphs] == ["", "en"]


async def test_it_becomes_what_is_kept_in_the_end() -> None:
    one = GrowingTranscripts().begin(JOB)
    one.append(words("So it gos."))
    whole = replace(transcript((None, "So it goes.")), language="en", model="on-device:base")

    await one.show(whole)

    assert one.document.transcript == whole


class Heard:
    """Stands for recogniser, steps and history: hears two chunks, of which one was kept."""

    def __init__(self) -> None:
        first, second = words("So it goes."), words("Nobody knew.", start_ms=90_000)
        self.chunks_heard = [
            Chunk(
                "m",
                0,
                60_000,
                "en",
                tuple((w.text, w.start_ms, w.end_ms, 1.0, False) for w in first),
            ),
            Chunk(
                "m",
                60_000,
                100_000,
                "en",
                tuple((w.text, w.start_ms, w.end_ms, 1.0, False) for w in second),
                ((70_000, 72_000),),
            ),
        ]
        self.card_trouble = ""
        self.saved: list[int] = []
        self.texts: list[str] = []
        self.growing = GrowingTranscripts()
        self.at_ms = 0

    def now(self) -> str:
        one = self.growing.of(JOB)
        assert one is not None
        return one.document.transcript.text

    async def transcribe(self, *_: Any, **told: Any) -> Transcript:
        told["on_place"](0)
        (begun,) = told["begun"]
        await told["on_heard"](begun)
        self.texts.append(self.now())
        for second in range(1, 41):
            self.at_ms = second * 1_000
            told["on_progress"](60_000 + second * 1_000, 100_000)
        new = self.chunks_heard[1]
        await told["on_chunk"](new)
        assert self.now() == self.texts[0]  # saved before it is shown
        await told["on_heard"](new)
        self.texts.append(self.now())
        return Transcript((), language="en", duration_ms=100_000)

    def chunks(self, *_: Any) -> list[bytes]:
        return [self.chunks_heard[0].to_bytes()]

    def save_chunk(self, _job: str, _part: int, start_ms: int, _raw: bytes) -> None:
        self.saved.append(start_ms)

    def expected_ms(self, *_: Any) -> int | None:
        return None

    async def learn(self, *_: Any, **__: Any) -> None:
        raise AssertionError("a run that goes on says nothing about the whole")


@pytest.mark.parametrize("language", ["en", AUTO])
async def test_what_an_earlier_run_kept_shows_at_once_and_the_rest_as_it_is_kept(
    language: str,
) -> None:
    heard = Heard()
    counted: list[Progress] = []

    async def move(*_: Any, **__: Any) -> None:
        await asyncio.sleep(0)

    progress: Any = SimpleNamespace(
        job=SimpleNamespace(
            job_id=JOB, options=TranscriptionOptions(language=language), project_id=""
        ),
        move=move,
        show=lambda **_: None,
        count=counted.append,
    )
    on_device = OnDevice(
        recogniser=heard,  # type: ignore[arg-type]
        job_steps=heard,  # type: ignore[arg-type]
        throughput=heard,  # type: ignore[arg-type]
        now_ms=lambda: heard.at_ms,
        growing=heard.growing,
        clock_ms=lambda: heard.at_ms,
    )
    part = Part(Path("a.wav"), 0, 100_000, 0, None)
    prepared = Prepared((part,), Path("p"), None, 100_000, None, message("Converted."))
    recording: Any = SimpleNamespace(kept_choice=None)

    await on_device.transcribe(progress, recording, prepared)

    assert heard.texts == ["So it goes.", "So it goes.\nNobody knew."]
    assert heard.saved == [60_000]
    now = heard.growing.of(JOB)
    assert now is not None
    assert now.document.transcript.wordless == ((70_000, 72_000),)
    assert now.document.transcript.language == "en"
    assert all(turn.language == "" for turn in now.document.transcript.paragraphs)
    # A second of sound a second, whatever the earlier run had done.
    for one in counted[10:]:
        rest_ms = 100_000 - one.done
        if one.left_ms is None:
            assert rest_ms <= 1_500  # under a second is not told
        else:
            assert one.left_ms == pytest.approx(rest_ms, rel=1 / 3)
