"""What a child of ours says last, for whoever has to tell why it ended."""

from __future__ import annotations

import asyncio

_KEPT_BYTES = 4_000


class LastWords:
    """The end of what a process writes to standard error, read so that the pipe never fills."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        """Listen until it says no more.

        Args:
            process: One whose standard error is a pipe.
            name: What the task is called where somebody lists what runs.
        """
        self._said = bytearray()
        self._listening = asyncio.create_task(self._listen(process), name=name)

    @property
    def text(self) -> str:
        """What was kept of it so far."""
        return self._said.decode("utf-8", "replace")

    async def all_said(self) -> None:
        """Wait until it has closed its standard error."""
        await self._listening

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None  # noqa: S101 – a pipe was asked for
        while block := await process.stderr.read(_KEPT_BYTES):
            self._said += block
            del self._said[:-_KEPT_BYTES]
