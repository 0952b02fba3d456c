"""The speech service, and what few people ever touch of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from app.core.options import ModelId
from app.core.preferences import ProxyMode, Region, Settings
from app.jobs.service import DOLLARS_PER_MINUTE
from app.ui.kit.announcing import announce
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.fields import Switch
from app.ui.kit.in_steps import Steps
from app.ui.kit.long_button import LongButton
from app.ui.settings.fields_page import Choices, FieldsPage
from app.ui.wording import model_name


class ServicePage(FieldsPage):
    """Key, costs and region first; then how the service is reached.

    Attributes:
        test: *Test connection*.
        plain_http: Whether the key may travel readable.

    Signals:
        key_requested: Open the dialog for the key.
        test_requested: Try whether the service can be reached.
    """

    key_requested = Signal()
    test_requested = Signal()

    @override
    def fill(self) -> Steps[None]:
        key = LongButton(self.tr("Change key…"))
        key.setAccessibleName(self.tr("Change key"))
        key.clicked.connect(self.key_requested)
        self.row(self.tr("Key"), key, also=self.tr("API key, password, account, smallest.ai"))
        yield
        self.money(
            self.tr("Ask before spending more than"),
            lambda now: now.ask_above,
            lambda amount: {"ask_above": amount},
            most=1_000_000,
            nothing=self.tr("never"),
            also=self.tr("cost, price, money, budget, limit"),
        )
        yield
        self.money(
            self.tr("Stop live text at"),
            lambda now: now.live_stop_at,
            lambda amount: {"live_stop_at": amount},
            most=1_000_000,
            nothing=self.tr("never"),
            help_text=self.tr(
                "Live text by Pulse costs money while you record. Once a recording has cost "
                "this much, live text stops and the recording goes on."
            ),
            also=self.tr("cost, price, money, budget, limit"),
        )
        yield
        for model in (ModelId.PULSE, ModelId.PULSE_PRO):
            self.money(
                self.tr("{model}, per minute").replace("{model}", model_name(model)),
                _price_of(model),
                self._with_price(model),
                most=1000,
                places=4,
                also=self.tr("cost, price, money"),
            )
            yield
        regions: Choices = (
            (self.tr("Nearest"), Region.DEFAULT),
            (self.tr("India"), Region.INDIA),
            (self.tr("United States"), Region.US),
        )
        self.pick(
            "region", self.tr("Region"), regions, also=self.tr("country, server, location")
        )
        yield
        self.test = LongButton(self.tr("Test connection"))
        self.test.setAccessibleName(self.tr("Test connection"))
        self.test.clicked.connect(self._on_test)
        self.row(
            self.tr("Connection"), self.test, also=self.tr("internet, network, offline, online")
        )
        yield
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._told.hide()
        self._column.addWidget(self._told)
        self.heading(self.tr("Advanced"))
        yield
        self.whole(
            "starts_per_minute",
            self.tr("Requests per minute"),
            (1, 600),
            also=self.tr("rate limit, speed"),
        )
        yield
        self.seconds(
            "split_ms",
            self.tr("Longest part that is sent"),
            (60_000, 24 * 3_600_000),
            step_ms=60_000,
            unit_ms=60_000,
            unit=self.tr(" min"),
            help_text=self.tr("Longer recordings are sent in parts and put together again."),
            also=self.tr("split, pieces, upload"),
        )
        yield
        proxies: Choices = (
            (self.tr("Same as the system"), ProxyMode.SYSTEM),
            (self.tr("None"), ProxyMode.NONE),
            (self.tr("Manual"), ProxyMode.MANUAL),
        )
        self.pick(
            "proxy_mode", self.tr("Proxy"), proxies, also=self.tr("network, company, firewall")
        )
        yield
        self.text(
            "proxy_url",
            self.tr("Proxy address"),
            "http://proxy:8080",
            also=self.tr("network, company, firewall"),
        )
        yield
        self.text(
            "certificates",
            self.tr("Extra certificates"),
            "/…/company.pem",
            also=self.tr("TLS, company, firewall"),
        )
        yield
        self.text(
            "base_url",
            self.tr("Base address"),
            "https://api.smallest.ai",
            also=self.tr("server, host, URL, own server"),
        )
        yield
        self.text(
            "service_path",
            self.tr("Path"),
            self.tr("only for your own server"),
            also=self.tr("server, URL, own server"),
        )
        yield
        label = self.tr("Allow unencrypted http beyond this computer")
        self.plain_http = Switch(self._appearance, label)
        self.plain_http.setText("")  # the row says it
        self.plain_http.toggled.connect(self._on_plain_toggled)
        self.bind(
            self.row(label, self.plain_http, also=self.tr("security, own server")),
            lambda now: now.allow_plain_http,
            self._show_plain,
            lambda allowed: {"allow_plain_http": allowed},
            self.on_or_off,
        )
        yield
        self.end()

    def show_connection(self, text: str, *, is_good: bool) -> None:
        """Say what the test of the connection gave."""
        self._say(text)
        self._told.setProperty("good", is_good)
        self._told.setProperty("bad", not is_good)
        self._told.style().unpolish(self._told)
        self._told.style().polish(self._told)
        self.test.refuse("")
        announce(self._told, text)

    def _say(self, text: str) -> None:
        self._told.setText(text)
        self._told.show()

    def _on_test(self) -> None:
        self._say(self.tr("Checking with the service…"))
        self.test.refuse(self._told.text())
        self.test_requested.emit()

    def _with_price(self, model: ModelId) -> Callable[[float], dict[str, Any]]:
        def changes(price: float) -> dict[str, Any]:
            prices = dict(self._settings.prices)
            if price == float(DOLLARS_PER_MINUTE[model]):
                prices.pop(model, None)
            else:
                prices[model] = price
            return {"prices": tuple(prices.items())}

        return changes

    def _show_plain(self, allowed: bool) -> None:  # noqa: FBT001 - a value
        with QSignalBlocker(self.plain_http):
            self.plain_http.setChecked(allowed)

    def _on_plain_toggled(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Ask before the key may travel readable; switching off asks nothing."""
        if not wanted:
            self.ask(allow_plain_http=False)
            return
        sheet = ChoiceSheet(
            self.tr("Send the key unencrypted?"),
            self.tr(
                "With http, anyone between you and the server can read your key and your "
                "recordings. Allow it only for a server in a network you trust."
            ),
            (("allow", self.tr("Allow")), ("leave", self.tr("Don't allow"))),
            self.window(),
        )
        sheet.answered.connect(self._on_plain_answered)
        sheet.open()

    def _on_plain_answered(self, answer: str) -> None:
        if answer == "allow":
            self.ask(allow_plain_http=True)
        else:
            self._show_plain(allowed=False)


class WebhookPage(FieldsPage):
    """Deliveries of the service, for those who run a server."""

    @override
    def fill(self) -> Steps[None]:
        self.paragraph(
            self.tr("Pulse Pro can call a public address (a webhook) when it is done.")
        )
        yield
        self.text(
            "webhook_url",
            self.tr("Public address"),
            "https://",
            also=self.tr("callback, server, URL"),
        )
        yield
        methods: Choices = (("POST", "POST"), ("GET", "GET"))
        self.pick("webhook_method", self.tr("Method"), methods)
        yield
        self.text("webhook_extra", self.tr("Extra data"), "", also=self.tr("metadata"))
        yield
        self.switch(
            "receiver_on",
            self.tr("Receive the calls in Wordlight"),
            help_text=self.tr(
                "If a tunnel or your own server forwards to this computer, Wordlight "
                "listens here and adds the secret path to the public address. Leave port "
                "and path empty to have them chosen for you."
            ),
            also=self.tr("callback, tunnel, listen"),
        )
        yield
        self.text(
            "receiver_host", self.tr("Local address"), "127.0.0.1", also=self.tr("address")
        )
        yield
        self.whole("receiver_port", self.tr("Port"), (0, 65_535), nothing=(0, self.tr("Any")))
        yield
        self.text(
            "receiver_secret",
            self.tr("Secret path"),
            self.tr("16 letters or more"),
            also=self.tr("security, password"),
        )
        yield
        self.end()


def _price_of(model: ModelId) -> Callable[[Settings], float]:
    usual = float(DOLLARS_PER_MINUTE[model])
    return lambda now: dict(now.prices).get(model, usual)
