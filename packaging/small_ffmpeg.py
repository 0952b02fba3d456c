"""Build an ffmpeg of our own for the bundle: what ``app/audio`` uses, and nothing else.

The ready-made binary is GPL and 173 MB; this one is LGPL, reads every format of
``app/core/file_kinds.py``, decodes every kind of sound that ffmpeg itself can, and is some
6 MB. Sources are pinned by their hash, wherever they come from: the system's source packages
where there are some, else the projects' own pages. What is built lies under ``build/cache``,
by the digest of all it depends on. On Linux it records too, from PulseAudio and PipeWire.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, SetupError, say

sys.path.insert(0, str(ROOT))
from app.core.file_kinds import FORMATS


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a library, as its makers packed it.

    Attributes:
        name: What Debian calls it.
        version: Which.
        sha256: Of the archive.
        address: Where its makers keep it.
        release: Of Debian, that has this version.
    """

    name: str
    version: str
    sha256: str
    address: str
    release: str


FFMPEG = Source(
    "ffmpeg",
    "9.0.2",
    "8c3850283eb25fa026482078a04051e0be17347b09ef81a0849bec15a96e002e",
    "https://ffmpeg.org/releases/ffmpeg-9.0.2.tar.xz",
    "forky",
)
OPUS = Source(
    "opus",
    "1.3.1",
    "65b58e1e25b2a114157014736a3d9dfeaad8d41be1c8179866f144a2fb44ff9d",
    "https://archive.mozilla.org/pub/opus/opus-1.3.1.tar.gz",
    "bookworm",
)

PROTOCOLS = ("file", "pipe", "subfile")
MUXERS = ("flac", "framecrc", "null", "ogg", "opus", "pcm_f32le", "pcm_s16le", "wav")
ENCODERS = ("flac", "libopus", "pcm_f32le", "pcm_s16le", "wrapped_avframe")
FILTERS = (
    *("aformat", "alimiter", "amix", "anull", "aresample", "asetnsamples", "asetpts"),
    *("ashowinfo", "asplit", "astats", "atempo", "atrim", "concat", "pan", "volume"),
)
ALIASES = {
    **dict.fromkeys(("mp4", "m4a", "3gp", "3g2", "mj2"), "mov"),
    "webm": "matroska",
    "mpeg": "mpegps",
    "oga": "ogg",
    "3dostr": "str",
}
"""Formats that ffmpeg gives several names; the demuxer is called otherwise."""
REFUSED = (
    *("ass", "concat", "gif", "hls", "image_bmp_pipe", "image_jpeg_pipe", "image_png_pipe"),
    *("image_svg_pipe", "image_tiff_pipe", "image_webp_pipe", "lrc", "srt", "tty", "webvtt"),
)
"""What is known only so that it is refused for what it is: lists, pictures, texts."""
INPUTS = {"linux": ("pulse",)}
"""What is recorded from, by system: elsewhere recording goes through PortAudio."""
_OWN_DECODERS = re.compile(r"^extern const FFCodec ff_(\w+)_decoder;", re.MULTILINE)
_SECTION = re.compile(r"^/\* (.+?) \*/$", re.MULTILINE)
_DEMUXERS = re.compile(r"^extern const (?:AV|FF)InputFormat\s+ff_(\w+)_demuxer;", re.MULTILINE)
_OF_SOUND = ("audio codecs", "PCM codecs", "DPCM codecs", "ADPCM codecs")


def sound_decoders(all_codecs: str) -> list[str]:
    """Give every decoder of sound that ffmpeg brings itself, from its list of all codecs."""
    pieces = _SECTION.split(all_codecs)
    found: list[str] = []
    for title, text in zip(pieces[1::2], pieces[2::2], strict=False):
        if title in _OF_SOUND:
            found += _OWN_DECODERS.findall(text)
    return found


def demuxers(all_formats: str) -> list[str]:
    """Give the demuxers for the formats Wordlight reads or refuses, of those there are."""
    there = set(_DEMUXERS.findall(all_formats))
    wanted = {ALIASES.get(name, name) for name in FORMATS} | {*REFUSED}
    raw = {name for name in there if name.startswith("pcm_")}  # sound without a header
    return sorted((wanted & there) | raw)


def options(source: Path) -> list[str]:
    """Give what ``configure`` is told, by what the source has."""
    codecs = (source / "libavcodec" / "allcodecs.c").read_text("utf-8")
    formats = (source / "libavformat" / "allformats.c").read_text("utf-8")
    return [
        *("--disable-everything", "--disable-autodetect", "--disable-doc", "--disable-debug"),
        *("--disable-network", "--disable-swscale", *_recording()),
        *("--disable-ffplay", "--disable-ffprobe"),
        *("--enable-zlib", "--enable-libopus", "--pkg-config-flags=--static"),
        f"--enable-protocol={','.join(PROTOCOLS)}",
        f"--enable-demuxer={','.join(demuxers(formats))}",
        f"--enable-muxer={','.join(MUXERS)}",
        f"--enable-encoder={','.join(ENCODERS)}",
        f"--enable-decoder={','.join(sound_decoders(codecs))}",
        f"--enable-filter={','.join(FILTERS)}",
        "--enable-parser=" + ",".join(_PARSERS),
        "--enable-bsf=null,aac_adtstoasc,mp3_header_decompress",
    ]


def _recording() -> list[str]:
    """Give what ``configure`` is told of what is recorded from."""
    inputs = INPUTS.get(sys.platform, ())
    if not inputs:
        return ["--disable-avdevice"]
    # As needed: the library's own parts, which pkg-config names, are found by it alone.
    return [
        *(f"--enable-lib{one}" for one in inputs),
        *(f"--enable-indev={one}" for one in inputs),
        "--extra-ldflags=-Wl,--as-needed",
    ]


_PARSERS = (
    *("aac", "aac_latm", "ac3", "adx", "amr", "cook", "dca", "dolby_e", "flac", "g723_1"),
    *("g729", "gsm", "mlp", "mpegaudio", "opus", "sbc", "sipr", "tak", "vorbis", "xma"),
)


def digest() -> str:
    """Stand for all that the result depends on."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    total.update("".join(sorted(FORMATS)).encode())
    total.update(sys.platform.encode())
    return total.hexdigest()[:16]


def small_ffmpeg() -> Path:
    """Give the path of our ffmpeg; build it if this was not done yet.

    Raises:
        SetupError: It cannot be built here; the text says what is missing.
    """
    name = "ffmpeg.exe" if sys.platform == "win32" else "ffmpeg"
    kept = ROOT / "build" / "cache" / f"ffmpeg-{digest()}" / name
    if kept.is_file():
        return kept
    lacking = [tool for tool in ("make", "pkg-config") if shutil.which(tool) is None]
    if not any(shutil.which(one) for one in ("cc", "gcc", "clang")):
        lacking.append("a C compiler")
    if not lacking and sys.platform in INPUTS and not _has_pulse():
        lacking.append("PulseAudio's headers (libpulse-dev)")
    if lacking:
        raise SetupError(f"Building ffmpeg needs {', '.join(lacking)}; install that first.")
    say("- Building a small ffmpeg (a few minutes, once)")
    with tempfile.TemporaryDirectory(prefix="wordlight-ffmpeg-") as top:
        built = _build(Path(top))
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".half")
        shutil.copy2(built, half)
        half.replace(kept)  # whole or not at all
    return kept


def _has_pulse() -> bool:
    return subprocess.run(["pkg-config", "--exists", "libpulse"], check=False).returncode == 0


def _build(top: Path) -> Path:
    opus, ffmpeg = _unpack(OPUS, top / "opus"), _unpack(FFMPEG, top / "ffmpeg")
    prefix = top / "prefix"
    # The folder would be told in the binary, and another one each time.
    same = f"-O2 -ffile-prefix-map={top}=."
    surroundings = {**os.environ, "CFLAGS": same}
    _run(
        [
            *("./configure", f"--prefix={prefix}", "--disable-shared", "--enable-static"),
            *("--disable-doc", "--disable-extra-programs", "--with-pic"),
        ],
        opus,
        surroundings,
    )
    _run(["make", f"-j{os.cpu_count() or 1}", "install"], opus, surroundings)
    no_assembler = [] if shutil.which("nasm") or shutil.which("yasm") else ["--disable-x86asm"]
    _run(
        ["./configure", *options(ffmpeg), *no_assembler, f"--extra-cflags={same}"],
        ffmpeg,
        {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")},
    )
    # What was configured is told by -version; the folder of this build is nobody's business.
    told = ffmpeg / "config.h"
    text = re.sub(
        r'(#define FFMPEG_CONFIGURATION ").*?(")',
        r"\1reduced; see packaging/small_ffmpeg.py\2",
        told.read_text("utf-8"),
    )
    told.write_text(text, "utf-8")
    _run(["make", f"-j{os.cpu_count() or 1}", "ffmpeg"], ffmpeg, os.environ)
    binary = ffmpeg / ("ffmpeg.exe" if sys.platform == "win32" else "ffmpeg")
    subprocess.run(["strip", str(binary)], check=True)
    return binary


def _unpack(source: Source, folder: Path) -> Path:
    folder.mkdir(parents=True)
    archive = _fetch(source, folder)
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (inside,) = (folder / "unpacked").iterdir()
    return inside


def _fetch(source: Source, folder: Path) -> Path:
    for found in (*_from_apt(source, folder), *_from_makers(source, folder)):
        with found.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == source.sha256:
                return found
        say(f"- {source.name}: another file than {source.version} was offered; not taken")
    raise SetupError(
        f"The source of {source.name} {source.version} is not to be had: neither from the "
        f"system's source packages nor from {source.address}."
    )


def _from_apt(source: Source, folder: Path) -> list[Path]:
    """Fetch a source package from the archive the system itself uses, which stays as it is."""
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    if shutil.which("apt-get") is None:
        return []
    parts, lists = folder / "parts", folder / "lists"
    (lists / "partial").mkdir(parents=True)
    parts.mkdir()
    for one in sources:
        if one.is_file() and one.suffix in {".list", ".sources"}:
            text = of_release(one.read_text("utf-8"), source.release)
            (parts / one.name).write_text(text, "utf-8")
    apt = [
        *("apt-get", "-q", "-o", "Dir::Etc::sourcelist=/dev/null"),
        *("-o", f"Dir::Etc::sourceparts={parts}", "-o", f"Dir::State::lists={lists}"),
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*apt, "update"], check=False, **quiet)
    subprocess.run([*apt, "source", "--download-only", source.name], check=False, **quiet)
    return sorted(folder.glob(f"{source.name}_*.orig.tar.*z"))


def of_release(sources: str, release: str) -> str:
    """Give a list of apt's for the sources of a release of Debian, whichever it is for.

    Args:
        sources: A file of ``sources.list.d``, in the old form or the new one.
        release: Such as ``trixie``.
    """
    text = re.sub(r"(?m)^Types:.*$", "Types: deb-src", sources)
    text = re.sub(r"(?m)^deb(-src)? ", "deb-src ", text)
    return re.sub(r"(?<![\w-])(bullseye|bookworm|trixie|forky)(?=[-\s])", release, text)


def _from_makers(source: Source, folder: Path) -> list[Path]:
    archive = folder / source.address.rpartition("/")[2]
    try:
        with urllib.request.urlopen(source.address, timeout=60) as answer:  # noqa: S310
            archive.write_bytes(answer.read())
    except OSError:
        return []
    return [archive]


def _run(command: Sequence[str], folder: Path, surroundings: object) -> None:
    if sys.platform == "win32" and command[0].startswith("./"):
        command = ["sh", *command]  # Windows itself starts no scripts
    done = subprocess.run(
        list(command),
        cwd=folder,
        env=dict(surroundings),  # type: ignore[call-overload]
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-12:])
        raise SetupError(f"Building ffmpeg failed in {' '.join(command[:2])}:\n{last}")
