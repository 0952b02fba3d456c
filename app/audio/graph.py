"""The arguments of the one pass: what ffmpeg reads, how it splits the sound, what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.audio.encode import encode_arguments
from app.audio.peaks import RATE_HZ
from app.audio.plan import Form, Plan
from app.audio.probe import LONGEST_MS
from app.audio.source import input_arguments
from app.core.recording import Recording

_LATE_MS = 20
_MOST_NAMED_CHANNELS = 8


def pass_arguments(
    recording: Recording, plan: Plan, copies: Sequence[Path], form: Form, proxy: Path | None
) -> list[str]:
    """Give ffmpeg's arguments for a pass; sound for the outline goes to its output.

    Args:
        recording: What is read, once.
        plan: Which part and which channels of it are wanted.
        copies: Where the copies for the recogniser go, one for each channel of the plan.
        form: Their form.
        proxy: Where the playback copy goes, if one is to be made.
    """
    outputs = [(copy, form) for copy in copies]
    if proxy is not None:
        outputs.append((proxy, Form.FLAC))
    arguments = [
        *input_arguments(recording.path, before=("-t", f"{LONGEST_MS // 1000 + 2}")),
        "-filter_complex",
        _graph(recording, plan, len(copies), has_proxy=proxy is not None),
        # Left alone, ffmpeg writes a kilobyte at a time: a third of the time goes there.
        *("-map", "[peaks]", "-f", "s16le", "-c:a", "pcm_s16le", "-flush_packets", "0"),
        "pipe:1",
    ]
    for place, (path, its_form) in enumerate(outputs):
        arguments += ["-map", f"[out{place}]", *encode_arguments(its_form), f"file:{path}"]
    return arguments


def _graph(recording: Recording, plan: Plan, copies: int, *, has_proxy: bool) -> str:
    """Write the filter graph: resample once, then split; range and channels apart."""
    resample, wanted = _resample(recording), _range(plan)
    mixed = ["[peaks]"]
    chains: list[str] = []
    by_channel = copies if plan.channels != (None,) else 0
    if copies and not by_channel:
        mixed.append("[cut0]" if wanted else "[out0]")
    if has_proxy:
        mixed.append(f"[out{copies}]")
    heads = ["[mix]", *(f"[channel{place}]" for place in range(by_channel))]
    source = "[0:a:0]"
    if by_channel:
        chains.append(f"{source}asplit={len(heads)}{''.join(heads)}")
        source = "[mix]"
    mix = _mix(recording)
    chains.append(f"{source}{mix}{resample},asplit={len(mixed)}{''.join(mixed)}")
    for place in range(by_channel):
        trim = f",{wanted}" if wanted else ""
        chains.append(
            f"[channel{place}]pan=mono|c0=c{plan.channels[place]},{resample}{trim}[out{place}]"
        )
    if "[cut0]" in mixed:
        chains.append(f"[cut0]{wanted}[out0]")
    return ";".join(chains)


def _mix(recording: Recording) -> str:
    """Write how many channels become one, where ffmpeg's own table does not do."""
    if recording.lone_channel is not None:
        return f"pan=mono|c0=c{recording.lone_channel},"
    if recording.channels <= _MOST_NAMED_CHANNELS:
        return ""
    # Layouts without names cannot be mixed by the table; the pan filter takes up to 64.
    count = min(recording.channels, 64)
    average = "+".join(f"{1 / count:.6f}*c{channel}" for channel in range(count))
    return f"pan=mono|c0={average},"


def _resample(recording: Recording) -> str:
    # Gaps between packets become silence, so that time stays true. A late start is
    # filled only where there is one: first_pts would fill again whenever the source
    # changes its format midway.
    late = ":first_pts=0" if recording.starts_ms > _LATE_MS else ""
    return f"aresample={RATE_HZ}:async=1{late},aformat=sample_fmts=s16:channel_layouts=mono"


def _range(plan: Plan) -> str:
    if plan.start_ms == 0 and plan.end_ms is None:
        return ""
    per_ms = RATE_HZ // 1000
    end = "" if plan.end_ms is None else f":end_sample={plan.end_ms * per_ms}"
    return f"atrim=start_sample={plan.start_ms * per_ms}{end},asetpts=PTS-STARTPTS"
