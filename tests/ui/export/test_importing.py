from __future__ import annotations

import asyncio
from pathlib import Path

from app.export.formats import FORMATS
from app.store.library import Library
from app.store.opening import open_database
from app.ui.actions import ActionId, Actions
from app.ui.export.importing import ImportController
from app.ui.kit.appearance import Appearance
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow
from tests.support.speech import DOCUMENT


def test_files_come_into_the_library_and_failures_are_told_once(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    database, _ = open_database(tmp_path / "wordlight.db")
    library = Library(database)
    window = FurnishedWindow(appearance, actions := Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    errors: list[BaseException] = []
    tasks = Tasks(lambda _name, error: errors.append(error))
    controller = ImportController(
        stage=window,
        actions=actions,
        library=library,
        copies=tmp_path / "copies",
        tasks=tasks,
        now_ms=lambda: 5,
    )
    shown: list[str] = []
    controller.imported.connect(shown.append)
    (tmp_path / "good.srt").write_bytes(FORMATS["srt"].write(DOCUMENT))
    (tmp_path / "bad.json").write_text("{}")

    async def flow() -> None:
        controller.take([tmp_path / "good.srt", tmp_path / "bad.json"])
        while tasks._running:
            await asyncio.gather(*tasks._running)
        (entry,) = library.entries()
        assert shown == [entry.transcript_id]
        assert entry.name == "good"
        (sheet,) = window.findChildren(NotDoneSheet)
        assert sheet.listed.toPlainText().startswith("bad.json – ")
        sheet.close()
        await tasks.aclose()

    run_async(flow())
    assert errors == []
    assert actions.keys(ActionId.IMPORT)
    database.close()
