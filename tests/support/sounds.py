"""Sound in other forms, made by the ffmpeg that comes with the program.

Not the system's: a machine need have none, and Debian's cannot write AMR.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg


def ffmpeg(*arguments: str | Path, fed: bytes = b"") -> bytes:
    """Run ffmpeg to its end and give what it wrote to its output.

    Args:
        arguments: As ffmpeg takes them, without its own name.
        fed: What it reads from its input.
    """
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, input=fed).stdout
