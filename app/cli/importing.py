"""``wordlight import``: work begun elsewhere, into the library."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from app.bootstrap.services import Storage
from app.cli.language import said
from app.cli.progress import JsonEvents, events_for
from app.core.errors import AppError
from app.core.messages import Message, message
from app.core.transcript import TranscriptId
from app.export.importing.hints import Hints, TimeUnit, UncertainUnitError
from app.jobs.importing import guess_encoding, import_file
from app.store.paths import AppPaths
from app.system.clocks import now_ms


async def import_files(arguments: argparse.Namespace) -> int:
    """Take files into the library; gives 0, or 1 if one of them could not be."""
    storage = await asyncio.to_thread(Storage.open, AppPaths.find())
    events = events_for(in_json=arguments.json, to_standard_output=False)
    if storage.notice is not None:
        events.notice(storage.notice)
    failed = False
    hints = Hints(
        arguments.encoding or "",
        None if arguments.times_in is None else TimeUnit(arguments.times_in),
    )
    try:
        for file in arguments.files:
            path = Path(file)
            remarks: list[Message] = []
            known: list[TranscriptId] = []
            try:
                path = path.absolute()
                guess = await asyncio.to_thread(guess_encoding, path)
                transcript_id = await import_file(
                    storage.library,
                    storage.paths.copies,
                    path,
                    now_ms=now_ms(),
                    hints=hints,
                    on_remark=remarks.append,
                    on_left_out=remarks.append,
                    on_known=None if arguments.again else known.append,
                    look=storage.look,
                )
            except UncertainUnitError as error:
                failed = True
                units = ", ".join(error.units)
                events.fail(
                    str(file),
                    message(
                        "{sentence} Use --times-in: {units}.",
                        sentence=error.message.text,
                        units=units,
                    ),
                )
                continue
            except AppError as error:
                failed = True
                events.fail(str(file), error.message)
                continue
            except FileNotFoundError:  # the folder one is in is gone
                failed = True
                gone = message("This file no longer exists, or you may not read it.")
                events.fail(str(file), gone)
                continue
            if known:
                remarks.append(
                    message("imported before and not again; to do it anyway, use --again")
                )
            entry = await asyncio.to_thread(storage.library.entry, transcript_id)
            name = entry.name if entry is not None else path.stem
            if isinstance(events, JsonEvents):
                encoding = hints.encoding or guess.encoding
                events.tell(
                    "known" if known else "imported",
                    file=str(file),
                    id=transcript_id,
                    name=name,
                    encoding=encoding,
                    **({"remark": remarks[0].fill()} if remarks else {}),
                )
            else:
                events.say(f"{transcript_id[:8]}  {name}")
                for remark in remarks:
                    events.say("  " + said(remark))
                if not guess.is_sure and not hints.encoding:
                    first, _, _ = guess.beginning.partition("\n")
                    events.say(
                        "  "
                        + said(
                            "read as {encoding}: “{beginning}”; if that is wrong, choose "
                            "another with --encoding",
                            encoding=guess.encoding,
                            beginning=first,
                        )
                    )
        return 1 if failed else 0
    finally:
        await asyncio.to_thread(storage.close)
