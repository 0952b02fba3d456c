"""What can go wrong with the speech service, each kind with its sentence and way out.

::

    ServiceError                        (app/core/errors.py)
    └── WavesError
        ├── AddressError                the address in the settings cannot be used
        ├── NoKeyError                  no key, or one that cannot be a key
        ├── KeyRefusedError             401 (E11, E12)
        ├── PlanError                   402, 403 (E13, E18): plan, credit or limit of a trial
        ├── RefusedError                400 and other 4xx (E1, E2, E6, E7): cannot be done so
        │   ├── LanguageRefusedError    E3, E4: a language that the model does not know
        │   ├── RegionError             E5: a language not enabled where the service runs
        │   └── AudioRefusedError       E8, E9, E10: nothing the service can decode
        ├── TooLargeError               413 (E14), and the same said with 400
        ├── WrongPlaceError             404, 405, redirect: no speech service at this address
        │   └── CaptivePortalError      a web page instead of an answer; 511
        ├── UnreachableError            nothing was sent or not all of it: safe to try again
        │   ├── OfflineError            the name cannot be looked up
        │   ├── TlsError                no trusted encrypted connection
        │   ├── ProxyError              the proxy does not let us through
        │   └── UploadBrokenError       the connection broke or stood still in mid-upload
        ├── RateLimitedError            429 (E15)
        ├── ServiceDownError            408 and 5xx (E16, E17, E19)
        └── MaybeDoneError              all was sent, no usable answer came: perhaps billed
            ├── BadReplyError           the answer cannot be understood
            ├── NoTranscriptError       success without a transcript (contract 1.5)
            └── ReplyTooLargeError      more than any transcript needs

A class says with ``tries`` how often a request may be sent in all before the
error reaches a person. Everything is told apart by status and code, never by
the server's wording (contract 4.1).
"""

from __future__ import annotations

from typing import ClassVar

from app.core.errors import Action, ServiceError
from app.core.messages import Message


class WavesError(ServiceError):
    """The Waves service, or the way to it, failed.

    Attributes:
        tries: How often such a request may be sent in all.
        status: HTTP status of the answer, 0 when there was none.
        retry_after_ms: How long the service asked to wait, if it did.
    """

    tries: ClassVar[int] = 1
    default_action: ClassVar[Action] = Action.RETRY
    pauses: ClassVar[bool] = False

    def __init__(
        self,
        sentence: Message | str,
        *,
        action: Action | None = None,
        details: str = "",
        request_id: str = "",
        status: int = 0,
        retry_after_ms: int | None = None,
    ) -> None:
        self.status = status
        self.retry_after_ms = retry_after_ms
        super().__init__(
            sentence,
            action=self.default_action if action is None else action,
            details=details,
            request_id=request_id,
            pauses_queue=self.pauses,
        )


class AddressError(WavesError):
    """The address of the service, or of a link, cannot be used."""

    default_action = Action.OPEN_SETTINGS
    pauses = True


class NoKeyError(WavesError):
    """There is no key, or what there is cannot be one."""

    default_action = Action.ENTER_KEY
    pauses = True


class KeyRefusedError(WavesError):
    """The service does not accept the key."""

    default_action = Action.ENTER_KEY
    pauses = True


class PlanError(WavesError):
    """The account's plan or credit does not allow it."""

    pauses = True


class RefusedError(WavesError):
    """The service will not do what was asked; asking the same again changes nothing."""

    default_action = Action.CHOOSE_MODEL


class LanguageRefusedError(RefusedError):
    """The model does not know the language."""


class RegionError(RefusedError):
    """The language is not enabled in the service's region.

    Attributes:
        language: The code refused.
        region: The service's name of the region, empty if it did not say.
        other_base_url: Where else to try (contract 3.2), empty if nowhere.
    """

    def __init__(
        self,
        sentence: Message | str,
        *,
        language: str,
        region: str,
        other_base_url: str,
        details: str = "",
        request_id: str = "",
        status: int = 0,
    ) -> None:
        self.language = language
        self.region = region
        self.other_base_url = other_base_url
        super().__init__(
            sentence,
            action=Action.OTHER_REGION if other_base_url else Action.CHOOSE_MODEL,
            details=details,
            request_id=request_id,
            status=status,
        )


class AudioRefusedError(RefusedError):
    """The service finds nothing it can decode."""

    default_action = Action.CHOOSE_FILE


class TooLargeError(WavesError):
    """The upload is over the service's limit; a smaller form may pass."""


class WrongPlaceError(WavesError):
    """Something answers at this address, but not the speech service."""

    default_action = Action.OPEN_SETTINGS
    pauses = True


class CaptivePortalError(WrongPlaceError):
    """A web page came instead of an answer, as in hotels and airports."""

    default_action = Action.RETRY


class UnreachableError(WavesError):
    """The service was not reached, or did not get the whole recording."""

    tries = 8


class OfflineError(UnreachableError):
    """The service's name cannot be looked up."""


class TlsError(UnreachableError):
    """No encrypted connection that can be trusted."""

    tries = 1
    default_action = Action.OPEN_SETTINGS
    pauses = True


class ProxyError(UnreachableError):
    """The proxy does not let the request through."""

    tries = 1
    default_action = Action.OPEN_SETTINGS
    pauses = True


class UploadBrokenError(UnreachableError):
    """The connection broke or stood still before everything was sent."""

    tries = 5


class RateLimitedError(WavesError):
    """Too many requests in the last minute."""

    tries = 8


class ServiceDownError(WavesError):
    """The service is out of order for the moment."""

    tries = 5


class MaybeDoneError(WavesError):
    """Everything was sent; whether the service finished (and billed) is unknown."""

    default_action = Action.ASK_RESEND


class BadReplyError(MaybeDoneError):
    """The answer cannot be understood."""


class NoTranscriptError(MaybeDoneError):
    """The service reports success and gives no transcript (contract 1.5)."""


class ReplyTooLargeError(MaybeDoneError):
    """The answer is larger than any transcript needs."""
