"""Sound devices that exist in the test alone, and a clock that moves when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.capture.backend import Block, OnBlock, OnEnd, Stream, no_device
from app.capture.recorder import TICK_MS, Clocks, Recorder
from app.core.errors import RecordingError
from app.core.take import RATE_HZ, Device, Source

PER_MS = RATE_HZ // 1_000


class FakeTime:
    """A clock of its own; sleep and somebody who sets the time are scripted."""

    def __init__(self) -> None:
        self.monotonic = 1_000_000
        self.wall = 1_790_000_000_000
        self.asleep = 0

    @property
    def clocks(self) -> Clocks:
        """What the recorder is told."""
        return Clocks(lambda: self.monotonic, lambda: self.wall, lambda: self.asleep)

    def pass_ms(self, ms: int) -> None:
        """Let time pass."""
        self.monotonic += ms
        self.wall += ms


@dataclass
class FakeStream:
    """A source that delivers what the test tells it to."""

    device: str
    on_block: OnBlock
    on_end: OnEnd
    is_open: bool = True

    def where(self) -> str | None:
        return self.device

    def close(self) -> None:
        self.is_open = False

    def deliver(self, block: Block) -> None:
        assert self.is_open
        self.on_block(block)

    def end(self) -> None:
        self.on_end("unplugged")


@dataclass
class FakeBackend:
    """The devices; those that are plugged in can be opened."""

    plugged: list[Device] = field(default_factory=list)
    opened: list[FakeStream] = field(default_factory=list)

    def devices(self) -> list[Device]:
        return self.plugged

    def open(self, source: Source, on_block: OnBlock, on_end: OnEnd) -> Stream:
        for one in self.plugged:
            if one.source.kind is source.kind and (
                one.source.device == source.device or not source.device
            ):
                stream = FakeStream(one.source.device, on_block, on_end)
                self.opened.append(stream)
                return stream
        raise no_device(source)

    def last(self, device: str) -> FakeStream:
        """Give the stream of a device that was opened last."""
        return next(one for one in reversed(self.opened) if one.device == device)


def noise(count: int, seed: int = 0) -> Block:
    """Give samples of which no two stretches are alike."""
    return np.random.default_rng(seed).integers(-20_000, 20_000, count).astype(np.int16)


def tick(recorder: Recorder, time: FakeTime, times: int = 1) -> None:
    """Let the recorder's usual pause pass so often."""
    for _ in range(times):
        time.pass_ms(TICK_MS)
        recorder.tick()


__all__ = ["PER_MS", "FakeBackend", "FakeStream", "FakeTime", "RecordingError", "noise", "tick"]
