"""Transcripts that the tests of this folder write out and read back."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from app.core.transcript import (
    Layout,
    Marker,
    MarkerId,
    MarkerKind,
    Paragraph,
    Review,
    Speaker,
    SpeakerId,
    Transcript,
    Word,
)
from app.export.source import ExportDocument

ANNA, BEN = SpeakerId("speaker-0"), SpeakerId("speaker-1")


def words(text: str, start_ms: int, step_ms: int = 400, gap_ms: int = 50) -> tuple[Word, ...]:
    made = []
    for place, one in enumerate(text.split()):
        begin = start_ms + place * step_ms
        made.append(Word(one, begin, begin + step_ms - gap_ms, 0.9))
    return tuple(made)


def turn(text: str, start_ms: int, speaker: SpeakerId | None, **marks: object) -> Paragraph:
    said = words(text, start_ms)
    return Paragraph(said, speaker, said[0].start_ms, said[-1].end_ms, **marks)  # type: ignore[arg-type]


SPEECH = Transcript(
    paragraphs=(
        turn(
            "Good morning, and welcome back. Today we talk about rivers, bridges and the "
            "people who build them.",
            500,
            ANNA,
            is_approved=True,
        ),
        turn("Thank you. I have built eleven of them so far.", 9_000, BEN, is_highlighted=True),
        turn(
            "Eleven! Which one was the hardest?",
            14_000,
            ANNA,
            note="Ask again about the tenth.",
        ),
    ),
    speakers=(Speaker(ANNA, "Anna"), Speaker(BEN)),
    language="en",
    duration_ms=17_000,
    model="pulse",
    gender="female",
    emotions=(("calm", 0.8), ("joy", 0.25)),
)
DOCUMENT = ExportDocument(
    SPEECH, "Rivers and bridges", "talk.flac", "2026-03-04T10:20:30", "Pulse"
)

HOSTILE_WORDS = (
    "</p><script>document.title='pwned'</script>",
    "<b>bold</b>",
    "]]>",
    "-->",
    "00:00:01,000 --> 00:00:09,000",
    "{\\pos(1,1)}",
    "{\\an8}",
    "\\N",
    "=cmd|'/c_calc'!A0",
    "@SUM(1)",
    "+1+cmd",
    "a/b:c",
    "&amp;",
    "\u202eevil\u202c",
    "bell\x07null\x00esc\x1b[31m",
    "two\nlines",
    "\r\n\r\n7",
    'say "hi"',
    "\ud800half",
    "*star*",
    "#head",
    "1.",
    "{{name}}",
    "'quoted'",
    "<00:00:02.000>",
    "<v Eve>",
    "😀",
    "</textarea><img src=x onerror=alert(1)>",
)
HOSTILE_NAME = 'Eve <script>alert(1)</script> -->, ]]> "x" & {\\b1} \u202e\x07/:\n=1+1'
HOSTILE = ExportDocument(
    Transcript(
        paragraphs=(
            Paragraph(
                tuple(
                    Word(text, 1_000 + 500 * place, 1_400 + 500 * place)
                    for place, text in enumerate(HOSTILE_WORDS)
                ),
                ANNA,
                1_000,
                1_400 + 500 * len(HOSTILE_WORDS),
                is_highlighted=True,
                note="=1+1 <script>alert(2)</script> ]]>",
            ),
        ),
        speakers=(Speaker(ANNA, HOSTILE_NAME),),
        language='en"><script>',
        duration_ms=60_000,
        model="<b>",
    ),
    title="<title></title>&]]>--\x01",
    source_name="../../a<b>:c\u202egpj.flac",
    created="never",
    model_label="<i>model</i>",
    note_label="<u>Note</u>",
)


def long_document(count: int, turn_words: int = 80) -> ExportDocument:
    """Make a document of a given number of words, with speakers taking turns."""
    vocabulary = [
        "the",
        "river",
        "runs",
        "past",
        "our",
        "town,",
        "and",
        "people",
        "walk",
        "along",
        "it",
        "every",
        "day.",
    ]
    paragraphs = []
    for begin in range(0, count, turn_words):
        said = tuple(
            Word(vocabulary[n % len(vocabulary)], n * 300, n * 300 + 250, 0.9)
            for n in range(begin, min(count, begin + turn_words))
        )
        who = ANNA if begin // turn_words % 2 else BEN
        paragraphs.append(Paragraph(said, who, said[0].start_ms, said[-1].end_ms))
    return ExportDocument(
        Transcript(
            tuple(paragraphs), (Speaker(ANNA, "Anna"), Speaker(BEN)), "en", count * 300, "pulse"
        ),
        "A long day",
        "day.flac",
    )


# Values of every shape that core allows, for round trips.

_times = st.integers(min_value=0, max_value=10 * 3_600_000)
_shares = st.none() | st.floats(min_value=0, max_value=1)
_layouts = st.none() | st.builds(
    Layout,
    cue=st.none() | st.tuples(_times, _times),
    starts_line=st.booleans(),
    is_italic=st.booleans(),
    is_named=st.booleans(),
    lead=st.text(max_size=3),
)
MARKERS = (
    Marker(MarkerId("a"), MarkerKind.NOTE, "ask again"),
    Marker(MarkerId("b"), MarkerKind.BOOKMARK),
    Marker(MarkerId("c"), MarkerKind.HIGHLIGHT),
)
any_reviews = st.none() | st.builds(
    Review,
    is_accepted=st.booleans(),
    is_speaker_accepted=st.booleans(),
    is_struck=st.booleans(),
    markers=st.lists(st.sampled_from(MARKERS), unique=True, max_size=3).map(tuple),
).map(lambda one: None if one == Review() else one)
any_words = st.builds(
    Word,
    text=st.text(min_size=1, max_size=12),
    start_ms=_times,
    end_ms=_times,
    confidence=_shares,
    speaker_confidence=_shares,
    is_joined=st.booleans(),
    is_estimated=st.booleans(),
    review=any_reviews,
)
any_segments = st.builds(
    Paragraph,
    words=st.lists(any_words, max_size=12).map(tuple),
    speaker_id=st.none() | st.sampled_from([ANNA, BEN]),
    start_ms=_times,
    end_ms=_times,
    is_approved=st.booleans(),
    is_highlighted=st.booleans(),
    note=st.text(max_size=20),
    language=st.sampled_from(["", "", "de"]),
)
any_transcripts = st.builds(
    Transcript,
    paragraphs=st.lists(any_segments, max_size=5).map(tuple),
    speakers=st.just(()) | st.tuples(st.builds(Speaker, st.just(ANNA), st.text(max_size=10))),
    language=st.text(max_size=5),
    duration_ms=_times,
    model=st.text(max_size=8),
    gender=st.text(max_size=5),
    emotions=st.lists(
        st.tuples(st.text(max_size=5), st.floats(min_value=0, max_value=1)), max_size=2
    ).map(tuple),
    wordless=st.lists(st.tuples(_times, _times), max_size=2).map(tuple),
)
laid_out_transcripts = st.builds(
    Transcript,
    paragraphs=st.lists(
        st.builds(
            Paragraph,
            words=st.lists(
                st.builds(Word, st.just("word"), _times, _times, layout=_layouts), max_size=8
            ).map(tuple),
            speaker_id=st.none(),
            start_ms=_times,
            end_ms=_times,
        ),
        max_size=3,
    ).map(tuple),
)
"""Words as subtitles bring them along."""

_letters = st.text(
    alphabet=string.ascii_letters + string.digits + string.punctuation + "äßéяжक्षاب中文字😀–“”",
    min_size=1,
    max_size=30,
)


@st.composite
def plausible_transcripts(draw: st.DrawFn) -> Transcript:
    """Words without spaces or control characters, with times in order."""
    paragraphs = []
    at_ms = 0
    for _ in range(draw(st.integers(1, 4))):
        said = []
        for text in draw(st.lists(_letters, min_size=1, max_size=25)):
            at_ms += draw(st.integers(0, 2_500))
            end_ms = at_ms + draw(st.integers(0, 900))
            said.append(Word(text, at_ms, end_ms))
            at_ms = end_ms
        who = draw(st.sampled_from([None, ANNA, BEN]))
        paragraphs.append(Paragraph(tuple(said), who, said[0].start_ms, said[-1].end_ms))
    return Transcript(tuple(paragraphs), (Speaker(ANNA, "Anna"), Speaker(BEN, "Ben")))
