"""What the service costs and what is left: the key, the balance, the estimate, the question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import AppError
from app.core.job import Job
from app.core.options import CAPABILITIES, ModelId, TranscriptionOptions
from app.core.preferences import Settings
from app.jobs.consent import Leaving
from app.jobs.events import JobChanged, QueueEvent
from app.jobs.queue import JobQueue
from app.jobs.spending import Bill, Spending
from app.store.secrets import KeyStore
from app.store.settings import SettingsStore
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.service.sheets import CostSheet, SendSoundSheet
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted
from app.ui.wording import clock, dollars, estimate, model_name

_BALANCE_TASK = "ask for the balance"
_SHOWN_AFTER_MS = 150


class Balance(Protocol):
    """What is left on the account; the service's client gives it."""

    @property
    def dollars(self) -> Decimal:
        """May be negative."""
        ...


class AccountController(QObject):
    """Shows cost and balance, and asks where a person wants to be asked.

    Signals:
        key_needed: The key dialog is wanted.
        model_chosen: Which model to begin with was settled: the ``TranscriptionOptions``.
        prices_changed: What jobs cost is to be asked again: ``cost_text`` tells.
        cost_told: What the queue costs, in words; empty for nothing.
        balance_told: What is left, in words; empty for nothing.
    """

    key_needed = Signal()
    model_chosen = Signal(object)
    prices_changed = Signal()
    cost_told = Signal(str)
    balance_told = Signal(str)

    def __init__(
        self,
        *,
        stage: Stage,
        queue: JobQueue,
        spending: Spending,
        keys: KeyStore,
        settings: SettingsStore,
        ask_balance: Callable[[], Awaitable[Balance]],
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._stage = stage
        self._queue = queue
        self._spending = spending
        self._keys = keys
        self._settings = settings
        self._ask_balance = ask_balance
        self._tasks = tasks
        self._model = settings.settings.options.model
        # Progress comes ten times a second and more; sums of a long queue need not.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._show_cost)
        spending.ask = self._ask
        spending.consent.ask = self._ask_address
        self._unsubscribe = queue.subscribe(self._on_queue_event)

    def begin(self) -> None:
        """Look at key and balance, once everybody who follows them hears of it."""
        self._tasks.start(self._begin(), "look at the account")
        self._timer.start()

    def close(self) -> None:
        """Follow the queue no longer; nobody is asked any more."""
        self._timer.stop()
        self._unsubscribe()

    def follow_settings(self, settings: Settings) -> None:
        """Take up prices and choices that were changed elsewhere."""
        self._model = settings.options.model
        self.prices_changed.emit()
        self._timer.start()

    def on_key_changed(self) -> None:
        """Take up another key: what is left may differ."""
        self._show_balance_soon()

    # -- the model to begin with ----------------------------------------------

    async def _begin(self) -> None:
        """Begin with Pulse where there is a key, once; later the last choice counts."""
        begun = self._model
        if not self._settings.settings.has_chosen_model:
            has_key = await asyncio.to_thread(self._keys.is_there)
            await asyncio.to_thread(lambda: self._settings.change(has_chosen_model=True))
            if has_key and self._model is begun:  # nobody was quicker to choose
                options = replace(self._settings.settings.options, model=ModelId.PULSE)
                self._model = options.model
                self.model_chosen.emit(options)
                await asyncio.to_thread(lambda: self._settings.change(options=options))
        self._show_balance_soon()

    def follow_options(self, options: TranscriptionOptions) -> None:
        """Take up another choice for the next recordings."""
        if options.model is not self._model:
            self._model = options.model
            self._show_balance_soon()
            self._tasks.start(self._miss_key(options.model), "look for the key", replace=True)

    async def _miss_key(self, model: ModelId) -> None:
        """Say that a model needs a key, if there is none."""
        if not CAPABILITIES[model].needs_key:
            return
        if await asyncio.to_thread(self._keys.load) is None:
            self._stage.say(
                self.tr("{model} runs at smallest.ai and needs your API key.").replace(
                    "{model}", model_name(model)
                ),
                button=self.tr("Enter key…"),
                answer=self.key_needed.emit,
                stays=True,
            )

    # -- what is left ---------------------------------------------------------

    def _show_balance_soon(self) -> None:
        self._tasks.start(self._show_balance(), _BALANCE_TASK, replace=True)

    async def _show_balance(self) -> None:
        """Show the balance while a model of the service is chosen; quietly none otherwise."""
        if not CAPABILITIES[self._model].needs_key:
            self.balance_told.emit("")
            return
        if await asyncio.to_thread(self._keys.load) is None:
            self.balance_told.emit(self.tr("No key yet"))
            return
        try:
            left = (await self._ask_balance()).dollars
        except AppError:
            self.balance_told.emit("")  # a job or the test of the key will tell why
            return
        self.balance_told.emit(self.tr("Balance {amount}").replace("{amount}", dollars(left)))

    # -- what it costs --------------------------------------------------------

    def cost_text(self, job: Job) -> str:
        """Say what a job costs, its length before it; empty if that is not known."""
        cost = self._spending.cost_of(job)
        if cost is None or job.duration_ms is None:
            return ""
        return f"{clock(job.duration_ms)} · {estimate(cost)}"

    def _on_queue_event(self, event: QueueEvent) -> None:
        is_counting = isinstance(event, JobChanged) and event.job.progress is not None
        if not is_counting and not self._timer.isActive():
            self._timer.start()
        if (
            isinstance(event, JobChanged)
            and event.job.state.is_over
            and CAPABILITIES[event.job.options.model].needs_key
        ):
            self._show_balance_soon()

    def _show_cost(self) -> None:
        bill = self._spending.bill()
        lines: list[str] = []
        if bill.count:
            text = counted(
                "AccountController",
                bill.count,
                "1 recording to send: {amount}",
                "{count} recordings to send: {amount}",
            )
            lines.append(text.replace("{amount}", estimate(bill.dollars)))
        if bill.unknown:
            lines.append(
                counted(
                    "AccountController",
                    bill.unknown,
                    "Cost of 1 recording not known yet",
                    "Cost of {count} recordings not known yet",
                )
            )
        self.cost_told.emit("\n".join(lines))

    async def _ask(self, bill: Bill) -> bool:
        """Ask whether this may be spent; a closed question holds the queue."""
        sheet = CostSheet(
            estimate(bill.dollars), bill.count, bill.unknown, self._stage.dialog_parent
        )
        return await _answer(sheet)

    async def _ask_address(self, leaving: Leaving) -> bool:
        """Ask whether sound may be sent to an address."""
        stop_at = self._settings.settings.live_stop_at
        return await _answer(SendSoundSheet(leaving, stop_at, self._stage.dialog_parent))


async def _answer(sheet: ChoiceSheet) -> bool:
    """Ask, and tell whether the answer is to send."""
    answered = asyncio.get_running_loop().create_future()

    def on_answered(answer: str) -> None:
        if not answered.done():
            answered.set_result(answer == "send")

    sheet.answered.connect(on_answered)
    sheet.open()
    try:
        return await answered
    finally:
        if shiboken6.isValid(sheet) and sheet.isVisible():
            sheet.reject()  # the job was cancelled, or the program ends
