"""Two accounts that are one person: joined because somebody knows it, and parted again when they were not."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.webcare import policy
from openroads.webcare.models import Contact, Identity


@transaction.atomic
def join_contacts(*, by: Person, contact: Contact, into: Contact, how: str) -> Contact:
    """Say that two contacts are one person, and by what one knows it; the older one stays. Raises
    ValidationError without a reason, and for contacts that are one already."""
    directory_policy.require(by, policy.may_answer)
    reason = " ".join(how.split())
    if not reason:
        raise ValidationError({"how": _("Say how you know that this is the same person.")})
    if contact.pk == into.pk or contact.merged_into_id or into.merged_into_id:
        raise ValidationError({"into": _("These two are one already.")})
    older, newer = sorted((contact, into), key=lambda one: (one.made_at, one.pk))
    Identity.objects.filter(contact=newer).update(
        contact=older, moved_from=newer, verified_how=reason[:200]
    )
    newer.merged_into = older
    newer.save(update_fields=["merged_into"])
    # How one knows stands beside the account: it may speak of them, and the trail forgets nothing.
    trail.record(by, "joined two contacts", older, number=newer.pk)
    return older


@transaction.atomic
def part_contact(*, by: Person, identity: Identity) -> Contact:
    """Undo a join: the accounts that came along go back to who they were."""
    directory_policy.require(by, policy.may_answer)
    was = identity.moved_from
    if was is None:
        raise ValidationError(_("This account was never joined to another."))
    together = identity.contact
    Identity.objects.filter(contact=together, moved_from=was).update(
        contact=was, moved_from=None, verified_how=""
    )
    Contact.objects.filter(pk=was.pk).update(merged_into=None)
    trail.record(by, "parted two contacts", together, number=was.pk)
    return Contact.objects.get(pk=was.pk)
