"""The live text of a take: in the library from the first word, and made better in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.capture.journal import TakeFolder, wav_header
from app.core import edits
from app.core.live import Ended, LiveLeft, Settled, Tentative
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.projects import NO_PROJECT, ProjectId
from app.core.structure import remove_speaker
from app.core.take import Source, SourceKind
from app.core.transcript import SpeakerId, Transcript, TranscriptId
from app.core.wordless import agree_to_no_words, wordless_places
from app.jobs.live_take import LiveTake
from app.jobs.live_texts import LiveTexts
from app.jobs.open_transcript import OpenTranscript, OpenTranscripts
from app.jobs.taking import Kept, TakeNow, Taking
from app.store.library import Library
from app.store.opening import open_database
from app.store.projects import Projects
from tests.jobs.test_live_session import FakeRecogniser
from tests.support.speech import turn, words
from tests.support.waiting import until

OPTIONS = TranscriptionOptions(language="en")


class Studio:
    """A take that is being recorded, its library, and who hears it."""

    def __init__(self, folder: Path, count: int = 1) -> None:
        database, _ = open_database(folder / "wordlight.db")
        self.database = database
        self.library = Library(database)
        self.transcripts = OpenTranscripts(self.library)
        self.taking = Taking(folder / "takes", lambda: folder, self._hand_on)
        kinds = (SourceKind.MICROPHONE, SourceKind.COMPUTER)[:count]
        self.taking.now = TakeNow("1-a", tuple(Source(kind) for kind in kinds))
        self.folder = TakeFolder(folder / "takes" / "1-a")
        self.folder.path.mkdir(parents=True)
        (self.folder.path / "part-1.wav").write_bytes(wav_header(count) + bytes(96_000))
        self.ears = [FakeRecogniser() for _ in range(count)]
        self.count = count
        self.put_right: tuple[ListedWord, ...] = ()
        self.take = LiveTake(
            self.library,
            self.transcripts,
            self.taking,
            self._listen,
            lambda project_id: ("Hale",) if project_id else (),
            lambda _transcript: self.put_right,
        )

    async def begin(
        self, *, is_final: bool = False, project_id: ProjectId = NO_PROJECT
    ) -> OpenTranscript:
        opened = await self.take.begin(
            self.count,
            OPTIONS,
            speakers=("You", "They") if self.count > 1 else (),
            is_final=is_final,
            project_id=project_id,
        )
        assert opened is not None
        return opened

    def say(self, text: str, at_ms: int, channel: int = 0) -> None:
        said = words(text, at_ms)
        self.ears[channel].told.put_nowait(Settled(said, said[-1].end_ms, "en"))

    def _listen(self, options: TranscriptionOptions, _count: int) -> list[FakeRecogniser]:
        self.listened_for = options.names
        return self.ears

    async def _hand_on(self, _kept: Kept) -> None:
        pass


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    one = Studio(tmp_path)
    yield one
    one.database.close()


async def test_words_stand_in_the_library_while_they_are_spoken(studio: Studio) -> None:
    opened = await studio.begin()
    assert studio.folder.read_live() == LiveLeft(opened.transcript_id, is_final=False)
    studio.say("Good morning all.", 200)
    await until(lambda: opened.document.transcript.word_count == 3)
    assert await opened.save()

    kept = studio.library.load(opened.transcript_id).transcript
    assert kept.text == "Good morning all."
    assert studio.library.original(opened.transcript_id).text == kept.text
    await studio.take.finish()
    await studio.take.end()


async def test_speech_without_words_is_marked_while_it_is_recorded(studio: Studio) -> None:
    opened = await studio.begin()
    studio.say("Good morning all.", 200)
    studio.ears[0].told.put_nowait(Settled((), 9_000, "en", ((3_000, 5_500),)))
    document = opened.document
    await until(lambda: document.transcript.wordless == ((3_000, 5_500),))
    assert set(wordless_places(document.transcript).values()) == {(3_000, 5_500)}

    agreed = agree_to_no_words(document.transcript, 0, 2)
    assert agreed is not None
    opened.apply(agreed)
    studio.ears[0].told.put_nowait(Settled((), 14_000, "en", ((10_000, 12_000),)))
    await until(lambda: document.transcript.wordless == ((10_000, 12_000),))
    opened.undo()  # what has come since stays
    assert document.transcript.wordless == ((3_000, 5_500), (10_000, 12_000))

    await studio.take.finish()
    await studio.take.end()
    kept = studio.library.load(opened.transcript_id).transcript
    assert kept.wordless == ((3_000, 5_500), (10_000, 12_000))
    assert studio.library.original(opened.transcript_id).wordless == kept.wordless


async def test_it_stands_in_its_project_and_the_words_of_that_are_listened_for(
    studio: Studio,
) -> None:
    project = Projects(studio.database).add("Thesis", now_ms=1)
    opened = await studio.begin(project_id=project.project_id)
    entry = studio.library.entry(opened.transcript_id)
    assert entry is not None
    assert entry.project_id == project.project_id
    assert studio.listened_for == ("Hale",)
    assert studio.library.record(opened.transcript_id).options == OPTIONS
    await studio.take.finish()
    await studio.take.end()


async def test_whoever_opens_it_works_on_what_grows_and_may_leave_and_come_back(
    studio: Studio,
) -> None:
    opened = await studio.begin()
    studio.say("Good morning all.", 200)
    await until(lambda: opened.document.transcript.word_count == 3)
    page = await studio.transcripts.open(opened.transcript_id)
    assert page is opened
    page.apply(edits.correct_words(page.document.transcript, 0, 1, 1, "evening"))
    assert await studio.transcripts.leave(page)
    studio.say("Shall we?", 5_000)
    await until(lambda: opened.document.transcript.word_count == 5)
    assert (await studio.transcripts.open(opened.transcript_id)) is opened
    await studio.take.finish()
    await studio.take.end()

    assert studio.library.load(opened.transcript_id).transcript.text == (
        "Good evening all.\nShall we?"
    )
    assert studio.library.original(opened.transcript_id).text.startswith("Good morning all.")
    await studio.transcripts.leave(page)


async def test_two_sources_are_two_speakers(tmp_path: Path) -> None:
    studio = Studio(tmp_path, 2)
    opened = await studio.begin()
    studio.say("How are you?", 100, 0)
    studio.say("Fine, thanks.", 3_000, 1)
    studio.ears[0].told.put_nowait(Settled((), 6_000))
    await until(lambda: opened.document.transcript.word_count == 5)

    now = opened.document.transcript
    assert [now.speaker_label(one.speaker_id) for one in now.paragraphs] == ["You", "They"]
    await studio.take.finish()
    await studio.take.end()
    studio.database.close()


@pytest.mark.parametrize("is_gone", [True, False])
async def test_only_what_was_heard_to_its_end_is_kept_as_all_there_is(
    studio: Studio, is_gone: bool
) -> None:
    opened = await studio.begin(is_final=True)
    studio.say("Good morning.", 200)
    await until(lambda: opened.document.transcript.word_count == 2)
    if is_gone:
        studio.ears[0].told.put_nowait(Ended(message("The model is gone.")))
    await studio.take.finish()
    wanted = LiveLeft(opened.transcript_id, is_final=True, is_whole=not is_gone)
    assert studio.folder.read_live() == wanted
    await studio.take.end()


@pytest.mark.parametrize("is_open", [True, False])
async def test_what_stays_as_it_was_heard_lasts_as_long_as_the_recording(
    studio: Studio, is_open: bool
) -> None:
    opened = await studio.begin(is_final=True)
    studio.say("Good morning.", 200)
    await until(lambda: opened.document.transcript.word_count == 2)
    page = await studio.transcripts.open(opened.transcript_id) if is_open else None
    await studio.take.finish()
    await studio.take.end()

    texts = LiveTexts(studio.library, studio.transcripts)
    listed = [ListedWord("Mourning", ("morning",))]
    await texts.stay(opened.transcript_id, 9_000, listed)
    await texts.stay(TranscriptId("gone"), 9_000, listed)
    kept = studio.library.load(opened.transcript_id)
    assert kept.entry.duration_ms == kept.transcript.duration_ms == 9_000
    assert kept.transcript.text == "Good Mourning."
    assert studio.library.original(opened.transcript_id).text == "Good morning."
    if page is not None:
        assert page.document.transcript.duration_ms == 9_000
        await studio.transcripts.leave(page)


async def test_a_take_in_which_nothing_was_said_leaves_no_transcript(studio: Studio) -> None:
    opened = await studio.begin()
    await studio.take.finish()
    assert studio.folder.read_live() is None
    await studio.take.end()
    assert studio.library.entry(opened.transcript_id) is None


@pytest.mark.parametrize("is_open", [True, False])
async def test_better_words_take_its_place_and_it_stays_as_a_version(
    studio: Studio, is_open: bool
) -> None:
    opened = await studio.begin()
    studio.say("We met miss tailor today.", 200)
    await until(lambda: opened.document.transcript.word_count == 5)
    opened.apply(edits.correct_words(opened.document.transcript, 0, 4, 1, "yesterday."))
    page = await studio.transcripts.open(opened.transcript_id) if is_open else None
    await studio.take.finish()
    await studio.take.end()
    final = Transcript(
        (turn("We met Miss Taylor today.", 210, None),),
        language="en",
        duration_ms=9_000,
        model="on-device:base",
    )

    texts = LiveTexts(studio.library, studio.transcripts)
    assert await texts.give_way(opened.transcript_id, final)

    kept = studio.library.load(opened.transcript_id).transcript
    assert kept.text == "We met Miss Taylor yesterday."
    assert (kept.model, kept.duration_ms) == ("on-device:base", 9_000)
    entry = studio.library.entry(opened.transcript_id)
    assert entry is not None
    assert (entry.model, entry.language, entry.duration_ms) == ("on-device:base", "en", 9_000)
    assert studio.library.original(opened.transcript_id).text == final.text
    versions = studio.library.version_list(opened.transcript_id)
    reasons = {one.reason: one.taken_ms for one in versions}
    before = studio.library.version(opened.transcript_id, reasons["Use the final words"])
    assert before.text == "We met miss tailor yesterday."
    if page is not None:
        assert page.document.transcript.text == "We met Miss Taylor yesterday."
        page.undo()
        assert page.document.transcript.text == "We met miss tailor yesterday."
        await studio.transcripts.leave(page)


async def test_better_words_are_put_right_by_the_word_list_but_for_what_a_person_wrote(
    studio: Studio,
) -> None:
    opened = await studio.begin()
    studio.say("We met muller and muller today.", 200)
    await until(lambda: opened.document.transcript.word_count == 6)
    opened.apply(edits.correct_words(opened.document.transcript, 0, 4, 1, "Mueller"))
    await studio.take.finish()
    await studio.take.end()
    final = Transcript(
        (turn("We met Muller and Muller today.", 210, None),), language="en", duration_ms=9_000
    )

    texts = LiveTexts(studio.library, studio.transcripts)
    listed = [ListedWord("Müller", ("muller",))]
    assert await texts.give_way(opened.transcript_id, final, listed)

    kept = studio.library.load(opened.transcript_id).transcript
    assert kept.text == "We met Müller and Mueller today."
    assert studio.library.original(opened.transcript_id).text == final.text


async def test_a_live_text_that_was_deleted_does_not_come_back(studio: Studio) -> None:
    opened = await studio.begin()
    studio.say("Good morning.", 200)
    await until(lambda: opened.document.transcript.word_count == 2)
    await studio.take.finish()
    await studio.take.end()
    studio.library.purge([opened.transcript_id])

    texts = LiveTexts(studio.library, studio.transcripts)
    assert not await texts.give_way(opened.transcript_id, Transcript(()))


async def test_a_speaker_who_was_taken_off_the_list_does_not_come_back(
    tmp_path: Path,
) -> None:
    studio = Studio(tmp_path, 2)
    opened = await studio.begin()
    now = opened.document.transcript
    opened.apply(remove_speaker(now, SpeakerId("speaker_1")))
    studio.say("Fine, thanks.", 3_000, 1)
    studio.ears[0].told.put_nowait(Settled((), 6_000))
    await until(lambda: opened.document.transcript.word_count == 2)
    assert opened.document.transcript.paragraphs[0].speaker_id is None
    await studio.take.finish()
    await studio.take.end()
    studio.database.close()


async def test_a_dictation_keeps_words_with_the_signs_that_were_spoken_and_no_recording(
    studio: Studio,
) -> None:
    opened = await studio.take.begin(
        1, OPTIONS, speakers=(), is_final=True, keeps_sound=False, has_signs=True
    )
    assert opened is not None
    assert studio.folder.read_live() is None
    assert not opened.is_growing
    assert not opened.stored.link.has_recording
    assert opened.stored.entry.name.startswith("Dictation ")
    studio.put_right = (ListedWord("Anne", ("anna",)),)
    studio.say("Dear Anna comma new line", 200)
    studio.say("thank you", 3_000)
    studio.say("comma too full stop new paragraph goodbye", 6_000)
    await until(lambda: opened.document.transcript.word_count == 7)
    studio.ears[0].told.put_nowait(Tentative(words("again full stop", 9_000)))
    await until(lambda: studio.take.tentative() == ((None, "again."),))
    await studio.take.finish()
    await studio.take.end()

    kept = studio.library.load(opened.transcript_id).transcript
    assert kept.text == "Dear Anne,\nThank you, too.\nGoodbye"
    heard = studio.library.original(opened.transcript_id).text
    assert heard == kept.text.replace("Anne", "Anna")
    assert studio.folder.read_live() is None


async def test_what_is_recorded_stays_as_it_was_said(studio: Studio) -> None:
    opened = await studio.begin()
    assert opened.is_growing
    studio.say("one comma two", 200)
    await until(lambda: opened.document.transcript.word_count == 3)
    assert opened.document.transcript.text == "one comma two"
    await studio.take.finish()
    await studio.take.end()
    assert not opened.is_growing
