"""How long things take here, learned from the jobs that were done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.options import ModelId
from app.store.settings import SettingsStore

_WEIGHT = 0.3
"""How much the latest job counts against all before it."""


@dataclass(frozen=True, slots=True)
class ThroughputHistory:
    """For each model, how many milliseconds of work a second of recording takes.

    Attributes:
        ms_per_second: By ``ModelId`` value; a model without an entry is not known yet.
    """

    ms_per_second: Mapping[str, float]

    def learned(self, model: ModelId, *, duration_ms: int, took_ms: int) -> ThroughputHistory:
        """Give the history that a finished job adds to."""
        if duration_ms < 1000 or took_ms <= 0:
            return self
        now = took_ms * 1000 / duration_ms
        before = self.ms_per_second.get(model.value, now)
        mixed = before + _WEIGHT * (now - before)
        return ThroughputHistory({**self.ms_per_second, model.value: mixed})

    def expected_ms(self, model: ModelId, duration_ms: int | None) -> int | None:
        """Say how long recognising usually takes; ``None`` if nothing is known."""
        rate = self.ms_per_second.get(model.value)
        if rate is None or duration_ms is None:
            return None
        return round(rate * duration_ms / 1000)


class Throughput:
    """The history as it is kept among the settings."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    @property
    def history(self) -> ThroughputHistory:
        """What is known now."""
        return ThroughputHistory(dict(self._settings.settings.experience))

    def expected_ms(self, model: ModelId, duration_ms: int | None) -> int | None:
        """Say how long recognising usually takes; ``None`` if nothing is known."""
        return self.history.expected_ms(model, duration_ms)

    async def learn(self, model: ModelId, *, duration_ms: int, took_ms: int) -> None:
        """Add a finished job to the history, and keep it.

        Raises:
            StorageError: It could not be kept.
        """
        after = self.history.learned(model, duration_ms=duration_ms, took_ms=took_ms)
        await asyncio.to_thread(
            self._settings.change, experience=tuple(after.ms_per_second.items())
        )
