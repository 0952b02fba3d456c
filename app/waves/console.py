"""What the service tells besides transcripts: key, balance, health, request log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.core.errors import Action
from app.core.messages import message
from app.core.options import TranscriptionOptions
from app.waves import account
from app.waves.access import Access
from app.waves.account import Balance, Health, KeyCheck, LogQuery
from app.waves.codec import Reply, build_headers, clean_key
from app.waves.errors import (
    BadReplyError,
    KeyRefusedError,
    MaybeDoneError,
    NoKeyError,
    PlanError,
    RefusedError,
    ServiceDownError,
    UnreachableError,
    WrongPlaceError,
)
from app.waves.refusal import first_part, refusal

if TYPE_CHECKING:
    from app.waves.connection import Answer

_LOG_PAGES = 5


class Console:
    """Ask for what costs nothing; each question is asked once, without pacing."""

    def __init__(self, access: Access, clock_ms: Callable[[], int]) -> None:
        """Make one for an address.

        Args:
            access: Where the service is.
            clock_ms: The time, milliseconds since 1970.
        """
        self._access = access
        self._clock_ms = clock_ms

    async def balance(self) -> Balance:
        """Ask what is left on the account.

        Raises:
            WavesError: It cannot be told, and why.
        """
        answer = await self._ask("GET", account.BALANCE_PATH)
        balance = account.read_balance(answer.body)
        if balance is None:
            raise BadReplyError(
                "The service's answer does not include the balance.",
                action=Action.NONE,
                details=first_part(answer.body),
                status=answer.status,
            )
        return balance

    async def check_key(self, key: str | None = None) -> KeyCheck:
        """Try a key without cost (contract 8).

        Args:
            key: One just typed; the present one if left out.

        Raises:
            WavesError: The service was not reached, or is out of order.
        """
        try:
            answer = await self._ask("GET", account.BALANCE_PATH, key=key)
        except (KeyRefusedError, NoKeyError) as error:
            return KeyCheck(is_accepted=False, message=error.message)
        except PlanError as error:
            if error.status != 403:
                raise
            return account.key_accepted(None)
        except (WrongPlaceError, RefusedError) as error:
            if error.status not in {400, 404, 405}:
                raise
            return KeyCheck(
                is_accepted=None,
                message=message(
                    "This server does not report a balance, so the key cannot be tested."
                ),
            )
        return account.key_accepted(account.read_balance(answer.body))

    async def health(self) -> Health:
        """Ask whether the service is up; needs no key.

        Raises:
            WavesError: It was not reached, and why.
        """
        try:
            await self._ask("GET", account.HEALTH_PATH, needs_key=False)
        except ServiceDownError as error:
            return Health(is_up=False, message=error.message)
        return Health(is_up=True, message=message("The service is working."))

    async def find_in_log(
        self,
        options: TranscriptionOptions,
        query: LogQuery,
        *,
        duration_ms: int | None = None,
    ) -> Reply | None:
        """Look for a lost answer in the service's log (contract 5.3).

        Returns:
            The text with estimated times, or nothing if it is not there or two
            entries with different texts fit.

        Raises:
            WavesError: The log cannot be read, and why.
        """
        entries: list[Mapping[str, object]] = []
        for page in range(1, _LOG_PAGES + 1):
            answer = await self._ask(
                "GET",
                account.LOG_PATH,
                query=(("page", str(page)), ("pageSize", str(account.LOG_PAGE))),
            )
            listed, pages = account.read_log(answer.body)
            entries += [one for one in listed if account.matches(one, query, options)]
            if page >= pages or not listed or (query.request_id and entries):
                break
        return account.one_of(entries, options, duration_ms or query.duration_ms)

    async def forget(self, request_id: str) -> None:
        """Let the service delete what it keeps of a request (contract 5.3).

        Raises:
            WavesError: It did not, and why.
        """
        if not request_id.isascii() or not request_id.replace("-", "").isalnum():
            raise RefusedError(
                "The service gave no usable id for this, so it cannot be deleted there.",
                action=Action.NONE,
            )
        await self._ask("DELETE", account.FORGET_PATH + request_id)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: tuple[tuple[str, str], ...] = (),
        key: str | None = None,
        needs_key: bool = True,
    ) -> Answer:
        """Ask a side endpoint; these cost nothing, so nothing is ever *perhaps* done."""
        url = self._access.url(path)
        if needs_key:
            key = clean_key(key) if key is not None else await self._access.present_key()
        await self._access.open()
        try:
            answer = await self._access.exchange(
                method, url, build_headers(key), key, query=query
            )
        except MaybeDoneError as error:
            raise UnreachableError(
                "The service does not answer. Check your connection, then try again.",
                details=error.details,
            ) from error
        if not 200 <= answer.status < 300:
            raise refusal(answer.status, answer.headers, answer.body, now_ms=self._clock_ms())
        return answer
