"""Each stretch of speech has its language; another one is believed only where it is sure."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.languages import Asked, Detect, Run, ask, runs_of, stretches_of

CODES = {0: ("de", 0.99), 5_000: ("en", 0.95), 11_000: ("es", 0.6), 16_000: ("es", 0.9)}
SPOKEN = [(0, 4_000), (5_000, 10_000), (11_000, 15_000), (16_000, 20_000)]


def runs_in(
    speech: list[tuple[int, int]], detect: Detect, before: str, until_ms: int
) -> list[Run]:
    return runs_of(ask(speech, detect), before, until_ms)


def test_short_stretches_go_with_the_nearest_and_short_pauses_count_for_nothing() -> None:
    speech = [(0, 2_000), (2_300, 4_000), (5_000, 6_000), (6_600, 10_000), (14_000, 15_000)]

    assert stretches_of(speech) == [(0, 4_000), (5_000, 15_000)]
    assert stretches_of([(100, 900)]) == [(100, 900)]
    assert stretches_of([]) == []


def test_language_changes_only_where_it_is_sure_and_in_the_middle_of_a_pause() -> None:
    runs = runs_in(SPOKEN, lambda span: CODES[span[0]], "", 21_000)

    assert runs == [Run(0, 4_500, "de"), Run(4_500, 15_500, "en"), Run(15_500, 21_000, "es")]


def test_what_is_never_sure_stays_what_was_spoken_before() -> None:
    unsure = runs_in(SPOKEN, lambda _: ("cy", 0.4), "en", 21_000)

    assert unsure == [Run(0, 21_000, "en")]
    assert runs_in(SPOKEN, lambda _: ("cy", 0.4), "", 21_000) == [Run(0, 21_000, "")]
    assert runs_in([], lambda _: ("cy", 0.9), "en", 9_000) == [Run(0, 9_000, "en")]


def test_the_beginning_belongs_to_the_first_language_that_is_sure() -> None:
    told = iter([("ja", 0.5), ("fr", 0.9)])

    assert runs_in(SPOKEN[:2], lambda _: next(told), "", 9_000) == [Run(0, 9_000, "fr")]


def test_what_is_unsure_together_is_asked_about_part_by_part() -> None:
    spoken = [(0, 6_000), (7_000, 12_000), (13_000, 15_000)]
    told = {
        (0, 6_000): ("en", 0.95),
        (7_000, 15_000): ("es", 0.6),
        (7_000, 12_000): ("es", 0.97),
        (13_000, 15_000): ("en", 0.85),
    }

    assert ask(spoken, told.__getitem__) == [
        Asked(0, 6_000, "en", 0.95),
        Asked(7_000, 12_000, "es", 0.97),
        Asked(13_000, 15_000, "en", 0.85, is_short=True),
    ]
    assert runs_in(spoken, told.__getitem__, "", 15_500) == [
        Run(0, 6_500, "en"),
        Run(6_500, 12_500, "es"),
        Run(12_500, 15_500, "en"),
    ]


def test_a_short_part_brings_in_no_language_that_nobody_spoke() -> None:
    spoken = [(0, 5_000), (6_000, 7_500)]
    told = {
        (0, 7_500): ("es", 0.7),
        (0, 5_000): ("es", 0.97),
        (6_000, 7_500): ("pt", 0.9),
    }

    assert runs_in(spoken, told.__getitem__, "", 8_000) == [Run(0, 8_000, "es")]
    assert runs_in(spoken, told.__getitem__, "pt", 8_000) == [
        Run(0, 5_500, "es"),
        Run(5_500, 8_000, "pt"),
    ]


@given(st.lists(st.integers(1, 9_000), max_size=12), st.data())
def test_runs_are_all_the_sound_and_stretches_all_the_speech(lengths: list[int], data) -> None:
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    speech = list(zip(edges[::2], edges[1::2], strict=False))
    stretches = stretches_of(speech)
    assert all(
        any(begin <= start and end <= until for begin, until in stretches)
        for start, end in speech
    )
    answers = st.tuples(st.sampled_from(["de", "en"]), st.floats(0, 1))
    runs = runs_in(speech, lambda _: data.draw(answers), "", edges[-1] + 1)
    assert runs[0].start_ms == 0
    assert runs[-1].end_ms == edges[-1] + 1
    assert all(a.end_ms == b.start_ms for a, b in pairwise(runs))
    assert all(a.language != b.language for a, b in pairwise(runs))
