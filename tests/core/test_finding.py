"""What a query finds, as people mean it, and patterns that never end."""

from __future__ import annotations

import time

import pytest

from app.core.finding import PatternError, Query, Search, range_after
from app.core.replacing import find_all, replace_hits
from app.core.transcript import SpeakerId
from tests.support.builders import paragraph, split_before, transcript


def found(text: str, query: Query) -> list[str]:
    return [text[start:end] for start, end in Search(query).find(text)]


@pytest.mark.parametrize(
    ("text", "query", "wanted"),
    [
        ("The theatre, the end", Query("the"), ["The", "the", "the"]),
        ("The theatre, the end", Query("the", is_case_kept=True), ["the", "the"]),
        ("The theatre, the end", Query("the", is_whole_word=True), ["The", "the"]),
        ("a  b\u00a0c", Query("B   C"), ["b\u00a0c"]),
        ("café Cafe\u0301 cafe", Query("cafe"), ["cafe"]),
        (
            "café Cafe\u0301 cafe",
            Query("CAFÉ", ignores_accents=True),
            ["café", "Cafe\u0301", "cafe"],
        ),
        ("Łódź, Århus", Query("lodz", ignores_accents=True), ["Łódź"]),
        ("한글 글", Query("글", ignores_accents=True), ["글", "글"]),
        ("a1 b22", Query(r"\d+", is_pattern=True), ["1", "22"]),
        ("a1 b22", Query(r"x*", is_pattern=True), []),
        ("a.c abc", Query("a.c"), ["a.c"]),
        ("nothing", Query("  "), []),
    ],
)
def test_what_is_found(text: str, query: Query, wanted: list[str]) -> None:
    assert (found(text, query) if query else []) == wanted


def test_only_between_two_places() -> None:
    search = Search(Query("a", within=((1, 2), (2, 1))))
    text = "a a a"
    assert [start for start, _ in search.find(text, 1)] == [2, 4]
    assert [start for start, _ in search.find(text, 2)] == [0]
    some = paragraph(text)
    assert [search.wants(number, some) for number in range(4)] == [False, True, True, False]


def test_only_what_one_speaker_says() -> None:
    search = Search(Query("a", speaker_id=SpeakerId("A")))
    assert search.wants(0, paragraph("a", "A"))
    assert not search.wants(0, paragraph("a", "B"))


def test_a_pattern_writes_its_groups() -> None:
    search = Search(Query(r"(\w+)-(\w+)", is_pattern=True))
    assert [one.text for one in search.replace("left-right", 0, r"\2 \1")] == ["right left"]
    with pytest.raises(PatternError, match="cannot be used as the replacement"):
        search.replace("left-right", 0, r"\9")


def test_what_is_no_pattern_is_said() -> None:
    with pytest.raises(PatternError, match="not a valid regular expression"):
        Search(Query("(", is_pattern=True))


def test_a_pattern_that_never_ends_is_stopped() -> None:
    search = Search(Query(r"(?:x|x)+$", is_pattern=True), lambda: 0.2)
    begin = time.monotonic()
    with pytest.raises(PatternError, match="takes too long"):
        search.find("x" * 60 + "y")
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    "source",
    ["a{1000000000}", "(ab){100000000}", r"(((\w{200}){200}){200}){200}", "(a{900,}){900,}"],
)
def test_a_pattern_that_would_take_all_memory_is_refused(source: str) -> None:
    with pytest.raises(PatternError, match="takes too long"):
        Search(Query(source, is_pattern=True))


def test_a_pattern_that_begins_with_itself_is_stopped() -> None:
    search = Search(Query("(?R)a|a", is_pattern=True))
    with pytest.raises(PatternError, match="takes too long"):
        search.find("aaaa")


def test_repeats_of_everyday_are_no_matter() -> None:
    dates = Query(
        r"(\d{4})-(\d{2})-(\d{2}) [{3](?:a{0,99999}|[)]{1})\{99999999}", is_pattern=True
    )
    assert found("2026-01-31 3){99999999}", dates) == ["2026-01-31 3){99999999}"]


def test_a_range_goes_along_with_edits_before_in_and_behind_it() -> None:
    talk = transcript(("A", "one two"), ("A", "muller met muller"), ("A", "muller and muller"))
    within = ((1, 7), (2, 6))  # from "met" to the first word of the last
    hits = find_all(talk, Query("muller", within=within), "Müllers")
    change = replace_hits(talk, hits)
    assert change is not None
    moved = range_after(within, change)
    assert moved == ((1, 7), (2, 7))
    after = change.applied_to(talk)
    assert [one.text for one in after.paragraphs[1:]] == [
        "muller met Müllers",
        "Müllers and muller",
    ]
    split = split_before(after, 0, 1)
    assert split is not None
    assert range_after(moved, split) == ((2, 7), (3, 7))
    last = split_before(split.applied_to(after), 3, 1)
    assert last is not None
    assert range_after(((0, 0), (2, 5)), last) == ((0, 0), (2, 5))
