"""Models are fetched the way a person set up: through their proxy, with their certificates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import Action, RecogniserError
from app.net.network import NetworkSettings
from app.ondevice.download import download
from app.ondevice.installed import ModelFolders
from tests.support.certificates import make_certificate, server_context
from tests.support.hub import CONTENTS, TOY, nothing, running_hub
from tests.support.proxy import running_proxy

LOGIN = "me:hidden%20word"
PLAIN_LOGIN = "me:hidden word"
KEY = "sk_0123456789abcdef"


@pytest.fixture(autouse=True)
def _key_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALLEST_API_KEY", KEY)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path / "own.pem", "hub.invalid", "cdn.invalid")


@pytest.mark.parametrize("demanded", ["", PLAIN_LOGIN], ids=["open", "with-login"])
async def test_a_model_comes_encrypted_through_a_proxy_from_two_hosts(
    tmp_path: Path, certificate: Path, demanded: str
) -> None:
    tls = server_context(certificate)
    with running_hub(tls) as hub, running_hub(tls) as cdn:
        hub.sends_to = "https://cdn.invalid"
        ways = {"hub.invalid:443": hub.server_address[1], "cdn.invalid:443": cdn.server_port}
        with running_proxy(ways, demanded) as proxy:
            network = NetworkSettings(
                proxy=proxy.address(LOGIN if demanded else ""), certificates=str(certificate)
            )
            folder = await download(
                TOY,
                ModelFolders(tmp_path / "models"),
                on_progress=nothing,
                network=network,
                hub="https://hub.invalid",
            )

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENTS
    assert {(method, target) for method, target, _ in proxy.seen} == {
        ("CONNECT", "hub.invalid:443"),
        ("CONNECT", "cdn.invalid:443"),
    }
    assert [name for name, _ in cdn.asked] == ["model.bin"]
    for headers in (*hub.headers_seen, *cdn.headers_seen):
        assert not {"authorization", "proxy-authorization", "cookie"} & set(headers)
    assert KEY not in str([proxy.seen, hub.headers_seen, cdn.headers_seen])


@pytest.mark.parametrize("is_typed", [True, False], ids=["typed", "of-the-system"])
async def test_a_model_comes_unencrypted_through_a_proxy_and_goes_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
    is_typed: bool,
) -> None:
    expected_log("Download of toy failed")
    folders = ModelFolders(tmp_path / "models")
    with (
        running_hub() as hub,
        running_proxy({"hub.invalid:80": hub.server_port}, PLAIN_LOGIN) as proxy,
    ):
        network = NetworkSettings(proxy=proxy.address(LOGIN) if is_typed else "")
        if not is_typed:
            monkeypatch.setenv("http_proxy", proxy.address(LOGIN))

        async def fetch() -> None:
            await download(
                TOY, folders, on_progress=nothing, network=network, hub="http://hub.invalid"
            )

        hub.stop_after = 1_000
        with pytest.raises(RecogniserError, match="continues where it stopped"):
            await fetch()
        hub.stop_after = None
        await fetch()

    assert folders.ready(TOY)
    assert hub.asked[-1] == ("model.bin", "bytes=1000-")
    assert all("proxy-authorization" not in headers for headers in hub.headers_seen)
    assert all("proxy-authorization" in headers for _, _, headers in proxy.seen)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_another_login_is_said_without_the_login(
    tmp_path: Path, expected_log: Callable[[str], None], scheme: str
) -> None:
    expected_log("Download of toy failed")
    with (
        running_proxy({}, PLAIN_LOGIN) as proxy,
        pytest.raises(RecogniserError, match="proxy does not let") as caught,
    ):
        await download(
            TOY,
            ModelFolders(tmp_path),
            on_progress=nothing,
            network=NetworkSettings(proxy=proxy.address("me:guessed-word")),
            hub=f"{scheme}://hub.invalid",
        )

    assert caught.value.action is Action.OPEN_SETTINGS
    assert "guessed-word" not in caught.value.details


async def test_a_hub_that_nobody_vouches_for_is_refused(
    tmp_path: Path, certificate: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("Download of toy failed")
    with (
        running_hub(server_context(certificate)) as hub,
        running_proxy({"hub.invalid:443": hub.server_port}) as proxy,
        pytest.raises(RecogniserError, match="certificate was not accepted"),
    ):
        await download(
            TOY,
            ModelFolders(tmp_path / "models"),
            on_progress=nothing,
            network=NetworkSettings(proxy=proxy.address()),
            hub="https://hub.invalid",
        )

    assert hub.asked == []
