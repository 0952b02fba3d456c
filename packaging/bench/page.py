"""The interactive page with 30,000 words in a real browser: first paint and each step."""

from __future__ import annotations

import io
import shutil
import statistics
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

from app.export.formats import FORMATS
from app.export.source import Audio, ExportDocument
from bench import CannotMeasureError, Figure
from bench.exporting import sample

WORDS = 30_000
STEPS = 200

FIRST_PAINT = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries()[0].startTime))
    .observe({type: "paint", buffered: true});
})"""
STEP = """(steps) => new Promise((done) => {
  // What one step costs: the page's own listener, called by an event it already hears.
  const audio = document.getElementById("audio");
  let ms = 0;
  Object.defineProperty(audio, "currentTime", {get: () => ms / 1000, set: () => {}});
  const found = [];
  const step = () => {
    ms += 45_007;
    const began = performance.now();
    audio.dispatchEvent(new Event("timeupdate"));
    found.push(performance.now() - began);
    if (found.length < steps) requestAnimationFrame(step);
    else done(found);
  };
  requestAnimationFrame(step);
})"""


def figures() -> Iterator[Figure]:
    """Measure with Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CannotMeasureError("playwright is not installed") from error
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise CannotMeasureError("there is no Chromium on this machine")
    document = sample(WORDS)
    document = ExportDocument(document.transcript, document.title, audio=_silence(10))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder, "page.html")
        path.write_bytes(FORMATS["html"].write(document))
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        page = browser.new_page()
        paints: list[float] = []
        for _ in range(3):
            page.goto(path.as_uri())
            paints.append(page.evaluate(FIRST_PAINT))
        steps = sorted(page.evaluate(STEP, STEPS))
        browser.close()
    yield Figure(f"first paint, {WORDS} words", min(paints), "ms", target=1_000)
    yield Figure("script a step, median", statistics.median(steps), "ms", target=4)
    yield Figure("script a step, 95 of 100", steps[int(STEPS * 0.95)], "ms")


def _silence(seconds: int) -> Audio:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(16_000 * seconds))
    return Audio("audio/wav", file.getvalue())
