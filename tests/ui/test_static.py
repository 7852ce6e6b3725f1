"""The style sheets and scripts as files: what they may not hold, and that everything named exists."""

import re
from pathlib import Path

import pytest

import openroads.ui

ROOM = Path(openroads.ui.__file__).parent
SHEETS = sorted((ROOM / "static/ui").glob("*.css"))
SCRIPTS = sorted((ROOM / "static/ui").glob("*.js"))
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}\b(?![^{}]*\{)")


def bare(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_and_makes_no_markup_from_text(script):
    text = script.read_text()
    assert len(text.splitlines()) < 100
    assert not re.search(r"\beval\(|innerHTML|outerHTML|insertAdjacentHTML|new Function", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_token_a_sheet_asks_for_is_declared(sheet):
    declared = set(re.findall(r"(--[\w-]+)\s*:", (ROOM / "static/ui/tokens.css").read_text()))
    assert set(re.findall(r"var\((--[\w-]+)", bare(sheet))) <= declared


@pytest.mark.parametrize(
    "sheet", [s for s in SHEETS if s.name in ("base.css", "frame.css", "parts.css")]
)
def test_colours_come_from_the_tokens(sheet):
    assert not COLOUR.findall(bare(sheet))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_gold_is_the_golden_thread_and_nothing_else(sheet):
    if sheet.name == "tokens.css":
        return
    for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", bare(sheet)):
        selector, body = rule
        if "var(--thread" in body:
            assert re.search(r"thread|knots|gold", selector), selector.strip()


def test_every_static_file_a_template_names_exists():
    named = set()
    for template in (ROOM / "templates").rglob("*.html"):
        named |= set(re.findall(r"""static ['"](ui/[^'"]+)""", template.read_text()))
        named |= set(re.findall(r"get_static_prefix %}(ui/[\w./-]+)", template.read_text()))
    assert named
    assert [name for name in sorted(named) if not (ROOM / "static" / name).is_file()] == []


def test_no_page_is_turned_by_how_a_screen_is_held() -> None:
    """WCAG 1.3.4; the one rule of axe that the walks leave out (tests/browser/pages.py)."""
    sheets = [*ROOM.parent.glob("*/static/**/*.css")]
    assert len(sheets) > 10
    assert [sheet.name for sheet in sheets if "orientation" in sheet.read_text("utf-8")] == []
