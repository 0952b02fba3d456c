from __future__ import annotations

import asyncio
import io
import json
import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.audio.probe import probe
from app.export.bundle import Bundle, build_bundle
from app.export.formats import FORMATS
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from app.ui.actions import ActionId, Actions
from app.ui.export.importing import ImportController
from app.ui.export.question import QuestionSheet
from app.ui.kit.appearance import Appearance
from app.ui.kit.not_done_sheet import NotDoneSheet
from app.ui.queue.model import JobModel
from app.ui.tasks import Tasks
from tests.support.furnished import FurnishedWindow
from tests.support.seen import press
from tests.support.speech import DOCUMENT, SPEECH

SAID = "Hej, hur mår du? Vi talar om vädret på ön."


class Room:
    """Importing with a library of its own, and what went wrong in it."""

    def __init__(self, appearance: Appearance, qtbot: QtBot, folder: Path) -> None:
        self.database, _ = open_database(folder / "wordlight.db")
        self.library, self.projects = Library(self.database), Projects(self.database)
        self.actions = Actions(appearance)
        self.window = FurnishedWindow(appearance, self.actions, JobModel())
        qtbot.addWidget(self.window, before_close_func=lambda one: one.close_for_good())
        self.window.show()
        self.errors: list[BaseException] = []
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.controller = ImportController(
            stage=self.window,
            actions=self.actions,
            appearance=appearance,
            library=self.library,
            copies=folder / "copies",
            look=probe,
            tasks=self.tasks,
            now_ms=lambda: 5,
            projects=self.projects,
        )


def test_files_come_into_the_library_and_failures_are_told_once(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    room = Room(appearance, qtbot, tmp_path)
    window, library, tasks = room.window, room.library, room.tasks
    controller = room.controller
    shown: list[str] = []
    controller.imported.connect(shown.append)
    (tmp_path / "good.srt").write_bytes(FORMATS["srt"].write(DOCUMENT))
    (tmp_path / "bad.json").write_text("{}")

    async def flow() -> None:
        thesis = room.projects.add("Thesis", now_ms=1)
        files = [tmp_path / "good.srt", tmp_path / "bad.json"]
        controller.take(files, thesis.project_id)
        while tasks.running:
            await asyncio.gather(*tasks.running)
        (entry,) = library.entries()
        assert shown == [entry.transcript_id]
        assert entry.name == "good"
        assert entry.project_id == thesis.project_id
        (sheet,) = window.findChildren(NotDoneSheet)
        assert sheet.listed.toPlainText().startswith("bad.json – ")
        sheet.close()
        await tasks.aclose()

    run_async(flow())
    assert room.errors == []
    assert room.actions.keys(ActionId.IMPORT)
    room.database.close()


def test_a_file_that_is_in_the_library_is_shown_and_taken_again_only_when_asked(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    room = Room(appearance, qtbot, tmp_path)
    shown: list[str] = []
    room.controller.imported.connect(shown.append)
    file = tmp_path / "good.srt"
    file.write_bytes(FORMATS["srt"].write(DOCUMENT))

    async def take() -> None:
        room.controller.take([file])
        while room.tasks.running:
            await asyncio.gather(*room.tasks.running)

    async def flow() -> None:
        await take()
        await take()
        (entry,) = room.library.entries()
        assert shown == [entry.transcript_id] * 2
        press(room.window, "Import again")
        while room.tasks.running:
            await asyncio.gather(*room.tasks.running)
        assert len(room.library.entries()) == 2
        await room.tasks.aclose()

    run_async(flow())
    assert room.errors == []
    room.database.close()


def test_a_bundle_with_a_damaged_recording_gives_its_words_and_says_so(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    room = Room(appearance, qtbot, tmp_path)
    sound = b"a recording " * 2_000
    packed = io.BytesIO()
    bundle = Bundle(SPEECH, title="Talk", source_name="talk.wav", audio_bytes=len(sound))
    for _ in build_bundle(bundle, packed, io.BytesIO(sound)):
        pass
    content = packed.getvalue().replace(b"recording", b"rec0rding", 1)
    (tmp_path / "talk.wordlight").write_bytes(content)

    async def flow() -> None:
        room.controller.take([tmp_path / "talk.wordlight"])
        while room.tasks.running:
            await asyncio.gather(*room.tasks.running)
        (entry,) = room.library.entries()
        assert entry.name == "Talk"
        (sheet,) = room.window.findChildren(NotDoneSheet)
        assert sheet.windowTitle() == "Imported without the recording"
        assert "only the transcript was imported" in sheet.listed.toPlainText()
        sheet.close()
        await room.tasks.aclose()

    run_async(flow())
    assert room.errors == []
    room.database.close()


def test_what_only_a_person_can_tell_is_asked_and_shown(
    appearance: Appearance, qtbot, tmp_path: Path, run_async
) -> None:
    room = Room(appearance, qtbot, tmp_path)
    window, library, tasks = room.window, room.library, room.tasks
    controller = room.controller
    old, times, left = (tmp_path / name for name in ("old.srt", "times.json", "left.srt"))
    said = f"1\n00:00:01,000 --> 00:00:02,000\n{SAID}\n"
    old.write_bytes(said.encode("mac_roman"))
    left.write_bytes(said.encode("mac_roman"))
    lines = [
        {"start": at * 900, "end": at * 900 + 800, "text": "Yes, and then nothing."}
        for at in range(9)
    ]
    times.write_text(json.dumps(lines))

    async def question(title: str) -> QuestionSheet:
        async with asyncio.timeout(20):
            while True:
                for one in window.findChildren(QuestionSheet, "import-question"):
                    if one.isVisible() and one.windowTitle() == title:
                        return one
                await asyncio.sleep(0)

    async def flow() -> None:
        controller.take([old, times, left])
        asked = await question("old.srt")
        assert SAID not in asked.shown.text()
        asked.choice.setCurrentIndex(asked.choice.findData("mac_roman"))
        assert SAID in asked.shown.text()
        asked.accept()
        asked = await question("times.json")
        asked.choice.setCurrentIndex(asked.choice.findText("Hundredths of a second"))
        asked.accept()
        (await question("left.srt")).reject()
        while tasks.running:
            await asyncio.gather(*tasks.running)
        found = {one.name: library.load(one.transcript_id) for one in library.entries()}
        assert set(found) == {"old", "times"}
        assert found["old"].transcript.text == SAID
        assert found["times"].transcript.paragraphs[-1].end_ms == 80_000
        await tasks.aclose()

    run_async(flow())
    assert room.errors == []
    room.database.close()


def test_a_recording_that_does_not_fit_is_told_where_no_page_says_so(
    appearance: Appearance, qtbot, tmp_path: Path, clips: Path, run_async
) -> None:
    room = Room(appearance, qtbot, tmp_path)
    files = [tmp_path / f"{name}.srt" for name in ("one", "two")]
    for place, file in enumerate(files):
        begin = f"0{place + 1}:00:00"
        file.write_text(f"1\n{begin},000 --> {begin[:-1]}3,000\nGood morning.\n", "utf-8")
        shutil.copy(clips / "lj001-0002.flac", file.with_suffix(".flac"))

    async def take(*paths: Path) -> list[NotDoneSheet]:
        room.controller.take(paths)
        while room.tasks.running:
            await asyncio.gather(*room.tasks.running)
        return room.window.findChildren(NotDoneSheet)

    async def flow() -> None:
        assert await take(files[0]) == []  # it opens, and its page says so
        (sheet,) = await take(tmp_path / "two.srt", *files[:1])
        told = sheet.listed.toPlainText()
        assert "two.flac does not fit these times" in told
        sheet.close()
        await room.tasks.aclose()

    run_async(flow())
    assert room.errors == []
    assert len(room.library.entries()) == 2
    room.database.close()
