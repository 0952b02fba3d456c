"""Run the program's own ``main`` again and again, with a fault at its n-th write.

A process that has imported the program once and forks for every run; it reads a line
of JSON for each and answers with one::

    {"arguments": […], "environ": {…}, "below": ["folder", …],
     "nth": 3, "errno": 28}            the third write below the folders fails
    {…, "largest": 4096}               no file may grow larger

    {"status": 1, "writes": 17, "hit": "open /…/peaks", "said": "wordlight: …"}

What counts as a write is what Python tells its audit hooks: opening to write, renaming,
making and removing. SQLite and ffmpeg write behind them; ``largest`` reaches these too.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import sys
import traceback
from typing import Any

_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Fault:
    """The audit hook."""

    def __init__(self, order: dict[str, Any], told: mmap.mmap) -> None:
        self._below = tuple(order["below"])
        self._nth = order.get("nth", 0)
        self._errno = order.get("errno", 0)
        self._told = told
        self._writes = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & _WRITING:
                return
        elif event in _CHANGES:
            path = arguments[0]
        else:
            return
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike) or not str(path).startswith(self._below):
            return
        self._writes += 1
        self._told[:8] = f"{self._writes:8}".encode()
        if self._writes == self._nth:
            hit = f"{event} {path}".encode()
            self._told[8 : 8 + len(hit)] = hit
            raise OSError(self._errno, os.strerror(self._errno), str(path))


def run(order: dict[str, Any], told: mmap.mmap, said: int) -> int:
    """Be the program, in a forked child."""
    os.environ.clear()
    os.environ.update(order["environ"])
    os.dup2(said, 1)
    os.dup2(said, 2)
    if "largest" in order:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest"], order["largest"]))
    sys.addaudithook(Fault(order, told))
    from app.__main__ import main

    try:
        return main(order["arguments"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def serve() -> None:
    """Answer orders until the input ends."""
    import app.cli.commands
    import app.cli.transcribe
    import app.waves.client  # noqa: F401 - imported once for all runs

    for line in sys.stdin:
        order = json.loads(line)
        told = mmap.mmap(-1, 8192)  # shared with the child
        hear, said = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                status = run(order, told, said)
            except BaseException:  # noqa: BLE001 - shown, as the interpreter would
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        os.close(said)
        with open(hear, "rb") as heard:  # noqa: PTH123 - a descriptor
            words = heard.read().decode()
        _, ended = os.waitpid(child, 0)
        text = bytes(told).rstrip(b"\0").decode()
        answer = {
            "status": os.waitstatus_to_exitcode(ended),
            "writes": int(text[:8] or 0),
            "hit": text[8:],
            "said": words,
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
