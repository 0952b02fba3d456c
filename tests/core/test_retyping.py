"""Typing: what a range of the text reads, and which word keeps which sound."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.document import Document
from app.core.retyping import Typed, retype, text_of
from app.core.transcript import Layout, Paragraph, SpeakerId, Transcript, Word
from tests.support.builders import any_transcripts, transcript

TALK = transcript(("A", "we shall bear any burden"), ("B", "meet any hardship"))
TYPED_TEXTS = st.text("ab É日本าक\u0301\u05d0🎤'-,. \n\t", max_size=12)


def type_in(start: Transcript, typed: Typed) -> Transcript:
    document = Document(start)
    change = retype(start, typed)
    if change is not None:
        document.apply(change)
        after = document.transcript
        document.undo()
        assert document.transcript == start
        return after
    return start


def put(start: Transcript, old: str, new: str) -> Transcript:
    """Write something in place of a part of the text that stands there once."""
    text = text_of(start.paragraphs)
    assert text.count(old) == 1, text
    begin = text.index(old)
    return type_in(start, typed_at(text, begin, begin + len(old), new))


def typed_at(text: str, begin: int, end: int, new: str) -> Typed:
    def place(at: int) -> tuple[int, int]:
        before = text[:at]
        return before.count("\n"), at - (before.rfind("\n") + 1)

    return Typed(*place(begin), *place(end), new)


def spans(one: Transcript) -> list[tuple[str, int, int]]:
    return [(word.text, word.start_ms, word.end_ms) for word in one.words()]


def test_a_corrected_word_keeps_its_time_and_all_others_are_the_same() -> None:
    done = put(TALK, "bear", "bare")
    words = list(done.words())
    assert words[2] == replace(TALK.paragraphs[0].words[2], text="bare")
    assert words[:2] + words[3:] == [one for one in TALK.words() if one.text != "bear"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("bear", "be ar", [("be", 1_000, 1_250), ("ar", 1_250, 1_500)]),
        ("bear any", "bearany", [("bearany", 1_000, 2_000)]),
        ("l bear any b", "lb", [("shallburden", 500, 2_500)]),
        ("bear any", "bear any", [("bear", 1_000, 1_500), ("any", 1_500, 2_000)]),
        ("bear any", "carry, any", [("carry,", 1_000, 1_500), ("any", 1_500, 2_000)]),
        ("bear any", "Bear", [("Bear", 1_000, 1_500)]),
        ("bear any", "any", [("any", 1_500, 2_000)]),
        ("shall bear", "will", [("will", 500, 1_000)]),
    ],
)
def test_words_keep_the_time_of_what_they_stand_for(
    old: str, new: str, expected: list[tuple[str, int, int]]
) -> None:
    start = replace(TALK, paragraphs=TALK.paragraphs[:1])
    done = spans(put(start, old, new))
    assert [one for one in done if one not in spans(start) or one in expected] == expected


def test_a_new_word_takes_the_silence_it_stands_in() -> None:
    gap = Paragraph((Word("a", 0, 100), Word("b", 900, 1_000)), None, 0, 1_000)
    done = type_in(Transcript((gap,)), Typed(0, 1, 0, 1, " and"))
    assert list(done.words())[1] == Word("and", 100, 900, is_estimated=True)


def test_without_a_silence_it_is_lit_while_the_word_before_ends() -> None:
    done = put(TALK, "shall ", "shall always ")
    new = next(word for word in done.words() if word.text == "always")
    assert (new.start_ms, new.end_ms, new.is_estimated) == (833, 1_000, True)
    assert [one for one in done.words() if one is not new] == list(TALK.words())


def test_a_word_that_only_touches_what_was_typed_is_the_same_word() -> None:
    done = put(TALK, "shall ", "shall, ")
    assert [one.text for one in done.words()][:3] == ["we", "shall,", "bear"]
    assert list(done.words())[2] is list(TALK.words())[2]
    done = type_in(TALK, Typed(0, 2, 0, 2, " all"))
    assert next(done.words()) is next(TALK.words())


def test_a_line_break_splits_and_its_removal_merges() -> None:
    split = put(TALK, "bear ", "bear\n")
    assert text_of(split.paragraphs) == "we shall bear\nany burden\nmeet any hardship"
    assert list(split.words()) == list(TALK.words())
    assert [one.speaker_id for one in split.paragraphs] == ["A", "A", "B"]
    assert [(one.start_ms, one.end_ms) for one in split.paragraphs[:2]] == [
        (0, 1_500),
        (1_500, 2_500),
    ]
    back = put(split, "bear\nany", "bear any")
    assert text_of(back.paragraphs) == text_of(TALK.paragraphs)
    merged = type_in(TALK, Typed(0, 24, 1, 0, ""))  # a space comes by itself
    assert text_of(merged.paragraphs) == "we shall bear any burden meet any hardship"
    assert list(merged.words()) == list(TALK.words())
    assert merged.paragraphs[0].speaker_id == "A"


def test_what_is_carried_past_paragraphs_leaves_those_between_with_their_speakers() -> None:
    start = transcript(("A", "we shall bear it"), ("B", "meet any hardship"), ("A", "to hold"))
    # As the widget tells it: all from where the word was to where it is now.
    done = put(
        start, "shall bear it\nmeet any hardship\nto", "bear it\nmeet any hardship\nto shall"
    )
    assert [(one.speaker_id, one.text) for one in done.paragraphs] == [
        ("A", "we bear it"),
        ("B", "meet any hardship"),
        ("A", "to shall hold"),
    ]
    assert done.paragraphs[1] is start.paragraphs[1]
    assert done.paragraphs[0].words[1:] == start.paragraphs[0].words[2:]


def test_what_is_put_before_a_word_that_begins_alike_leaves_that_word_as_it_is() -> None:
    start = transcript(("A", "one"), ("B", "no more"))
    done = type_in(start, Typed(0, 3, 1, 0, "\nno "))
    assert text_of(done.paragraphs) == "one\nno no more"
    assert list(done.words())[-2:] == list(start.words())[-2:]


def test_signs_written_without_spaces_stay_words_of_their_own() -> None:
    words = (Word("日", 0, 100), Word("本", 100, 200, is_joined=True))
    start = Transcript((Paragraph(words, None, 0, 200),))
    done = type_in(start, Typed(0, 1, 0, 2, "語"))
    assert list(done.words()) == [words[0], Word("語", 100, 200, is_joined=True)]
    done = type_in(start, Typed(0, 2, 0, 2, "人"))
    assert list(done.words())[:2] == list(words)
    assert done.text == "日本人"
    done = type_in(start, Typed(0, 1, 0, 1, "x"))
    assert done.text == "日x本"
    long = type_in(start, Typed(0, 0, 0, 2, "今日はいい天気ですね"))
    assert len(list(long.words())) == 10
    assert long.text == "今日はいい天気ですね"


def test_a_combining_mark_belongs_to_the_sign_before() -> None:
    start = transcript((None, "cafe now"))
    done = type_in(start, Typed(0, 4, 0, 4, "\u0301"))
    assert [one.text for one in done.words()] == ["cafe\u0301", "now"]


def test_what_is_no_sign_is_left_out() -> None:
    done = type_in(TALK, Typed(0, 2, 0, 2, "\x00\x07\ud800!\x1b"))
    assert done.paragraphs[0].text == "we! shall bear any burden"


def test_a_paste_of_tens_of_thousands_of_lines_comes_to_its_end() -> None:
    lines = [f"line {number}" for number in range(60_000)]
    made = type_in(TALK, Typed(0, 0, 0, 0, "\n\n".join(lines) + "\n"))
    written = [one for one in made.paragraphs if one.words]
    assert text_of(written[:-2]) == "\n".join(lines)
    assert [one.end_ms for one in written[:-1]] == [one.start_ms for one in written[1:]]


def test_all_can_be_emptied_and_written_again() -> None:
    text = text_of(TALK.paragraphs)
    empty = type_in(TALK, typed_at(text, 0, len(text), ""))
    assert text_of(empty.paragraphs) == ""
    again = type_in(empty, Typed(0, 0, 0, 0, "all anew"))
    assert again.text == "all anew"
    assert again.paragraphs[0].speaker_id == "A"
    assert type_in(Transcript((), duration_ms=900), Typed(0, 0, 0, 0, "new")).text == "new"


def test_a_word_with_a_space_in_it_can_be_cut_there() -> None:
    start = Transcript(
        (Paragraph((Word("New York", 0, 900), Word("is", 900, 999)), None, 0, 999),)
    )
    done = type_in(start, Typed(0, 4, 0, 8, "Ark"))
    assert done.text == "New Ark is"
    assert type_in(start, Typed(0, 0, 0, 4, "Old ")).text == "Old York is"


def test_a_paste_of_a_hundred_thousand_words_takes_less_than_a_second() -> None:
    text = " ".join(f"word{number}" for number in range(100_000))
    begin = time.process_time()
    done = type_in(TALK, Typed(0, 3, 0, 8, text))
    assert time.process_time() - begin < 1.5
    assert done.word_count == 100_000 + TALK.word_count - 1


@st.composite
def edits_of(draw: st.DrawFn, on: Transcript) -> tuple[int, int, str]:
    text = text_of(on.paragraphs)
    begin, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    if draw(st.booleans()):
        end = begin
    return begin, end, draw(TYPED_TEXTS)


def normal(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def is_unspaced(sign: str) -> bool:
    return sign in "日本า"


@given(any_transcripts(), st.data())
@settings(max_examples=400)
def test_the_text_reads_as_typed_and_untouched_words_are_the_same(
    start: Transcript, data: st.DataObject
) -> None:
    text = text_of(start.paragraphs)
    begin, end, new = data.draw(edits_of(start))
    done = type_in(start, typed_at(text, begin, end, new))
    head, tail = text[:begin], text[end:]
    raw = head + new + tail
    if text[begin:end] == "\n" and not new and head and tail:
        is_joined = is_unspaced(head[-1]) and is_unspaced(tail[0])
        raw = head + tail if is_joined else f"{head} {tail}"
    assert text_of(done.paragraphs) == normal(raw)
    at = 0
    before: list[Word] = []
    after: list[Word] = []
    for paragraph in start.paragraphs:
        for place, word in enumerate(paragraph.words):
            at += place > 0 and not word.is_joined
            if at + len(word.text) < begin:
                before.append(word)
            if at > end:
                after.append(word)
            at += len(word.text)
        at += 1
    words = list(done.words())
    assert words[: len(before)] == before
    kept = [replace(word, is_joined=False) for word in after]
    assert [replace(word, is_joined=False) for word in words[len(words) - len(after) :]] == kept
    if new and not new.isspace():
        speakers = {one.speaker_id for one in start.paragraphs}
        assert {one.speaker_id for one in done.paragraphs} <= speakers


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "two", "日", "three"]), st.integers(0, 400), st.booleans()
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 900),
    st.data(),
)
@settings(max_examples=300)
def test_times_that_never_ran_backwards_do_not_afterwards(
    said: list[tuple[str, int, bool]], lasts_ms: int, data: st.DataObject
) -> None:
    starts = itertools.accumulate(step for _, step, _ in said)
    words = tuple(
        Word(text, start, start + lasts_ms, is_joined=joined)
        for start, (text, _, joined) in zip(starts, said, strict=True)
    )
    place = data.draw(st.integers(0, len(words)))
    turns = (words[:place], words[place:])
    last_ms = words[-1].end_ms
    one = Transcript(
        tuple(Paragraph(turn, SpeakerId("A"), 0, last_ms) for turn in turns if turn)
    )
    for _ in range(data.draw(st.integers(1, 4))):
        begin, end, new = data.draw(edits_of(one))
        one = type_in(one, typed_at(text_of(one.paragraphs), begin, end, new))
        for paragraph in one.paragraphs:
            times = [word.start_ms for word in paragraph.words]
            assert times == sorted(times)
            assert all(word.start_ms <= word.end_ms for word in paragraph.words)
            assert all(word.text and word.text == word.text.strip() for word in paragraph.words)


def test_an_estimated_word_gives_way_to_a_known_one_in_front_of_it():
    heard = Word("three", 1_000, 1_400), Word("one", 1_000, 1_200)
    one = Transcript(tuple(Paragraph((word,), SpeakerId("A"), 0, 1_400) for word in heard))
    one = type_in(one, typed_at(text_of(one.paragraphs), 6, 6, "a "))
    assert one.paragraphs[1].words[0].start_ms < 1_000
    one = type_in(one, typed_at(text_of(one.paragraphs), 0, 6, "free "))
    assert [(word.text, word.start_ms) for word in one.words()] == [
        ("free", 1_000),
        ("a", 1_000),
        ("one", 1_000),
    ]


def subtitled(one: Transcript, begun: dict[str, Layout]) -> Transcript:
    """Let subtitles begin with words."""
    return replace(
        one,
        paragraphs=tuple(
            replace(
                part,
                words=tuple(replace(word, layout=begun.get(word.text)) for word in part.words),
            )
            for part in one.paragraphs
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "begins"),
    [
        ("bear ", "", "any"),  # the first word of a subtitle goes
        ("bear any", "", "burden"),
        ("shall bear", "", "any"),
        ("bear", "be ar", "be"),
        ("bear any", "bearany", "bearany"),
        ("bear any", "suffer every", "suffer"),
        ("bear", "bear with", "bear"),
    ],
)
def test_a_subtitle_begins_where_it_began(old: str, new: str, begins: str) -> None:
    layout = Layout(cue=(1_000, 2_500))
    done = put(subtitled(TALK, {"bear": layout}), old, new)
    assert [word.text for word in done.words() if word.layout == layout] == [begins]


NBSP, NARROW = "\u00a0", "\u202f"


def test_a_space_that_breaks_no_line_stays_and_parts_no_words() -> None:
    talk = transcript(("A", "oui bonjour merci"))
    done = put(talk, "bonjour", f"bonjour{NBSP}!")
    assert [one.text for one in done.words()] == ["oui", f"bonjour{NBSP}!", "merci"]
    assert [one.start_ms for one in done.words()] == [one.start_ms for one in talk.words()]
    number = put(done, f"{NBSP}!", f"{NARROW}000{NBSP}?")
    assert [one.text for one in number.words()][1] == f"bonjour{NARROW}000{NBSP}?"
    assert put(number, f"{NARROW}000{NBSP}?", "").text == talk.text
    within = put(done, f"{NBSP}!", f"{NBSP}x!")
    assert [one.text for one in within.words()][1] == f"bonjour{NBSP}x!"


@pytest.mark.parametrize("begin", range(18))
@pytest.mark.parametrize("typed", [NBSP, f" {NBSP}", f"{NBSP} ", f"{NBSP}{NBSP}x{NBSP}"])
def test_no_word_begins_or_ends_with_one(begin: int, typed: str) -> None:
    talk = transcript(("A", f"oui bon{NBSP}jour merci"))
    talk = replace(
        talk, paragraphs=(replace(talk.paragraphs[0], words=_of(f"oui|bon{NBSP}jour|merci")),)
    )
    done = type_in(talk, Typed(0, begin, 0, begin, typed))
    assert all(one.text and one.text == one.text.strip() for one in done.words())
    assert done.text.split() == (talk.text[:begin] + typed + talk.text[begin:]).split()


def _of(text: str) -> tuple[Word, ...]:
    return tuple(Word(one, 500 * at, 500 * at + 400) for at, one in enumerate(text.split("|")))


def test_a_turn_typed_longer_than_it_lasts_is_joined_to_the_next_in_order() -> None:
    words = Word("one", 0, 2), Word("one", 0, 2)
    one = Transcript(tuple(Paragraph((word,), SpeakerId("A"), 0, 2) for word in words))
    for begin, end, new in ((2, 2, "aaaa a "), (0, 0, "a"), (10, 12, "")):
        one = type_in(one, typed_at(text_of(one.paragraphs), begin, end, new))
    assert spans(one) == [("aonaaaa", 0, 1), ("a", 0, 1), ("one", 0, 2)]
