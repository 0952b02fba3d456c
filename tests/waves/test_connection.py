"""Trust, timeouts and memory of the connection."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import Action
from app.core.options import ModelId, TranscriptionOptions
from app.net.client import Timeouts
from app.waves.client import WavesClient
from app.waves.connection import Connection, limits_for
from app.waves.errors import (
    AddressError,
    MaybeDoneError,
    ReplyTooLargeError,
    TlsError,
    UploadBrokenError,
)
from app.waves.network import ServiceNetwork
from app.waves.upload import UploadBody
from tests.support.certificates import make_certificate, server_context
from tests.support.fake_waves import FakeWaves, Fault

PULSE = TranscriptionOptions(ModelId.PULSE)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that only its owner trusts, with its key."""
    return make_certificate(tmp_path / "own.pem", "127.0.0.1")


@pytest.fixture
def tls_waves(certificate: Path) -> Iterator[FakeWaves]:
    fake = FakeWaves(tls=server_context(certificate)).start()
    yield fake
    fake.close()


async def test_a_certificate_nobody_vouches_for_is_refused(
    tls_waves: FakeWaves, recording: Path
):
    client = WavesClient(tls_waves.address, lambda: tls_waves.key)
    with pytest.raises(TlsError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.OPEN_SETTINGS
    assert not tls_waves.requests
    await client.aclose()


async def test_a_certificate_of_ones_own_can_be_trusted(
    tls_waves: FakeWaves, recording: Path, certificate: Path
):
    network = ServiceNetwork(certificates=str(certificate))
    client = WavesClient(tls_waves.address, lambda: tls_waves.key, network)
    assert (await client.transcribe(recording, PULSE)).transcript.word_count
    await client.aclose()


async def test_a_file_of_certificates_that_is_none_is_said(recording: Path):
    network = ServiceNetwork(certificates=str(recording))
    client = WavesClient("https://127.0.0.1:9", lambda: "sk_any_key", network)
    with pytest.raises(AddressError, match="certificate file"):
        await client.transcribe(recording, PULSE)
    await client.aclose()


async def test_silence_after_everything_was_sent_may_mean_done(
    fake_waves: FakeWaves, recording: Path
):
    fake_waves.script(Fault(stalls="answer"), Fault(stalls="body"))
    connection = Connection(fake_waves.address, ServiceNetwork())
    for _ in range(2):
        with pytest.raises(MaybeDoneError):
            await connection.request(
                "POST",
                fake_waves.address + "/waves/v1/stt/?model=pulse&language=en",
                headers={
                    "Authorization": f"Bearer {fake_waves.key}",
                    "Content-Type": "application/octet-stream",
                },
                body=recording.read_bytes(),
                limits=Timeouts(read_s=0.05),
            )
    await connection.aclose()


async def test_an_upload_that_stands_still_is_broken_off(
    fake_waves: FakeWaves, large_recording: Path
):
    fake_waves.script(Fault(stalls="upload"))
    connection = Connection(fake_waves.address, ServiceNetwork())
    async with UploadBody(large_recording) as upload:
        with pytest.raises(UploadBrokenError):
            await connection.request(
                "POST",
                fake_waves.address + "/waves/v1/stt/?model=pulse&language=en",
                headers={
                    "Authorization": f"Bearer {fake_waves.key}",
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(upload.size_bytes),
                },
                body=upload,
                limits=Timeouts(write_s=0.05),
            )
        assert not upload.is_complete
    await connection.aclose()


async def test_an_answer_without_end_is_cut_off(
    fake_waves: FakeWaves, client: WavesClient, recording: Path
):
    fake_waves.script(Fault.raw(b" " * (65 * 1024 * 1024)))
    with pytest.raises(ReplyTooLargeError) as caught:
        await client.transcribe(recording, PULSE)
    assert caught.value.action is Action.ASK_RESEND


def test_limits_grow_with_the_recording():
    assert limits_for(1_000, 10_000).read_s < 122
    assert limits_for(200_000_000, 3_600_000).read_s > 1_800


_MEASURE = """
import asyncio, sys
from pathlib import Path
from app.core.options import ModelId, TranscriptionOptions
from app.waves.client import WavesClient

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

async def main(address, key, path):
    client = WavesClient(address, lambda: key)
    await client.console.health()
    before = worst = resident()
    def on_sent(done, total):
        nonlocal worst
        worst = max(worst, resident())
    options = TranscriptionOptions(ModelId.PULSE)
    await client.transcribe(Path(path), options, on_sent=on_sent)
    await client.aclose()
    print(worst - before)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_long_upload_takes_little_memory(fake_waves: FakeWaves, tmp_path: Path):
    path = tmp_path / "long.wav"
    path.write_bytes(b"RIFF")
    with path.open("r+b") as file:
        file.truncate(240_000_000)
    command = [sys.executable, "-c", _MEASURE, fake_waves.address, fake_waves.key, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 32 * 1024 * 1024


@pytest.mark.parametrize("imported", ["httpx", "truststore", "ssl"])
def test_importing_the_client_does_not_import_the_network(imported: str):
    code = f"import sys, app.waves.client; sys.exit({imported!r} in sys.modules)"
    if imported == "ssl":  # asyncio itself imports it
        code = f"import sys, app.waves.codec; sys.exit({imported!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_fake_runs_as_a_process(tmp_path: Path):
    record = tmp_path / "requests.jsonl"
    command = [sys.executable, "-m", "tests.support.fake_waves", "--record", str(record)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    port = int(process.stdout.readline().rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET /waves/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    process.communicate("", timeout=20)
    assert '"path": "/waves/v1/health"' in record.read_text()
