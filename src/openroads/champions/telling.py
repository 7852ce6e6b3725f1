"""What is said to colleagues about successes and spotlights: notices, in the language of who reads them. No
story stands in a notice: it is read where it can be taken out again."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from openroads.champions import queries
from openroads.champions.models import Spotlight, Success
from openroads.delivery.notices import language_of, notify
from openroads.directory.models import Person


def address_of(success: Success) -> str:
    """Where a success can be read, within the house."""
    return reverse("champions:success", args=[success.number])


def address_of_spotlight(spotlight: Spotlight) -> str:
    """Where a spotlight can be read and answered, within the house."""
    return reverse("champions:spotlight", args=[spotlight.pk])


def tell_owner(success: Success, *, by: Person) -> None:
    """Tell somebody that a success of theirs was written down, and ask who may hear of it."""
    owner = success.owner
    if owner.pk == by.pk:
        return
    with translation.override(language_of(owner)):
        notify(
            to=owner,
            deed=f"success {success.pk} version {success.version} for person {owner.pk}",
            title=_("%(name)s wrote down a success of yours: %(code)s")
            % {"name": by, "code": success.code},
            text=_("Nobody hears of it until you say who may."),
            url=address_of(success),
        )


def tell_keepers(success: Success, *, by: Person) -> None:
    """Tell who leads the conversation that a success waits to be confirmed."""
    for person in queries.keepers():
        if person.pk in (by.pk, success.owner_id, success.recorded_by_id):
            continue
        with translation.override(language_of(person)):
            notify(
                to=person,
                deed=f"success {success.pk} version {success.version} waits for person {person.pk}",
                title=_("%(code)s waits to be confirmed") % {"code": success.code},
                url=address_of(success),
            )


def ask_person(spotlight: Spotlight) -> None:
    """Ask somebody whether they want to stand in the spotlight."""
    person = spotlight.person
    with translation.override(language_of(person)):
        notify(
            to=person,
            deed=f"spotlight {spotlight.pk} asks person {person.pk}",
            title=_("%(name)s would like to put you in the spotlight")
            % {"name": spotlight.asked_by},
            text=_("Read what would be shown, and say yes or no. Nothing is shown before you say yes."),
            url=address_of_spotlight(spotlight),
            mail=True,
        )  # fmt: skip


def tell_answer(spotlight: Spotlight) -> None:
    """Tell who asked what somebody answered, or that they stepped out."""
    asker = spotlight.asked_by
    with translation.override(language_of(asker)):
        said = {
            Spotlight.State.YES: _("%(name)s said yes to the spotlight"),
            Spotlight.State.NO: _("%(name)s would rather not stand in the spotlight"),
            Spotlight.State.STEPPED_OUT: _("%(name)s stepped out of the spotlight"),
        }[Spotlight.State(spotlight.state)]
        notify(
            to=asker,
            deed=f"spotlight {spotlight.pk} {spotlight.state} for person {asker.pk}",
            title=said % {"name": spotlight.person},
            url=address_of_spotlight(spotlight),
        )


def tell_called_off(spotlight: Spotlight, *, by: Person) -> None:
    """Tell the person that nothing has to be answered, or is shown, any more."""
    if spotlight.person_id == by.pk:
        return
    with translation.override(language_of(spotlight.person)):
        notify(
            to=spotlight.person,
            deed=f"spotlight {spotlight.pk} called off for person {spotlight.person_id}",
            title=_("Your spotlight was called off"),
            url=address_of_spotlight(spotlight),
        )
