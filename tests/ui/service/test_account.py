from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPlainTextEdit

from app.core.errors import Action
from app.core.job import JobState
from app.core.options import ModelId, TranscriptionOptions
from app.jobs.consent import Leaving
from app.store.secrets import ApiKey
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.queue.controller import QueueController
from app.ui.queue.model import JobModel, JobRole
from app.ui.service.account import AccountController
from app.ui.service.key_dialog import KeyDialog
from app.ui.service.keys import KeyController
from app.ui.service.recovery import RecoveryController
from app.ui.service.sheets import CostSheet, DetailsSheet, SendSoundSheet
from app.ui.tasks import Tasks
from app.ui.wording import dollars, estimate
from tests.support.bench import Bench, opened, recovery_of
from tests.support.fake_waves import FakeWaves, Fault, fake_waves
from tests.support.furnished import FurnishedWindow
from tests.support.languages import spoken
from tests.support.seen import choose, sentences
from tests.support.waiting import until

__all__ = ["fake_waves"]
PULSE = TranscriptionOptions(model=ModelId.PULSE)


@dataclass
class Desk:
    bench: Bench
    window: FurnishedWindow
    model: JobModel
    tasks: Tasks
    account: AccountController
    keys: KeyController
    queue: QueueController
    recovery: RecoveryController

    async def aclose(self) -> None:
        self.queue.close()
        self.account.close()
        await self.tasks.aclose()
        await self.bench.spending.aclose()


def desk_on(bench: Bench, appearance: Appearance, qtbot) -> Desk:
    actions, model = Actions(appearance), JobModel()
    window = FurnishedWindow(appearance, actions, model)
    qtbot.addWidget(window, before_close_func=lambda one: one.close_for_good())
    window.show()
    errors: list[tuple[str, BaseException]] = []
    tasks = Tasks(lambda name, error: errors.append((name, error)))
    spending = bench.spending
    spending.follow(bench.queue)
    account = AccountController(
        stage=window,
        queue=bench.queue,
        spending=spending,
        keys=bench.storage.keys,
        settings=bench.storage.settings,
        ask_balance=lambda: bench.service.console().balance(),
        tasks=tasks,
    )
    keys = KeyController(
        stage=window,
        keys=bench.storage.keys,
        check_key=lambda key: bench.service.console().check_key(key),
        tasks=tasks,
    )
    queue = QueueController(
        stage=window,
        actions=actions,
        appearance=appearance,
        views=window.queue_views,
        queue=bench.queue,
        tasks=tasks,
    )
    recovery = RecoveryController(
        stage=window, queue=bench.queue, recovery=recovery_of(bench), tasks=tasks
    )
    model.show_costs(account.cost_text)
    account.prices_changed.connect(lambda: model.show_costs(account.cost_text))
    account.model_chosen.connect(window.options.show_options)
    account.cost_told.connect(window.options.show_cost)
    account.balance_told.connect(window.options.show_balance)
    window.options.options_changed.connect(account.follow_options)
    queue.key_refused.connect(keys.open_because)
    queue.details_needed.connect(recovery.show_details)
    account.begin()
    return Desk(bench, window, model, tasks, account, keys, queue, recovery)


def shown(desk: Desk, kind):
    return [one for one in desk.window.findChildren(kind) if one.isVisible()]


def test_with_a_key_pulse_is_the_first_model_and_the_balance_is_shown(
    appearance, qtbot, run_async, tmp_path: Path, fake_waves: FakeWaves
) -> None:
    async def flow() -> None:
        async with opened(tmp_path, fake_waves) as bench:
            bench.storage.keys.save(ApiKey(fake_waves.key))
            desk = desk_on(bench, appearance, qtbot)
            options = desk.window.options
            await until(lambda: "Balance $12.34" in sentences(options))
            assert options.options.model is ModelId.PULSE
            settings = bench.storage.settings.settings
            assert settings.has_chosen_model
            assert settings.options.model is ModelId.PULSE
            await desk.aclose()

    run_async(flow())


def test_without_a_key_it_stays_here_and_choosing_pulse_says_what_is_missing(
    appearance, qtbot, run_async, tmp_path: Path, fake_waves: FakeWaves
) -> None:
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, key="") as bench:
            desk = desk_on(bench, appearance, qtbot)
            await until(lambda: bench.storage.settings.settings.has_chosen_model)
            options = desk.window.options
            assert options.options.model is ModelId.ON_DEVICE
            choose(options.model, "Pulse")
            await until(lambda: "needs your API key" in desk.window.notice.text)
            await until(lambda: "No key yet" in sentences(options))
            assert fake_waves.requests == []
            await desk.aclose()

    run_async(flow())


def test_the_question_names_the_price_and_holding_is_said_on_every_row(
    appearance, qtbot, run_async, tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    files = [tmp_path / "a.flac", tmp_path / "b.flac"]
    for file in files:
        shutil.copy(clips / "kennedy-1961.flac", file)

    async def flow() -> None:
        async with opened(tmp_path / "home", fake_waves) as bench:
            bench.storage.settings.change(ask_above=1, prices=((ModelId.PULSE, 6.0),))
            desk = desk_on(bench, appearance, qtbot)
            await bench.queue.add(files, PULSE, is_repeat=True)
            await until(lambda: shown(desk, CostSheet))
            (sheet,) = shown(desk, CostSheet)
            assert sheet.windowTitle() == "This will cost about $2.20"
            await until(
                lambda: any(
                    "2 recordings to send: about $2.20" in one
                    for one in sentences(desk.window.options)
                )
            )
            sheet.reject()  # Esc is the harmless answer
            await bench.queue.join()
            texts = [desk.model.index(row).data(JobRole.STATE_TEXT) for row in range(2)]
            assert texts == ["Waiting · on hold · 0:11 · about $1.10"] * 2
            assert desk.window.notice.text.startswith("On hold because of the cost")
            assert fake_waves.transcriptions == []

            desk.window.notice.button.click()  # Go on
            await until(lambda: shown(desk, CostSheet))
            shown(desk, CostSheet)[0].buttons["send"].click()
            await bench.queue.join()
            assert {job.state for job in bench.queue.jobs} == {JobState.DONE}
            assert desk.window.notice.text == ""
            await desk.aclose()

    run_async(flow(), timeout_s=45)


def test_before_sound_goes_to_another_address_its_cost_is_told_and_leave_is_asked(
    appearance, qtbot, run_async, tmp_path: Path
) -> None:
    async def flow() -> None:
        async with opened(tmp_path, base_url="https://speech.example") as bench:
            desk = desk_on(bench, appearance, qtbot)
            consent = bench.spending.consent
            for answer, given in (("leave", False), ("send", True)):
                asking = asyncio.ensure_future(consent.obtain(Decimal("0.48"), is_live=True))
                await until(lambda: shown(desk, SendSoundSheet))
                (sheet,) = shown(desk, SendSoundSheet)
                assert sheet.windowTitle() == "Send audio to speech.example?"
                text = " ".join(label.text() for label in sheet.findChildren(QLabel))
                assert "An hour of each source costs about $0.48." in text
                assert "It stops at $2.00" in text
                sheet.buttons[answer].click()
                assert await asking is given
            assert bench.storage.settings.settings.sound_may_go_to == (
                "https://speech.example",
            )
            await desk.aclose()

    run_async(flow(), timeout_s=45)


def test_what_a_batch_costs_stands_in_the_question(appearance, qtbot) -> None:
    leaving = Leaving("https://api.smallest.ai", Decimal("0.3"), Decimal("0.05"))
    sheet = SendSoundSheet(leaving, 0)
    qtbot.addWidget(sheet)
    text = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert (
        "an hour of audio costs about $0.30. What is about to be sent costs about $0.05."
        in text
    )
    assert "stops" not in text


def test_a_refused_key_opens_the_dialog_once_with_the_reason(
    appearance, qtbot, run_async, tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async def flow() -> None:
        async with opened(tmp_path, fake_waves, key="sk_wrong_0000") as bench:
            desk = desk_on(bench, appearance, qtbot)
            jobs = await bench.queue.add([clips / "kennedy-1961.flac"] * 3, PULSE)
            await bench.queue.join()
            (dialog,) = shown(desk, KeyDialog)
            assert dialog is desk.keys.open()  # it is not opened twice
            assert desk.window.notice.text
            assert desk.window.notice.text in sentences(dialog)
            states = sorted(bench.now(job).state.value for job in jobs)
            assert states.count("waiting") >= 1  # not all failed for one key
            failed = next(job for job in map(bench.now, jobs) if job.failure is not None)
            assert failed.failure is not None
            assert failed.failure.action is Action.ENTER_KEY
            dialog.close()
            await desk.aclose()

    run_async(flow(), timeout_s=45)


def test_details_show_the_raw_reply_and_forgetting_asks_first(
    appearance, qtbot, run_async, tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    async def flow() -> None:
        async with opened(tmp_path, fake_waves) as bench:
            desk = desk_on(bench, appearance, qtbot)
            pro = TranscriptionOptions(model=ModelId.PULSE_PRO)
            (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], pro)
            await bench.queue.join()
            desk.recovery.show_details(job.job_id)
            await until(lambda: shown(desk, DetailsSheet))
            (sheet,) = shown(desk, DetailsSheet)
            (details,) = sheet.findChildren(QPlainTextEdit)
            assert '"transcription"' in details.toPlainText()
            assert fake_waves.log[0]["request_id"] in details.toPlainText()
            assert fake_waves.key not in details.toPlainText()
            sheet.forget.click()
            (question,) = [
                one for one in shown(desk, type(sheet).__mro__[1]) if one is not sheet
            ]
            assert fake_waves.log != []
            question.buttons["forget"].click()
            await until(lambda: fake_waves.log == [])
            await until(lambda: any("deleted it" in one for one in sentences(sheet)))
            sheet.close()
            await desk.aclose()

    run_async(flow(), timeout_s=45)


def test_a_lost_text_is_looked_for_and_the_answer_is_said(
    appearance, qtbot, run_async, tmp_path: Path, clips: Path, fake_waves: FakeWaves
) -> None:
    fake_waves.script(Fault(change=lambda _: {"status": "success"}))

    async def flow() -> None:
        async with opened(tmp_path, fake_waves) as bench:
            desk = desk_on(bench, appearance, qtbot)
            (job,) = await bench.queue.add([clips / "kennedy-1961.flac"], PULSE)
            await bench.queue.join()
            entries = list(fake_waves.log)
            fake_waves.log.clear()
            desk.recovery.look_in_log(job.job_id)
            await until(lambda: "no text that is clearly" in desk.window.notice.text)
            assert bench.now(job).state is JobState.NEEDS_ATTENTION
            fake_waves.log.extend(entries)
            desk.recovery.look_in_log(job.job_id)
            await until(lambda: "had the text, but without times" in desk.window.notice.text)
            assert bench.now(job).state is JobState.DONE
            await desk.aclose()

    run_async(flow(), timeout_s=45)


def test_money_is_written_as_people_read_it(qapp) -> None:
    assert dollars(Decimal("1234.5")) == "$1,234.50"
    assert dollars(Decimal("-0.5")) == "−$0.50"
    assert estimate(Decimal("0.001")) == "less than $0.01"
    assert estimate(Decimal("4.2")) == "about $4.20"


def test_money_has_the_digits_and_the_order_of_the_language(qapp) -> None:
    with spoken(qapp, "de"):
        assert dollars(Decimal("1234.5")) == "1.234,50\N{NO-BREAK SPACE}$"
    with spoken(qapp, "ar"):
        assert "٤٫٢٠" in estimate(Decimal("4.2"))
        assert "٠٫٠١" in estimate(Decimal("0.001"))
