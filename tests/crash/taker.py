"""Record as the window does, and print how long the take is; to be killed.

Told ``stop`` on its standard input it stops, and prints ``kept PATH``.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.core.take import Source, SourceKind
from app.jobs.taking import Kept, TakeNow, Taking


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _record(folder: Path) -> None:
    async def hand_on(_kept: Kept) -> None:
        pass

    taking = Taking(folder / "takes", lambda: folder / "recordings", hand_on)

    def show(now: TakeNow | None) -> None:
        if now is not None and now.is_recording:
            _say(f"at {now.at_ms} {taking.child_id or 0}")

    taking.subscribe(show)
    await taking.start((Source(SourceKind.MICROPHONE),))
    await asyncio.to_thread(sys.stdin.readline)
    kept = await taking.stop()
    _say(f"kept {kept.path if kept else ''}")


if __name__ == "__main__":
    asyncio.run(_record(Path(sys.argv[1])))
