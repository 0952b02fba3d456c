"""Where the service is to deliver what it recognised."""

from __future__ import annotations

from app.core.job import JobId
from app.core.preferences import Settings
from app.waves.codec import Webhook
from app.waves.errors import AddressError


def webhook_for(settings: Settings, job_id: JobId) -> Webhook:
    """Say where the service is to deliver the result of a job.

    With our own receiver the address carries its secret and the job's id.

    Raises:
        AddressError: There is no address the service could call.
    """
    address = settings.webhook_url.strip().rstrip("/")
    if not settings.receiver_on:
        if not address:
            raise AddressError(
                "There is no address for the webhook. Enter one under Webhook in Settings, or "
                "turn the webhook off."
            )
        return Webhook(
            settings.webhook_url.strip(), settings.webhook_method, settings.webhook_extra
        )
    if not address:
        address = f"http://{settings.receiver_host}:{settings.receiver_port}"
    secret = settings.receiver_secret
    if not address.endswith(f"/{secret}"):
        address += f"/{secret}"
    extra = ",".join(part for part in (settings.webhook_extra, f"job:{job_id}") if part)
    return Webhook(f"{address}/{job_id}", "POST", extra)
