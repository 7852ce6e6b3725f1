"""The trail as its reader sees it: kept in English, shown in the language of who looks."""

import ast
from pathlib import Path
from typing import Any

from django.utils.translation import override

from openroads.directory import trail
from openroads.directory.actions import grant_role
from openroads.directory.deeds import FACTS, deed_words, facts_words, thing_words
from openroads.directory.models import Department, TrailEntry

SOURCE = Path(__file__).parents[2] / "src/openroads"


def facts_recorded() -> dict[str, str]:
    """The name of every fact that any room records, with the file that does."""
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "trail.record":
                found |= {each.arg: path.name for each in node.keywords if each.arg}
    return found


def test_every_fact_that_is_recorded_has_a_word() -> None:
    recorded = facts_recorded()
    assert {"role", "posts", "size"} <= recorded.keys()
    nameless = {name: file for name, file in recorded.items() if name not in FACTS}
    assert nameless == {}, "give it a word in openroads/directory/deeds.py"


def test_a_role_is_kept_as_a_code_and_read_as_a_word(ada: Any, ida: Any) -> None:
    part = Department.objects.create(name="Product")
    grant_role(by=ada, person=ida, role="webcare_agent", department=part)
    entry = TrailEntry.objects.order_by("-number")[0]
    assert '"role":"webcare_agent"' in entry.facts_text
    with override("nl"):
        assert (deed_words(entry.verb), thing_words(entry)) == ("gaf rol", f"persoon {ida.pk}")
        said = dict(facts_words(entry))
        assert (said["rol"], said["afdeling"]) == ("webcaremedewerker", "Product")
    with override("en"):
        assert dict(facts_words(entry))["role"] == "webcare agent"
    assert trail.verify_trail().is_whole
