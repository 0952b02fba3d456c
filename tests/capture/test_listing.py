"""What is plugged in is listed by a process that is asked again and again."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from typing_extensions import override

from app.capture.child import CaptureChild
from app.capture.listing import DeviceLister
from app.capture.protocol import (
    Listed,
    Order,
    Refused,
    Report,
    Word,
    order_line,
    read_report,
)
from app.capture.worker import tell_devices
from app.core.errors import RecordingError
from app.core.take import Device, Source, SourceKind
from tests.support.fake_sound import FakeBackend

MIC = Device(Source(SourceKind.MICROPHONE, "usb", "USB"), is_default=True)
OTHER = Device(Source(SourceKind.MICROPHONE, "built-in", "Built-in"))
QUESTION = order_line(Word.DEVICES)


@dataclass
class Child:
    """Answers as a test wants, one question each, then ends; or never answers."""

    answers: list[Report]
    is_mute: bool = False
    is_of_another_build: bool = False
    asked: int = 1
    is_killed: bool = False
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, order: Order) -> None:
        assert order is Word.DEVICES
        self.asked += 1
        self.more.set()

    def kill(self) -> None:
        self.is_killed = True
        self.more.set()

    async def reports(self) -> AsyncGenerator[Report]:
        for count, answer in enumerate(self.answers, start=1):
            while self.asked < count:
                self.more.clear()
                await self.more.wait()
            yield answer
        while self.is_mute and not self.is_killed:
            self.more.clear()
            await self.more.wait()


class Starts:
    """Starts one child after the other."""

    def __init__(self, *children: Child) -> None:
        self.left = list(children)

    async def __call__(self, order: Order) -> Child:
        assert order is Word.DEVICES
        return self.left.pop(0)


async def test_one_process_is_asked_again_and_sees_what_was_plugged_in() -> None:
    child = Child([Listed((MIC,)), Listed((MIC, OTHER))])
    lister = DeviceLister(Starts(child))
    assert await lister.devices() == [MIC]
    assert await lister.devices() == [MIC, OTHER]
    await lister.aclose()
    assert child.is_killed


async def test_one_that_has_ended_by_itself_is_followed_by_another() -> None:
    starts = Starts(Child([Listed((MIC,))]), Child([Listed((OTHER,))]))
    lister = DeviceLister(starts)
    assert [await lister.devices(), await lister.devices()] == [[MIC], [OTHER]]
    await lister.aclose()


async def test_who_gives_up_asking_takes_the_answer_from_nobody_else() -> None:
    child = Child([Listed((MIC,)), Listed((OTHER,))])
    lister = DeviceLister(Starts(child))
    first = asyncio.ensure_future(lister.devices())
    await asyncio.sleep(0)
    first.cancel()
    assert await lister.devices() == [MIC]
    assert child.asked == 1
    await lister.aclose()


async def test_a_driver_that_does_not_answer_is_given_up_and_asked_anew() -> None:
    mute = Child([], is_mute=True)
    lister = DeviceLister(Starts(mute, Child([Listed((MIC,))])), patience_s=0.01)
    with pytest.raises(RecordingError, match="sound system"):
        await lister.devices()
    assert mute.is_killed
    assert await lister.devices() == [MIC]
    await lister.aclose()


@pytest.mark.parametrize(
    ("child", "sentence"),
    [
        (Child([Refused("No {what} at all.", (("what", "sound"),), "")]), "No sound at all"),
        (Child([], is_of_another_build=True), "updated while"),
        (Child([]), "sound system"),
    ],
)
async def test_why_nothing_can_be_listed_is_said(child: Child, sentence: str) -> None:
    lister = DeviceLister(Starts(child))
    with pytest.raises(RecordingError, match=sentence):
        await lister.devices()
    await lister.aclose()


class Barred(FakeBackend):
    """Refuses once, then has what it was given."""

    times = 0

    @override
    def devices(self) -> list[Device]:
        self.times += 1
        if self.times == 1:
            raise RecordingError("barred")
        return super().devices()


def test_the_process_answers_each_question_and_ends_when_nobody_is_left() -> None:
    out = io.BytesIO()
    asked: Any = io.BytesIO(QUESTION * 2)  # the first one has been read
    tell_devices(asked, out, Barred([MIC, OTHER]))
    assert [read_report(line) for line in out.getvalue().splitlines()] == [
        Refused("barred", (), ""),
        *[Listed((MIC, OTHER))] * 2,
    ]


def test_the_process_ends_by_itself_when_nobody_asks_for_long() -> None:
    reading, writing = os.pipe()
    out = io.BytesIO()
    with os.fdopen(reading, "rb", buffering=0) as source, os.fdopen(writing, "wb"):
        tell_devices(cast("Any", source), out, FakeBackend([MIC]), idle_s=0.01)
    assert [read_report(line) for line in out.getvalue().splitlines()] == [Listed((MIC,))]


async def test_the_real_process_answers_whether_or_not_there_is_a_sound_system() -> None:
    child = await CaptureChild.start(Word.DEVICES)
    answers = child.reports()
    assert isinstance(await anext(answers), Listed | Refused)
    child.tell(Word.DEVICES)
    assert isinstance(await anext(answers), Listed | Refused)
    child.kill()
    assert [one async for one in answers] == []
