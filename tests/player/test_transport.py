from app.core.timeline import Timeline
from app.core.transcript import Paragraph, SpeakerId, Transcript, Word
from app.player.transport import (
    INSIDE_MS,
    StepUnit,
    Transport,
    TransportOptions,
    nearest_rate,
)

ANNA, BO = SpeakerId("a"), SpeakerId("b")


def turn(speaker: SpeakerId, *words: tuple[str, int, int]) -> Paragraph:
    made = tuple(Word(*one) for one in words)
    return Paragraph(made, speaker, made[0].start_ms, made[-1].end_ms)


TALK = Transcript(
    (
        turn(ANNA, ("One.", 1_000, 1_400), ("Two", 1_500, 1_900), ("three.", 2_000, 2_400)),
        turn(BO, ("Four", 8_000, 8_400), ("five.", 8_500, 9_000)),
        turn(ANNA, ("Six.", 9_500, 9_900)),
    )
)


def transport(**options: object) -> Transport:
    made = Transport(TALK, Timeline(TALK.paragraphs))
    made.set_options(TransportOptions(**options))  # type: ignore[arg-type]
    return made


def test_steps_go_to_starts_a_hair_inside() -> None:
    one = transport()
    assert one.step(StepUnit.WORD, 1, 1_000 + INSIDE_MS) == 1_500 + INSIDE_MS
    assert one.step(StepUnit.SENTENCE, 1, 1_600) == 8_000 + INSIDE_MS
    assert one.step(StepUnit.TURN, 1, 0) == 1_000 + INSIDE_MS
    assert one.step(StepUnit.TURN, 1, 20_000) == 20_000


def test_previous_is_this_start_unless_one_is_just_there() -> None:
    one = transport()
    assert one.step(StepUnit.TURN, -1, 9_400) == 8_000 + INSIDE_MS
    assert one.step(StepUnit.TURN, -1, 8_300) == 1_000 + INSIDE_MS
    assert one.step(StepUnit.TURN, -1, 1_100) == 0
    assert one.step(StepUnit.WORD, -1, 2_000 + INSIDE_MS) == 1_500 + INSIDE_MS


def test_repeated_next_word_visits_every_word() -> None:
    one, at, seen = transport(), 0, []
    for _ in range(6):
        at = one.step(StepUnit.WORD, 1, at)
        seen.append(at - INSIDE_MS)
    assert seen == [word.start_ms for word in TALK.words()]


def test_long_silences_are_skipped_with_some_air_left() -> None:
    one = transport(skips_silences=True)
    assert one.jump_from(2_500) is None
    assert one.jump_from(3_000) == 7_750
    assert one.jump_from(9_200) is None
    assert one.is_over(10_500)


def test_only_one_speaker_is_heard() -> None:
    one = transport(only_speaker=ANNA)
    assert one.jump_from(0) == 750
    assert one.jump_from(8_100) == 9_250
    assert one.jump_from(9_600) is None


def test_a_loop_goes_back_to_its_start_and_skips_nothing() -> None:
    one = transport(skips_silences=True)
    one.loop = (2_000, 7_000)
    assert one.jump_from(5_000) is None
    assert one.jump_from(7_010) == 2_000
    assert not one.is_over(50_000)


def test_speeds_are_steps_of_a_twentieth() -> None:
    assert nearest_rate(1.0 + 0.05) == 1.05
    assert nearest_rate(9) == 3.0
    assert nearest_rate(0.1) == 0.5


def test_what_is_struck_is_skipped_by_choice_and_never_jumped_back_from() -> None:
    said = [Word(str(at), at * 500, at * 500 + 400) for at in range(6)]
    said[1], said[2] = (word.reviewed(is_struck=True) for word in said[1:3])
    transcript = Transcript((Paragraph(tuple(said), None, 0, 2_900),))
    one = Transport(transcript, Timeline(transcript.paragraphs))
    assert one.jump_from(600) is None
    one.set_options(TransportOptions(skips_struck=True))
    assert one.jump_from(400) is None
    assert one.jump_from(500) == 1_400
    assert one.jump_from(1_399) == 1_400
    assert one.jump_from(1_400) is None
    one.take_transcript(Transcript(()))
    assert one.jump_from(600) is None
