"""Better words take the place of a live text, and what a person did to it stays."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core import edits
from app.core.carrying import carried
from app.core.document import Change
from app.core.structure import add_speaker
from app.core.transcript import Speaker, SpeakerId, Transcript, join_words
from tests.support.speech import turn

HEARD = Transcript(
    (
        turn("We met miss tailor at the harbor today.", 0, None),
        turn("She sold us too boats and and a rope.", 6_000, None),
    ),
    language="en",
)
FINAL = Transcript(
    (
        turn("We met Miss Taylor at the harbour today.", 20, None),
        turn("She sold us two boats and a rope.", 6_030, None),
    ),
    language="en",
)


def after(transcript: Transcript, *changes: Change | None) -> Transcript:
    for change in changes:
        assert change is not None
        transcript = change.applied_to(transcript)
    return transcript


def test_untouched_live_text_gives_way_to_the_better_words_whole() -> None:
    assert carried(FINAL, HEARD, HEARD) == FINAL


def test_what_a_person_wrote_stays_at_its_place_and_all_else_is_better() -> None:
    live = after(HEARD, edits.correct_words(HEARD, 0, 2, 2, "Mrs Tayler"))

    found = carried(FINAL, live, HEARD)

    assert found.paragraphs[0].text == "We met Mrs Tayler at the harbour today."
    assert found.paragraphs[1].text == "She sold us two boats and a rope."


def test_what_a_person_took_away_does_not_come_back() -> None:
    live = after(HEARD, edits.correct_words(HEARD, 1, 5, 2, "and"))  # once is enough
    said_twice = replace(
        FINAL,
        paragraphs=(
            FINAL.paragraphs[0],
            turn("She sold us two boats and and a rope.", 6_030, None),
        ),
    )
    gone = after(HEARD, edits.correct_words(HEARD, 1, 7, 2, ""))

    assert carried(said_twice, live, HEARD).paragraphs[1].text.count("and") == 1
    assert carried(FINAL, gone, HEARD).paragraphs[1].text == "She sold us two boats and"


def test_an_approved_paragraph_stays_as_it_was_approved() -> None:
    live = after(HEARD, edits.mark_paragraph(HEARD, 0, is_approved=True))

    found = carried(FINAL, live, HEARD)

    assert found.paragraphs[0].text == HEARD.paragraphs[0].text
    assert found.paragraphs[0].is_approved
    assert found.paragraphs[1].text == FINAL.paragraphs[1].text


def test_notes_and_highlights_go_with_their_paragraph() -> None:
    live = after(HEARD, edits.mark_paragraph(HEARD, 1, is_highlighted=True, note="boats!"))

    found = carried(FINAL, live, HEARD)

    assert (found.paragraphs[1].is_highlighted, found.paragraphs[1].note) == (True, "boats!")
    assert not found.paragraphs[0].is_highlighted


def test_who_was_named_by_hand_speaks_the_better_words_too() -> None:
    anna, added = add_speaker(HEARD, "Anna")
    named = after(HEARD, added)
    live = after(named, edits.assign_speaker(named, 1, anna))

    found = carried(FINAL, live, HEARD)

    assert [one.speaker_id for one in found.paragraphs] == [None, anna]
    assert [one.name for one in found.speakers] == ["Anna"]
    assert found.paragraphs[1].text == FINAL.paragraphs[1].text


def test_names_of_channels_are_taken_over() -> None:
    you, they = SpeakerId("speaker_0"), SpeakerId("speaker_1")
    live = Transcript(
        (turn("Hello there.", 0, you), turn("Good morning.", 2_000, they)),
        speakers=(Speaker(you, "You"), Speaker(they, "Dr Bell")),
    )
    final = replace(live, speakers=(Speaker(you), Speaker(they)))

    assert [one.name for one in carried(final, live, live).speakers] == ["You", "Dr Bell"]


@given(st.integers(0, 7), st.integers(1, 3), st.sampled_from(["", "x", "quite other words"]))
def test_a_correction_anywhere_keeps_the_words_in_order(
    first: int, count: int, text: str
) -> None:
    change = edits.correct_words(HEARD, 0, first, count, text)
    live = HEARD if change is None else change.applied_to(HEARD)

    found = carried(FINAL, live, HEARD)

    if text:
        assert text in join_words(list(found.words()))
    for paragraph in found.paragraphs:
        starts = [word.start_ms for word in paragraph.words]
        assert starts == sorted(starts)


def test_what_the_live_text_never_heard_is_there_afterwards() -> None:
    short = Transcript((HEARD.paragraphs[0],), language="en")
    live = after(short, edits.correct_words(short, 0, 3, 1, "Tayler"))

    found = carried(FINAL, live, short)

    assert "Tayler" in found.paragraphs[0].text
    assert found.paragraphs[1] == FINAL.paragraphs[1]
