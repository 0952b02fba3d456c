"""Sound goes to an address only once a person has said so, and no longer than they say so."""

from __future__ import annotations

import asyncio
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import AppError
from app.core.job import JobState
from app.core.live_models import LiveModel
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import ListedWord
from app.jobs.consent import Consent, Leaving, origin
from app.jobs.live_service import LiveService
from tests.support.bench import opened
from tests.support.fake_waves import FakeWaves, fake_waves

__all__ = ["fake_waves"]
AWAY = "https://speech.invalid"
PULSE = TranscriptionOptions(model=ModelId.PULSE)


class Person:
    """Answers what is asked, and remembers it."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.asked: list[Leaving] = []

    async def __call__(self, leaving: Leaving) -> bool:
        self.asked.append(leaving)
        return self.answers.pop(0)


async def test_this_computer_needs_none(tmp_path: Path, fake_waves: FakeWaves):
    async with opened(tmp_path, fake_waves) as bench:
        assert bench.spending.consent.is_given
        assert await bench.spending.consent.obtain(Decimal(1))


async def test_an_address_is_asked_about_once_and_remembered(tmp_path: Path):
    async with opened(tmp_path, base_url=f"{AWAY}/below/") as bench:
        consent = bench.spending.consent
        consent.ask = person = Person(False, True)
        assert not await consent.obtain(Decimal("0.3"), dollars=Decimal("0.01"))
        answers = await asyncio.gather(consent.obtain(Decimal(1)), consent.obtain(Decimal(1)))
        assert answers == [True, True]
        assert person.asked == [
            Leaving(AWAY, Decimal("0.3"), Decimal("0.01")),
            Leaving(AWAY, Decimal(1)),
        ]
    async with opened(tmp_path, base_url=AWAY) as bench:
        consent = bench.spending.consent
        assert await consent.obtain(Decimal(1))
        bench.storage.settings.change(sound_may_go_to=())  # taken back
        assert not await consent.obtain(Decimal(1))  # nobody is there to be asked
    async with opened(tmp_path, base_url=f"{AWAY}:8443") as bench:
        assert not bench.spending.consent.is_given


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        (" https://api.smallest.ai/waves/ ", "https://api.smallest.ai"),
        ("HTTP://Host:81/x", "http://host:81"),
        ("https://name:secret@host/", "https://host"),
        ("http://[::1]:9/a", "http://[::1]:9"),
        ("no address", "no address"),
    ],
)
def test_an_address_is_its_host_whatever_follows(address, meant):
    assert origin(address) == meant


@pytest.mark.parametrize("is_link", [False, True])
async def test_nothing_leaves_for_an_address_that_is_not_allowed(
    tmp_path: Path, clips: Path, is_link: bool
):
    async with opened(tmp_path, key="sk_any", base_url=AWAY) as bench:
        bench.spending.consent.ask = person = Person(False, True)
        bench.spending.follow(bench.queue)
        talk = Path(shutil.copy(clips / "kennedy-1961.flac", tmp_path / "talk.flac"))
        files: list[Path | str] = ["https://example.org/a.mp3"] if is_link else [talk]
        (job,) = await bench.queue.add(files, PULSE, is_url=is_link, is_repeat=True)
        await bench.queue.join()
        assert bench.now(job).state is JobState.WAITING
        hold = bench.queue.hold
        assert hold is not None
        assert hold.message.fill().startswith(
            "On hold: audio may not be sent to speech.invalid."
        )
        asked = person.asked[0]
        assert (asked.dollars is None) == is_link
        assert asked.dollars_per_hour == Decimal("0.3")

        bench.queue.resume()  # asked again, and allowed: now the network is tried
        await bench.until(lambda: bench.now(job).state is JobState.NEEDS_ATTENTION)
        assert len(person.asked) == 2
        await bench.spending.aclose()


async def test_live_text_is_heard_only_where_sound_may_go(tmp_path: Path):
    async with opened(tmp_path, key="sk_any", base_url=AWAY) as bench:
        settings = bench.storage.settings
        consent = Consent(bench.service, settings)
        live = LiveService(bench.service, settings, consent)
        consent.ask = person = Person(False, True)
        assert not await live.is_allowed("en")
        assert await live.is_allowed("en-GB")
        assert person.asked[0] == Leaving(AWAY, Decimal("0.48"), is_live=True)
        settings.change(word_list=(ListedWord("Hale"),))
        ears = live.ears("en-GB", names=("Thornton", "hale"))
        assert ears.request.keywords == ("Thornton", "hale")
        assert ears.channel() is not ears.channel()
        with pytest.raises(AppError, match="Pulse does not support Swedish"):
            await live.is_allowed("sv")
        with pytest.raises(AppError, match="Choose the language that is spoken"):
            await live.is_allowed("auto", LiveModel.PULSE)
