"""The register as CSV: a row per source, and what article 30 of the GDPR asks of each."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.utils.translation import gettext as _

from openroads.directory.company import Company
from openroads.listening.models import Controller
from openroads.listening.register.queries import Registered
from openroads.listening.register.words import security_words, stored_words
from openroads.ui.sheets import csv_lines


def register_csv(
    rows: Iterable[Registered], controller: Controller, company: Company | None
) -> Iterator[str]:
    """Every source with everything the register says of it; holes in a column of their own."""
    head = [
        _("controller"), _("contact"), _("name"), _("from where"), _("listening"), _("purpose"),
        _("legal basis"), _("the interest"), _("why it is necessary"), _("the balance"),
        _("who answers for it"), _("whose data"), _("which data"), _("who receives it"), _("kept"),
        _("where it is stored"), _("processors and transfers outside the EU"),
        _("security measures"), _("holes"),
    ]  # fmt: skip
    stored, security = stored_words(controller), "; ".join(security_words(controller))
    body = (
        [
            company.name if company else "", controller.contact, row.source.name, row.whence,
            _("yes") if row.is_active else _("no"), row.source.purpose, row.basis,
            row.entry.interest if row.entry else "", row.entry.necessity if row.entry else "",
            row.entry.balance if row.entry else "",
            row.entry.owner.name if row.entry and row.entry.owner else "",
            row.people, row.kinds, row.recipients, row.kept, stored,
            controller.processors or _("none"), security, "; ".join(row.holes),
        ]
        for row in rows
    )  # fmt: skip
    return csv_lines(chain([head], body))
