from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.stitch import PartTranscript, stitch
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

# Few words, so that repeats ("no no no") are common.
WORDS = st.sampled_from(["no", "yes", "and", "then,", "Then", "wordlight", "a", "A."])
JITTER_MS = 30


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    words: list[Word] = []
    ms = 0
    for text in draw(st.lists(WORDS, min_size=1, max_size=80)):
        ms += draw(st.sampled_from([0, 0, 0, 60, 700]))
        length_ms = draw(st.integers(200, 700))
        words.append(Word(text, ms, ms + length_ms))
        ms += length_ms
    return words


def heard(words: list[Word], start_ms: int, end_ms: int, shifts: list[int]) -> Transcript:
    """What a recogniser makes of the part: the words wholly in it, times a little off."""
    inside = [one for one in words if one.start_ms >= start_ms and one.end_ms <= end_ms]
    moved = tuple(
        Word(
            one.text,
            one.start_ms - start_ms + shifts[place % len(shifts)],
            one.end_ms - start_ms + shifts[place % len(shifts)],
        )
        for place, one in enumerate(inside)
    )
    turns = (Paragraph(moved, None, 0, end_ms - start_ms),) if moved else ()
    return Transcript(turns, model="pulse", language="en")


@given(
    words=spoken(),
    cuts=st.lists(st.integers(500, 60_000), max_size=4),
    shifts=st.lists(st.integers(-JITTER_MS, JITTER_MS), min_size=1, max_size=7),
)
def test_a_text_cut_anywhere_comes_back_word_for_word(
    words: list[Word], cuts: list[int], shifts: list[int]
) -> None:
    total_ms = words[-1].end_ms + 100
    bounds: list[int] = []
    for cut in sorted(cuts):
        if cut < total_ms and cut - (bounds[-1] if bounds else 0) > 4_000:
            bounds.append(cut)
    starts = [0, *(cut - 2_000 if cut > 2_000 else 0 for cut in bounds)]
    ends = [*(min(total_ms, cut + 2_000) for cut in bounds), total_ms]
    pieces = [
        PartTranscript(heard(words, start, end, shifts[place % len(shifts) :]), start, end)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]

    whole = stitch(pieces)

    assert [one.text for one in whole.words()] == [one.text for one in words]
    for one, said in zip(whole.words(), words, strict=True):
        assert abs(one.start_ms - said.start_ms) <= JITTER_MS
    assert whole.duration_ms == total_ms


# The same sounds as two readings may write them.
WRITINGS = [
    ("no", "No,"),
    ("No", "no"),
    ("no no", "no-no"),
    ("twenty one", "twenty-one"),
    ("cannot", "can not"),
    ("it's", "Its"),
    ("and", "and"),
    ("e-mail", "email"),
    ("Well...", "well"),
]


@st.composite
def sounds(draw: st.DrawFn) -> list[tuple[int, int, tuple[str, str]]]:
    """What is said, as (start, end, writings); with silence anywhere."""
    said: list[tuple[int, int, tuple[str, str]]] = []
    ms = 0
    for writings in draw(st.lists(st.sampled_from(WRITINGS), min_size=1, max_size=60)):
        ms += draw(st.sampled_from([20, 20, 60, 300, 2_500, 9_000]))
        length_ms = draw(st.integers(150, 500)) * max(len(one.split()) for one in writings)
        said.append((ms, ms + length_ms, writings))
        ms += length_ms
    return said


def read(
    said: list[tuple[int, int, tuple[str, str]]], start_ms: int, end_ms: int, chance: Random
) -> Transcript:
    """What a recogniser writes of a part: its own way, its own times, and half words wrong."""
    words: list[Word] = []
    for begin_ms, stop_ms, writings in said:
        if stop_ms <= start_ms or begin_ms >= end_ms:
            continue
        if begin_ms < start_ms or stop_ms > end_ms:
            first_ms, last_ms = max(begin_ms, start_ms), min(stop_ms, end_ms)
            words.append(Word("zzz", first_ms - start_ms, last_ms - start_ms))
            continue
        tokens = chance.choice(writings).split()
        for place, token in enumerate(tokens):
            off_ms = chance.randint(-JITTER_MS, JITTER_MS) - start_ms
            length_ms = stop_ms - begin_ms
            words.append(
                Word(
                    token,
                    begin_ms + length_ms * place // len(tokens) + off_ms,
                    begin_ms + length_ms * (place + 1) // len(tokens) + off_ms,
                )
            )
    return Transcript((Paragraph(tuple(words), None, 0, end_ms - start_ms),) if words else ())


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())


@given(
    said=sounds(), cuts=st.lists(st.integers(2_500, 60_000), max_size=3), chance=st.randoms()
)
def test_no_sound_is_lost_or_doubled_however_each_part_writes_it(
    said: list[tuple[int, int, tuple[str, str]]], cuts: list[int], chance: Random
) -> None:
    total_ms = said[-1][1] + 100
    bounds: list[int] = []
    for cut in sorted(cuts):
        if cut < total_ms and cut - (bounds[-1] if bounds else 0) > 4_500:
            bounds.append(cut)
    starts = [0, *(cut - 2_000 for cut in bounds)]
    ends = [*(min(total_ms, cut + 2_000) for cut in bounds), total_ms]

    whole = stitch(
        [
            PartTranscript(read(said, start, end, chance), start, end)
            for start, end in zip(starts, ends, strict=True)
        ]
    )

    assert letters(whole.text) == letters(" ".join(one for _, _, (one, _) in said))


def turn(speaker: str, start_ms: int, text: str) -> Paragraph:
    words = tuple(
        Word(one, start_ms + 300 * place, start_ms + 300 * place + 250)
        for place, one in enumerate(text.split())
    )
    return Paragraph(words, SpeakerId(speaker), words[0].start_ms, words[-1].end_ms)


def with_speakers(*turns: Paragraph) -> Transcript:
    named = dict.fromkeys(one.speaker_id for one in turns if one.speaker_id)
    return Transcript(turns, tuple(Speaker(one) for one in named))


def test_speakers_heard_in_the_overlap_keep_who_they_are() -> None:
    first = with_speakers(turn("a", 0, "who goes there"), turn("b", 5_000, "it is only me"))
    second = with_speakers(turn("x", 0, "it is only me"), turn("y", 3_000, "come in then"))

    whole = stitch([PartTranscript(first, 0, 7_000), PartTranscript(second, 5_000, 12_000)])

    assert whole.text == "who goes there\nit is only me\ncome in then"
    assert whole.paragraphs[1].speaker_id == SpeakerId("speaker_1")
    assert [whole.speaker_label(one.speaker_id) for one in whole.speakers] == [
        "Speaker 1",
        "Speaker 2",
        "Part 2 · Speaker 1",
    ]


def test_speakers_the_overlap_does_not_settle_are_marked_with_their_part() -> None:
    first = with_speakers(turn("a", 0, "one two three"))
    second = with_speakers(turn("a", 3_000, "four five six"))

    whole = stitch([PartTranscript(first, 0, 3_000), PartTranscript(second, 2_000, 9_000)])

    assert [one.part for one in whole.speakers] == [0, 2]
    assert whole.paragraphs[0].speaker_id != whole.paragraphs[1].speaker_id


def test_a_turn_that_the_seam_parts_becomes_one_again() -> None:
    first = with_speakers(turn("a", 0, "we shall pay any price"))
    second = with_speakers(turn("b", 0, "any price bear any burden"))

    whole = stitch([PartTranscript(first, 0, 1_500), PartTranscript(second, 900, 4_000)])

    assert [one.text for one in whole.paragraphs] == ["we shall pay any price bear any burden"]


def test_words_cut_in_half_at_the_edges_of_the_overlap_are_dropped() -> None:
    first = with_speakers(turn("a", 0, "we shall pay any price be"))
    second = with_speakers(turn("b", 0, "ay any price bear any burden"))

    whole = stitch([PartTranscript(first, 0, 1_700), PartTranscript(second, 600, 4_000)])

    assert whole.text == "we shall pay any price bear any burden"


def test_channels_are_interleaved_by_time_with_a_speaker_each() -> None:
    left = Transcript((turn("z", 0, "how are you"), turn("z", 4_000, "good to hear")))
    right = Transcript((turn("z", 2_000, "fine thanks"),))

    whole = stitch(
        [PartTranscript(right, 0, 6_000, channel=1), PartTranscript(left, 0, 6_000, channel=0)]
    )

    assert [(whole.speaker_label(one.speaker_id), one.text) for one in whole.paragraphs] == [
        ("Speaker 1", "how are you"),
        ("Speaker 2", "fine thanks"),
        ("Speaker 1", "good to hear"),
    ]


def test_a_single_part_of_a_range_is_moved_to_its_place() -> None:
    whole = stitch([PartTranscript(with_speakers(turn("a", 100, "hello")), 60_000, 61_000)])

    assert next(whole.words()).start_ms == 60_100
