"""What this computer recognises with: the job's options, and a person's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.audio.parts import Part
from app.audio.prepare import Prepared
from app.core.job import Progress as Counted
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript
from app.jobs.recognising import OnDevice


class Asked:
    """Stands for recogniser, steps and history, and remembers the options."""

    def __init__(self, card_trouble: str = "") -> None:
        self.options: list[TranscriptionOptions] = []
        self.card_trouble = card_trouble

    async def transcribe(
        self, _path: Path, options: TranscriptionOptions, *, on_progress: Any, **_: Any
    ) -> Transcript:
        self.options.append(options)
        on_progress(1_000, 1_000)
        return Transcript((), language="en", duration_ms=1_000)

    def chunks(self, *_: Any) -> list[bytes]:
        return []

    def expected_ms(self, *_: Any) -> int | None:
        return None

    async def learn(self, *_: Any, **__: Any) -> None:
        """Nothing is learned here."""


class Progress:
    """Shows nothing."""

    def __init__(self, options: TranscriptionOptions) -> None:
        self.job = SimpleNamespace(job_id="j", options=options, project_id="p")
        self.counted: list[tuple[int, int]] = []

    async def move(self, *_: Any, **__: Any) -> None:
        """Keeps nothing."""

    def count(self, progress: Counted) -> None:
        self.counted.append((progress.done, progress.total))


def recognised(
    options: TranscriptionOptions, own: Sequence[str], run_async
) -> TranscriptionOptions:
    asked = Asked()
    part = Part(Path("a.wav"), 0, 1_000, 0, None)
    run_async(recognise(asked, Progress(options), own, [part]))
    return asked.options[0]


async def recognise(
    asked: Asked, progress: Progress, own: Sequence[str], parts: Sequence[Part]
) -> None:
    on_device = OnDevice(
        recogniser=asked,  # type: ignore[arg-type]
        job_steps=asked,  # type: ignore[arg-type]
        throughput=asked,  # type: ignore[arg-type]
        now_ms=lambda: 0,
        own_names=lambda project_id: own if project_id == "p" else (),
    )
    prepared = Prepared(tuple(parts), Path("p"), None, 1_000, None, message("Converted."))
    recording: Any = SimpleNamespace(kept_choice=None)
    await on_device.transcribe(progress, recording, prepared)  # type: ignore[arg-type]


def test_a_persons_own_words_are_listened_for_in_every_recording(run_async) -> None:
    options = TranscriptionOptions(names=("Thornton",))
    assert recognised(options, ["Hale", "thornton"], run_async).names == ("Thornton", "Hale")
    assert recognised(TranscriptionOptions(), ["Hale"], run_async).names == ("Hale",)
    assert recognised(options, [], run_async) == options


async def test_channels_that_are_heard_one_by_one_last_as_long_as_the_recording() -> None:
    parts = [Part(Path(f"{one}.wav"), 0, 1_000, 0, one) for one in range(2)]
    progress = Progress(TranscriptionOptions())
    await recognise(Asked(), progress, [], parts)
    assert progress.counted == [(500, 1_000), (1_000, 1_000)]
