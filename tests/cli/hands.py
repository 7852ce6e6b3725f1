"""What a person does in the browser of a running house, done beside it: `hands.py import FILE`, `hands.py site ADDRESS`,
`hands.py topic QUERY`; `hands.py second-steps NUMBER` gives so many people one."""

import sys
from pathlib import Path


def main(deed: str, what: str) -> None:
    from openroads.cli import house

    house.settle_state()
    from openroads.directory.company import Brand
    from openroads.directory.people import system_person
    from openroads.listening.actions import imports, sources

    by = system_person()
    if deed == "import":
        content = [Path(what).read_bytes()]
        imports.start_import(by=by, item=imports.receive_file(by=by, name="posts.csv", content=content))  # fmt: skip
    elif deed == "site":
        sources.read_site(by=by, brand=Brand.objects.create(name="Windmee"), address=what)
    elif deed == "topic":
        from openroads.listening.topics.actions import define_topic

        define_topic(by=by, name=what, text=what)
    elif deed == "second-steps":
        give_second_steps(int(what))


def give_second_steps(number: int) -> None:
    from allauth.mfa.models import Authenticator

    from openroads.directory.encryption import encrypt
    from openroads.directory.models import Person

    people = Person.objects.bulk_create(
        Person(email=f"rider{n}@windmee.example", name=f"Rider {n}") for n in range(number)
    )
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type="totp", data={"secret": encrypt(f"secret {person.pk}")})
        for person in people
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
