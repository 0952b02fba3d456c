"""Start the program and tell when its queue is shown, or drop files on it and watch.

Run as a child by ``full_queue.py``: ``python -m bench.dropped start`` or ``… dropped
paused|working [@]PATH…``. It is the program as ``app.bootstrap`` starts it, over the
folders below ``WORDLIGHT_HOME``; figures go to standard output as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.bootstrap import life
from app.bootstrap.bare import show_bare, start_qt
from app.bootstrap.program import open_program
from app.store.paths import AppPaths
from app.ui.window import MainWindow

LONGEST_S = 240


class RowsPainted(QObject):
    """Notes when a list was first painted with rows in it."""

    def __init__(self, rows: Any) -> None:
        super().__init__()
        self._rows = rows
        self.at_ns = 0
        rows.viewport().installEventFilter(self)

    @override
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look for the first painting."""
        is_paint = event.type() == QEvent.Type.Paint
        if is_paint and not self.at_ns and self._rows.model().rowCount():
            # The filter comes before the painting: the next turn of the loop is after it.
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.at_ns = self.at_ns or time.monotonic_ns()


async def live(qt_app: QApplication, what: str, dropped: Sequence[Path]) -> int:
    """Be the program until what is to be measured was; gives its exit status."""
    paths = AppPaths.find()
    paths.create()
    window = show_bare(paths)
    painted = asyncio.Event()
    window.first_painted.connect(painted.set)
    await painted.wait()
    async with asyncio.timeout(LONGEST_S), open_program(qt_app, window, paths) as program:
        rows = RowsPainted(program.front.side.queue.list)
        life = asyncio.ensure_future(program.run(()))
        while not program.is_open:
            await asyncio.sleep(0.002)
            if life.done():
                life.result()
        queue = program.services.queue
        if what == "start":
            while queue.jobs and not rows.at_ns:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            tell(shown_ns=rows.at_ns or time.monotonic_ns(), rows=len(queue.jobs))
        else:
            if what == "paused":
                queue.pause()
            await asyncio.sleep(2)  # what is done after the start is no part of this
            await watch_drop(window, queue, rows, dropped, paths.database)
        program.leave()
        await life
    window.close_for_good()
    return 0


async def watch_drop(
    window: MainWindow,
    queue: Any,
    rows: RowsPainted,
    dropped: Sequence[Path],
    database: Path,
) -> None:
    """Drop, and watch until all is listed and kept."""
    from bench.watchdog import Watchdog

    files = sum(1 if one.is_file() else sum(1 for _ in one.iterdir()) for one in dropped)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in dropped])
    middle = window.rect().center()
    rest = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    async with Watchdog() as watchdog:
        await asyncio.sleep(1)
        idle_ms = watchdog.longest_s * 1e3
        watchdog.reset()
        QApplication.sendEvent(window, QDragEnterEvent(middle, Qt.DropAction.CopyAction, *rest))
        await asyncio.sleep(0.1)
        began_ns = time.monotonic_ns()
        QApplication.sendEvent(
            window, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, *rest)
        )
        while len(queue.jobs) < files or await asyncio.to_thread(_saved, database) < files:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        listed_s = (time.monotonic_ns() - began_ns) / 1e9
        await asyncio.sleep(1)  # the last rows are laid out and painted
    tell(
        first_ms=(rows.at_ns - began_ns) / 1e6,
        listed_s=listed_s,
        stall_ms=watchdog.longest_s * 1e3,
        busy_ms=watchdog.busiest_s * 1e3,
        idle_ms=idle_ms,
        stack=watchdog.stack,
    )


def _saved(database: Path) -> int:
    """Count the jobs on disk."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM jobs").fetchone()
    return int(count)


def tell(**figures: object) -> None:
    """Print figures; only the last line counts."""
    print(json.dumps(figures), flush=True)


def main(what: str, dropped: Sequence[str]) -> None:
    """Run the program on its loop; ``@folder`` stands for the files in it, one by one."""
    paths: list[Path] = []
    for one in dropped:
        folder = Path(one.removeprefix("@"))
        paths += sorted(folder.iterdir()) if one.startswith("@") else [folder]
    qt_app = start_qt()
    life.run(qt_app, live(qt_app, what, paths))
    os._exit(0)  # how long taking Qt apart takes is not the question


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
