"""The house's own person, in whose name jobs act."""

from openroads.directory.models import Person

SYSTEM_EMAIL = "system@openroads.invalid"


def system_person() -> Person:
    """The one person that is no human: made when first asked for, can never sign in."""
    system, made = Person.objects.get_or_create(
        is_system=True,
        defaults={"email": SYSTEM_EMAIL, "name": "Openroads", "is_active": False},
    )
    if made:
        system.set_unusable_password()
        system.save(update_fields=["password"])
    return system
