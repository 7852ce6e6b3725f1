"""The colour of a company on pages that are not its own: made so that it can be read on every ground, in light and dark.

No colour is refused: it is darkened for light pages and lightened for dark ones, just so far that text in it has the
contrast of WCAG AA. Formulas: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio.
"""

import re
from dataclasses import dataclass
from typing import Final

LEAST: Final = 4.5
"""What text needs against its ground."""
LIGHT: Final = ("#FAFBF8", "#FFFFFF", "#F0F2ED", "#E9ECE5", "#E6EEE8")
DARK: Final = ("#0F1613", "#17201C", "#0B110F", "#202B26", "#1E2F28")
"""The grounds of ui/tokens.css: paper, surface, sunken, hover, chosen. A test holds them to it."""
BLACK, WHITE, NIGHT = "#000000", "#FFFFFF", DARK[0]
HOVER: Final = 25
"""How far, in a hundred, a button goes on to black or white under the pointer."""
TINT: Final = 12
"""How far, in a hundred, the ground of what is chosen goes on to the colour."""
_COLOUR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Shades:
    """A colour on pages of one light: for links and buttons, for a button under the pointer, for the words on
    such a button, and for the ground of what is chosen."""

    action: str
    hover: str
    on_action: str
    chosen: str


def read(told: str) -> str | None:
    """A colour as it is kept, "#E4572E", from "#e4572e", "E4572E" or "#f80"; None for what is none."""
    found = _COLOUR.fullmatch(told.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * each for each in found[1])
    return f"#{digits.upper()}"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on_light(accent: str) -> Shades:
    """A colour for light pages: darkened no further than its text needs on every ground; white words on it."""
    chosen = mixed(WHITE, accent, TINT)
    action = _towards(BLACK, accent, (*LIGHT, chosen))
    return Shades(action, mixed(action, BLACK, HOVER), WHITE, chosen)


def on_dark(accent: str) -> Shades:
    """The same for dark pages: lightened, with dark words on it."""
    chosen = mixed(NIGHT, accent, TINT)
    action = _towards(WHITE, accent, (*DARK, chosen))
    return Shades(action, mixed(action, WHITE, HOVER), NIGHT, chosen)


def stylesheet(accent: str) -> str:
    """What colours the pages everybody may read; it goes behind tokens.css, whose names it says again."""
    light, dark = on_light(accent), on_dark(accent)
    return (
        "@layer tokens {\n  :root {\n"
        f"    --action: light-dark({light.action}, {dark.action});\n"
        f"    --action-hover: light-dark({light.hover}, {dark.hover});\n"
        f"    --on-action: light-dark({light.on_action}, {dark.on_action});\n"
        f"    --chosen: light-dark({light.chosen}, {dark.chosen});\n"
        f"    --link: light-dark({light.action}, {dark.action});\n"
        "  }\n}\n"
        "@layer screens {\n"
        f"  body.plain {{ border-block-start: 4px solid {accent}; }}\n"
        f"  body.embedded main {{ border-inline-start: 4px solid {accent}; padding-inline-start: var(--s3); }}\n"
        "  body.embedded a { color: var(--link); }\n"
        "}\n"
    )


def mixed(colour: str, other: str, hundredths: int) -> str:
    """So many hundredths of the way from a colour to another."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * hundredths / 100):02X}" for a, b in pairs)


def _towards(end: str, accent: str, grounds: tuple[str, ...]) -> str:
    for hundredths in range(101):
        shade = mixed(accent, end, hundredths)
        if min(contrast(shade, ground) for ground in grounds) >= LEAST:
            return shade
    return end  # black on light grounds and white on dark ones always can be read


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
