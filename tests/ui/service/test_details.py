"""What is known of a job, as it is read."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.job import Failure, JobState
from app.core.messages import message
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
