from hypothesis import given
from hypothesis import strategies as st

from app.core.transcript import Speaker, SpeakerId, Transcript, Word, join_words
from tests.support.builders import any_transcripts, any_words, paragraph, transcript


def test_words_are_joined_with_single_spaces():
    assert paragraph("Ask not what").text == "Ask not what"


def test_joined_word_has_no_space_before_it():
    pieces = [Word("日本", 0, 1), Word("語", 1, 2, is_joined=True), Word("text", 2, 3)]

    assert join_words(pieces) == "日本語 text"


def test_first_word_never_gets_a_space():
    assert join_words([Word("a", 0, 1)]) == join_words([Word("a", 0, 1, is_joined=True)]) == "a"


@given(st.lists(any_words()))
def test_joined_text_holds_every_word_in_order(spoken):
    assert join_words(spoken).replace(" ", "") == "".join(word.text for word in spoken)


@given(any_transcripts())
def test_words_come_in_reading_order_and_are_counted(one):
    told = [word for turn in one.paragraphs for word in turn.words]

    assert list(one.words()) == told
    assert one.word_count == len(told)


def test_text_has_one_line_a_turn():
    assert transcript(("A", "yes we can"), ("B", "no")).text == "yes we can\nno"


def test_unnamed_speakers_are_numbered_by_appearance():
    one = transcript(("B", "first"), ("A", "second"))

    assert one.speaker_label(SpeakerId("B")) == "Speaker 1"
    assert one.speaker_label(SpeakerId("A"), "Stimme {number}") == "Stimme 2"


def test_named_speaker_is_called_by_name():
    one = Transcript((), (Speaker(SpeakerId("A"), "Ida"),))

    assert one.speaker_label(SpeakerId("A")) == "Ida"


def test_unmatched_speakers_are_numbered_within_their_part():
    one = Transcript(
        (),
        (
            Speaker(SpeakerId("1a"), part=1),
            Speaker(SpeakerId("1b"), part=1),
            Speaker(SpeakerId("2a"), part=2),
        ),
    )

    assert one.speaker_label(SpeakerId("1b")) == "Part 1 · Speaker 2"
    assert one.speaker_label(SpeakerId("2a")) == "Part 2 · Speaker 1"


def test_nobody_has_no_label():
    one = transcript((None, "hello"))

    assert one.speaker_label(None) == ""
    assert one.speaker_label(SpeakerId("nobody")) == ""
