from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.striking import unstruck
from app.core.transcript import Paragraph, Speaker, Transcript, Word, join_words
from app.export.cues import Cue, CueFault, CueWord, make_cues
from app.export.options import ExportOptions
from app.export.plain import one_line
from app.export.source import ExportDocument
from tests.support.speech import ANNA, BEN, DOCUMENT, any_transcripts, turn, words

RULES = st.builds(
    ExportOptions,
    cue_line_length=st.integers(10, 60),
    cue_lines=st.integers(1, 3),
    reading_speed=st.integers(5, 40),
    min_gap_ms=st.integers(0, 500),
    min_cue_ms=st.integers(0, 2_000),
    max_cue_ms=st.integers(1_000, 10_000),
)


def cues_of(said: tuple[Word, ...], **rules: int) -> list[Cue]:
    transcript = Transcript((Paragraph(said, None, said[0].start_ms, said[-1].end_ms),))
    return make_cues(ExportDocument(transcript), replace(ExportOptions(), **rules))


def line_text(line: list[CueWord]) -> str:
    return join_words([Word(word.text, 0, 0, is_joined=word.is_joined) for word in line])


@given(any_transcripts, RULES)
def test_any_transcript_gives_cues_in_order_with_every_word(
    transcript: Transcript, options: ExportOptions
) -> None:
    cues = make_cues(ExportDocument(transcript), options)
    shown = [word.text for cue in cues for line in cue.lines for word in line]
    written = [word for one in transcript.paragraphs for word in unstruck(one).words]
    assert sorted(shown) == sorted(one_line(word.text) for word in written)
    last_ms = 0
    for cue in cues:
        assert last_ms <= cue.start_ms < cue.end_ms
        last_ms = cue.start_ms
        placed = [word for line in cue.lines for word in line]
        starts = [word.start_ms for word in placed]
        assert starts == sorted(starts)
        assert starts[0] >= cue.start_ms
        assert all(word.start_ms <= word.end_ms <= cue.end_ms for word in placed)
        assert cue.text.split("\n") == [line_text(line) for line in cue.lines]


_steps = st.tuples(
    st.integers(0, 2_000), st.integers(1, 900), st.sampled_from(["a", "b.", "c"])
)
_talk = st.lists(
    st.tuples(st.integers(0, 20_000), st.lists(_steps, min_size=1, max_size=30)), max_size=6
)


@given(_talk, RULES)
def test_a_word_is_shown_while_it_is_spoken_whoever_speaks_too(
    talk: list[tuple[int, list[tuple[int, int, str]]]], options: ExportOptions
) -> None:
    turns: list[Paragraph] = []
    for number, (begins_ms, steps) in enumerate(talk):
        said: list[Word] = []
        at_ms = begins_ms
        for pause_ms, length_ms, text in steps:
            at_ms += pause_ms
            said.append(Word(f"{text}{number}-{len(said)}", at_ms, at_ms + length_ms))
            at_ms += length_ms
        who = (ANNA, BEN)[number % 2]
        turns.append(Paragraph(tuple(said), who, said[0].start_ms, said[-1].end_ms))
    cues = make_cues(ExportDocument(Transcript(tuple(turns))), options)
    spoken = {word.text: word for turn in turns for word in turn.words}
    shown: list[str] = []
    for cue in cues:
        for line in cue.lines:
            for word in line:
                shown.append(word.text)
                heard = spoken[word.text]
                assert cue.start_ms <= heard.start_ms
                assert heard.start_ms - cue.end_ms <= 500 + options.min_gap_ms
                assert abs(word.start_ms - heard.start_ms) <= 500 + options.min_gap_ms
    assert sorted(shown) == sorted(spoken)


def test_who_cuts_in_is_shown_when_it_is_said_and_the_other_is_named_again() -> None:
    long = turn(" ".join(f"word{number}" for number in range(40)), 0, ANNA)
    short = turn("Mhm.", 7_000, BEN)
    transcript = Transcript((long, short), (Speaker(ANNA, "Anna"), Speaker(BEN, "Ben")))
    cues = make_cues(ExportDocument(transcript), ExportOptions(), with_prefix=True)
    (place,) = [place for place, cue in enumerate(cues) if "Mhm." in cue.text]
    assert cues[place].text == "Ben: Mhm."
    assert cues[place].start_ms == 7_000
    assert CueFault.OVERLAP in cues[place].faults
    assert cues[place - 1].end_ms > 7_400
    assert cues[place + 1].text.startswith("Anna: word")
    last = [word for line in cues[-1].lines for word in line][-1]
    assert (last.text, last.start_ms) == ("word39", long.words[-1].start_ms)


def test_one_wrong_time_moves_no_other_subtitle() -> None:
    begins = turn("One two three", 0, ANNA)
    wrong = replace(begins.words[-1], start_ms=36_000_000, end_ms=36_000_400)
    begins = replace(begins, words=(*begins.words[:-1], wrong))
    later = turn("four five six", 3_000, BEN)
    cues = make_cues(ExportDocument(Transcript((begins, later))), ExportOptions())
    assert [(cue.text, cue.start_ms) for cue in cues] == [
        ("One two", 0),
        ("four five six", 3_000),
        ("three", 36_000_000),
    ]


def test_speakers_who_take_turns_quickly_are_not_shown_at_once() -> None:
    first, second = turn("Did you", 0, ANNA), turn("No.", 600, BEN)
    assert first.end_ms > second.start_ms
    cues = make_cues(ExportDocument(Transcript((first, second))), ExportOptions())
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 520), (600, 1_600)]


@given(any_transcripts, RULES)
def test_a_line_is_too_long_only_if_said_so(
    transcript: Transcript, options: ExportOptions
) -> None:
    for cue in make_cues(ExportDocument(transcript), options):
        assert len(cue.lines) <= options.cue_lines
        longest = max(len(line) for line in cue.text.split("\n"))
        assert (longest > options.cue_line_length) == (CueFault.LONG_LINE in cue.faults)


def test_a_cue_ends_at_a_sentence_where_one_is_near() -> None:
    cues = cues_of(words("One two three four five six. Seven eight nine ten", 0), cue_lines=1)
    assert [cue.text for cue in cues] == [
        "One two three four five six.",
        "Seven eight nine ten",
    ]


def test_two_lines_are_about_as_long() -> None:
    (cue,) = cues_of(words("aaaa bbbb cccc dddd eeee ffff", 0), cue_line_length=25)
    assert cue.text == "aaaa bbbb cccc\ndddd eeee ffff"


def test_no_cue_spans_a_long_pause() -> None:
    said = words("Before it", 0) + words("after it", 10_000)
    assert [cue.text for cue in cues_of(said)] == ["Before it", "after it"]


def test_a_short_word_stands_long_enough_to_be_read() -> None:
    (cue,) = cues_of((Word("Yes.", 1_000, 1_100),))
    assert (cue.start_ms, cue.end_ms, cue.faults) == (1_000, 2_000, ())


def test_what_cannot_be_read_in_time_is_said() -> None:
    said = (Word("Unquestionably", 0, 100), Word("no", 5_000, 5_100))
    first, _ = cues_of(said, reading_speed=5, max_cue_ms=1_000, min_cue_ms=500)
    assert first.faults == (CueFault.TOO_FAST,)
    assert first.faults[0].message.text


def test_a_name_takes_part_in_the_length_of_the_first_line() -> None:
    options = ExportOptions(cue_line_length=24, cue_lines=3)
    cues = make_cues(DOCUMENT, options, with_prefix=True)
    assert cues[0].text.startswith("Anna: Good morning,")
    assert all(len(line) <= 24 for cue in cues for line in cue.text.split("\n"))
    assert [cue.prefix for cue in cues if cue.prefix] == ["Anna:", "Speaker 2:", "Anna:"]
