"""What live text by the service may cost is what a person has set."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.live import Ended, LiveEvent, Spent
from app.core.live_models import LIVE_MODELS, LiveModel
from app.jobs.consent import Consent
from app.jobs.live_service import LiveService
from tests.support.bench import opened
from tests.support.fake_live import FakeLive, coded_sound


async def spent(
    folder: Path, stop_at: float, sound_ms: int
) -> tuple[list[LiveEvent], FakeLive]:
    """Have so much sound heard where so much may be spent; gives what happened."""
    with FakeLive() as fake:
        service: Any = fake  # its address and its key are all that is asked of it
        async with opened(folder, service) as bench:
            settings = bench.storage.settings
            settings.change(live_stop_at=stop_at)
            live = LiveService(bench.service, settings, Consent(bench.service, settings))
            recogniser = live.ears("en").channel()
            await recogniser.feed(coded_sound(0, sound_ms))
            await recogniser.finish()
            events = [event async for event in recogniser.events()]
            await recogniser.aclose()
        assert fake.violations == []
        return events, fake


async def test_live_text_stops_at_the_amount_that_is_set_and_sends_no_more(
    tmp_path: Path,
) -> None:
    events, fake = await spent(tmp_path, 0.0004, 4_900)  # three seconds
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert "the most you allow" in ended.message.fill()
    assert 3_000 <= fake.heard_ms() <= 3_100
    counted = [one for one in events if isinstance(one, Spent)][-1]
    price = LIVE_MODELS[LiveModel.PULSE].dollars_per_minute
    assert counted.dollars == price * counted.sent_ms / 60_000
    assert counted.sent_ms == fake.heard_ms()


async def test_where_no_amount_is_set_it_goes_on_to_the_end(tmp_path: Path) -> None:
    events, fake = await spent(tmp_path, 0, 4_900)
    assert not [one for one in events if isinstance(one, Ended)]
    assert fake.heard_ms() == 4_900


def test_the_price_is_the_published_one() -> None:
    """An hour costs what the consent names: 48 cents by the model card of 2026-06-19."""
    assert {one.dollars_per_minute * 60 for one in LIVE_MODELS.values()} == {Decimal("0.480")}
