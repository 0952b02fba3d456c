from __future__ import annotations

from pathlib import Path

from app.audio.cache import PlaybackCache
from app.core.options import ModelId, TranscriptionOptions
from app.core.preferences import Settings
from app.core.transcript import TranscriptId
from app.jobs.listening import Listening
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.listening.fetching import FetchController
from app.ui.queue.model import JobModel
from app.ui.service.deliveries import DeliveryController
from app.ui.tasks import Tasks
from tests.support.bench import Bench, listening, opened
from tests.support.builders import transcript
from tests.support.fake_waves import FakeWaves, fake_waves
from tests.support.furnished import FurnishedWindow
from tests.support.shelf import Shelf, shelf
from tests.support.waiting import until

__all__ = ["fake_waves", "shelf"]


def window_of(appearance: Appearance, qtbot) -> FurnishedWindow:
    window = FurnishedWindow(appearance, Actions(appearance), JobModel())
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    return window


def listening_in(bench: Bench) -> Listening:
    paths = bench.storage.paths
    return Listening(
        bench.storage.library,
        PlaybackCache(paths.cache / "overviews"),
        copies=paths.copies,
        fetch=bench.service.fetch,
    )


def add_linked(library: Library, link: str) -> TranscriptId:
    return library.add(
        transcript((None, "we choose to go")),
        name="talk",
        options=TranscriptionOptions(model=ModelId.PULSE),
        link=AudioLink(link, is_url=True),
        now_ms=1,
    )


def test_the_recording_behind_a_link_is_fetched_only_when_asked(
    appearance, qtbot, run_async, tmp_path: Path, clips: Path, shelf: Shelf
) -> None:
    speech = (clips / "kennedy-1961.flac").read_bytes()
    shelf.content = speech
    window = window_of(appearance, qtbot)

    async def flow() -> None:
        async with opened(tmp_path) as bench:
            library, paths = bench.storage.library, bench.storage.paths
            heard = listening_in(bench)
            transcript_id = add_linked(library, shelf.link("talk.flac"))
            stored = library.load(transcript_id)
            tasks = Tasks(lambda _, error: None)
            controller = FetchController(stage=window, listening=heard, tasks=tasks)
            fetched: list[str] = []
            controller.fetched.connect(fetched.append)

            controller.offer(stored)
            assert "from a link" in window.notice.text
            assert await heard.find(stored) is None
            assert shelf.headers_seen == []
            window.notice.button.click()
            await until(lambda: fetched == [transcript_id])
            path = await heard.find(library.load(transcript_id))
            assert path is not None
            assert path.parent == paths.copies
            assert path.read_bytes() == speech
            assert window.notice.text == ""
            await tasks.aclose()

    run_async(flow())


def test_what_is_no_recording_is_said_and_not_kept(
    appearance, qtbot, run_async, tmp_path: Path, shelf: Shelf
) -> None:
    window = window_of(appearance, qtbot)

    async def flow() -> None:
        async with opened(tmp_path) as bench:
            library, paths = bench.storage.library, bench.storage.paths
            heard = listening_in(bench)
            transcript_id = add_linked(library, shelf.link("noise.mp3"))
            tasks = Tasks(lambda _, error: None)
            controller = FetchController(stage=window, listening=heard, tasks=tasks)
            controller.offer(library.load(transcript_id))
            window.notice.button.click()
            await until(lambda: window.notice.property("notice") == "bad")
            assert list(paths.copies.iterdir()) == []
            assert library.load(transcript_id).copy_path == ""
            await tasks.aclose()

    run_async(flow())


def test_calling_back_is_offered_only_where_there_is_an_address(
    appearance, qtbot, run_async, tmp_path: Path, fake_waves: FakeWaves
) -> None:
    window = window_of(appearance, qtbot)

    async def flow() -> None:
        async with listening(tmp_path, fake_waves) as (bench, callbacks):
            tasks = Tasks(lambda _, error: None)
            window.options.show_options(TranscriptionOptions(model=ModelId.PULSE_PRO))
            switch = next(
                one
                for one in window.options.more.findChildren(Switch)
                if one.text() == "Use a webhook"
            )
            controller = DeliveryController(
                stage=window, callbacks=callbacks, settings=bench.storage.settings, tasks=tasks
            )
            controller.refused.connect(window.options.refuse_webhook)
            controller.begin()
            assert not switch.is_refused
            bench.storage.settings.change(receiver_on=False)
            controller.follow_settings(bench.storage.settings.settings)
            assert switch.is_refused
            assert "Webhook" in switch.toolTip()
            await until(lambda: callbacks.port == 0)

            bench.storage.settings.change(receiver_on=True, receiver_secret="short")
            controller.follow_settings(bench.storage.settings.settings)
            await until(lambda: "16 letters" in window.notice.text)
            controller.follow_settings(Settings(webhook_url="https://example.org"))
            assert not switch.is_refused
            await tasks.aclose()

    run_async(flow())
