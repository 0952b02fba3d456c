"""Make the room of the transcript: page, player, and a controller for each thing done there."""

from __future__ import annotations

from dataclasses import dataclass

from app.bootstrap.furnish import Front
from app.bootstrap.services import Services
from app.jobs.attaching import Attaching
from app.jobs.comparing import Comparing
from app.jobs.listening import Listening
from app.jobs.spelling import Speller
from app.player.player import Player
from app.player.session import PlaySession
from app.ui.kit.in_steps import Steps
from app.ui.listening.bar import PlayerBar
from app.ui.listening.controller import PlayingController
from app.ui.listening.place import ReadingPlace
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.transcript.aligning import AligningController
from app.ui.transcript.attaching import AttachingController
from app.ui.transcript.comparing import ComparingController
from app.ui.transcript.controller import ReadingController, ReadingParts
from app.ui.transcript.growing import GrowingController
from app.ui.transcript.history import HistoryController
from app.ui.transcript.language_doubt import LanguageDoubtController
from app.ui.transcript.live_sound import LiveSound
from app.ui.transcript.live_tail import LiveTail
from app.ui.transcript.own_words import OwnWordsController
from app.ui.transcript.page_actions import PageActions
from app.ui.transcript.page_menu import PageMenu
from app.ui.transcript.paragraphs import ParagraphsController
from app.ui.transcript.pasting import PastingController
from app.ui.transcript.reopened import Reopened
from app.ui.transcript.replacing import ReplacingController
from app.ui.transcript.retiming import RetimingController
from app.ui.transcript.reviewing import Reviewing
from app.ui.transcript.speaker_reader import SpeakerReader
from app.ui.transcript.speakers import SpeakersController
from app.ui.transcript.spelling import SpellingController
from app.ui.transcript.step_teller import StepTeller
from app.ui.transcript.telling import TellingController
from app.ui.transcript.turns import TurnsController
from app.ui.transcript.view import TranscriptView
from app.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class PageRoom:
    """What works on the transcript on the page.

    Attributes:
        reading: The transcript on the page, and its sound.
        parts: What it is read and heard with.
        bar: The player's bar.
        menu: The menu of the page.
        attaching: The recording of a transcript that has none, or another.
        comparing: Another transcript of the same recording.
        growing: What there is so far of a recording that is at work.
        live_sound: Its recording, while that is still being made.
        live_tail: What is being said and may still change, under its words.
        reopened: Whether it came to the page by itself at the start.
        retiming: The times of its words.
        reviewing: What is heard, in doubt, noted and struck of it.
        speaker_reader: Says who speaks, to those who hear the page.
        spelling: Words that no dictionary knows.
        step_teller: Says what a step did, to those who hear the page.
    """

    reading: ReadingController
    parts: ReadingParts
    bar: PlayerBar
    menu: PageMenu
    attaching: AttachingController
    comparing: ComparingController
    growing: GrowingController
    live_sound: LiveSound
    reopened: Reopened
    live_tail: LiveTail
    retiming: RetimingController
    reviewing: Reviewing
    speaker_reader: SpeakerReader
    spelling: SpellingController
    step_teller: StepTeller


class _Makes:
    """Makes what works on the page, each by itself."""

    def __init__(
        self,
        window: MainWindow,
        front: Front,
        services: Services,
        listening: Listening,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._front = front
        self._actions = front.actions
        self._services = services
        self._storage = services.storage
        self._listening = listening
        self._tasks = tasks

    def reading(
        self,
    ) -> Steps[tuple[ReadingController, ReadingParts, PlayerBar, PageMenu]]:
        appearance = self._front.appearance
        view = TranscriptView(appearance)
        yield
        bar = PlayerBar(appearance)
        yield
        page = PageActions(
            stage=self._window, appearance=appearance, actions=self._actions, view=view
        )
        self._front.head.set_menu(page.menu)
        yield
        place = ReadingPlace(view)
        session = PlaySession(Player(self._window), self._window)
        yield
        self._window.place(Page.TRANSCRIPT, place, begins_at=place)
        yield
        self._window.place_player(bar)
        self._window.keep_clear_below(view.text)
        yield
        playing = PlayingController(
            stage=self._window,
            actions=self._actions,
            page=view,
            place=place,
            bar=bar,
            session=session,
            settings=self._storage.settings,
            tasks=self._tasks,
        )
        telling = TellingController(
            stage=self._window,
            appearance=appearance,
            listening=self._listening,
            telling=self._services.telling,
            tasks=self._tasks,
        )
        yield
        parts = ReadingParts(self._front.head, view, bar, session, playing)
        reading = ReadingController(
            stage=self._window,
            actions=self._actions,
            parts=parts,
            library=self._storage.library,
            transcripts=self._services.transcripts,
            listening=self._listening,
            speakers=SpeakersController(
                stage=self._window,
                appearance=appearance,
                listening=self._listening,
                telling=self._services.telling,
                telling_apart=telling,
                knowing=self._services.knowing,
                tasks=self._tasks,
            ),
            settings=self._storage.settings,
            tasks=self._tasks,
        )
        yield
        PastingController(
            stage=self._window, view=view, current=lambda: reading.current, tasks=self._tasks
        )
        ParagraphsController(
            stage=self._window,
            appearance=appearance,
            actions=self._actions,
            view=view,
            current=lambda: reading.current,
            tasks=self._tasks,
        )
        AligningController(
            stage=self._window,
            actions=self._actions,
            current=lambda: reading.current,
            listening=self._listening,
            aligning=self._services.aligning,
            tasks=self._tasks,
            parent=view,
        )
        yield
        ReplacingController(
            stage=self._window,
            actions=self._actions,
            appearance=appearance,
            view=view,
            current=lambda: reading.current,
            tasks=self._tasks,
        )
        LanguageDoubtController(
            stage=self._window,
            current=lambda: reading.current,
            opened=reading.opened,
            again=reading.transcribe_again,
            parent=view,
        )
        OwnWordsController(
            stage=self._window,
            actions=self._actions,
            appearance=appearance,
            current=lambda: reading.current,
            opened=reading.opened,
            words=self._services.words,
            tasks=self._tasks,
            parent=view,
        )
        yield
        HistoryController(
            stage=self._window,
            actions=self._actions,
            appearance=appearance,
            view=view,
            current=lambda: reading.current,
            tasks=self._tasks,
        )
        TurnsController(
            stage=self._window,
            actions=self._actions,
            appearance=appearance,
            view=view,
            session=session,
            current=lambda: reading.current,
            known_names=lambda: self._storage.library.speaker_names(
                None if reading.current is None else reading.current.transcript_id
            ),
            tasks=self._tasks,
        )
        return reading, parts, bar, page.menu

    def reviewing(self, reading: ReadingController, parts: ReadingParts) -> Reviewing:
        return Reviewing(
            stage=self._window,
            appearance=self._front.appearance,
            actions=self._actions,
            parts=parts,
            reading=reading,
            library=self._storage.library,
            settings=self._storage.settings,
            tasks=self._tasks,
        )

    def attaching(
        self, reading: ReadingController, view: TranscriptView
    ) -> AttachingController:
        storage = self._storage
        attaching = AttachingController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            attaching=Attaching(
                storage.library,
                self._listening,
                copies=storage.paths.copies,
                keeps_copies=lambda: storage.settings.settings.keep_copies,
            ),
            tasks=self._tasks,
            on_page=lambda: reading.current,
        )
        view.add_over(attaching.missing)
        return attaching

    def comparing(
        self, reading: ReadingController, view: TranscriptView
    ) -> ComparingController:
        comparing = ComparingController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            view=view,
            comparing=Comparing(self._storage.library),
            listening=self._listening,
            tasks=self._tasks,
            on_page=lambda: reading.current,
        )
        view.add_under(comparing.panel)
        return comparing

    def growing(self, reading: ReadingController, view: TranscriptView) -> GrowingController:
        return GrowingController(
            stage=self._window,
            head=self._front.head,
            view=view,
            reading=reading,
            growing=self._services.pipeline.growing,
            jobs=self._services.queue,
            tasks=self._tasks,
        )

    def spelling(
        self, reading: ReadingController, view: TranscriptView, menu: PageMenu
    ) -> SpellingController:
        return SpellingController(
            stage=self._window,
            actions=self._actions,
            view=view,
            menu=menu,
            speller=Speller(),
            settings=self._storage.settings,
            words=self._services.words,
            tasks=self._tasks,
            on_page=lambda: reading.current,
        )

    def retiming(self, reading: ReadingController, view: TranscriptView) -> RetimingController:
        retiming = RetimingController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            view=view,
            tasks=self._tasks,
            on_page=lambda: reading.current,
        )
        view.add_under(retiming.panel)
        return retiming

    def hearing(
        self, reading: ReadingController, reviewing: Reviewing, page: TranscriptView
    ) -> tuple[StepTeller, SpeakerReader]:
        """Make what tells those who hear the page of what is only seen."""
        return (
            StepTeller(stage=self._window, page=page.text, current=lambda: reading.current),
            SpeakerReader(
                actions=self._actions,
                text=page.text,
                current=lambda: reading.current,
                doubt_below=lambda: reviewing.doubt_below,
                is_on=self._storage.settings.settings.reads_speakers,
            ),
        )


def make_page(
    window: MainWindow, front: Front, services: Services, listening: Listening, tasks: Tasks
) -> Steps[PageRoom]:
    """Make it; ``listening`` finds the sound of what is read."""
    make = _Makes(window, front, services, listening, tasks)
    reading, parts, bar, menu = yield from make.reading()
    view = parts.view
    yield
    reviewing = make.reviewing(reading, parts)
    yield
    step_teller, speaker_reader = make.hearing(reading, reviewing, view)
    attaching = make.attaching(reading, view)
    yield
    comparing = make.comparing(reading, view)
    yield
    spelling = make.spelling(reading, view, menu)
    yield
    retiming = make.retiming(reading, view)
    yield
    return PageRoom(
        reading=reading,
        parts=parts,
        bar=bar,
        menu=menu,
        attaching=attaching,
        comparing=comparing,
        growing=make.growing(reading, view),
        live_sound=LiveSound(
            session=parts.session,
            bar=bar,
            current=lambda: reading.current,
            begin=reading.play_growing,
            parent=view,
        ),
        reopened=Reopened(view, parts.session),
        live_tail=LiveTail(
            appearance=front.appearance,
            view=view,
            player=parts.session.player,
            current=lambda: reading.current,
        ),
        retiming=retiming,
        reviewing=reviewing,
        speaker_reader=speaker_reader,
        spelling=spelling,
        step_teller=step_teller,
    )
