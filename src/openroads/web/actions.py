"""What the front door itself does: founding the house from the answers of the first start."""

from typing import Any

from django.db import transaction

from openroads.directory import trail
from openroads.directory.actions import create_person, grant_role
from openroads.directory.company import COMPANY, Brand, Company, Product, spellings
from openroads.directory.models import Account, Person
from openroads.directory.people import system_person
from openroads.directory.roles import Role
from openroads.web.welcome import throw_key_away


@transaction.atomic
def found_house(*, told: dict[str, dict[str, Any]]) -> Person:
    """Make company, brand, products and the first administrator. `told` holds the cleaned answers by step.

    The first person gets the roles of administrator and of conversation manager: in a new house
    somebody must be able to do both.
    """
    system = system_person()
    language = told["language"]["language"]
    company = Company.objects.create(
        pk=COMPANY,
        name=told["company"]["name"],
        languages=list(told["company"]["languages"]),
        customers_en=told["company"]["customers_en"],
        customers_nl=told["company"]["customers_nl"],
    )
    names = told["names"]
    brand = Brand.objects.create(name=names["brand"], forms=spellings(names["brand_forms"]))
    for name, others in names["products"]:
        Product.objects.create(brand=brand, name=name, forms=others)
    you = told["administrator"]
    person = create_person(
        by=system,
        email=you["email"],
        name=you["name"],
        password=you["password"],
        language=language,
    )
    grant_role(by=system, person=person, role=Role.ADMINISTRATOR)
    grant_role(by=system, person=person, role=Role.CONVERSATION_MANAGER)
    for handle in spellings(names["handles"]):
        Account.objects.get_or_create(
            network="", handle=handle.lstrip("@"), defaults={"owner": person}
        )
    trail.record(person, "founded the house", company, name=company.name)
    throw_key_away()
    return person
