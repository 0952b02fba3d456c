"""Live text by the service: what hears a take, once a person has allowed it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from app.core.errors import Action, ServiceError
from app.core.languages import LANGUAGES
from app.core.live_models import LIVE_MODELS, LiveModel, live_language
from app.core.messages import message
from app.core.names import all_names
from app.core.options import AUTO
from app.jobs.consent import Consent
from app.jobs.service import Service
from app.store.settings import SettingsStore
from app.waves.live_codec import LiveRequest
from app.waves.price import LiveBudget
from app.waves.realtime import RealtimeRecogniser


class LiveService:
    """Makes what hears a take, once a person allows that its sound is sent."""

    def __init__(self, service: Service, settings: SettingsStore, consent: Consent) -> None:
        self._service = service
        self._settings = settings
        self._consent = consent

    async def is_allowed(self, language: str, model: LiveModel = LiveModel.PULSE) -> bool:
        """Tell whether a take may be heard by the service; asks where nobody has said so yet.

        Args:
            language: What will be spoken.
            model: Which model hears it.

        Raises:
            ServiceError: The model does not know the language.
            StorageError: The person's answer could not be kept.
        """
        if not live_language(model, language):
            raise _unknown(model, language)
        price = LIVE_MODELS[model].dollars_per_minute
        return await self._consent.obtain(price * 60, is_live=True)

    def ears(
        self,
        language: str,
        model: LiveModel = LiveModel.PULSE,
        *,
        names: Sequence[str] = (),
    ) -> ServiceEars:
        """Give what hears one take that may be heard.

        Args:
            language: What is spoken; a model that does not know it hears English.
            model: Which model hears it.
            names: Names and terms that may be said, before the person's own.
        """
        settings = self._settings.settings
        stop_at = Decimal(str(settings.live_stop_at)) if settings.live_stop_at > 0 else None
        words = all_names(names, (one.right for one in settings.word_list))
        code = live_language(model, language) or "en"
        request = LiveRequest(model, code, words, f"wordlight-{uuid.uuid4().hex}")
        budget = LiveBudget(LIVE_MODELS[model].dollars_per_minute, stop_at)
        return ServiceEars(self._service, request, budget)


class ServiceEars:
    """Hears the channels of one take; they share what may be spent.

    Attributes:
        request: What is asked of the service.
    """

    def __init__(self, service: Service, request: LiveRequest, budget: LiveBudget) -> None:
        self._access = service.live_access()
        self.request = request
        self._budget = budget

    def channel(self) -> RealtimeRecogniser:
        """Give what hears another channel."""
        return RealtimeRecogniser(self._access, self.request, self._budget)


def _unknown(model: LiveModel, language: str) -> ServiceError:
    if language == AUTO:
        return ServiceError(
            "Choose the language that is spoken: Pulse cannot detect it while you record.",
            action=Action.CHOOSE_MODEL,
        )
    known = LANGUAGES.get(language)
    return ServiceError(
        message(
            "{model} does not support {language}. Choose another language or model.",
            model=LIVE_MODELS[model].name.text,
            language=known.name if known else language,
        ),
        action=Action.CHOOSE_MODEL,
    )
