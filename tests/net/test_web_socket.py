"""A WebSocket takes the way a person has set, and the key goes nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.net.client import NetError, Trouble
from app.net.network import NetworkSettings
from app.net.web_socket import SocketClosedError, UpgradeRefusedError, WebSocket, WebSockets
from tests.support.certificates import make_certificate, server_context
from tests.support.fake_live import KEY, PATH, FakeLive, Hazards, coded_sound
from tests.support.proxy import running_proxy

HEADERS = {"Authorization": f"Bearer {KEY}"}
QUERY = "?model=pulse&language=en&sample_rate=16000"
NAME = "speech.example"


@pytest.fixture
def fake() -> Iterator[FakeLive]:
    with FakeLive() as server:
        yield server
    assert server.violations == []


async def opened(address: str, network: NetworkSettings, host: str = "") -> WebSocket:
    url = f"{address.replace('http', 'ws', 1)}{PATH}{QUERY}"
    sockets = await asyncio.to_thread(WebSockets, host or address, network)
    return await sockets.open(url, HEADERS)


async def test_bytes_and_text_go_out_and_answers_come_in(fake):
    socket = await opened(fake.address, NetworkSettings())
    await socket.send(coded_sound(0, 100))
    await socket.send('{"type":"keepalive"}')
    assert await socket.receive() == '{"type":"pong"}'
    await socket.ping()
    await socket.aclose()
    with pytest.raises(SocketClosedError) as closed:
        await socket.receive()
    assert closed.value.code == 1000


async def test_a_refusal_tells_its_status_and_what_it_says(fake):
    fake.hazards = [Hazards(status=403, body='{"error":"no credit"}')]
    with pytest.raises(UpgradeRefusedError) as refused:
        await opened(fake.address, NetworkSettings())
    assert refused.value.status == 403
    assert refused.value.body == b'{"error":"no credit"}'


async def test_no_redirect_is_followed_with_the_key(fake):
    with FakeLive() as other:
        place = f"{other.address}{PATH}"
        fake.hazards = [Hazards(status=302, location=place)]
        with pytest.raises(UpgradeRefusedError) as refused:
            await opened(fake.address, NetworkSettings())
        assert refused.value.status == 302
        assert refused.value.headers["location"] == place
        assert other.requests == []


async def test_a_message_beyond_all_measure_closes_it(fake):
    socket = await opened(fake.address, NetworkSettings())
    fake.visits[0].hazards.say = ["x" * (2 << 20)]
    await socket.send(coded_sound(0, 100))
    with pytest.raises(SocketClosedError) as closed:
        await socket.receive()
    assert closed.value.code == 1009


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path / "own.pem", NAME)


@pytest.fixture
def secure(certificate: Path) -> Iterator[FakeLive]:
    server = FakeLive()
    server.use_tls(server_context(certificate))
    with server:
        yield server


async def test_it_goes_through_a_proxy_with_a_password_to_a_server_one_trusts(
    secure, certificate
):
    with running_proxy({f"{NAME}:443": secure.port}, "anna:secret") as proxy:
        network = NetworkSettings(proxy.address("anna:secret"), certificates=str(certificate))
        socket = await opened(f"https://{NAME}", network)
        await socket.send('{"type":"keepalive"}')
        assert await socket.receive() == '{"type":"pong"}'
        await socket.aclose()
    assert [(method, target) for method, target, _ in proxy.seen] == [
        ("CONNECT", f"{NAME}:443")
    ]
    assert not any("authorization" in headers for _, _, headers in proxy.seen)


async def test_the_systems_proxy_is_taken_unless_it_is_not_wanted(
    secure, certificate, monkeypatch
):
    with running_proxy({f"{NAME}:443": secure.port}) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address())
        network = NetworkSettings(certificates=str(certificate))
        socket = await opened(f"https://{NAME}", network)
        await socket.aclose()
        assert len(proxy.seen) == 1
        own = NetworkSettings(uses_system_proxy=False, certificates=str(certificate))
        with pytest.raises(NetError) as failed:
            await opened("https://nowhere.invalid", own)
        assert failed.value.trouble is Trouble.UNKNOWN_HOST
        assert len(proxy.seen) == 1


@pytest.mark.parametrize(
    ("login", "trouble"),
    [("anna:wrong", Trouble.PROXY), ("anna", Trouble.SETTINGS)],
)
async def test_a_proxy_that_refuses_or_cannot_be_used_is_told_without_its_password(
    secure, login, trouble
):
    with (
        running_proxy({f"{NAME}:443": secure.port}, "anna:secret") as proxy,
        pytest.raises(NetError) as failed,
    ):
        await opened(f"https://{NAME}", NetworkSettings(proxy.address(login)))
    assert failed.value.trouble is trouble
    assert "wrong" not in failed.value.details


async def test_a_certificate_nobody_trusts_is_refused(secure):
    with (
        running_proxy({f"{NAME}:443": secure.port}) as proxy,
        pytest.raises(NetError) as failed,
    ):
        await opened(f"https://{NAME}", NetworkSettings(proxy.address()))
    assert failed.value.trouble is Trouble.CERTIFICATE


async def test_nobody_there_and_somebody_else_are_told_apart():
    with pytest.raises(NetError) as failed:
        await opened("http://127.0.0.1:9", NetworkSettings())
    assert failed.value.trouble is Trouble.UNREACHABLE

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 mail here\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(NetError) as odd:
        await opened(f"http://127.0.0.1:{port}", NetworkSettings())
    assert odd.value.trouble is Trouble.RECEIVING
    server.close()
    await server.wait_closed()
