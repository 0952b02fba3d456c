"""Which files are recordings: one list for dialog, folders, watching and searching.

Each kind is a format that ffmpeg reads, with the endings such files have. What is
looked for is thereby what can be read (``tests/audio/test_file_kinds.py`` asks ffmpeg).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

FORMATS: dict[str, str] = {
    # ffmpeg's name of a format: the endings of its files, as it and the makers of
    # phones, cameras and recorders write them
    "3dostr": "str",
    "aa": "aa aax",  # Audible's, encrypted: refused with the right reason
    "aac": "aac adts",
    "ac3": "ac3",
    "ac4": "ac4",
    "act": "act",
    "aiff": "aif aiff aifc afc",
    "amr": "amr",
    "amrnb": "",
    "amrwb": "awb",
    "ape": "ape apl mac",
    "asf": "asf wma wmv",
    "asf_o": "",
    "au": "au snd",
    "avi": "avi divx",
    "avr": "avr",
    "bit": "bit",
    "caf": "caf",
    "codec2": "c2",
    "daud": "302 daud",
    "dhav": "dav",
    "dsf": "dsf",
    "dss": "dss",
    "dts": "dts",
    "dtshd": "dtshd",
    "dv": "dv dif",
    "eac3": "eac3 ec3",
    "flac": "flac",
    "flv": "flv f4v",
    "g729": "g729",
    "gsm": "gsm",
    "gxf": "gxf",
    "iamf": "iamf",
    "iff": "8svx",
    "ilbc": "lbc",
    "ircam": "sf ircam",
    "ivf": "",
    "kux": "kux",
    "laf": "laf",
    "lc3": "lc3",
    "live_flv": "",
    "loas": "latm",
    "lvf": "lvf",
    "lxf": "lxf",
    "matroska": "mkv mka mk3d",
    "webm": "webm weba",
    "mlp": "mlp",
    "mmf": "mmf",
    "mov": "mov qt qta",
    "mp4": "mp4 m4v f4a ismv isma psp",
    "m4a": "m4a m4b m4r",
    "3gp": "3gp 3gpp 3ga",
    "3g2": "3g2 3gpp2",
    "mj2": "mj2",
    "mp3": "mp3 mp2 mp1 mpa mpga m2a",
    "mpc": "mpc",
    "mpc8": "",
    "mpeg": "mpg mpeg vob mod vro dat",
    "mpegts": "ts mts m2ts m2t tod trp tp",
    "mpegtsraw": "",
    "mtaf": "mtaf",
    "mxf": "mxf",
    "nistsphere": "nist sph",
    "nsv": "nsv",
    "nut": "nut",
    "nuv": "nuv",
    "oga": "oga",
    "ogg": "ogg ogv opus spx ogx",
    "oma": "oma omg aa3 at3",
    "osq": "osq",
    "paf": "paf",
    "pva": "pva",
    "pvf": "pvf",
    "qcp": "qcp",
    "qoa": "qoa",
    "rka": "rka",
    "rm": "rm ra rmvb ram",
    "sbc": "sbc msbc",
    "sds": "sds",
    "shn": "shn",
    "sln": "sln",
    "sox": "sox",
    "spdif": "",
    "swf": "swf",
    "tak": "tak",
    "truehd": "thd",
    "tta": "tta",
    "ty": "ty ty+",
    "voc": "voc",
    "vqf": "vqf vql vqe",
    "w64": "w64",
    "wav": "wav wave bwf rf64",
    "wavarc": "wa",
    "wtv": "wtv",
    "wv": "wv",
    "wve": "wve",
    "xa": "xa",
    "xwma": "xwma",
}
"""Formats that hold sound themselves. Those that make ffmpeg open further files or
addresses (playlists, scripts, devices) are not here and so are refused."""

RECORDING_SUFFIXES = frozenset(
    f".{ending}" for endings in FORMATS.values() for ending in endings.split()
) - {".302", ".act", ".bit", ".dat", ".mac", ".ram", ".sf", ".str", ".swf", ".wa"}
"""Endings of recordings, in small letters with their dot. A few are left out that more
often mean something else; a file named by itself is looked into whatever it is called."""

_BINS = frozenset(
    {
        "$recycle.bin",
        "recycler",
        "recycled",
        "$recycle",
        "#recycle",
        "@recycle",
        "@eadir",
        "trash",
        "trash-0",
        "lost+found",
        "lost.dir",
        "found.000",
        "system volume information",
        "$windows.~bt",
        "$winreagent",
        "__macosx",
        "network trash folder",
        "temporary items",
        "thevolumesettingsfolder",
        "#snapshot",
        "@tmp",
        "windows.old",
    }
)
"""Where systems and disks keep what was deleted, and what is theirs alone."""
_HIDDEN_ATTRIBUTES = 0x2 | 0x4
"""Windows: hidden, and part of the system."""


def is_recording_name(name: str) -> bool:
    """Tell whether a file is a recording, as its name says; hidden ones are none."""
    return not name.startswith(".") and PurePath(name).suffix.lower() in RECORDING_SUFFIXES


def is_private_folder(name: str, attributes: int = 0) -> bool:
    """Tell whether a folder is a bin or other programs' business.

    Args:
        name: Its own name.
        attributes: What Windows says of it (``st_file_attributes``), 0 elsewhere.
    """
    return (
        name.startswith(".")
        or name.lower() in _BINS
        or attributes & _HIDDEN_ATTRIBUTES == _HIDDEN_ATTRIBUTES
    )


def dialog_patterns(suffixes: Iterable[str] = RECORDING_SUFFIXES) -> str:
    """Give the patterns of a file dialog: cameras write ``.MXF``, some systems mind."""
    return " ".join(f"*{one} *{one.upper()}" for one in sorted(suffixes))
