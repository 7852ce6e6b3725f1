"""The two typefaces that travel with the product, and how wide they set a text."""

from functools import cache
from importlib import resources
from pathlib import Path

SERIF = "Source Serif Pro"
SANS = "Source Sans Pro"

_FILES = {
    (SERIF, False): ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    (SERIF, True): ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    (SANS, False): ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    (SANS, True): ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}


def font_directories() -> tuple[Path, ...]:
    """Directories of the typefaces' files, for engines that draw with them (Vega, typst)."""
    packages = dict.fromkeys(package for package, _ in _FILES.values())
    return tuple(Path(str(resources.files(package))) / "files" for package in packages)


@cache
def _advances(family: str, bold: bool) -> tuple[dict[int, float], float]:
    """Advance width in em per code point, and that of a character the typeface lacks."""
    # Reading a font costs 100 ms of imports that a page without exhibits never needs.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    package, name = _FILES[family, bold]
    with TTFont(str(resources.files(package) / "files" / name), lazy=True) as font:
        units = float(font["head"].unitsPerEm)
        metrics = font["hmtx"].metrics
        widths = {code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()}
    return widths, 1.0


def text_width(text: str, size: float, *, family: str = SERIF, bold: bool = False) -> float:
    """Width of `text` in px at `size` px, the sum of its advances (kerning only ever takes away).

    Characters that the typeface lacks (emoji, other scripts) count as one em, which holds for
    square ones.
    """
    widths, missing = _advances(family, bold)
    return size * sum(widths.get(ord(character), missing) for character in text)


def covered(family: str) -> frozenset[int]:
    """Code points that the typeface can set."""
    return frozenset(_advances(family, False)[0])
