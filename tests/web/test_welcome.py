"""The first start: one address begins a house, four steps found it, then the door is shut."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openroads.directory.company import Brand, Company, Product
from openroads.directory.models import Account, Person, TrailEntry
from openroads.directory.policy import has_role
from openroads.directory.roles import Role
from openroads.web.welcome import first_address, first_key, is_new_house

ANSWERS: dict[str, dict[str, Any]] = {
    "language": {"language": "nl"},
    "company": {"name": "Windmee", "languages": ["nl", "en"], "customers_en": "riders", "customers_nl": "rijders"},
    "names": {"brand": "Windmee", "brand_forms": "Wind mee", "handles": "@windmee, windmee_service",
              "products": "Kade: Windmee Kade\nGracht: =Windmee Gracht, =gracht fiets"},
    "administrator": {"name": "Ada Vermeer", "email": "ada@windmee.example",
                      "password": "a bicycle goes against the wind"},
}  # fmt: skip

pytestmark = pytest.mark.django_db


def begun(archive_here: Any) -> Client:
    client = Client()
    client.get(reverse("web:welcome"), {"key": first_key()})
    return client


def walked(client: Client, answers: dict[str, dict[str, Any]] = ANSWERS) -> Any:
    for step, told in answers.items():
        answer = client.post(reverse("web:welcome_step", args=(step,)), told)
    return answer


def test_without_the_key_of_the_console_nobody_begins(archive_here: Any) -> None:
    answer = Client().get(reverse("web:welcome_step", args=("company",)))
    assert answer.status_code == 403
    assert Client().get(reverse("web:welcome"), {"key": "guessed"}).status_code == 403
    assert is_new_house()


def test_the_console_says_where_to_begin(archive_here: Any) -> None:
    assert first_key() in first_address("http://127.0.0.1:8000")


def test_four_steps_found_the_house_and_end_on_the_import_page(archive_here: Any) -> None:
    client = begun(archive_here)
    answer = walked(client)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("listening:imports")
    company = Company.objects.get()
    assert (company.name, company.customers("nl"), company.customers("en")) == (
        "Windmee",
        "rijders",
        "riders",
    )
    assert Brand.objects.get().every_form() == ("Windmee", "Wind mee")
    forms = {product.name: product.every_form() for product in Product.objects.all()}
    assert forms == {"Kade": ("Kade", "Windmee Kade"), "Gracht": ("Windmee Gracht", "gracht fiets")}
    assert set(Account.objects.values_list("handle", flat=True)) == {"windmee", "windmee_service"}
    ada = Person.objects.get(email="ada@windmee.example")
    assert has_role(ada, Role.ADMINISTRATOR) and has_role(ada, Role.CONVERSATION_MANAGER)
    assert TrailEntry.objects.filter(verb="founded the house").count() == 1
    assert client.get("/").status_code == 200


def test_a_house_is_founded_once(archive_here: Any) -> None:
    key = first_key()
    walked(begun(archive_here))
    late = Client()
    answer = late.get(reverse("web:welcome"), {"key": key})
    assert answer.status_code == 302
    assert late.post(reverse("web:welcome_step", args=("administrator",)), ANSWERS["administrator"]).status_code == 302  # fmt: skip
    assert Company.objects.count() == 1


def test_a_weak_password_is_refused_in_words_and_nothing_is_lost(archive_here: Any) -> None:
    client = begun(archive_here)
    answer = walked(
        client, {**ANSWERS, "administrator": {**ANSWERS["administrator"], "password": "short"}}
    )
    assert answer.status_code == 400
    assert is_new_house()
    assert 'value="Ada Vermeer"' in answer.content.decode()
    before = client.get(reverse("web:welcome_step", args=("names",))).content.decode()
    assert "windmee_service" in before


def test_a_product_named_twice_is_refused_in_words(archive_here: Any) -> None:
    client = begun(archive_here)
    told = {"brand": "Windmee", "products": "Kade\nkade: Windmee Kade"}
    client.post(reverse("web:welcome_step", args=("language",)), ANSWERS["language"])
    client.post(reverse("web:welcome_step", args=("company",)), ANSWERS["company"])
    answer = client.post(reverse("web:welcome_step", args=("names",)), told)
    assert answer.status_code == 400
    assert "kade" in answer.content.decode()
