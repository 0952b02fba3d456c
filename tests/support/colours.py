"""All themes, and the contrast of two colours."""

from __future__ import annotations

from app.ui.kit.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT

THEMES = (LIGHT, DARK, CONTRAST_DARK, CONTRAST_LIGHT)


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast of two colours, 1 to 21."""

    def luminance(colour: str) -> float:
        shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        red, green, blue = (
            share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
            for share in shares
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)
