"""Pieces of text become the words that were said, however they were cut."""

from __future__ import annotations

import pytest

from app.core.transcript import Word
from app.waves.live_codec import Heard
from app.waves.live_joining import Joiner


def read(words: list[Word] | tuple[Word, ...]) -> str:
    return "".join(word.text if word.is_joined else f" {word.text}" for word in words).strip()


def entries(text: str, at_ms: int = 0, each_ms: int = 300) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "word": word,
            "start": (at_ms + number * each_ms) / 1_000,
            "end": (at_ms + number * each_ms + each_ms - 60) / 1_000,
        }
        for number, word in enumerate(text.split())
    )


def final(text: str, at_ms: int = 0, words: str | None = None) -> Heard:
    said = text if words is None else words
    return Heard(text, entries(said, at_ms), is_final=True)


def all_words(joiner: Joiner, *pieces: Heard, sent_ms: int = 60_000) -> list[Word]:
    words = [word for piece in pieces for word in joiner.add(piece, sent_ms)]
    return [*words, *joiner.release()]


def test_the_full_stop_that_opens_the_next_piece_belongs_to_the_word_before():
    joiner = Joiner()
    words = all_words(
        joiner,
        final(" Hi there. Can you hear me okay"),
        final("? Great. So let's um get", 3_000, words="Great. So let's um get"),
        final(", and yeah, the numbers", 6_000, words=", and yeah, the numbers"),
    )
    assert read(words) == (
        "Hi there. Can you hear me okay? Great. So let's um get, and yeah, the numbers"
    )


def test_the_last_word_waits_for_what_comes_behind_it():
    joiner = Joiner()
    settled = joiner.add(final(" text transcription with the Pulse API"), 9_000)
    assert read(settled) == "text transcription with the Pulse"
    assert joiner.settled_ms == settled[-1].end_ms
    assert read(joiner.tentative(". This is a sam", 9_000)) == "API. This is a sam"
    assert read(joiner.tentative("", 9_000)) == "API"
    assert read(joiner.release()) == "API"
    assert joiner.release() == ()


def test_a_stop_on_its_own_closes_the_word_before():
    joiner = Joiner()
    words = all_words(joiner, final(" all of it"), Heard(".", (), is_final=True))
    assert read(words) == "all of it."


def test_a_stop_that_comes_too_late_still_reads_right():
    joiner = Joiner()
    words = [*joiner.add(final(" all of it"), 9_000), *joiner.release()]
    words += all_words(joiner, final(". And more", 5_000, words="And more"))
    assert read(words) == "all of it. And more"


@pytest.mark.parametrize(
    ("first", "second", "gap_ms", "read_as"),
    [
        (" your order", "My name", 400, "your order My name"),
        (" in the street", "my name", 400, "in the street my name"),
        (" in the sam", "ple of it", 0, "in the sample of it"),
        (" things. Uh", "-huh.", 0, "things. Uh-huh."),
        (" things. Uh", "-huh.", 900, "things. Uh -huh."),
        (" The end.", "so it was", 0, "The end. so it was"),
    ],
)
def test_a_piece_without_a_space_goes_on_only_where_word_and_times_say_so(
    first, second, gap_ms, read_as
):
    joiner = Joiner()
    one = final(first)
    end_ms = round(float(str(entries(first)[-1]["end"])) * 1_000)
    assert read(all_words(joiner, one, final(second, end_ms + gap_ms))) == read_as


def test_where_no_piece_begins_with_a_space_a_small_letter_is_a_new_word():
    joiner = Joiner()
    end_ms = round(float(str(entries("in the street")[-1]["end"])) * 1_000)
    words = all_words(joiner, final("in the street"), final("my name", end_ms))
    assert read(words) == "in the street my name"


def test_what_was_settled_before_the_connection_broke_is_not_said_twice():
    joiner = Joiner()
    words = list(joiner.add(final(" one two three four"), 2_000))
    assert read(words) == "one two three"
    assert joiner.again_from_ms == words[-1].start_ms
    joiner.connect(joiner.again_from_ms)
    words += all_words(joiner, final(" three four five", 0), sent_ms=9_000)
    assert read(words) == "one two three four five"
    starts = [word.start_ms for word in words]
    assert starts == sorted(starts)


def test_what_comes_without_times_is_told_by_its_spelling():
    joiner = Joiner()
    words = list(joiner.add(Heard(" one two three four", (), is_final=True), 4_000))
    joiner.connect(joiner.again_from_ms)
    assert joiner.again_from_ms == 0  # its times are a guess, so more is heard again
    words += all_words(joiner, Heard(" One two, three four five", (), is_final=True))
    assert read(words) == "one two three four five"
    assert all(word.is_estimated for word in words)


def test_the_same_piece_twice_counts_once():
    joiner = Joiner()
    piece = final(" one two three")
    assert read(all_words(joiner, piece, piece)) == "one two three"


def test_scripts_without_spaces_stay_without():
    joiner = Joiner()
    words = all_words(
        joiner,
        Heard("今日は", entries("今日 は"), is_final=True),
        Heard("いい天気", entries("いい 天気", 900), is_final=True),
    )
    assert read(words) == "今日はいい天気"


def test_silence_that_was_heard_is_not_sent_again():
    joiner = Joiner()
    joiner.add(final(" one two"), 2_000)
    joiner.hear_silence(60_000)
    assert joiner.again_from_ms < 2_000  # a word still waits
    joiner.release()
    joiner.hear_silence(60_000)
    assert joiner.again_from_ms == 60_000


def test_what_never_became_final_is_settled_at_the_end():
    joiner = Joiner()
    words = list(joiner.add(final(" one two"), 2_000))
    words += joiner.settle_tentative("three fo", 3_000)
    assert read(words) == "one two three fo"
    assert words[-1].is_estimated
    assert words[-1].end_ms <= 3_000
