"""Another build in place of this one, started when everything of this one is put away."""

from __future__ import annotations

import os
import subprocess
import sys

from app.core.messages import Message, message
from app.system.children import program_command, program_environment


def start_once_more() -> Message | None:
    """Start what lies now where this program did; gives why that cannot be done.

    On Linux this process becomes the new program and nothing comes back: who waits for
    it, a terminal or a session, sees no end. Elsewhere a process of its own is started.
    """
    command, environment = program_command(), program_environment()
    try:
        if sys.platform == "linux":
            os.execve(command[0], command, environment)  # noqa: S606 - our own program
        subprocess.Popen(  # noqa: S603 - our own program; it outlives this one
            command,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return message(
            "Wordlight could not be restarted ({reason}). Start it again yourself.",
            reason=error.strerror or str(error),
        )
    return None
