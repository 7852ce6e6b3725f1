"""What the OpenAPI document says is so: its addresses, answers and fields are those of the house."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from openroads.connectors.pushed import FIELDS, KINDS
from openroads.connectors.signatures import sign
from openroads.listening.pushed.examples import ADDRESS, EXAMPLES, N8N, SECRET
from tests.api.conftest import Sender

HOW_TO = Path(__file__).parents[2] / "docs/how-to/push-posts.md"


@pytest.fixture
def told(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and not answer.cookies
    return dict(answer.json())


def test_the_document_is_that_of_the_house(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    for path, deeds in told["paths"].items():
        assert resolve(path.replace("{source}", "x")).view_name == "api:posts"
        body = deeds["post"]["requestBody"]["content"]
        assert set(body) == set(KINDS)
    assert set(told["components"]["schemas"]["Post"]["properties"]) == FIELDS
    text = json.dumps(told)
    for name in told["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text


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
