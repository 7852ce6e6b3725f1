"""What the OpenAPI document says is so: its addresses, answers and fields are those of the house."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from openroads.api.urls import urlpatterns
from openroads.connectors.pushed import FIELDS, KINDS
from openroads.connectors.signatures import sign
from openroads.delivery.keys.actions import make_key
from openroads.delivery.keys.models import ApiKey
from openroads.listening.pushed.examples import ADDRESS, EXAMPLES, N8N, SECRET
from tests.api.conftest import Sender
from tests.changes.changing import begun, live
from tests.changes.conftest import product
from tests.webcare.conftest import case, lands, practice, windmee

HOW_TO = Path(__file__).parents[2] / "docs/how-to/push-posts.md"
READING = HOW_TO.with_name("read-over-the-api.md")
TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None),
    "object": dict, "array": list,
}  # fmt: skip

__all__ = ["case", "lands", "practice", "product", "windmee"]


@pytest.fixture
def told(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and not answer.cookies
    return dict(answer.json())


def test_the_document_is_that_of_the_house(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    named = {
        resolve(path.replace("{source}", "x").replace("{number}", "1")).view_name
        for path in told["paths"]
    }
    assert named == {pattern.name and f"api:{pattern.name}" for pattern in urlpatterns if str(pattern.pattern).startswith("api/v1/")} - {"api:openapi"}  # fmt: skip
    body = told["paths"]["/api/v1/posts/{source}"]["post"]["requestBody"]["content"]
    assert set(body) == set(KINDS)
    assert set(told["components"]["schemas"]["Post"]["properties"]) == FIELDS
    text = json.dumps(told)
    for name in told["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text


def test_what_is_read_is_told_field_by_field(
    told: dict[str, Any], case: Any, daan: Any, sanne: Any, tom: Any, product: Any, ada: Any
) -> None:
    change = live(tom, begun(sanne, tom, product))
    _key, token = make_key(by=ada, name="P", person=daan, reads=ApiKey.Reads.values, names=True)
    get = Client(headers={"Authorization": f"Bearer {token}"}).get
    schemas = told["components"]["schemas"]
    for name, number in (("cases", case.pk), ("insights", change.insight.number), ("changes", change.number)):  # fmt: skip
        deeds = {which: told["paths"][f"/api/v1/{name}{which}"]["get"] for which in ("", "/{number}")}  # fmt: skip
        answers = {"": get(f"/api/v1/{name}"), "/{number}": get(f"/api/v1/{name}/{number}")}
        for which, deed in deeds.items():
            schema = deed["responses"]["200"]["content"]["application/json"]["schema"]
            assert list(faults(answers[which].json(), schema, schemas)) == [], (name, which)
            assert set(deed["responses"]) == {"200", "400", "401", "403", "405", "429"} | ({"404"} if which else set())  # fmt: skip


def faults(
    value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str = "$"
) -> Iterator[str]:
    """What in an answer is not as the document says: the few words of JSON Schema that it uses."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        if value not in schema["enum"]:
            yield f"{at} is {value!r}"
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[kind]) for kind in kinds) or (isinstance(value, bool) and "boolean" not in kinds):  # fmt: skip
        yield f"{at} is {value!r}, not {kinds}"
    elif isinstance(value, dict):
        if set(value) != set(schema["properties"]):
            yield f"{at} has {set(value) ^ set(schema['properties'])}"
        for name in value:
            yield from faults(value[name], schema["properties"].get(name, {"type": list(TYPES)}), schemas, f"{at}.{name}")  # fmt: skip
    elif isinstance(value, list):
        for each in value:
            yield from faults(each, schema["items"], schemas, f"{at}[]")


@pytest.mark.django_db(transaction=True)
def test_the_examples_read_cases(live_server: Any, case: Any, ada: Any, daan: Any, tmp_path: Path) -> None:  # fmt: skip
    _key, token = make_key(by=ada, name="P", person=daan, reads=["cases"])
    page = READING.read_text(encoding="utf-8")
    for language, command in (("bash", ["bash", "-c"]), ("python", [sys.executable, "-c"])):
        example = page.split(f"```{language}\n")[1].split("```")[0]
        assert "https://openroads.example" in example and "or_YOUR_KEY" in example
        example = example.replace("https://openroads.example", live_server.url)
        example = example.replace("or_YOUR_KEY", token)
        ran = subprocess.run([*command, example], capture_output=True, text=True, timeout=60, cwd=tmp_path)  # fmt: skip
        assert ran.returncode == 0, ran.stderr + ran.stdout
        assert str(case.pk) in ran.stdout and "bluesky" in ran.stdout


def test_the_page_says_what_can_be_asked_and_how_much() -> None:
    from openroads.api.asking import MOST, PAGE
    from openroads.api.reading import CASE_FILTERS, CHANGE_FILTERS, INSIGHT_FILTERS
    from openroads.delivery.keys.actions import MOST_A_MINUTE

    page = READING.read_text(encoding="utf-8")
    for filters in (CASE_FILTERS, INSIGHT_FILTERS, CHANGE_FILTERS):
        for name, kinds in filters.items():
            assert f"`{name}`" in page
            assert name == "network" or all(f"`{kind}`" in page for kind in kinds), name
    assert all(str(number) in page for number in (MOST, PAGE, MOST_A_MINUTE))


def test_every_answer_of_the_tests_stands_in_it(told: dict[str, Any]) -> None:
    answers = set(told["paths"]["/api/v1/posts/{source}"]["post"]["responses"])
    assert answers == {"202", "400", "401", "404", "405", "409", "413", "415", "422", "429"}


def test_the_examples_of_the_page_are_those_of_the_documentation() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    for _name, label, example in EXAMPLES:
        assert example in text, label


def filled(example: str, address: str, secret: str) -> str:
    return example.replace(ADDRESS, address).replace(SECRET, secret)


@pytest.mark.django_db(transaction=True)
def test_the_examples_push_posts(live_server: Any, sender: Sender, tmp_path: Path) -> None:
    from openroads.listening.models import Payload

    address = f"{live_server.url}{sender.address}"
    curl, python = (filled(text, address, sender.secret) for name, _, text in EXAMPLES if name != "n8n")  # fmt: skip
    assert shutil.which("curl") and shutil.which("openssl"), "the example needs curl and openssl"
    for words, accepted in ((["bash", "-c", curl], 2), ([sys.executable, "-c", python], 1)):
        ran = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr + ran.stdout
        assert json.loads(ran.stdout)["accepted"] == accepted
    assert Payload.objects.count() == 2


def test_the_code_for_n8n_signs_as_we_do() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here to run it")
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    code = filled(N8N, "", secret).replace("return [", "module.exports = [")
    around = (
        "const $input = { all: () => [{ json: { id: 'a' } }, { json: { id: 'b' } }] };"
        "const $execution = { id: 7 }; const $runIndex = 0;\n"
    )
    ran = subprocess.run(
        [node, "-e", f"{around}{code}\nconsole.log(JSON.stringify(module.exports[0].json))"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    made = json.loads(ran.stdout)
    assert made["body"] == '{"id":"a"}\n{"id":"b"}'
    assert made["sign"] == sign(secret, made["id"], made["now"], made["body"].encode())
