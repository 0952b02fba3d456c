from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QDate, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.core.transcript import TranscriptId
from app.store.listing import TranscriptEntry
from app.store.search import Hit, HitPlace
from app.ui.library import wording
from app.ui.library.model import LibraryModel, LibraryRow

ENTRY = TranscriptEntry(
    TranscriptId("t1"),
    name="Interview Anna",
    created_ms=1_760_000_000_000,
    changed_ms=1_760_000_000_000,
    deleted_ms=None,
    duration_ms=3_134_000,
    model="on-device:base",
    language="en",
    word_count=9,
    speakers=("Anna", "Tom"),
    tags=("thesis",),
    source="/recordings/a.m4a",
    is_url=False,
    size_bytes=28_000_000,
    listened_ms=313_400,
)


def row(number: int, *, place: int | None = None) -> LibraryRow:
    entry = replace(ENTRY, transcript_id=TranscriptId(f"t{number}"), name=f"Talk {number}")
    hit = None
    if place is not None:
        hit = Hit(entry.transcript_id, entry.name, 0, place, "some words", ((0, 4),))
    return LibraryRow(entry, hit)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shown=st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 1)), max_size=6),
        max_size=6,
    )
)
def test_the_rows_are_always_those_shown_last_under_qts_tester(
    qapp, shown: list[list[tuple[int, int | None]]]
) -> None:
    model = LibraryModel()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    for rows in shown:
        held = QPersistentModelIndex(model.index(0))
        model.show_rows([row(number, place=place) for number, place in rows])
        texts = [model.index(at).data() for at in range(model.rowCount())]
        assert texts == [f"Talk {number}" for number, _ in rows]
        assert not held.isValid() or held.data() == texts[0]
        assert model.find(TranscriptId("gone")) is None
    assert model.flags(QModelIndex()) is Qt.ItemFlag.NoItemFlags
    tester.deleteLater()


def test_rows_that_only_changed_are_not_made_anew(qtbot) -> None:
    model = LibraryModel()
    model.show_rows([row(1), row(2)])
    renamed = LibraryRow(replace(row(2).entry, name="Other"))
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignal(model.dataChanged),
    ):
        model.show_rows([row(1), renamed])
    assert model.index(1).data() == "Other"


def test_a_row_says_everything_to_those_who_hear_it(qapp) -> None:
    said = wording.spoken(ENTRY)
    for part in ("Interview Anna", "52:14", "On this computer", "English", "Anna, Tom"):
        assert part in said
    assert "28" in said
    assert "10 % listened to" in said
    assert "Tags: thesis" in said
    hit = Hit(ENTRY.transcript_id, ENTRY.name, 0, 3, "… found here …", ((2, 7),))
    said = wording.spoken_hit(ENTRY, hit, HitPlace(63_000, "Anna", 1))
    assert said == f"… found here …. 1:03, Anna. {ENTRY.name}"
    assert "Speaker 2" in wording.spoken_hit(ENTRY, hit, HitPlace(63_000, "", 2))


def test_a_share_is_never_whole_before_the_end(qapp) -> None:
    def heard(ms: int) -> str:
        return wording.progress(replace(ENTRY, listened_ms=ms))

    assert heard(0) == ""
    assert heard(1) == "1 % listened to"
    assert heard(3_100_000) == "99 % listened to"
    assert heard(3_134_000) == "100 % listened to"
    assert wording.progress(replace(ENTRY, reviewed=0.623)) == "62 % reviewed"
    assert wording.progress(replace(ENTRY, reviewed=0.0, listened_ms=99)) == ""


@pytest.fixture
def _plain_dates() -> Iterator[None]:
    """Dates as no country writes them, whatever language an earlier test has left."""
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("_plain_dates")
def test_near_days_have_names(qapp) -> None:
    day = QDate.fromString("2025-10-09", Qt.DateFormat.ISODate)
    assert wording.when(ENTRY.created_ms, today=day).startswith("Today")
    assert wording.when(ENTRY.created_ms, today=day.addDays(1)).startswith("Yesterday")
    assert "2025" in wording.when(ENTRY.created_ms, today=day.addDays(2))


def test_unnamed_or_many_speakers_are_counted(qapp) -> None:
    assert wording.speakers(replace(ENTRY, speakers=("", "Tom"))) == "2 speakers"
    assert wording.speakers(replace(ENTRY, speakers=("",))) == "1 speaker"
    assert wording.model_name("") == "Imported"


def test_no_size_is_told_where_there_is_no_recording() -> None:
    assert "28 MB" in wording.about(ENTRY)
    for nothing in (0, 1):
        said = wording.about(replace(ENTRY, size_bytes=nothing))
        assert said.endswith("Anna, Tom")


def test_what_was_dictated_is_told_from_what_is_missing() -> None:
    assert "Dictated" in wording.about(replace(ENTRY, source="", size_bytes=1))
    assert "Dictated" not in wording.about(replace(ENTRY, size_bytes=1))
