"""Each part of speech has its language; another one is believed only where it is worth it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ondevice.languages import Asked, Detect, Run, ask, runs_of

CODES = {0: {"de": 0.99}, 5_000: {"en": 0.95}, 11_000: {"es": 0.6}, 16_000: {"es": 0.9}}
SPOKEN = [(0, 4_000), (5_000, 10_000), (11_000, 15_000), (16_000, 20_000)]


def runs_in(
    speech: list[tuple[int, int]], detect: Detect, before: str, until_ms: int
) -> list[Run]:
    return runs_of(ask(speech, detect), before, until_ms)


def languages_in(told: Mapping[tuple[int, int], Mapping[str, float]], before: str = "") -> str:
    """Give the languages of parts a second apart, in their order."""
    runs = runs_in(list(told), told.__getitem__, before, max(end for _, end in told) + 500)
    return " ".join(run.language for run in runs)


def test_short_pauses_count_for_nothing_and_what_is_too_short_is_not_asked_about() -> None:
    speech = [(0, 2_000), (2_300, 4_000), (5_000, 5_900), (6_500, 10_000)]

    assert ask(speech, lambda span: {"en": span[1] / 10_000}) == [
        Asked(0, 4_000, {"en": 0.4}),
        Asked(5_000, 5_900),
        Asked(6_500, 10_000, {"en": 1.0}, "en"),
    ]


def test_language_changes_in_the_middle_of_a_pause() -> None:
    runs = runs_in(SPOKEN, lambda span: CODES[span[0]], "", 21_000)

    assert runs == [Run(0, 4_500, "de"), Run(4_500, 10_500, "en"), Run(10_500, 21_000, "es")]


def test_what_is_never_sure_stays_what_was_spoken_before() -> None:
    unsure = runs_in(SPOKEN, lambda _: {"cy": 0.4}, "en", 21_000)

    assert unsure == [Run(0, 21_000, "en")]
    assert runs_in(SPOKEN, lambda _: {"cy": 0.4}, "", 21_000) == [Run(0, 21_000, "")]
    assert runs_in([], lambda _: {"cy": 0.9}, "en", 9_000) == [Run(0, 9_000, "en")]


def test_the_beginning_belongs_to_the_first_language_that_is_sure() -> None:
    told = iter([{"ja": 0.5}, {"fr": 0.9}])

    assert runs_in(SPOKEN[:2], lambda _: next(told), "", 9_000) == [Run(0, 9_000, "fr")]


@pytest.mark.parametrize("chance", [0.34, 0.8, 0.99])
def test_a_short_sentence_is_not_taken_for_its_neighbours_language(chance: float) -> None:
    """Measured: two seconds of English are heard as English at 0.34 to 0.99, French at 0.00."""
    told = {
        (0, 2_000): {"en": chance, "la": 0.3},
        (3_000, 30_000): {"fr": 1.0},
        (31_000, 33_000): {"en": chance, "la": 0.3},
        (34_000, 40_000): {"fr": 1.0},
        (41_000, 46_000): {"en": 1.0},
    }

    assert languages_in(told) == "en fr en fr en"


def test_a_short_part_brings_in_no_language_that_nobody_spoke() -> None:
    told = {(0, 5_000): {"es": 0.97}, (6_000, 8_900): {"pt": 0.9, "es": 0.01}}

    assert languages_in(told) == "es"
    assert languages_in(told, "pt") == "es pt"


def test_short_parts_together_bring_in_a_language() -> None:
    """Measured: three sentences of Czech within English, none of them of three seconds."""
    told = {
        (0, 2_000): {"en": 0.7},
        (3_300, 5_300): {"tr": 0.4, "en": 0.06},
        (6_600, 8_000): {"sk": 0.4, "cs": 0.3},
        (9_300, 11_300): {"cs": 0.96},
        (13_200, 14_400): {"sl": 0.3, "cs": 0.2},
        (15_600, 20_800): {"en": 1.0},
    }
    together = {(3_300, 8_000): {"tr": 0.5, "cs": 0.4}, (6_600, 11_300): {"cs": 0.95}}
    asked = ask(list(told), lambda span: told.get(span) or together[span])

    assert [one.sure for one in asked] == ["", "", "cs", "cs", "", "en"]
    assert [(run.start_ms, run.language) for run in runs_of(asked, "", 21_000)] == [
        (0, "en"),
        (5_950, "cs"),
        (15_000, "en"),
    ]


def test_parts_far_from_each_other_or_clear_are_not_asked_about_together() -> None:
    told = {
        (0, 2_000): {"cs": 0.4},
        (8_000, 10_000): {"cs": 0.4},
        (11_000, 13_000): {"en": 0.6},
        (14_000, 16_000): {"cs": 0.4},
        (17_000, 21_000): {"en": 1.0},
    }

    assert [one.sure for one in ask(list(told), told.__getitem__)] == ["", "", "", "", "en"]


def test_what_is_as_likely_in_either_goes_with_its_neighbours() -> None:
    told = {
        (0, 5_000): {"en": 1.0},
        (6_000, 8_000): {"el": 0.99},
        (9_000, 15_000): {"cs": 0.95},
        (16_000, 19_000): {"en": 0.4, "cs": 0.3, "pl": 0.3},
        (20_000, 26_000): {"cs": 0.9},
    }

    assert languages_in(told) == "en cs"


def test_an_unsure_sentence_is_heard_in_the_likelier_language_of_the_recording() -> None:
    """It was heard as English among English, with half of its words wrong."""
    told = {
        (0, 7_000): {"es": 0.9, "en": 0.04},
        (8_000, 16_000): {"en": 1.0},
        (17_000, 22_700): {"es": 0.58, "it": 0.2, "en": 0.05},
        (24_000, 29_000): {"en": 1.0},
    }

    assert languages_in(told) == "es en es en"


CHANCES = st.one_of(
    st.dictionaries(st.sampled_from(["de", "en", "fr"]), st.floats(0, 1)),
    st.sampled_from(["de", "en", "fr"]).map(lambda code: {code: 0.97}),
)
LENGTHS = st.one_of(st.integers(1, 9_000), st.integers(3_000, 9_000))


def test_runs_are_all_the_sound_and_of_languages_that_were_heard() -> None:
    counts: list[int] = []

    @given(st.lists(LENGTHS, max_size=12), st.data())
    def hold(lengths: list[int], data) -> None:
        edges = [0]
        for length in lengths:
            edges.append(edges[-1] + length)
        speech = list(zip(edges[::2], edges[1::2], strict=False))
        before = data.draw(st.sampled_from(["", "en", "nl"]))
        asked = ask(speech, lambda _: data.draw(CHANCES))
        runs = runs_of(asked, before, edges[-1] + 1)
        counts.append(len(runs))
        assert runs[0].start_ms == 0
        assert runs[-1].end_ms == edges[-1] + 1
        assert all(a.end_ms == b.start_ms for a, b in pairwise(runs))
        assert all(a.language != b.language for a, b in pairwise(runs))
        assert {run.language for run in runs} <= {before, *(one.sure for one in asked)}
        assert all(
            any(run.start_ms <= start and end <= run.end_ms for run in runs)
            for start, end in speech
        )

    hold()
    assert max(counts) > 1  # otherwise nothing would be said of two runs side by side
