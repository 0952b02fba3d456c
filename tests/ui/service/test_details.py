"""What is known of a job, as it is read."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.job import Failure, JobState
from app.core.messages import message
from app.ui.service.key_dialog import KeyDialog
from app.ui.service.sheets import DetailsSheet
from tests.ui.jobs import make_job


def test_details_break_between_words(qapp, qtbot: QtBot) -> None:
    failure = Failure(message("It was refused."), details="several words of some length " * 40)
    job = make_job("talk.wav", JobState.NEEDS_ATTENTION, failure=failure)
    sheet = DetailsSheet(job, failure)
    qtbot.addWidget(sheet)
    sheet.show()
    document = sheet.findChildren(QPlainTextEdit)[0].document()
    block, lines = document.firstBlock(), 0
    while block.isValid():
        layout = block.layout()
        for number in range(layout.lineCount() - 1):
            line = layout.lineAt(number)
            lines += 1
            assert block.text()[line.textStart() + line.textLength() - 1] == " "
        block = block.next()
    assert lines > 5


def test_whether_a_text_was_deleted_is_heard(qapp, qtbot: QtBot, announced: list[str]) -> None:
    sheet = DetailsSheet(make_job("talk.wav", JobState.DONE), None)
    qtbot.addWidget(sheet)
    sheet.show_forgotten("The service has deleted it.", is_done=True)
    assert announced == ["The service has deleted it."]


def test_what_the_test_of_a_key_gave_is_heard(qapp, qtbot: QtBot, announced: list[str]) -> None:
    dialog = KeyDialog()
    qtbot.addWidget(dialog)
    dialog.show_answer("The service knows this key.", is_good=True)
    dialog.show_answer("The service does not know this key.", is_good=False)
    assert announced == ["The service knows this key.", "The service does not know this key."]
