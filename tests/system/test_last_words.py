from __future__ import annotations

import asyncio
import sys

from app.system.last_words import LastWords


async def test_only_the_end_is_kept_and_the_pipe_never_fills() -> None:
    code = "import sys; sys.stderr.write('x' * 900_000 + 'é: the reason'); sys.exit(3)"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "utf8", "-c", code), stderr=asyncio.subprocess.PIPE
    )
    words = LastWords(process, "a test")
    assert await process.wait() == 3
    await words.all_said()
    assert words.text.endswith("é: the reason")
    assert 0 < len(words.text) <= 4_000
