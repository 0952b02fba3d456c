from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.bootstrap.restoring import restore
from app.bootstrap.services import Storage
from app.core.options import TranscriptionOptions
from app.store.audio_links import AudioLink
from app.store.backup import read_backup
from app.store.paths import AppPaths
from app.system.locks import Presence
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.library.backup import BackupController
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from tests.support.builders import transcript
from tests.support.furnished import FurnishedWindow


def kept_with(paths: AppPaths, *names: str) -> Storage:
    storage = Storage.open(paths)
    for name in names:
        storage.library.add(
            transcript((None, "some words")),
            name=name,
            options=TranscriptionOptions(),
            link=AudioLink("/a.wav"),
            now_ms=1,
        )
    return storage


def test_a_library_goes_to_a_file_and_comes_back(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    paths = AppPaths.below(tmp_path / "home")
    storage = kept_with(paths, "One")
    target = tmp_path / "Wordlight.zip"
    window = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    errors: list[BaseException] = []
    tasks = Tasks(lambda _, error: errors.append(error))
    controller = BackupController(
        stage=window,
        actions=Actions(appearance),
        paths=paths,
        database=storage.database,
        tasks=tasks,
        now_ms=lambda: 1_760_000_000_000,
    )
    wanted: list[Path] = []
    controller.restore_requested.connect(wanted.append)

    async def flow() -> None:
        await controller.back_up(target)
        assert "1 transcript backed up to Wordlight.zip" in window.notice.text
        for answer in ("leave", "restore"):
            await controller.ask(target)
            (sheet,) = [one for one in window.findChildren(ChoiceSheet) if one.isVisible()]
            sheet.buttons[answer].click()
        await asyncio.sleep(0)
        await tasks.aclose()

    run_async(flow())
    assert errors == []
    assert wanted == [target]
    assert read_backup(target).transcripts == 1
    storage.library.rename(storage.library.entries()[0].transcript_id, "Changed", now_ms=2)
    storage.close()

    told = restore(paths, target)
    assert "restored" in told.fill()
    again = Storage.open(paths)
    assert [one.name for one in again.library.entries()] == ["One"]
    again.close()
    assert list(paths.data.glob("*before-restore*"))


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_what_is_no_backup_leaves_the_library_as_it_was(tmp_path: Path, content: bytes) -> None:
    paths = AppPaths.below(tmp_path / "home")
    kept_with(paths, "One").close()
    (tmp_path / "x.zip").write_bytes(content)
    assert "is not a Wordlight backup" in restore(paths, tmp_path / "x.zip").fill()
    again = Storage.open(paths)
    assert [one.name for one in again.library.entries()] == ["One"]
    again.close()


def test_nothing_is_restored_under_another_process(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path / "home")
    kept_with(paths, "One").close()
    other = Presence(paths.presence)
    assert "Another Wordlight" in restore(paths, tmp_path / "any.zip").fill()
    other.close()
