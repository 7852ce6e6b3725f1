"""The brand gap on paper: A4, one finding, the word axis, the figures, people's words, how it was
counted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Literal

from openroads.charts.colours import Palette, literal
from openroads.charts.pdf import compile_pdf, printable
from openroads.charts.word_axis import AxisShape, Tone

PAPER_AXIS = AxisShape(672, 340, 12, 34, 44)
"""The word axis at the true width of an A4 page between its margins, so that 12 px stays 9 pt."""
PAPER_AXIS_LANDSCAPE = AxisShape(1000, 300, 12, 34, 44)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of `charts` (colours as tokens) and the sentence that stands for it when it is read
    aloud.
    """

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """The one figure. With an empty `value`, `shortage` says in a sentence why there is none."""

    title: str
    value: str = ""
    of: str = ""
    interval: str = ""
    meaning: str = ""
    """A sentence against chance and against a year ago."""
    shortage: str = ""
    scale: Drawing | None = None


@dataclass(frozen=True, slots=True)
class MonthsPart:
    """Twelve months as a line with its ends; without a `trend`, `shortage` says why."""

    title: str
    course: str = ""
    first: str = ""
    last: str = ""
    since: str = ""
    until: str = ""
    shortage: str = ""
    trend: Drawing | None = None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product's gap; without a `strip`, `why` says in two words why there is none."""

    name: str
    gap: str
    posts: str
    strip: Drawing | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ProductsPart:
    """The gap per product; `head` names product, gap, strip, posts. No rows = the part is left out."""

    title: str = ""
    head: tuple[str, str, str, str] = ("", "", "", "")
    rows: tuple[ProductRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRow:
    """A word with its figure on either side, as text."""

    word: str
    language: str
    they: str
    we: str


@dataclass(frozen=True, slots=True)
class ListPart:
    """One of the three lists; `tone` gives its colour, `head` names measure, they, we; `empty`
    stands in for no rows.
    """

    tone: Tone
    title: str
    count: str
    head: tuple[str, str, str]
    rows: tuple[ListRow, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class QuotePart:
    """Words of a person, and where they were said; `about` is the word they stand for."""

    text: str
    language: str
    source: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class GapReport:
    """Every text of the report, in the reader's language; nothing here is computed or translated
    further.
    """

    language: str
    author: str
    brand: str
    kind: str
    """What this is: "Brand gap"."""
    dateline: str
    finding: str
    standfirst: str
    footer: str
    """Source and date."""
    page_word: str
    of_word: str
    score: ScorePart
    months: MonthsPart
    method_title: str
    method: tuple[str, ...]
    products: ProductsPart = ProductsPart()
    lists: tuple[ListPart, ...] = ()
    quotes_title: str = ""
    quotes: tuple[QuotePart, ...] = ()
    axis: Drawing | None = None


def gap_report_pdf(
    report: GapReport, palette: Palette, *, layout: Literal["portrait", "landscape"] = "portrait"
) -> bytes:
    """The report as PDF/UA-1 on A4 in the colours of `palette` (`Tokens.print`). Raises
    `pdf.PaperRefused`.
    """
    drawings: dict[str, Drawing] = {}
    for name, drawing in (
        ("axis", report.axis),
        ("scale", report.score.scale),
        ("trend", report.months.trend),
    ):
        if drawing is not None:
            drawings[name] = drawing
    products = []
    for place, row in enumerate(report.products.rows):
        name = f"strip-{place}"
        if row.strip is not None:
            drawings[name] = row.strip
        products.append(
            {
                "name": row.name,
                "gap": row.gap,
                "posts": row.posts,
                "why": row.why,
                "strip": f"{name}.svg" if row.strip else "",
                "alt": row.strip.words if row.strip else "",
            }
        )
    data = {
        **_plain(report),
        "title": f"{report.kind}: {report.finding}",
        "landscape": layout == "landscape",
        "colours": dict(palette),
        "images": {name: drawing.words for name, drawing in drawings.items()},
        "products": {
            "title": report.products.title,
            "head": report.products.head,
            "rows": products,
        },
        "quotes": {"title": report.quotes_title, "rows": [asdict(q) for q in report.quotes]},
        "method": {"title": report.method_title, "sentences": report.method},
    }
    images = {
        f"{name}.svg": printable(literal(drawing.svg, palette)).encode()
        for name, drawing in drawings.items()
    }
    return compile_pdf(_template(), data, images)


def _plain(report: GapReport) -> Mapping[str, object]:
    """The report's own texts without its drawings."""
    fields = asdict(report)
    fields["score"].pop("scale")
    fields["months"].pop("trend")
    fields.pop("axis")
    return fields


def _template() -> str:
    folder = resources.files("openroads.charts") / "templates"
    return (folder / "gap.typ").read_text(encoding="utf-8")
