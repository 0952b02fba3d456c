"""The one graph of sound: what is recognised, played, drawn and handed on is made by it.

Every track that is taken is put on the recording's own clock (a late start and gaps
become silence), its channels are mixed by level, the recordings that stand one after
the other in a file follow each other, and several tracks become one sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from app.audio.encode import encode_arguments
from app.audio.plan import Form, Lane, Plan
from app.audio.probe import LONGEST_MS
from app.audio.source import inputs_of
from app.core.peaks import RATE_HZ
from app.core.recording import Recording, Track

_LATE_MS = 20
_PIECE = 4_096
_LIMIT = "alimiter=limit=0.98:level=0:latency=1"
"""Keeps from being cut off what is louder elsewhere than where it was listened to."""


def pass_arguments(
    recording: Recording, plan: Plan, copies: Sequence[Path], form: Form, proxy: Path | None
) -> list[str]:
    """Give ffmpeg's arguments for a pass; sound for the waveform goes to its output.

    Args:
        recording: What is read, once.
        plan: Which part and which lanes of it are wanted.
        copies: Where the copies for the recogniser go, one for each lane of the plan.
        form: Their form.
        proxy: Where the playback copy goes, if one is to be made.
    """
    outputs = [(copy, form) for copy in copies]
    if proxy is not None:
        outputs.append((proxy, Form.FLAC))
    arguments = [
        *_inputs(recording),
        "-filter_complex",
        _graph(recording, plan, len(copies), has_proxy=proxy is not None),
        # Left alone, ffmpeg writes a kilobyte at a time: a third of the time goes there.
        *("-map", "[peaks]", "-f", "s16le", "-c:a", "pcm_s16le", "-flush_packets", "0"),
        "pipe:1",
    ]
    for place, (path, its_form) in enumerate(outputs):
        arguments += ["-map", f"[out{place}]", *encode_arguments(its_form), f"file:{path}"]
    return arguments


def mix_arguments(recording: Recording, rate_hz: int) -> list[str]:
    """Give ffmpeg's arguments for the mix alone, to be followed by those of its encoder.

    Args:
        recording: What is read.
        rate_hz: Samples a second of what comes out.
    """
    graph = _Graph(recording, rate_hz)
    graph.add(Lane(), ["[mix]"])
    return [*_inputs(recording), "-filter_complex", graph.text, "-map", "[mix]"]


def _inputs(recording: Recording) -> list[str]:
    return inputs_of(recording, before=("-t", f"{LONGEST_MS // 1000 + 2}"))


def _graph(recording: Recording, plan: Plan, copies: int, *, has_proxy: bool) -> str:
    """Write the filter graph: resample once, then split; range and lanes apart."""
    graph, wanted = _Graph(recording, RATE_HZ), _range(plan)
    mixed = ["[peaks]"]
    for place, lane in enumerate(plan.lanes[:copies]):
        label = f"[cut{place}]" if wanted else f"[out{place}]"
        if lane.is_mix:
            mixed.append(label)
        else:
            graph.add(lane, [label], measured_as=f"lane{place}")
        if wanted:
            graph.chains.append(f"{label}{wanted}[out{place}]")
    if has_proxy:
        mixed.append(f"[out{copies}]")
    graph.add(Lane(), mixed)
    return graph.text


class _Graph:
    """Writes the chains from a recording's tracks to sound of one channel."""

    def __init__(self, recording: Recording, rate_hz: int) -> None:
        self.chains: list[str] = []
        self._recording = recording
        self._rate_hz = rate_hz
        self._links = range(max(1, len(recording.links)))
        self._wanted: dict[int, list[str]] = {}
        self._feeds = 0

    @property
    def text(self) -> str:
        """The whole graph; tracks are split as often as they were asked for."""
        heads: list[str] = []
        chains = ";".join(self.chains)
        for number, labels in self._wanted.items():
            for link in self._links:
                source = f"[{link}:a:{number}]"
                own = [label.replace("@", f"l{link}") for label in labels]
                if len(own) == 1:
                    chains = chains.replace(own[0], source)
                else:
                    heads.append(f"{source}asplit={len(own)}{''.join(own)}")
        return ";".join([*heads, chains])

    def add(self, lane: Lane, targets: Sequence[str], *, measured_as: str = "") -> None:
        """Make one lane, and give it out under so many names.

        Args:
            lane: What is made.
            targets: The names.
            measured_as: Under which name ffmpeg is to tell how loud it is, if any.
        """
        recording = self._recording
        tracks = [track for track in recording.taken if lane.track in {None, track.number}] or [
            track for track in recording.tracks if track.number == lane.track
        ]
        channel = recording.choice.channel if lane.channel is None else lane.channel
        gain = recording.gain if lane.is_mix else _lane_gain(tracks, lane)
        is_exact = len(tracks) == 1 and gain == 1.0 and not _has_weights(tracks, channel)
        form = "s16" if is_exact else "fltp"
        feeds = [self._feed(track, channel, form) for track in tracks]
        steps: list[str] = []
        if len(feeds) > 1:
            steps.append(f"amix=inputs={len(feeds)}:normalize=0:duration=longest")
        if gain != 1.0:
            steps += [f"volume={gain:.6f}:precision=float", _LIMIT]
        if not is_exact:
            # A filter may have changed the rate to its own liking.
            steps += [f"aresample={self._rate_hz}"] if gain != 1.0 else []
            steps.append("aformat=sample_fmts=s16:channel_layouts=mono")
        if recording.keeps_form:
            # Handing it on in larger pieces saves a sixth of the time. Where the form changes
            # midway ffmpeg builds the graph anew, and what waits in here would be lost.
            steps.append(f"asetnsamples={_PIECE}:p=0")
        if measured_as:
            steps.append(
                f"astats@{measured_as}=measure_overall=Peak_level:measure_perchannel=none"
            )
        if len(targets) > 1:
            steps.append(f"asplit={len(targets)}")
        chain = ",".join(steps) or "anull"
        self.chains.append(f"{''.join(feeds)}{chain}{''.join(targets)}")

    def _feed(self, track: Track, channel: int | None, form: str) -> str:
        """Put one track on the recording's clock, in one channel; gives its name."""
        name = f"feed{self._feeds}"
        self._feeds += 1
        self._wanted.setdefault(track.number, []).append(f"[{name}@]")
        steps = [*_mixing(track, channel), _resampling(track, self._rate_hz, form)]
        ends: list[str] = []
        for link in self._links:
            end = f"[{name}link{link}]" if len(self._links) > 1 else f"[{name}]"
            self.chains.append(f"[{name}l{link}]{','.join(steps)}{end}")
            ends.append(end)
        if len(ends) > 1:
            self.chains.append(f"{''.join(ends)}concat=n={len(ends)}:v=0:a=1[{name}]")
        return f"[{name}]"


def _mixing(track: Track, channel: int | None) -> list[str]:
    """Write how many channels become one, where ffmpeg's own table does not do."""
    if channel is not None and track.channels > 1:
        return [f"pan=mono|c0=c{min(channel, track.channels - 1)}"]
    if not track.weights:
        return []
    terms = "".join(f"{weight:+.6f}*c{place}" for place, weight in enumerate(track.weights))
    lone = [place for place, weight in enumerate(track.weights) if weight]
    if len(lone) == 1 and track.weights[lone[0]] == 1.0:
        return [f"pan=mono|c0=c{lone[0]}"]
    return ["aformat=sample_fmts=fltp", f"pan=mono|c0={terms.removeprefix('+')}"]


def _has_weights(tracks: Iterable[Track], channel: int | None) -> bool:
    return channel is None and any(
        track.weights and set(track.weights) != {0.0, 1.0} for track in tracks
    )


def _lane_gain(tracks: Sequence[Track], lane: Lane) -> float:
    """Say how a channel or a track that is a speaker of its own is brought to its level."""
    gains = [gain for track in tracks for gain in track.gains]
    if not gains:
        return 1.0
    if lane.channel is not None:
        own = tracks[0].gains
        return own[lane.channel] if lane.channel < len(own) else 1.0
    return min(gains)


def _resampling(track: Track, rate_hz: int, form: str) -> str:
    # Gaps between packets become silence, so that time stays true. A late start is
    # filled only where there is one: first_pts would fill again whenever the source
    # changes its format midway.
    late = ":first_pts=0" if track.starts_ms > _LATE_MS else ""
    return f"aresample={rate_hz}:async=1{late},aformat=sample_fmts={form}:channel_layouts=mono"


def _range(plan: Plan) -> str:
    if plan.start_ms == 0 and plan.end_ms is None:
        return ""
    per_ms = RATE_HZ // 1000
    end = "" if plan.end_ms is None else f":end_sample={plan.end_ms * per_ms}"
    return f"atrim=start_sample={plan.start_ms * per_ms}{end},asetpts=PTS-STARTPTS"
