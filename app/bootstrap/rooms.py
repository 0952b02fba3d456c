"""Make every room of the window: its views, and the controller that works in it.

No room is given another one. What one needs to know of another it is given as a question
(``on_page``); what it must hear of another is in ``wiring``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.bootstrap.exporting import make_exporter
from app.bootstrap.furnish import Front
from app.bootstrap.page import make_page
from app.bootstrap.services import Services, model_folders
from app.core.errors import StorageError
from app.core.live import LiveRecogniser
from app.core.messages import Message
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import ListedWord
from app.core.projects import Project, ProjectId
from app.core.transcript import TranscriptId
from app.jobs.handing_on import HandingOn
from app.jobs.headway import Headway
from app.jobs.library_replacing import LibraryReplacing
from app.jobs.listening import Listening
from app.jobs.live_session import Ears
from app.jobs.live_take import LiveTake
from app.jobs.stored_places import stored_places
from app.jobs.taking import Kept, Taking, devices_meanwhile
from app.jobs.throughput import Throughput
from app.jobs.updates import Updates
from app.jobs.watching import Watch
from app.ondevice.live import LiveEars
from app.player.session import PlaySession
from app.store.watched import WatchedFiles
from app.system.clocks import monotonic_ms, now_ms
from app.system.recent_files import recent_list
from app.ui.export.controller import ExportController
from app.ui.export.drag import DragHandles
from app.ui.export.importing import ImportController
from app.ui.export.labels import reader_labels
from app.ui.export.places import documents_folder
from app.ui.guide.announcer import Announcer
from app.ui.guide.commands import CommandsController
from app.ui.guide.first_words import FirstWords
from app.ui.guide.help import HelpController
from app.ui.guide.panes import PaneKeys
from app.ui.guide.welcoming import WelcomeController
from app.ui.kit.floating import Floating
from app.ui.kit.in_steps import Steps
from app.ui.library.backup import BackupController
from app.ui.library.controller import LibraryController
from app.ui.library.projects import ProjectsController
from app.ui.library.replacing import LibraryReplacingController
from app.ui.library.view import LibraryView
from app.ui.listening.bar import PlayerBar
from app.ui.listening.fetching import FetchController
from app.ui.models.controller import ModelsController
from app.ui.queue.awake import stay_awake
from app.ui.queue.controller import Estimates, QueueController, QueueViews
from app.ui.queue.recent import RecentlyAdded
from app.ui.queue.watching import WatchController
from app.ui.queue.work import WorkController
from app.ui.recording.controller import RecordingController, Studio
from app.ui.service.account import AccountController
from app.ui.service.deliveries import DeliveryController
from app.ui.service.keys import KeyController
from app.ui.service.recovery import RecoveryController
from app.ui.settings.controller import Beyond, SettingsController
from app.ui.settings.updates import UpdatesController
from app.ui.settings.words_page import WordsPage
from app.ui.stage import Page
from app.ui.tasks import Tasks
from app.ui.transcript.attaching import AttachingController
from app.ui.transcript.comparing import ComparingController
from app.ui.transcript.controller import ReadingController
from app.ui.transcript.growing import GrowingController
from app.ui.transcript.live_sound import LiveSound
from app.ui.transcript.live_tail import LiveTail
from app.ui.transcript.page_menu import PageMenu
from app.ui.transcript.reopened import Reopened
from app.ui.transcript.retiming import RetimingController
from app.ui.transcript.reviewing import Reviewing
from app.ui.transcript.speaker_reader import SpeakerReader
from app.ui.transcript.spelling import SpellingController
from app.ui.transcript.step_teller import StepTeller
from app.ui.transcript.view import TranscriptView
from app.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Guide:
    """What helps to find one's way.

    Attributes:
        announcer: Says what happens to those who hear the screen.
        commands: Every action by its name.
        help: What Wordlight is, and what leaves the computer.
        panes: F6.
        welcome: The first steps.
    """

    announcer: Announcer
    commands: CommandsController
    help: HelpController
    panes: PaneKeys
    welcome: WelcomeController


@dataclass(frozen=True, slots=True)
class Rooms:
    """What works in the window.

    Attributes:
        account: Costs, balance, and the question before much is spent.
        attaching: The recording of a transcript that has none, or another.
        backup: The library to a file and back.
        replacing: Find and replace in all transcripts.
        bar: The player's bar.
        comparing: Another transcript of the same recording.
        deliveries: Webhooks.
        exports: Transcripts to files.
        fetching: The recording of a link.
        growing: What there is so far of a recording that is at work.
        guide: What helps to find one's way.
        imports: Transcripts from files.
        keys: The key to the service.
        library: The library's page.
        library_view: What it is seen in.
        live_sound: The recording of the page, while that is still being made.
        live_tail: What is being said and may still change, under the words of the page.
        reopened: Whether the transcript on the page came there by itself at the start.
        models: The models of this computer.
        page: The transcript's text.
        page_menu: The menu of the page.
        projects: What is done with projects.
        queue: The queue.
        recent: The system's list of recent files.
        reading: The transcript on the page, and its sound.
        retiming: The times of its words.
        recording: What is being recorded.
        session: What plays, with the words.
        recovery: What the service still has of a job.
        reviewing: What is heard, in doubt, noted and struck of the transcript on the page.
        settings: The settings.
        speaker_reader: Says who speaks, to those who hear the page.
        spelling: Words that no dictionary knows.
        step_teller: Says what a step did, to those who hear the page.
        updates: Word of a newer release.
        watching: Watched folders.
        work: What goes along with work.
    """

    account: AccountController
    attaching: AttachingController
    comparing: ComparingController
    backup: BackupController
    replacing: LibraryReplacingController
    bar: PlayerBar
    deliveries: DeliveryController
    exports: ExportController
    fetching: FetchController
    growing: GrowingController
    guide: Guide
    imports: ImportController
    keys: KeyController
    library: LibraryController
    library_view: LibraryView
    live_sound: LiveSound
    reopened: Reopened
    live_tail: LiveTail
    models: ModelsController
    page: TranscriptView
    page_menu: PageMenu
    projects: ProjectsController
    queue: QueueController
    recent: RecentlyAdded
    reading: ReadingController
    retiming: RetimingController
    recording: RecordingController
    session: PlaySession
    recovery: RecoveryController
    reviewing: Reviewing
    settings: SettingsController
    speaker_reader: SpeakerReader
    spelling: SpellingController
    step_teller: StepTeller
    updates: UpdatesController
    watching: WatchController
    work: WorkController

    def begin(self) -> None:
        """Show what is set, once everybody hears of everybody."""
        self.settings.begin()
        self.deliveries.begin()
        self.models.begin()
        self.account.begin()
        self.updates.begin()

    @property
    def has_unsaved(self) -> bool:
        """Whether words are not kept yet, or are being replaced in transcripts."""
        return self.replacing.is_at_work or self.reading.has_unsaved

    async def save_words(self) -> bool:
        """Wait for what is being replaced, and keep all words; gives whether all are kept."""
        await self.replacing.finish()
        return await self.reading.save()

    async def save(self) -> None:
        """Wait until what a person changed is kept, and let go of the transcript."""
        await self.library.save()
        await self.reading.settle()  # else it would come where nobody is left to follow it
        self.watching.close()
        self.work.close()
        self.reviewing.close()
        await self.spelling.close()
        await self.reading.close()

    def close(self) -> None:
        """Follow the queue no longer."""
        self.guide.announcer.close()
        self.queue.close()
        self.growing.close()
        self.recording.close()
        self.account.close()


class _Makes:
    """Makes the rooms, each group by itself."""

    def __init__(
        self, window: MainWindow, front: Front, services: Services, tasks: Tasks
    ) -> None:
        self._window = window
        self._front = front
        self._actions = front.actions
        self._services = services
        self._storage = services.storage
        self._tasks = tasks
        self._exporter = make_exporter(
            self._storage.library,
            reader_labels(),
            documents_folder(),
            look=self._storage.look,
        )
        self.listening = Listening(
            self._storage.library,
            services.cache,
            copies=self._storage.paths.copies,
            fetch=services.service.fetch,
            look=self._storage.look,
        )

    def library_view(self) -> Steps[LibraryView]:
        view = LibraryView(self._front.appearance)
        yield
        self._window.place(Page.LIBRARY, view)
        return view

    def guide(self, page: TranscriptView, bar: PlayerBar) -> Guide:
        """Make what helps to find one's way."""
        front, stage = self._front, self._window
        first_words = FirstWords(self._actions)
        Floating(first_words, self._window.pages, over=page.text)
        return Guide(
            commands=CommandsController(
                stage=stage, appearance=front.appearance, actions=self._actions
            ),
            help=HelpController(
                stage=stage,
                actions=self._actions,
                offers_check=Updates(self._storage.settings).is_offered,
            ),
            welcome=WelcomeController(
                stage=stage,
                view=front.welcome,
                empty=front.empty,
                first=front.empty.first,
                first_words=first_words,
                settings=self._storage.settings,
            ),
            announcer=Announcer(
                window=stage, queue=self._services.queue, clock_ms=monotonic_ms
            ),
            panes=PaneKeys(
                self._actions,
                queue=front.side.queue,
                options=front.side.options,
                notice=stage.notice,
                page=stage.pages,
                player=bar,
            ),
        )

    def settings(self, models: ModelsController) -> SettingsController:
        storage = self._storage
        console = self._services.service.console

        async def test_connection() -> Message:
            return (await console().health()).message

        return SettingsController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            store=self._storage.settings,
            tasks=self._tasks,
            beyond=Beyond(
                test_connection=test_connection,
                known=self._services.knowing.known,
                chosen_options=lambda: self._front.side.options.options,
                look_what_is_stored=lambda: stored_places(
                    storage.paths, model_folders(storage.paths).downloads
                ),
                make_models_page=models.make_panel,
            ),
        )

    def updates(self) -> UpdatesController:
        storage = self._storage
        return UpdatesController(
            stage=self._window,
            updates=Updates(storage.settings),
            library=storage.library,
            tasks=self._tasks,
        )

    def keys(self) -> KeyController:
        console = self._services.service.console
        return KeyController(
            stage=self._window,
            keys=self._storage.keys,
            check_key=lambda key: console().check_key(key),
            tasks=self._tasks,
        )

    def recent(self) -> RecentlyAdded:
        storage = self._storage
        paths = storage.paths
        files = recent_list(paths.recent, leaves_traces=not paths.is_apart)
        return RecentlyAdded(files, storage.settings.settings, self._tasks, now_ms)

    def queue(
        self, library: LibraryView, recent: RecentlyAdded, reopened: Reopened
    ) -> QueueController:
        front, services = self._front, self._services

        headway = Headway(
            clock_ms=monotonic_ms,
            lanes=lambda: services.queue.limit,
            history=lambda: Throughput(self._storage.settings).history,
        )
        return QueueController(
            stage=self._window,
            views=QueueViews(front.side, front.empty, front.job_page, front.model),
            actions=self._actions,
            appearance=front.appearance,
            queue=services.queue,
            tasks=self._tasks,
            estimates=Estimates(headway, services.service.estimate, services.look),
            project_shown=self._project_shown(library),
            project_of=self._project_of,
            note_added=recent.note,
            is_reading=lambda: not reopened.is_untouched,
        )

    def _project_of(self, transcript_id: TranscriptId) -> ProjectId | None:
        """Give where a transcript is, none if that cannot be told; blocks on the disk."""
        try:
            entry = self._storage.library.entry(transcript_id)
        except StorageError:  # it is asked for what a recognition is helped by, no more
            return None
        return None if entry is None else entry.project_id

    def _project_shown(self, library: LibraryView) -> Callable[[], Project | None]:
        """Give what tells which project is shown, and takes in what is added."""

        def shown() -> Project | None:
            is_seen = self._window.page is Page.LIBRARY
            return library.shown_project if is_seen else None

        return shown

    def recording(self, library: LibraryView) -> RecordingController:
        services, storage = self._services, self._storage
        settings = storage.settings
        hand_on = HandingOn(
            services.queue,
            storage.library,
            services.transcripts,
            lambda: settings.settings.options,
        )
        list_devices = devices_meanwhile()
        taking = Taking(
            storage.paths.takes,
            lambda: documents_folder() / "Wordlight",
            hand_on,
            list_devices=list_devices,
        )

        def listen(options: TranscriptionOptions, count: int) -> Sequence[LiveRecogniser]:
            if options.model is ModelId.PULSE:
                ears: Ears = services.live_service.ears(options.language, names=options.names)
            else:
                ears = LiveEars(model_folders(storage.paths), options)
            return [ears.channel() for _ in range(count)]

        async def keep_nothing(_kept: Kept) -> None:
            """Of what is dictated only the words are kept."""

        # Its sound lies where nothing outlives this process.
        folder = storage.paths.run_place(storage.presence) / "dictation"
        dictating = Taking(
            folder, lambda: folder, keep_nothing, goes_on=False, list_devices=list_devices
        )

        def studio(taking: Taking) -> Studio:
            live = LiveTake(
                storage.library,
                services.transcripts,
                taking,
                listen,
                services.words.names_in,
                services.words.put_right_in,
            )
            return Studio(taking, live)

        recording = RecordingController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            studio=studio(taking),
            dictation=studio(dictating),
            settings=settings,
            tasks=self._tasks,
            stay_awake=stay_awake,
            live_service=services.live_service,
            project_shown=self._project_shown(library),
        )
        self._window.place_banner(recording.bar)
        return recording

    def watching(self) -> WatchController:
        return WatchController(
            stage=self._window,
            watch=Watch(WatchedFiles(self._storage.database), now_ms),
            add=self._services.queue.add,
            tasks=self._tasks,
            settings=self._storage.settings.settings,
        )

    def work(self) -> WorkController:
        return WorkController(
            stage=self._window,
            queue=self._services.queue,
            exporter=self._exporter,
            settings=self._storage.settings,
            tasks=self._tasks,
        )

    def library(self, view: LibraryView) -> LibraryController:
        return LibraryController(
            stage=self._window,
            actions=self._actions,
            view=view,
            library=self._storage.library,
            projects=self._storage.projects,
            tasks=self._tasks,
            now_ms=now_ms,
        )

    def projects(self, view: LibraryView) -> ProjectsController:
        def make_words_editor(
            words: Sequence[ListedWord], keep: Callable[[tuple[ListedWord, ...]], object]
        ) -> QWidget:
            return WordsPage(self._front.appearance, words, applies=None, keep=keep)

        return ProjectsController(
            stage=self._window,
            view=view,
            projects=self._storage.projects,
            tasks=self._tasks,
            now_ms=now_ms,
            make_words_editor=make_words_editor,
        )

    def backup(self) -> BackupController:
        return BackupController(
            stage=self._window,
            actions=self._actions,
            paths=self._storage.paths,
            database=self._storage.database,
            tasks=self._tasks,
            now_ms=now_ms,
        )

    def replacing(self) -> LibraryReplacingController:
        return LibraryReplacingController(
            stage=self._window,
            actions=self._actions,
            replacing=LibraryReplacing(self._storage.library, now_ms),
            opened=self._services.transcripts.opened,
            tasks=self._tasks,
        )

    def account(self) -> AccountController:
        services = self._services
        return AccountController(
            stage=self._window,
            queue=services.queue,
            spending=services.spending,
            keys=self._storage.keys,
            settings=self._storage.settings,
            ask_balance=lambda: services.service.console().balance(),
            tasks=self._tasks,
        )

    def deliveries(self) -> DeliveryController:
        return DeliveryController(
            stage=self._window,
            callbacks=self._services.callbacks,
            settings=self._storage.settings,
            tasks=self._tasks,
        )

    def recovery(self) -> RecoveryController:
        return RecoveryController(
            stage=self._window,
            queue=self._services.queue,
            recovery=self._services.recovery,
            tasks=self._tasks,
        )

    def models(self) -> ModelsController:
        return ModelsController(
            stage=self._window,
            actions=self._actions,
            models=self._services.models,
            tasks=self._tasks,
        )

    def fetching(self) -> FetchController:
        return FetchController(stage=self._window, listening=self.listening, tasks=self._tasks)

    def exports(self, reading: ReadingController) -> ExportController:
        storage, head = self._storage, self._front.head
        return ExportController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            exporter=self._exporter,
            settings=storage.settings,
            tasks=self._tasks,
            handles=DragHandles(
                head.export_button,
                head.title,
                head.copy_menu,
                lambda: storage.paths.run_folder(storage.presence),
            ),
            on_page=lambda: reading.stored,
        )

    def imports(self, library: LibraryView) -> ImportController:
        return ImportController(
            stage=self._window,
            actions=self._actions,
            appearance=self._front.appearance,
            library=self._storage.library,
            copies=self._storage.paths.copies,
            look=self._storage.look,
            tasks=self._tasks,
            now_ms=now_ms,
            projects=self._storage.projects,
            project_shown=self._project_shown(library),
        )


def make_rooms(
    window: MainWindow, front: Front, services: Services, tasks: Tasks
) -> Steps[Rooms]:
    """Make what was not needed for the first paint; ``wiring`` lets the rooms hear."""
    make = _Makes(window, front, services, tasks)
    library_view = yield from make.library_view()
    yield
    around = yield from make_page(window, front, services, make.listening, tasks)
    yield
    reading, page, bar = around.reading, around.parts.view, around.bar
    models, recent = make.models(), make.recent()
    recording = make.recording(library_view)
    yield
    return Rooms(
        settings=make.settings(models),
        keys=make.keys(),
        reading=reading,
        session=around.parts.session,
        attaching=around.attaching,
        comparing=around.comparing,
        growing=around.growing,
        spelling=around.spelling,
        retiming=around.retiming,
        reviewing=around.reviewing,
        page=page,
        bar=bar,
        queue=make.queue(library_view, recent, around.reopened),
        recent=recent,
        library_view=library_view,
        live_sound=around.live_sound,
        reopened=around.reopened,
        live_tail=around.live_tail,
        library=make.library(library_view),
        projects=make.projects(library_view),
        watching=make.watching(),
        work=make.work(),
        backup=make.backup(),
        replacing=make.replacing(),
        account=make.account(),
        deliveries=make.deliveries(),
        recovery=make.recovery(),
        models=models,
        fetching=make.fetching(),
        exports=make.exports(reading),
        imports=make.imports(library_view),
        updates=make.updates(),
        recording=recording,
        guide=make.guide(page, bar),
        step_teller=around.step_teller,
        speaker_reader=around.speaker_reader,
        page_menu=around.menu,
    )
