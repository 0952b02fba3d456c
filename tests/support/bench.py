"""The whole program but its window: real folders, database, ffmpeg, queue and client.

Only what takes time or money is stood in for: the service is the strict fake, and
pauses before another try take none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.audio.cache import PlaybackCache
from app.audio.prepare import free_bytes_at
from app.bootstrap.services import Storage
from app.core.job import Failure, Job, JobId
from app.core.transcript import Transcript
from app.jobs.at_hand import WordsAtHand
from app.jobs.callbacks import Callbacks
from app.jobs.consent import Consent
from app.jobs.events import QueueEvent
from app.jobs.own_words import OwnWords
from app.jobs.pipeline import Pipeline
from app.jobs.queue import JobQueue
from app.jobs.recovery import Recovery
from app.jobs.service import Service
from app.jobs.spending import Spending
from app.jobs.telling import Telling
from app.ondevice.installed import ModelFolders
from app.ondevice.recogniser import Recogniser
from app.ondevice.voices import VoiceTeller
from app.store.job_steps import JobSteps
from app.store.paths import AppPaths
from app.store.secrets import KeyStore
from tests.support.fake_waves import FakeWaves

VOICE_MODELS = Path(__file__).parents[2] / "resources" / "voices"


async def no_sleep(_delay_s: float) -> None:
    """A pause that takes no time."""


@dataclass
class Bench:
    """What a test holds of the running program."""

    storage: Storage
    service: Service
    queue: JobQueue
    pipeline: Pipeline
    spending: Spending
    telling: Telling
    seen: list[QueueEvent] = field(default_factory=list)

    async def done(self, job: Job) -> Job:
        """Wait until nothing is at work and give the job as it is then."""
        async with asyncio.timeout(45):
            await self.queue.join()
        return self.now(job)

    def now(self, job: Job) -> Job:
        """Give a job as it is."""
        found = self.queue.job(job.job_id)
        assert found is not None
        return found

    def transcript(self, job: Job) -> Transcript:
        """Give what the library has of a job."""
        transcript_id = self.now(job).transcript_id
        assert transcript_id is not None, self.sentence(job)
        return self.storage.library.load(transcript_id).transcript

    def failure(self, job: Job) -> Failure:
        """Give why a job needs attention."""
        failure = self.now(job).failure
        assert failure is not None, self.now(job).state
        return failure

    def sentence(self, job: Job) -> str:
        """Give what stands on the row of a job that needs attention."""
        failure = self.now(job).failure
        return "" if failure is None else failure.message.fill()

    async def until(self, is_so: Callable[[], bool], within_s: float = 20) -> None:
        """Wait for something that an event of the queue announces."""
        happened = asyncio.Event()
        unsubscribe = self.queue.subscribe(lambda _: happened.set() if is_so() else None)
        try:
            async with asyncio.timeout(within_s):
                if not is_so():
                    await happened.wait()
        finally:
            unsubscribe()


@asynccontextmanager
async def opened(
    home: Path,
    fake: FakeWaves | None = None,
    *,
    key: str | None = None,
    base_url: str | None = None,
    models: ModelFolders | None = None,
    steps: Callable[[Storage], JobSteps] = lambda storage: storage.jobs.steps,
    free_bytes: Callable[[Path], int] = free_bytes_at,
    new_id: Callable[[], JobId] | None = None,
    voice_models: Path | None = None,
) -> AsyncIterator[Bench]:
    """Open the program below a folder, and put it away in order.

    Args:
        home: Where everything lies; the same again goes on with what is there.
        fake: The service.
        key: The key entered; the fake's own if left out, none where empty.
        base_url: Where the service is; the fake if left out.
        models: The models of this computer.
        steps: Gives where the steps of jobs are kept; for a place that fails.
        free_bytes: Tells the room on a disk.
        new_id: Gives the ids of jobs.
        voice_models: Where the models that tell voices apart lie; the real ones if left out.
    """
    storage = await asyncio.to_thread(Storage.open, AppPaths.below(home))
    environ: dict[str, str] = {}
    if fake is not None:
        environ["SMALLEST_API_KEY"] = fake.key if key is None else key
        environ["WORDLIGHT_BASE_URL"] = fake.address
    if base_url is not None:
        environ["WORDLIGHT_BASE_URL"] = base_url
    service = Service(storage.settings, _keys(storage, environ), environ, sleep=no_sleep)
    recogniser = Recogniser(models or ModelFolders(storage.paths.data / "models"))
    spending = Spending(service, storage.settings, Consent(service, storage.settings))
    cache = PlaybackCache(storage.paths.cache / "overviews")
    telling = Telling(
        paths=storage.paths,
        teller=VoiceTeller(voice_models or VOICE_MODELS),
        cache=cache,
        at_hand=WordsAtHand(storage.library),
        free_bytes=free_bytes,
    )
    pipeline = Pipeline(
        paths=storage.paths,
        job_steps=steps(storage),
        library=storage.library,
        settings=storage.settings,
        words=OwnWords(storage.settings, storage.projects),
        recogniser=recogniser,
        telling=telling,
        service=service,
        spending=spending,
        cache=cache,
        free_bytes=free_bytes,
    )
    queue = (
        JobQueue(storage.jobs, pipeline, new_id=new_id)
        if new_id
        else JobQueue(storage.jobs, pipeline)
    )
    bench = Bench(storage, service, queue, pipeline, spending, telling)
    queue.subscribe(bench.seen.append)
    await queue.open()
    try:
        yield bench
    finally:
        await queue.aclose()
        await asyncio.gather(recogniser.aclose(), service.aclose())
        await asyncio.to_thread(storage.close)


def _keys(storage: Storage, environ: Mapping[str, str]) -> KeyStore:
    return KeyStore(storage.paths.config, dict(environ), find_keyring=lambda: None)


@asynccontextmanager
async def listening(home: Path, fake: FakeWaves) -> AsyncIterator[tuple[Bench, Callbacks]]:
    """Open a bench that the service can call back."""
    async with opened(home, fake) as bench:
        bench.storage.settings.change(receiver_on=True)
        callbacks = Callbacks(
            settings=bench.storage.settings,
            steps=bench.storage.jobs.steps,
            queue=bench.queue,
            pipeline=bench.pipeline,
        )
        await callbacks.open()
        try:
            yield bench, callbacks
        finally:
            await callbacks.aclose()


def recovery_of(bench: Bench) -> Recovery:
    """Give what looks for lost texts of a bench."""
    return Recovery(
        steps=bench.storage.jobs.steps,
        library=bench.storage.library,
        queue=bench.queue,
        pipeline=bench.pipeline,
        service=bench.service,
    )
