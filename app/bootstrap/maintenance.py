"""What is done after each start, and what is looked after then."""

from __future__ import annotations

import asyncio

from app.bootstrap.services import Services
from app.core.messages import Message
from app.jobs.maintenance import run_maintenance

_PATIENCE_S = 5.0
"""How long leaving waits for it."""


async def maintain(services: Services, now_ms: int) -> tuple[Message, ...]:
    """Tidy and back up; gives what a person should know of it."""
    storage = services.storage
    working = asyncio.ensure_future(
        asyncio.to_thread(
            lambda: run_maintenance(
                paths=storage.paths,
                database=storage.database,
                jobs=storage.jobs,
                library=storage.library,
                settings=storage.settings.settings,
                now_ms=now_ms,
            )
        )
    )
    try:
        return tuple(await asyncio.shield(working))
    except asyncio.CancelledError:
        # The thread goes on, and the database is closed next: let it come to its end.
        working.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([working], timeout=_PATIENCE_S)
        raise
