"""A ten-minute transcript with forty errors put right by keyboard alone, opening to export.

The real window gets real key events, and what it exports is compared with what is wanted.
Beside it stands the same work in a plain editor with a separate player: see ``plain_editor``.
Listening takes no key in either, so that the sound is brought to each error without one.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import wave
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.export.formats import FORMATS
from app.export.source import ExportDocument
from app.store.audio_links import link_to
from app.store.paths import AppPaths
from bench import CannotMeasureError, Figure
from bench.flawed_talk import FILLERS, NAMES, RIGHT_NAME, WRONG_NAME, Error, Kind, flawed
from bench.plain_editor import PlainEditor

if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QWidget

    from app.bootstrap.program import Program
    from app.ui.window import MainWindow

TARGET = 0.6
_HEARD_MS = 120
"""So far into a word one has heard which it is."""
_TYPING_PAUSE_MS = 200
_LONGEST_S = 30


def figures() -> Iterator[Figure]:
    """Review in the real window, and by the model of a plain editor."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    qt = QApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    wanted, given, errors = flawed()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner,
    ):
        ours = runner.run(_review(qt, Path(folder), wanted, given, errors))
    plain = in_plain_editor(wanted, given, errors)
    for kind in Kind:
        yield Figure(f"{kind}", ours[kind], "keys", plain[kind], "plain editor")
    total, reference = sum(ours.values()), sum(plain.values())
    yield Figure("opening and export", ours["around"], "keys", plain["around"], "plain editor")
    yield Figure(
        f"review of {len(errors)} errors", total, "keys", reference, "plain editor", TARGET
    )


# ------------------------------------------------------------------ the plain editor


def in_plain_editor(
    wanted: Transcript, given: Transcript, errors: tuple[Error, ...]
) -> Counter[str]:
    """Count the keys of the same work in a plain editor."""
    editor = PlainEditor(_as_text(given))
    keys = Counter[str]({"around": editor.keys})
    keys[Kind.NAME] = editor.everywhere((WRONG_NAME, RIGHT_NAME))
    keys[Kind.FILLER] = editor.everywhere(*((f"{one} ", "") for one in FILLERS))
    goal = _as_text(wanted)
    for error in errors:
        if error.kind in {Kind.NAME, Kind.FILLER}:
            continue
        # What differs first is what is heard next.
        here = next(at for at, sign in enumerate(goal) if editor.text[at : at + 1] != sign)
        keys[error.kind] += editor.replace(*_edit(error, editor.text, goal, here))
    if editor.text != goal:
        raise CannotMeasureError("the plain editor's text is not what is wanted")
    return keys


def _edit(error: Error, text: str, goal: str, here: int) -> tuple[int, str, str]:
    """Give where in the text of the plain editor what is to stand in place of what."""
    line = text.rfind("\n", 0, here) + 1
    word = max(text.rfind(" ", 0, here), line - 1) + 1
    match error.kind:
        case Kind.SPEAKER:
            return line, error.old, error.new
        case Kind.MISSING:
            start = max(goal.rfind(" ", 0, here), goal.rfind("\n", 0, here)) + 1
            return start, "", error.new + " "
        case Kind.EXTRA:
            return word, error.old + " ", ""
        case Kind.HALF:
            return here, " ", f"\n{error.new}: "
        case Kind.SPLIT:
            return here, " ", ""
        case Kind.BREAK:
            return here, "\n", " "
        case _:
            return word, error.old, error.new


def _as_text(transcript: Transcript) -> str:
    """Write a transcript as one does in a plain editor."""
    lines: list[str] = []
    before = None
    for paragraph in transcript.paragraphs:
        name = next(one for one in NAMES if one.lower() == paragraph.speaker_id)
        is_other, before = paragraph.speaker_id != before, paragraph.speaker_id
        lines.append(f"{name}: {paragraph.text}" if is_other else paragraph.text)
    return "\n".join(lines)


# ------------------------------------------------------------------ the real window


async def _review(
    qt: QApplication,
    folder: Path,
    wanted: Transcript,
    given: Transcript,
    errors: tuple[Error, ...],
) -> Counter[str]:
    from app.bootstrap.program import open_program
    from app.bootstrap.services import Storage
    from app.ui.window import MainWindow

    paths = AppPaths.below(folder / "home")
    recording = folder / "talk.wav"
    await asyncio.to_thread(_write_silence, recording, given.duration_ms)

    def fill() -> TranscriptId:
        storage = Storage.open(paths)
        storage.settings.change(typing_pause_ms=_TYPING_PAUSE_MS, is_welcomed=True)
        try:
            return storage.library.add(
                given,
                name="talk",
                options=TranscriptionOptions(timestamps=False),
                link=link_to(recording),
                now_ms=1,
            )
        finally:
            storage.close()

    await asyncio.to_thread(fill)
    window = MainWindow()
    window.resize(1200, 780)
    window.show()
    window.activateWindow()
    async with open_program(qt, window, paths) as program:
        life = asyncio.ensure_future(program.run(()))
        await _until(lambda: program.is_open)
        reviewer = Reviewer(window, program)
        await reviewer.review(errors)
        path = folder / "talk.txt"
        await _until(path.exists)
        written = path.read_text("utf-8")
        program.leave()
        await life
    window.close_for_good()
    format_ = FORMATS["txt"]
    expected = format_.write(ExportDocument(wanted, "talk"))
    found, hoped = _lines(written), _lines(expected.decode("utf-8-sig"))
    if found != hoped:
        differing = [pair for pair in zip(found, hoped, strict=False) if pair[0] != pair[1]]
        raise CannotMeasureError(f"not what is wanted: {differing[:2]}")
    return reviewer.keys


class Reviewer:
    """Presses keys in the window, and counts them by what they are for.

    Attributes:
        keys: How many were pressed.
    """

    def __init__(self, window: MainWindow, program: Program) -> None:
        from app.ui.transcript.text import TranscriptText

        self.keys = Counter[str]()
        self._window = window
        self._page = window.findChildren(TranscriptText)[0]
        self._session = program.rooms.session
        self._purpose = "around"

    async def review(self, errors: tuple[Error, ...]) -> None:
        """Open, listen, put right what is wrong as it is heard, and export."""
        from PySide6.QtCore import Qt

        from app.ui.export.dialog import ExportDialog
        from app.ui.stage import Page

        key, ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
        self.press(key.Key_L, ctrl)
        await _until(lambda: self._window.page is Page.LIBRARY)
        await _rest()
        self.press(key.Key_Down)  # from the field to the list
        self.press(key.Key_Return)
        await _until(lambda: self._window.page is Page.TRANSCRIPT)
        await _until(lambda: self._session.player.path is not None)
        await _rest()
        self.press(key.Key_Escape)  # plays
        await _until(lambda: self._session.player.is_playing)
        is_named = False
        for error in errors:
            if error.kind is Kind.FILLER or (error.kind is Kind.NAME and is_named):
                continue  # all of them at once
            is_named = is_named or error.kind is Kind.NAME
            self._purpose = error.kind
            await self._hear(error.at_ms)
            await self._put_right(error)
        self._purpose = Kind.FILLER
        await self._strike_fillers()
        self._purpose = "around"
        self.press(key.Key_E, ctrl)
        await _until(lambda: bool(self._window.findChildren(ExportDialog)))
        (dialog,) = self._window.findChildren(ExportDialog)
        await _until(lambda: bool(dialog.preview.text.toPlainText()))
        self.press(key.Key_Return)

    async def _hear(self, at_ms: int) -> None:
        """Let the sound be where an error is heard."""
        player = self._session.player
        await _until(lambda: player.is_playing)
        reaction_ms = 400
        self._session.seek(at_ms + _HEARD_MS + reaction_ms)
        await _until(
            lambda: (
                player.is_playing
                and at_ms + reaction_ms <= player.position_ms < at_ms + reaction_ms + 350
            )
        )

    async def _put_right(self, error: Error) -> None:
        from PySide6.QtCore import Qt

        key, ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
        to_caret = ctrl | Qt.KeyboardModifier.ShiftModifier
        match error.kind:
            case Kind.WRONG | Kind.MERGED:
                self.press(key.Key_F2)
                self.type(error.new)
            case Kind.NAME:
                self.press(key.Key_F2)
                self.type(error.new)
                await self._accept_offer()
            case Kind.EXTRA:
                self.press(key.Key_F2)
                self.press(key.Key_Delete)
            case Kind.PUNCTUATION:
                self.press(key.Key_F2)
                self.press(key.Key_Right)
                self.press(key.Key_Backspace)
                self.type(".")
            case Kind.MISSING:
                self.press(key.Key_J, to_caret)
                self.type(error.new + " ")
            case Kind.SPLIT | Kind.BREAK:
                self.press(key.Key_J, to_caret)
                self.press(key.Key_Backspace)
            case Kind.SPEAKER | Kind.HALF:
                self.press(key.Key_J, to_caret)
                if error.kind is Kind.HALF:
                    self.press(key.Key_Return)
                self.press(key(key.Key_1 + NAMES.index(error.new)), ctrl)
            case Kind.FILLER:
                pass

    async def _accept_offer(self) -> None:
        """Go to the offer to correct the others too, and take it."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication, QPushButton

        button = self._window.notice.findChildren(QPushButton)[0]
        await _until(lambda: button.isVisible() and "all" in button.text())
        for _ in range(12):
            if QApplication.focusWidget() is button:
                break
            self.press(Qt.Key.Key_F6)
            await _rest()
        self.press(Qt.Key.Key_Space)
        await _until(lambda: "all" not in button.text())
        # The keys that go to the word just heard bring the focus back to the page.

    async def _strike_fillers(self) -> None:
        from PySide6.QtCore import Qt

        from app.ui.transcript.filler_sheet import FillerSheet

        self.press(Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)

        def sheets() -> list[FillerSheet]:
            return self._window.findChildren(FillerSheet)

        await _until(lambda: any(one.isVisible() for one in sheets()))
        self.press(Qt.Key.Key_Return)
        await _until(lambda: not any(one.isVisible() for one in sheets()))
        self._window.activateWindow()  # as a window manager does
        await _until(self._window.isActiveWindow)
        self._page.setFocus()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the focus is."""
        from PySide6.QtTest import QTest

        self.keys[self._purpose] += 1
        if modifiers is None:
            QTest.keyClick(self._focus(), key)
        else:
            QTest.keyClick(self._focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Type characters where the focus is."""
        from PySide6.QtTest import QTest

        for sign in text:
            self.keys[self._purpose] += 1
            QTest.keyClicks(self._focus(), sign)

    def _focus(self) -> QWidget:
        from PySide6.QtWidgets import QApplication

        return QApplication.focusWidget() or QApplication.activeModalWidget() or self._window


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _write_silence(path: Path, length_ms: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(16 * length_ms))


async def _rest() -> None:
    await asyncio.sleep(0.3)


async def _until(is_so: Callable[[], object]) -> None:
    """Let the window live until something has happened."""
    async with asyncio.timeout(_LONGEST_S):
        while not is_so():  # noqa: ASYNC110 - it happens in children and in Qt
            await asyncio.sleep(0.01)
