"""How words stand in the subtitles they come from, when others take their place. Pure."""

from __future__ import annotations

from dataclasses import replace

from app.core.transcript import Layout, Word


def laid_out(old: tuple[Word, ...], new: tuple[Word, ...]) -> tuple[Word, ...]:
    """Let new words stand in the subtitles as those did which they replace."""
    if not new or all(word.layout is None for word in old):
        return new
    is_italic = all(word.layout is not None and word.layout.is_italic for word in old)
    layouts: list[Layout | None] = [Layout(is_italic=True) if is_italic else None] * len(new)
    for place, word in enumerate(old):
        if word.layout is None:
            continue
        at = place if len(old) == len(new) else place * len(new) // len(old)
        if word.layout != Layout(is_italic=True):
            layouts[at] = layouts[at] if _begins(layouts[at]) else word.layout
        elif len(old) == len(new):
            layouts[at] = word.layout
    return tuple(
        word if word.layout == layout else replace(word, layout=layout)
        for word, layout in zip(new, layouts, strict=True)
    )


def _begins(layout: Layout | None) -> bool:
    return layout is not None and (layout.cue is not None or layout.starts_line)


def beginning_as(old: tuple[Word, ...], word: Word) -> Word:
    """Let a word begin the subtitle or line that began with words that go."""
    if word.layout is not None and word.layout.cue is not None:
        return word
    begun = [one.layout for one in old if one.layout is not None and _begins(one.layout)]
    if not begun:
        return word
    is_italic = word.layout is not None and word.layout.is_italic
    whole = next((one for one in begun if one.cue is not None), begun[-1])
    return replace(word, layout=replace(whole, is_italic=is_italic))
