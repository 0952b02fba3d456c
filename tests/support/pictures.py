"""Contact sheets of every dialog and page, to be looked at in every look.

``QT_QPA_PLATFORM=offscreen python -m tests.support.pictures FOLDER [NAME OF A LOOK…]``
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.core.preferences import ThemeChoice
from app.system.translations import LANGUAGE_VARIABLE
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance, SystemLook
from app.ui.kit.drop_overlay import DropOverlay
from app.ui.queue.model import JobModel
from app.ui.settings.controller import text_scale
from tests.support.fit import settle
from tests.support.furnished import FurnishedWindow
from tests.support.languages import PSEUDO, spoken
from tests.ui.jobs import NOW_MS, every_state
from tests.ui.showroom import DIALOGS, pages_of

_GAP = 12
_WINDOW = QSize(800, 710)
_SHEET = QSize(1640, 1470)
"""Two windows beside each other, and two rows of them."""


@dataclass(frozen=True)
class Look:
    """One way in which all of it is looked at."""

    theme: ThemeChoice = ThemeChoice.LIGHT
    language: str = "en"
    points: int = 0
    size: QSize | None = None
    scheme: Qt.ColorScheme = Qt.ColorScheme.Light

    def ask(self) -> SystemLook:
        """Tell how the system is set."""
        return SystemLook(self.scheme, Qt.ContrastPreference.NoPreference)


LOOKS = {
    "light": Look(),
    "dark": Look(ThemeChoice.DARK),
    "contrast": Look(ThemeChoice.HIGH_CONTRAST),
    "contrast-dark": Look(ThemeChoice.HIGH_CONTRAST, scheme=Qt.ColorScheme.Dark),
    "arabic": Look(language="ar"),
    "large": Look(points=24),
    "large-german": Look(language="de", points=24),
    "long": Look(language=PSEUDO),
    "small": Look(size=QSize(640, 440)),
}


def take_dialogs(app: QApplication, look: Look) -> list[QImage]:
    """Give a picture of each dialog, and of each of its pages."""
    taken: list[QImage] = []
    appearance = Appearance(app, look.theme, ask=look.ask)
    appearance.set_text_scale(text_scale(look.points))
    with spoken(app, look.language):
        actions = Actions(appearance)
        for make in DIALOGS.values():
            dialog = make(appearance, actions)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            dialog.show()
            _fit(dialog, look.size)
            taken += [_grabbed(dialog) for _page in pages_of(dialog)]
            dialog.close()
            dialog.deleteLater()
    appearance.set_text_scale(1.0)
    return taken


def take_states(app: QApplication, look: Look) -> list[QImage]:
    """Give a picture of the queue in every state, of each job's page, of menus and a drop."""
    taken: list[QImage] = []
    appearance = Appearance(app, look.theme, ask=look.ask)
    appearance.set_text_scale(text_scale(look.points))
    with spoken(app, look.language):
        model = JobModel(now_ms=lambda: NOW_MS)
        actions = Actions(appearance)
        window = FurnishedWindow(appearance, actions, model)
        window.resize(look.size or _WINDOW)
        window.show()
        jobs = every_state()
        model.show_jobs(jobs)
        window.empty.show_recent(
            [("a", "Interview with Anna", "52 min"), ("b", "Lecture 4", "1 h 20 min")]
        )
        taken.append(_grabbed(window))
        for job in (jobs[1], jobs[4], jobs[8]):
            window.queue.select(job.job_id)
            window.show_job(job)
            taken.append(_grabbed(window))
        window.findChildren(DropOverlay)[0].answer("Add to the queue", "3 files")
        taken.append(_grabbed(window))
        window.close_for_good()
    appearance.set_text_scale(1.0)
    return taken


async def take_pages(app: QApplication, look: Look) -> list[QImage]:
    """Give a picture of each page of the window, and of each panel."""
    from app.bootstrap.program import open_program
    from app.store.paths import AppPaths
    from app.ui.window import MainWindow
    from tests.flow.conftest import Opened
    from tests.flow.pages import pages

    taken: list[QImage] = []
    # A translator goes on speaking while the program comes up in English beside it.
    os.environ[LANGUAGE_VARIABLE] = "en" if look.language == PSEUDO else look.language
    window = MainWindow()
    window.resize(look.size or _WINDOW)
    window.show()
    with spoken(app, look.language), tempfile.TemporaryDirectory() as home:
        paths = AppPaths.below(Path(home))
        async with open_program(app, window, paths, ask=look.ask) as running:
            life = asyncio.ensure_future(running.run(()))
            while not running.is_open:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
            # As a person does it: what is not set is taken back with the next thing that is.
            await running.rooms.settings.change(theme=look.theme, font_size_pt=look.points)
            opened = Opened(window, running)
            taken += [_grabbed(window) async for _name in pages(opened)]
            running.leave()
            await life
    window.close_for_good()
    return taken


def arrange(pictures: Sequence[QImage], folder: Path, name: str) -> None:
    """Lay pictures out on as many sheets as they need, and write them."""
    sheets: list[QImage] = []
    at, high = QPoint(_GAP, _GAP), 0
    for picture in pictures:
        scaled = picture
        if at.x() + scaled.width() > _SHEET.width():
            at, high = QPoint(_GAP, at.y() + high + _GAP), 0
        if not sheets or at.y() + scaled.height() > _SHEET.height():
            sheets.append(QImage(_SHEET, QImage.Format.Format_RGB32))
            sheets[-1].fill(QColor("#7f8c9b"))
            at, high = QPoint(_GAP, _GAP), 0
        painter = QPainter(sheets[-1])
        painter.drawImage(QRect(at, scaled.size()), scaled)
        painter.end()
        at += QPoint(scaled.width() + _GAP, 0)
        high = max(high, scaled.height())
    for number, sheet in enumerate(sheets, start=1):
        sheet.save(str(folder / f"{name}-{number}.png"))


def _fit(dialog: QWidget, size: QSize | None) -> None:
    if size is not None:
        dialog.setMinimumSize(dialog.minimumSize().boundedTo(size))
        dialog.resize(dialog.size().boundedTo(size))


def _grabbed(widget: QWidget) -> QImage:
    settle()
    return widget.grab().toImage()


def main(folder: Path, names: Sequence[str]) -> None:
    """Take them all."""
    from qasync import QEventLoop

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or LOOKS:
        arrange(take_dialogs(app, LOOKS[name]), folder, f"{name}-dialogs")
        arrange(take_states(app, LOOKS[name]), folder, f"{name}-states")
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            arrange(runner.run(take_pages(app, LOOKS[name])), folder, f"{name}-pages")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
