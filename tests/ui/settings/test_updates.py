"""Word of a newer release: a real library, and a place on this computer that tells of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from app.core.options import TranscriptionOptions
from app.jobs.updates import Updates
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from app.store.settings import SettingsStore
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.letters import text_of
from app.ui.queue.model import JobModel
from app.ui.settings.updates import UpdatesController
from app.ui.tasks import Tasks
from tests.support.builders import transcript
from tests.support.furnished import FurnishedWindow
from tests.support.releases import Board, board
from tests.support.waiting import until

__all__ = ["board"]
Steps = Callable[[UpdatesController, FurnishedWindow, SettingsStore], Awaitable[None]]


def run_with(
    steps: Steps,
    *,
    address: str,
    transcripts: int,
    folder: Path,
    appearance: Appearance,
    qtbot,
    run_async,
) -> None:
    database, _ = open_database(folder / "wordlight.db")
    library, settings = Library(database), SettingsStore(database)
    for number in range(transcripts):
        library.add(
            transcript((None, "One two.")),
            name=f"Talk {number}",
            options=TranscriptionOptions(),
            link=AudioLink(str(folder / "talk.mp3")),
            now_ms=number,
        )
    window = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()

    async def flow() -> None:
        errors: list[BaseException] = []
        tasks = Tasks(lambda _, error: errors.append(error))
        controller = UpdatesController(
            stage=window,
            updates=Updates(settings, address=address, version="0.1.0", has_other_way=False),
            library=library,
            tasks=tasks,
        )
        await steps(controller, window, settings)
        await tasks.aclose()
        assert errors == []

    run_async(flow())
    database.close()


def sheets(window: FurnishedWindow) -> list[ChoiceSheet]:
    return [one for one in window.findChildren(ChoiceSheet) if one.isVisible()]


def press(sheet: ChoiceSheet, text: str) -> None:
    (button,) = (one for one in sheet.findChildren(QPushButton) if text_of(one) == text)
    button.click()


def test_the_third_transcript_asks_and_yes_tells_of_a_newer_release(
    appearance: Appearance, qtbot, run_async, tmp_path: Path, board: Board
) -> None:
    async def steps(
        controller: UpdatesController, window: FurnishedWindow, settings: SettingsStore
    ) -> None:
        controller.begin()
        controller.on_transcript_made()
        await until(lambda: sheets(window))
        assert board.asked == []
        press(sheets(window)[0], "Check once a week")
        await until(lambda: "Wordlight 99.1 is available." in window.notice.text)
        assert settings.settings.looks_for_updates
        assert len(board.asked) == 1

    run_with(
        steps,
        address=board.address,
        transcripts=3,
        folder=tmp_path,
        appearance=appearance,
        qtbot=qtbot,
        run_async=run_async,
    )


def test_esc_is_no_and_nothing_is_fetched_or_asked_again(
    appearance: Appearance, qtbot, run_async, tmp_path: Path, board: Board
) -> None:
    async def steps(
        controller: UpdatesController, window: FurnishedWindow, settings: SettingsStore
    ) -> None:
        controller.on_transcript_made()
        await until(lambda: sheets(window))
        sheets(window)[0].reject()
        await until(lambda: settings.settings.was_asked_for_updates)
        controller.on_transcript_made()
        controller.begin()

    run_with(
        steps,
        address=board.address,
        transcripts=3,
        folder=tmp_path,
        appearance=appearance,
        qtbot=qtbot,
        run_async=run_async,
    )
    assert board.asked == []


def test_check_now_answers_whoever_asked(
    appearance: Appearance, qtbot, run_async, tmp_path: Path, board: Board
) -> None:
    told: list[str] = []

    async def steps(
        controller: UpdatesController, window: FurnishedWindow, settings: SettingsStore
    ) -> None:
        controller.told.connect(told.append)
        board.content = b'{"version": "0.1.0", "page": "https://example.org"}'
        controller.look_now()
        await until(lambda: "You have the newest version." in told)
        board.status = 404
        controller.look_now()
        await until(lambda: "Could not check" in told[-1])

    run_with(
        steps,
        address=board.address,
        transcripts=0,
        folder=tmp_path,
        appearance=appearance,
        qtbot=qtbot,
        run_async=run_async,
    )
