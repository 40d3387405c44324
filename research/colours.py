"""The owner's accent colour, made readable on the page. Pure: no Django."""

import re

# The backgrounds that links stand on (static/css/tokens.css): the page's, and the slightly raised surface's.
LIGHT = ("#ffffff", "#f5f6f7")
DARK = ("#15181b", "#1e2226")
DEFAULT_ACCENT = "#0b6a80"
READABLE = 4.5  # WCAG 2.2, 1.4.3: text of ordinary size
READABLE_ON_DARK = 6.5  # the formula flatters dim text on a dark ground
STEPS = 50


def channels(colour):
    """The red, green and blue of "#rrggbb", 0 to 255."""
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def luminance(colour):
    """The relative luminance of "#rrggbb", 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour, other, share):
    """The colour that has `share` (0 to 1) of `other` in it."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def readable(colour, backgrounds, ratio=READABLE):
    """The colour nearest to the given one, towards black or white, with that contrast to all the backgrounds."""
    target = "#000000" if luminance(backgrounds[0]) > 0.5 else "#ffffff"
    for step in range(STEPS + 1):
        found = mix(colour, target, step / STEPS)
        if all(contrast(found, background) >= ratio for background in backgrounds):
            return found
    return target


def accents(colour):
    """(for the light page, for the dark page) of an accent colour; of the default one where it is no "#rrggbb"."""
    colour = colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else DEFAULT_ACCENT
    return readable(colour, LIGHT), readable(colour, DARK, READABLE_ON_DARK)
