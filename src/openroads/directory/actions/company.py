"""What the company is called, and the names and accounts it is known by."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.directory import policy, queries, trail
from openroads.directory.company import LONGEST_FORM, ONLY, Brand, Company, Product
from openroads.directory.models import Account, Person
from openroads.ui import colours

SHORTEST_FORM = 2
MOST_FORMS = 200


@transaction.atomic
def change_company(
    *, by: Person, name: str, languages: Sequence[str], customers_en: str, customers_nl: str, accent: str | None = None
) -> Company:  # fmt: skip
    """Call the company or its customers otherwise, read other languages from now on, or give the pages everybody may
    read another colour (empty: that of the house; None: as it is). Raises ValidationError for what is no colour."""
    policy.require(by, policy.may_keep_company)
    company = Company.objects.select_for_update().get()
    told = {
        "name": _named(name),
        "languages": list(languages),
        "customers_en": " ".join(customers_en.split()),
        "customers_nl": " ".join(customers_nl.split()),
    }
    if accent is not None:
        told["accent"] = _colour(accent)
    if changed := _change(company, told):
        trail.record(by, "changed company", company, **changed)
    return company


@transaction.atomic
def add_brand(*, by: Person, name: str, forms: Sequence[str], own: bool) -> Brand:
    """Look for another brand from now on: one of ours or a competitor's."""
    policy.require(by, policy.may_keep_company)
    brand = Brand(name=_named(name), forms=list(forms), own=own)
    _refuse_same_brand(brand)
    _refuse_forms(brand)
    brand.save()
    trail.record(by, "added brand", brand, name=brand.name, own=own)
    return brand


@transaction.atomic
def change_brand(*, by: Person, brand: Brand, name: str, forms: Sequence[str], own: bool) -> Brand:
    """Call a brand otherwise, or look for it in other spellings."""
    policy.require(by, policy.may_keep_company)
    brand = Brand.objects.select_for_update().get(pk=brand.pk)
    if brand.own and not own:
        _refuse_last_brand(brand)
    changed = _change(brand, {"name": _named(name), "forms": list(forms), "own": own}, save=False)
    _refuse_same_brand(brand)
    _refuse_forms(brand)
    if changed:
        brand.save()
        trail.record(by, "changed brand", brand, **changed)
    return brand


@transaction.atomic
def end_brand(*, by: Person, brand: Brand) -> Brand:
    """Look no longer for a brand and its products. What was found stays found."""
    policy.require(by, policy.may_keep_company)
    if brand.own:
        _refuse_last_brand(brand)
    if _end(brand):
        trail.record(by, "ended brand", brand, name=brand.name)
    return brand


@transaction.atomic
def bring_back_brand(*, by: Person, brand: Brand) -> Brand:
    """Look for an ended brand again, and for those of its products that did not end themselves."""
    policy.require(by, policy.may_keep_company)
    _refuse_forms(brand)
    if _bring_back(brand):
        trail.record(by, "brought back brand", brand, name=brand.name)
    return brand


@transaction.atomic
def add_product(*, by: Person, brand: Brand, name: str, forms: Sequence[str]) -> Product:
    """Look for another product of a brand from now on."""
    policy.require(by, policy.may_keep_company)
    product = Product(brand=brand, name=_named(name), forms=list(forms))
    _refuse_same_product(product)
    _refuse_forms(product)
    product.save()
    trail.record(by, "added product", product, name=product.name, brand=brand.name)
    return product


@transaction.atomic
def change_product(*, by: Person, product: Product, name: str, forms: Sequence[str]) -> Product:
    """Call a product otherwise, or look for it in other spellings."""
    policy.require(by, policy.may_keep_company)
    product = Product.objects.select_for_update().get(pk=product.pk)
    changed = _change(product, {"name": _named(name), "forms": list(forms)}, save=False)
    _refuse_same_product(product)
    _refuse_forms(product)
    if changed:
        product.save()
        trail.record(by, "changed product", product, **changed)
    return product


@transaction.atomic
def end_product(*, by: Person, product: Product) -> Product:
    """Look no longer for a product. What was found stays found."""
    policy.require(by, policy.may_keep_company)
    if _end(product):
        trail.record(by, "ended product", product, name=product.name)
    return product


@transaction.atomic
def bring_back_product(*, by: Person, product: Product) -> Product:
    """Look for an ended product again."""
    policy.require(by, policy.may_keep_company)
    _refuse_forms(product)
    if _bring_back(product):
        trail.record(by, "brought back product", product, name=product.name)
    return product


@transaction.atomic
def add_account(*, by: Person, network: str, handle: str, **told: Any) -> Account:
    """Count what this account posts as what we say, from the next reading on.

    `told`: url, brand, owner, backup, purpose, voice; what is not named stays empty.
    """
    policy.require(by, policy.may_keep_company)
    account = Account(network=network, handle=_handle(handle), **told)
    _refuse_same_account(account)
    account.save()
    trail.record(by, "added account", account, handle=account.handle, network=network)
    return account


@transaction.atomic
def change_account(
    *, by: Person, account: Account, network: str, handle: str, **told: Any
) -> Account:
    """Put right what is known of an account, or hand it to another owner."""
    policy.require(by, policy.may_keep_company)
    account = Account.objects.select_for_update().get(pk=account.pk)
    changed = _change(account, {"network": network, "handle": _handle(handle), **told}, save=False)
    _refuse_same_account(account)
    if changed:
        account.save()
        trail.record(by, "changed account", account, **changed)
    return account


@transaction.atomic
def close_account(*, by: Person, account: Account) -> Account:
    """The company no longer uses this account. What it posted stays what we said."""
    policy.require(by, policy.may_keep_company)
    if account.retired_on is None:
        account.retired_on = timezone.localdate()
        account.save(update_fields=["retired_on"])
        trail.record(by, "closed account", account, handle=account.handle)
    return account


@transaction.atomic
def reopen_account(*, by: Person, account: Account) -> Account:
    """The company uses this account again."""
    policy.require(by, policy.may_keep_company)
    if account.retired_on is not None:
        account.retired_on = None
        account.save(update_fields=["retired_on"])
        trail.record(by, "reopened account", account, handle=account.handle)
    return account


@transaction.atomic
def remove_account(*, by: Person, account: Account) -> None:
    """Take out an account that never was ours: what is read from now on counts it as a customer's."""
    policy.require(by, policy.may_keep_company)
    trail.record(by, "removed account", account, handle=account.handle, network=account.network)
    account.delete()


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give a name.")})
    return name


def _colour(told: str) -> str:
    """A colour in its one form, or empty."""
    found = colours.read(told) if told.strip() else ""
    if found is None:
        raise ValidationError({"accent": _("Write a colour as #E4572E: # and six figures or letters a to f.")})  # fmt: skip
    return found


def _handle(handle: str) -> str:
    handle = "".join(handle.split()).removeprefix("@")
    if not handle:
        raise ValidationError({"handle": _("Give the handle.")})
    return handle


def _change(thing: Model, told: dict[str, Any], *, save: bool = True) -> dict[str, Any]:
    """Set what differs; gives per field what it was and what it is now, as text."""
    changed = {}
    for field, now in told.items():
        was = getattr(thing, field)
        if was != now:
            setattr(thing, field, now)
            changed[field] = {"was": _told(was), "now": _told(now)}
    if changed and save:
        thing.save(update_fields=list(changed))
    return changed


def _told(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if isinstance(value, Model) else value


def _end(thing: Brand | Product) -> bool:
    if thing.ended_on is not None:
        return False
    thing.ended_on = timezone.localdate()
    thing.save(update_fields=["ended_on"])
    return True


def _bring_back(thing: Brand | Product) -> bool:
    if thing.ended_on is None:
        return False
    thing.ended_on = None
    thing.save(update_fields=["ended_on"])
    return True


def _refuse_last_brand(brand: Brand) -> None:
    if not Brand.objects.filter(own=True, ended_on=None).exclude(pk=brand.pk).exists():
        raise ValidationError(
            _("%(name)s is the only brand of ours: the gap needs one.") % {"name": brand.name}
        )


def _refuse_same_brand(brand: Brand) -> None:
    same = Brand.objects.filter(name__iexact=brand.name).exclude(pk=brand.pk).first()
    if same is not None:
        raise ValidationError({"name": _here_already(same)})


def _refuse_same_product(product: Product) -> None:
    same = product.brand.products.filter(name__iexact=product.name).exclude(pk=product.pk).first()
    if same is not None:
        raise ValidationError({"name": _here_already(same)})


def _refuse_same_account(account: Account) -> None:
    same = Account.objects.filter(network=account.network, handle__iexact=account.handle)
    if same.exclude(pk=account.pk).exists():
        raise ValidationError({"handle": _("This account is here already.")})


def _here_already(thing: Brand | Product) -> str:
    if thing.ended_on:
        return _("%(name)s is here already; it has ended and can be brought back.") % {
            "name": thing.name
        }
    return _("%(name)s is here already.") % {"name": thing.name}


def _refuse_forms(thing: Brand | Product) -> None:
    """Spellings that cannot be looked for, or that say another name already."""
    forms = [form.removeprefix(ONLY) for form in thing.forms]
    if len(forms) > MOST_FORMS:
        raise ValidationError({"forms": _("These are more than %(n)d spellings.") % {"n": MOST_FORMS}})  # fmt: skip
    for form in (*thing.every_form(), *forms):
        if not SHORTEST_FORM <= len(form) <= LONGEST_FORM:
            raise ValidationError(
                {"forms": _("“%(form)s” is too short or too long to look for.") % {"form": form}}
            )
    mine = {form.casefold(): form for form in thing.every_form()}
    for other in _looked_for():
        if type(other) is type(thing) and other.pk == thing.pk:
            continue
        for form in other.every_form():
            if form.casefold() in mine:
                raise ValidationError(
                    {
                        "forms": _("“%(form)s” is a spelling of %(name)s already.")
                        % {"form": form, "name": other.name}
                    }
                )


def _looked_for() -> Iterable[Brand | Product]:
    yield from queries.brands_looked_for()
    yield from queries.products_looked_for()
