"""What the operating system has to bring, and getting it through apt.

Everything else comes from the lock files. One table says what is needed, by what,
and how Debian and Ubuntu call it; other systems are told the names of what is missing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Need(NamedTuple):
    """Something that does not come as a Python package.

    Attributes:
        name: A library's file name, a command, or a path; how it is looked for.
        packages: Package of Debian and Ubuntu; the first one known there is taken
            (Ubuntu 24.04 and Debian 13 renamed some to ...t64).
        reason: What goes without it.
    """

    name: str
    packages: tuple[str, ...]
    reason: str


# The libraries that Qt's modules and plugins name as NEEDED (objdump -p), without those
# that come along with these: Qt does not start without them.
QT = (
    Need("libEGL.so.1", ("libegl1",), "Qt's drawing"),
    Need("libGL.so.1", ("libgl1",), "Qt's drawing"),
    Need("libX11.so.6", ("libx11-6",), "Qt's drawing"),
    Need("libfontconfig.so.1", ("libfontconfig1",), "text"),
    Need("libfreetype.so.6", ("libfreetype6",), "text"),
    Need("libxkbcommon.so.0", ("libxkbcommon0",), "the keyboard"),
    Need("libdbus-1.so.3", ("libdbus-1-3",), "the desktop"),
    Need("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"), "Qt's event loop"),
    Need("libgthread-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"), "Qt's event loop"),
    Need("libgssapi_krb5.so.2", ("libgssapi-krb5-2",), "QtNetwork, which QtMultimedia loads"),
    Need("libbrotlidec.so.1", ("libbrotli1",), "QtNetwork, which QtMultimedia loads"),
    Need("libzstd.so.1", ("libzstd1",), "QtCore"),
    Need("libpulse.so.0", ("libpulse0",), "playing sound"),
    Need("libXext.so.6", ("libxext6",), "playing sound"),
    Need("libXrandr.so.2", ("libxrandr2",), "playing sound"),
    Need("libstdc++.so.6", ("libstdc++6",), "Qt and the recogniser"),
)

# Without these the program starts, and lacks what the reason says.
DESKTOP = (
    Need("libxcb-cursor.so.0", ("libxcb-cursor0",), "a window on X11"),
    Need("libxcb-icccm.so.4", ("libxcb-icccm4",), "a window on X11"),
    Need("libxcb-image.so.0", ("libxcb-image0",), "a window on X11"),
    Need("libxcb-keysyms.so.1", ("libxcb-keysyms1",), "a window on X11"),
    Need("libxcb-randr.so.0", ("libxcb-randr0",), "a window on X11"),
    Need("libxcb-render.so.0", ("libxcb-render0",), "a window on X11"),
    Need("libxcb-render-util.so.0", ("libxcb-render-util0",), "a window on X11"),
    Need("libxcb-shape.so.0", ("libxcb-shape0",), "a window on X11"),
    Need("libxcb-shm.so.0", ("libxcb-shm0",), "a window on X11"),
    Need("libxcb-sync.so.1", ("libxcb-sync1",), "a window on X11"),
    Need("libxcb-util.so.1", ("libxcb-util1",), "a window on X11"),
    Need("libxcb-xfixes.so.0", ("libxcb-xfixes0",), "a window on X11"),
    Need("libxcb-xkb.so.1", ("libxcb-xkb1",), "a window on X11"),
    Need("libxkbcommon-x11.so.0", ("libxkbcommon-x11-0",), "a window on X11"),
    Need("libX11-xcb.so.1", ("libx11-xcb1",), "a window on X11"),
    Need("libwayland-client.so.0", ("libwayland-client0",), "a window on Wayland"),
    Need("libwayland-cursor.so.0", ("libwayland-cursor0",), "a window on Wayland"),
    Need("libwayland-egl.so.1", ("libwayland-egl1",), "a window on Wayland"),
    Need("libportaudio.so.2", ("libportaudio2",), "sound where Qt's player fails"),
    Need("/etc/ssl/certs/ca-certificates.crt", ("ca-certificates",), "the speech service"),
    Need(
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf|/usr/share/fonts",
        ("fonts-dejavu-core",),
        "text",
    ),
)

# Programs that some tests look at our files with; such a test is skipped without them.
TESTS = (
    Need("Xvfb", ("xvfb",), "tests of the window on a real X server"),
    Need("setxkbmap", ("x11-xkb-utils",), "tests with real mouse and keys"),
    Need("openbox", ("openbox",), "tests with real mouse and keys"),
    Need("xdotool", ("xdotool",), "tests with real mouse and keys"),
    Need("dbus-daemon", ("dbus-daemon", "dbus"), "tests with real mouse and keys"),
    Need("setpriv", ("util-linux",), "tests with real mouse and keys"),
    Need(
        "/usr/libexec/at-spi-bus-launcher|/usr/lib/at-spi2-core/at-spi-bus-launcher",
        ("at-spi2-core",),
        "tests with real mouse and keys",
    ),
    Need("pulseaudio", ("pulseaudio",), "tests of recording from a real sound server"),
    Need("pactl", ("pulseaudio-utils",), "tests of recording from a real sound server"),
    Need("chromium|google-chrome", ("chromium",), "tests of the exported web page"),
    Need("pdftotext", ("poppler-utils",), "tests of the exported PDF"),
    Need("soffice", ("libreoffice-writer-nogui",), "tests of exported Word and ODT files"),
)


# What building our own ffmpeg and the packages takes.
BUILDING = (
    Need("cc|gcc|clang", ("gcc",), "building ffmpeg"),
    Need("make", ("make",), "building ffmpeg"),
    Need("nasm|yasm", ("nasm",), "a quick ffmpeg"),
    Need("pkg-config", ("pkgconf", "pkg-config"), "building ffmpeg"),
    Need("/usr/include/pulse/pulseaudio.h", ("libpulse-dev",), "an ffmpeg that records"),
    Need("objdump", ("binutils",), "finding what a package depends on"),
)


class Machine(NamedTuple):
    """What packages are made for.

    Attributes:
        system: As ``sys.platform`` has it.
        processor: As ``platform.machine()`` has it.
        version: Of macOS, or of glibc on Linux; empty where there is none.
    """

    system: str
    processor: str
    version: tuple[int, ...]

    @classmethod
    def this_one(cls) -> Machine:
        """Give the one this runs on."""
        told = ""
        if sys.platform == "darwin":
            told = platform.mac_ver()[0]
        elif sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc":
            told = platform.libc_ver()[1]
        numbers = tuple(int(one) for one in told.split(".") if one.isdigit())
        return cls(sys.platform, platform.machine().lower(), numbers)


_OLDEST_MACOS = (14,)
_OLDEST_GLIBC = {"x86_64": (2, 34), "amd64": (2, 34), "aarch64": (2, 39), "arm64": (2, 39)}


def why_not(one: Machine) -> str | None:
    """Say in a sentence why Wordlight cannot run on a machine, before pip says it in a page.

    Returns:
        Nothing if it can, as far as can be told.
    """
    version = ".".join(map(str, one.version))
    if one.system == "darwin":
        if one.processor not in {"arm64", "aarch64"}:
            return (
                "Wordlight does not run on Macs with an Intel processor: onnxruntime and "
                "OpenTimelineIO, which it stands on, are not made for them."
            )
        if one.version and one.version < _OLDEST_MACOS:
            return (
                f"Wordlight needs macOS 14 or newer, and this is {version}: onnxruntime, which "
                "it stands on, is not made for older ones."
            )
    elif one.system == "win32":
        if one.processor not in {"amd64", "x86_64"}:
            return (
                "Wordlight needs a Python for 64-bit x86, also on Windows on ARM, which runs "
                "it: ctranslate2 and OpenTimelineIO are not made for ARM there."
            )
    elif one.system.startswith("linux"):
        oldest = _OLDEST_GLIBC.get(one.processor)
        if oldest is None:
            return f"Wordlight runs on 64-bit x86 and ARM, and this is {one.processor}."
        needed = ".".join(map(str, oldest))
        if not one.version:
            return (
                "Wordlight needs a Linux with glibc, and this one has another C library: "
                "Qt for Python is not made for it."
            )
        if one.version < oldest:
            return (
                f"Wordlight needs glibc {needed} or newer on {one.processor}, and this is "
                f"{version}: Qt for Python is not made for older systems."
            )
    return None


def is_here(need: Need) -> bool:
    """Tell whether something is on this machine."""
    names = need.name.split("|")
    if ".so." in need.name:
        return any(_loads(name) for name in names)
    if need.name.startswith("/"):
        return any(os.path.exists(name) for name in names)  # noqa: PTH110 - not always a file
    return any(shutil.which(name) for name in names)


def missing(needs: Iterable[Need]) -> list[Need]:
    """Give what is not here; other systems than Linux bring all of it or never will."""
    if not sys.platform.startswith("linux"):
        return []
    return [need for need in needs if not is_here(need)]


def command_line(needs: Sequence[Need]) -> str:
    """Say in one line how a person gets what is missing."""
    if shutil.which("apt-get"):
        return "sudo apt-get install " + " ".join(_package_names(needs))
    return "install " + " ".join(need.name.split("|")[0] for need in needs)


def apt_prefix() -> list[str] | None:
    """Give what to put before apt-get, or ``None`` where we may not use it."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(
            ["sudo", "-n", "true"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def apt_install(prefix: Sequence[str], needs: Sequence[Need]) -> None:
    """Install packages; whoever asks looks afterwards at what is still missing."""
    quiet = ["-q", "-o", "DPkg::Lock::Timeout=300"]
    # A source that does not answer must not stop what the others have.
    _run([*prefix, "apt-get", *quiet, "update"])
    names = _package_names(needs)
    install = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        *quiet,
        "install",
        "-y",
        "--no-install-recommends",
    ]
    if not _run([*install, *names]):
        for name in names:  # one unknown name must not keep out the rest
            _run([*install, name])


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _package_names(needs: Sequence[Need]) -> list[str]:
    """Choose for each need the package that this release knows."""
    candidates = sorted({name for need in needs for name in need.packages})
    known = set()
    if shutil.which("apt-cache"):
        told = subprocess.run(
            ["apt-cache", "policy", *candidates],
            env={**os.environ, "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        ).stdout
        package = ""
        for line in told.splitlines():
            if not line.startswith(" "):
                package = line.rstrip(":")
            elif line.strip().startswith("Candidate:") and "(none)" not in line:
                known.add(package)
    chosen = []
    for need in needs:
        name = next((one for one in need.packages if one in known), need.packages[-1])
        if name not in chosen:
            chosen.append(name)
    return chosen


def _run(command: Sequence[str]) -> bool:
    done = subprocess.run(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0
