"""After any edits, page, marks and bar show what they would show of the transcript anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.document import Document
from app.core.transcript import Transcript
from app.ui.kit.appearance import Appearance
from app.ui.listening.bar import PlayerBar
from app.ui.transcript.view import TranscriptView
from tests.support.builders import any_transcripts, scattered_changes


@dataclass
class Shown:
    """A page and a bar on one transcript."""

    view: TranscriptView
    bar: PlayerBar

    def show(self, document: Document) -> None:
        self.view.show_document(document)
        self.bar.show_transcript(document.transcript)

    def told(self) -> list[object]:
        """What stands there."""
        page, line = self.view.text, self.bar.timeline
        count = len(self.view.document.transcript.paragraphs)
        places = page.places
        return [
            page.toPlainText(),
            places.texts,
            [(places.paragraph_of(word), places.span(word)) for word in range(len(places))],
            [page.hits.in_paragraph(number) for number in range(count)],
            [self.view.low_confidence.in_paragraph(number) for number in range(count)],
            line.spans,
            line.hits_ms,
            line.low_confidence_ms,
            line.wordless,
            [line.tip(ms) for ms in (0, 500, 1_500)],
        ]


@pytest.fixture
def both(appearance: Appearance, qtbot: QtBot) -> tuple[Shown, Shown]:
    """One that follows edits, and one that is shown what came of them."""
    made: list[Shown] = []
    for _ in range(2):
        view, bar = TranscriptView(appearance), PlayerBar(appearance)
        qtbot.addWidget(view)
        qtbot.addWidget(bar)
        view.hits_changed.connect(bar.timeline.show_hits)
        view.low_confidence_changed.connect(bar.timeline.show_low_confidence)
        view.wordless_changed.connect(bar.timeline.show_wordless)
        bar.show_duration(10_000)
        view.show()
        view.open_find()
        next(one for one in view.findChildren(QLineEdit) if one.isVisible()).setText("a")
        view.set_confidence_threshold(0.5)
        made.append(Shown(view, bar))
    return made[0], made[1]


@given(any_transcripts(), st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_followers_show_what_they_would_show_anew(both, talk: Transcript, data) -> None:
    following, fresh = both
    holes = data.draw(st.lists(st.tuples(st.integers(0, 9_000), st.just(9_900)), max_size=2))
    document = Document(replace(talk, wordless=tuple(holes)))
    following.show(document)
    stop = document.subscribe(
        lambda change: following.bar.follow_change(change, document.transcript)
    )
    for _ in range(data.draw(st.integers(1, 5))):
        match data.draw(st.sampled_from(["edit", "edit", "undo", "redo"])):
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case _:
                document.apply(data.draw(scattered_changes(document.transcript)))
    fresh.show(Document(document.transcript))
    assert following.told() == fresh.told()
    stop()
