from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.transcript import Paragraph, Transcript, Word
from app.store.database import Database
from app.store.library import Library
from app.store.search import PASSAGE_WORDS, build_query, rebuild
from tests.store.test_library import keep
from tests.store.test_transcript_blob import TRANSCRIPTS
from tests.support.builders import any_words, transcript


def test_hit_tells_segment_and_word(library: Library) -> None:
    made = transcript(("a", "Hello the quick Café"), ("b", "is it a fox, or don't you know"))
    transcript_id = keep(library, paragraphs=made.paragraphs)
    for typed, paragraph, word in [
        ("cafe", 0, 3),
        ("QUICK", 0, 2),
        ('"quick café"', 0, 2),
        ("know fox", 1, 3),
        ("don't", 1, 5),
        ("kno", 1, 7),
    ]:
        (hit,) = library.search(typed)
        assert (hit.transcript_id, hit.paragraph_index, hit.word_index) == (
            transcript_id,
            paragraph,
            word,
        ), typed
        assert hit.marks
        for start, end in hit.marks:
            assert hit.snippet[start:end].strip()


def test_words_that_are_not_all_there_are_no_hit(library: Library) -> None:
    keep(library, "the quick fox")
    for typed in ("quick dog", '"fox quick"', "qui fox", "", "   ", '""', "- * ( )", "🙂"):
        assert library.search(typed) == [], typed


def test_scripts_without_spaces_are_found_within_words(library: Library) -> None:
    words = tuple(
        Word(text, place, place + 1, is_joined=place > 0)
        for place, text in enumerate(["今日は", "日本語", "の", "会議です", "ใหม่"])
    )
    keep(library, paragraphs=(Paragraph(words, None, 0, 5),))
    for typed, word in [("本語", 1), ("日本語", 1), ("今", 0), ("議", 3), ("はい", None)]:
        hits = library.search(typed)
        assert [hit.word_index for hit in hits] == ([] if word is None else [word]), typed
    (hit,) = library.search("日本")
    assert hit.snippet == "今日は日本語の会議ですใหม่"
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["日本"]


def test_vowel_signs_belong_to_their_word(library: Library) -> None:
    keep(library, "यह हिन्दी है")
    assert [hit.word_index for hit in library.search("हिन्दी")] == [1]
    assert library.search('"ह"') == []


def test_long_turns_are_found_at_the_right_word(library: Library) -> None:
    text = " ".join(f"w{number}x" for number in range(3 * PASSAGE_WORDS))
    keep(library, text)
    for number in (0, PASSAGE_WORDS - 1, PASSAGE_WORDS, 3 * PASSAGE_WORDS - 1):
        (hit,) = library.search(f'"w{number}x"')
        assert hit.word_index == number
        start, end = hit.marks[0]
        assert hit.snippet[start:end] == f"w{number}x"


def test_newest_come_first_each_in_reading_order(library: Library) -> None:
    made = transcript((None, "fox one"), (None, "fox two"))
    first = keep(library, paragraphs=made.paragraphs)
    second = keep(library, paragraphs=made.paragraphs)
    hits = [(hit.transcript_id, hit.paragraph_index) for hit in library.search("fox")]
    assert hits == [(second, 0), (second, 1), (first, 0), (first, 1)]
    within = library.search("fox", within=first)
    assert {hit.transcript_id for hit in within} == {first}
    assert len(library.search("fox", limit=2)) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(typed=st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_search_never_fails_on_what_is_typed(library: Library, typed: str) -> None:
    if not library.entries():
        keep(library, 'the "quick" fox* NEAR(a b) AND text:x ^b 日本')
    library.search(typed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    typed=st.lists(
        st.sampled_from(
            [*'"*)-^:a{+日', "NEAR(", "AND", "OR", "NOT", "text", "\u200d", "\u0301", "\x00"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_operators_are_only_words(library: Library, typed: str) -> None:
    if not library.entries():
        keep(library, "a and or not near text")
    library.search(typed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(made=TRANSCRIPTS)
def test_any_transcript_can_be_indexed(library: Library, made: Transcript) -> None:
    transcript_id = keep(library)
    library.save(transcript_id, made, now_ms=5)
    assert library.load(transcript_id).transcript == made
    library.search("a")
    library.purge([transcript_id])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    states=st.lists(
        st.lists(st.lists(any_words(), min_size=1, max_size=3).map(tuple), max_size=5),
        min_size=1,
        max_size=5,
    )
)
def test_index_follows_every_edit(
    database: Database, library: Library, states: list[list[tuple[Word, ...]]]
) -> None:
    transcript_id = keep(library)
    for state in states:
        made = Transcript(tuple(Paragraph(words, None, 0, 1) for words in state))
        library.save(transcript_id, made, now_ms=5)
    with database.writing() as connection:  # SQLite's own comparison of index and passages
        connection.execute(
            "INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)"
        )
    for place, words in enumerate(states[-1]):
        query = f'"{words[0].text}"'
        if build_query(query):
            hits = library.search(query, limit=1000)
            assert place in {hit.paragraph_index for hit in hits}
    library.purge([transcript_id])
    assert database.read("SELECT count(*) FROM passages") == [(0,)]


def test_rebuilt_index_finds_the_same(database: Database, library: Library) -> None:
    keep(library, "the quick fox")
    keep(library, "another fox")
    before = library.search("fox")
    with database.writing() as connection:
        connection.execute("DELETE FROM passages")
    rebuild(database)
    assert library.search("fox") == before
    assert replace(before[0]) == before[0]
