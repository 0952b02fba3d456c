"""Put together what works without a window; window and command line share it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.audio.cache import PlaybackCache
from app.audio.probe import probe
from app.core.messages import Message
from app.core.recording import Look, Recording, SoundChoice
from app.jobs.aligning import Aligning
from app.jobs.at_hand import WordsAtHand
from app.jobs.callbacks import Callbacks
from app.jobs.consent import Consent
from app.jobs.knowing import Knowing
from app.jobs.live_service import LiveService
from app.jobs.looking import Looking
from app.jobs.models import Models
from app.jobs.open_transcript import OpenTranscripts
from app.jobs.own_words import OwnWords
from app.jobs.pipeline import Pipeline
from app.jobs.queue import JobQueue
from app.jobs.recovery import Recovery
from app.jobs.service import Service
from app.jobs.spending import Spending
from app.jobs.telling import Telling
from app.ondevice.alignment import WordAligner
from app.ondevice.installed import ModelFolders
from app.ondevice.recogniser import Recogniser
from app.ondevice.voices import VoiceTeller
from app.store.database import Database
from app.store.job_store import JobStore
from app.store.known_voices import KnownVoices
from app.store.library import Library
from app.store.opening import open_database
from app.store.paths import AppPaths
from app.store.projects import Projects
from app.store.secrets import KeyStore, is_in_keyring
from app.store.set_aside import WordsAside
from app.store.settings import SettingsStore
from app.system.clocks import now_ms
from app.system.locks import Presence
from app.system.resources import resource_path


@dataclass(frozen=True, slots=True)
class Storage:
    """What is on disk, opened.

    Attributes:
        paths: The folders.
        presence: Shows other processes that this one lives.
        database: The one database.
        jobs: The queue's part of it.
        library: The transcripts.
        aside: Words that it does not take while it is damaged.
        settings: The settings.
        keys: The key to the service.
        notice: A sentence if something had to be rescued.
    """

    paths: AppPaths
    presence: Presence
    database: Database
    jobs: JobStore
    library: Library
    aside: WordsAside
    projects: Projects
    settings: SettingsStore
    keys: KeyStore
    notice: Message | None

    @classmethod
    def open(cls, paths: AppPaths) -> Storage:
        """Open everything that is kept; blocks.

        Raises:
            StorageError: It cannot be opened.
        """
        paths.create()
        presence = Presence(paths.presence)
        database, notice = open_database(
            paths.database,
            may_rescue=presence.is_alone,
            has_copies=lambda: _has_copies(paths.backups),
        )
        jobs = JobStore(database, presence)
        library = Library(database)
        aside = WordsAside(database.path)
        aside.take_up(library, now_ms=now_ms())
        paths.clear_leftovers(presence, jobs.unfinished_ids)
        return cls(
            paths,
            presence,
            database,
            jobs,
            library,
            aside,
            Projects(database),
            SettingsStore(database),
            KeyStore(paths.config, is_in_keyring=is_in_keyring),
            notice,
        )

    def scratch(self) -> Path:
        """Make and give a folder that is removed once this process is gone; blocks."""
        return self.paths.run_folder(self.presence)

    async def look(self, path: Path, choice: SoundChoice | None = None) -> Recording:
        """Look at a recording; what is decoded for it goes with this process at the latest."""
        return await probe(path, choice, scratch=await asyncio.to_thread(self.scratch))

    def close(self) -> None:
        """Close the database and free what this process had claimed; blocks."""
        self.database.close()
        self.presence.close()


def _has_copies(folder: Path) -> bool:
    from app.store.backup import rolling_backups  # loads what a start has no need of

    return bool(rolling_backups(folder))


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that works, Qt aside.

    Attributes:
        kept: What is on disk.
        service: The speech service.
        models: The models of this computer.
        recogniser: Recognition on this computer.
        aligning: Where words are said, found on this computer.
        telling: Who speaks, told by voice on this computer.
        knowing: Names for voices that were named before.
        cache: Waveforms and playback copies.
        spending: What the service will cost, and the questions before.
        live_service: Live text by the service.
        words: What a person has listed, for everything and by project.
        transcripts: Those that are open.
        pipeline: What is done for a job.
        queue: The jobs.
        callbacks: Deliveries of the service.
        recovery: What the service's log still has.
        look: Looks into a recording.
        looking: Looks at recordings as soon as they wait.
    """

    storage: Storage
    service: Service
    models: Models
    recogniser: Recogniser
    telling: Telling
    aligning: Aligning
    knowing: Knowing
    cache: PlaybackCache
    spending: Spending
    live_service: LiveService
    words: OwnWords
    transcripts: OpenTranscripts
    pipeline: Pipeline
    queue: JobQueue
    callbacks: Callbacks
    recovery: Recovery
    look: Look
    looking: Looking


def model_folders(paths: AppPaths) -> ModelFolders:
    """Say where the models of this computer lie."""
    return ModelFolders(paths.data / "models")


def voice_models() -> Path:
    """Say where the models lie that tell voices apart; they come with the program."""
    try:
        return resource_path("voices")
    except FileNotFoundError:  # said when it is asked of them, and costs no words
        return Path("voices")


@asynccontextmanager
async def open_services(storage: Storage) -> AsyncGenerator[Services]:
    """Bring up the services on what is kept, and put them away in order afterwards."""
    settings = storage.settings.settings
    service = Service(storage.settings, storage.keys)
    folders = model_folders(storage.paths)
    models = Models(folders, storage.settings)
    recogniser = Recogniser(folders)

    consent = Consent(service, storage.settings)
    spending = Spending(service, storage.settings, consent, look=storage.look)
    cache = PlaybackCache(storage.paths.cache / "overviews")
    await asyncio.to_thread(cache.tidy)
    telling = Telling(
        paths=storage.paths,
        teller=VoiceTeller(voice_models()),
        cache=cache,
        at_hand=WordsAtHand(storage.library),
        look=storage.look,
        scratch=storage.scratch,
    )
    aligning = Aligning(
        paths=storage.paths,
        aligner=WordAligner(),
        cache=cache,
        look=storage.look,
        scratch=storage.scratch,
    )
    transcripts = OpenTranscripts(storage.library, aside=storage.aside)
    words = OwnWords(storage.settings, storage.projects)
    pipeline = Pipeline(
        paths=storage.paths,
        job_steps=storage.jobs.steps,
        library=storage.library,
        settings=storage.settings,
        words=words,
        recogniser=recogniser,
        telling=telling,
        service=service,
        cache=cache,
        spending=spending,
        transcripts=transcripts,
        look=storage.look,
    )
    queue = JobQueue(storage.jobs, pipeline, limit=settings.jobs_at_once)
    callbacks = Callbacks(
        settings=storage.settings, steps=storage.jobs.steps, queue=queue, pipeline=pipeline
    )
    recovery = Recovery(
        steps=storage.jobs.steps,
        library=storage.library,
        queue=queue,
        pipeline=pipeline,
        service=service,
    )
    spending.follow(queue)
    looking = Looking()
    try:
        yield Services(
            storage,
            service,
            models,
            recogniser,
            telling,
            aligning,
            Knowing(
                known=KnownVoices(storage.paths.known_voices),
                telling=telling,
                settings=storage.settings,
            ),
            cache,
            spending,
            LiveService(service, storage.settings, consent),
            words,
            transcripts,
            pipeline,
            queue,
            callbacks,
            recovery,
            storage.look,
            looking,
        )
    finally:
        await looking.aclose()
        await callbacks.aclose()
        await spending.aclose()
        await queue.aclose()
        await asyncio.gather(recogniser.aclose(), service.aclose())
