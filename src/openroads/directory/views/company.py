"""The pages of the company: its names, its brands and products, its own accounts."""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.directory import policy, queries
from openroads.directory.actions import company as actions
from openroads.directory.company import Brand, Company, Product
from openroads.directory.forms import BrandForm, CompanyForm, NameForm
from openroads.directory.models import Account, Person
from openroads.directory.views.answers import done, done_or_said, form_page, me
from openroads.ui import colours


@require_safe
def company(request: HttpRequest) -> HttpResponse:
    """The company and every name the house looks for."""
    by = me(request)
    policy.require(by, policy.may_see_company)
    brands, accounts = queries.brands_for(by), list(queries.accounts_for(by))
    whose = queries.company()
    context = {
        "company": whose,
        "shades": _shades(whose),
        "brands": [brand for brand in brands if not brand.ended_on],
        "accounts": [account for account in accounts if not account.retired_on],
        "ended": _ended(brands, accounts),
        "may_keep": policy.may_keep_company(by),
    }
    return render(request, "directory/company.html", context)


@require_http_methods(["GET", "POST"])
def change_company(request: HttpRequest) -> HttpResponse:
    """What the company and its customers are called."""
    by, whose = _keeper(request), queries.company()
    if whose is None:
        raise Http404
    form = CompanyForm(request.POST or None, initial=vars(whose))
    if done(form, lambda: actions.change_company(by=by, **form.cleaned_data)):
        return redirect("directory:company")
    return _form(request, form, _("The company"), _("Keep this"))


@require_http_methods(["GET", "POST"])
def add_brand(request: HttpRequest) -> HttpResponse:
    """Another brand to look for."""
    by, form = _keeper(request), BrandForm(request.POST or None, initial={"own": 0})
    if done(form, lambda: actions.add_brand(by=by, **form.name_and_forms())):
        return redirect("directory:company")
    return _form(request, form, _("Add a brand"), _("Look for this brand"))


@require_http_methods(["GET", "POST"])
def brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    """One brand, to be changed or ended."""
    by = _keeper(request)
    brand = _brand(by, brand_id)
    form = BrandForm(request.POST or None, initial={**NameForm.told(brand), "own": int(brand.own)})
    if done(form, lambda: actions.change_brand(by=by, brand=brand, **form.name_and_forms())):
        return redirect("directory:company")
    return _form(
        request, form, brand.name, _("Keep this"),
        ends=reverse("directory:end_brand", args=(brand.pk,)) if not brand.ended_on else "",
        end_deed=_("Look for %(name)s no longer") % {"name": brand.name},
        end_told=_("Its products are no longer looked for either. What was found stays found, and you can bring it back."),
    )  # fmt: skip


@require_POST
def end_brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Look no longer for a brand."""
    by = _keeper(request)
    brand = _brand(by, brand_id)
    return _done(
        request,
        lambda: actions.end_brand(by=by, brand=brand),
        _("%(name)s is no longer looked for. It stands under “Ended”.") % {"name": brand.name},
    )


@require_POST
def bring_back_brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Look for it again."""
    by = _keeper(request)
    brand = _brand(by, brand_id)
    return _done(
        request,
        lambda: actions.bring_back_brand(by=by, brand=brand),
        _("%(name)s is looked for again.") % {"name": brand.name},
    )


@require_http_methods(["GET", "POST"])
def add_product(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Another product of a brand."""
    by, form = _keeper(request), NameForm(request.POST or None)
    brand = _brand(by, brand_id)
    if done(form, lambda: actions.add_product(by=by, brand=brand, **form.name_and_forms())):
        return redirect("directory:company")
    title = _("Add a product of %(brand)s") % {"brand": brand.name}
    return _form(request, form, title, _("Look for this product"))


@require_http_methods(["GET", "POST"])
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product, to be changed or ended."""
    by = _keeper(request)
    product = _product(by, product_id)
    form = NameForm(request.POST or None, initial=NameForm.told(product))
    if done(form, lambda: actions.change_product(by=by, product=product, **form.name_and_forms())):
        return redirect("directory:company")
    return _form(
        request, form, product.name, _("Keep this"),
        ends=reverse("directory:end_product", args=(product.pk,)) if not product.ended_on else "",
        end_deed=_("Look for %(name)s no longer") % {"name": product.name},
        end_told=_("What was found stays found, and you can bring it back."),
    )  # fmt: skip


@require_POST
def end_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Look no longer for a product."""
    by = _keeper(request)
    product = _product(by, product_id)
    return _done(
        request,
        lambda: actions.end_product(by=by, product=product),
        _("%(name)s is no longer looked for. It stands under “Ended”.") % {"name": product.name},
    )


@require_POST
def bring_back_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Look for it again."""
    by = _keeper(request)
    product = _product(by, product_id)
    return _done(
        request,
        lambda: actions.bring_back_product(by=by, product=product),
        _("%(name)s is looked for again.") % {"name": product.name},
    )


def _keeper(request: HttpRequest) -> Person:
    by = me(request)
    policy.require(by, policy.may_keep_company)
    return by


def _brand(by: Person, brand_id: int) -> Brand:
    found = next((each for each in queries.brands_for(by) if each.pk == brand_id), None)
    if found is None:
        raise Http404
    return found


def _product(by: Person, product_id: int) -> Product:
    return get_object_or_404(queries.products_for(by), pk=product_id)


def _shades(company: Company | None) -> list[tuple[str, str]]:
    """The colour of the company as it was given, and what is made of it to be read."""
    if company is None or not company.accent:
        return []
    light, dark = colours.on_light(company.accent), colours.on_dark(company.accent)
    return [
        (_("as you gave it"), company.accent),
        (_("links and buttons on light pages"), light.action),
        (_("the same on dark pages"), dark.action),
    ]


def _ended(brands: list[Brand], accounts: list[Account]) -> dict[str, list[object]]:
    """What was looked for or used once and can be brought back."""
    return {
        "brands": [brand for brand in brands if brand.ended_on],
        "products": [
            product
            for brand in brands
            if not brand.ended_on
            for product in brand.products.all()
            if product.ended_on
        ],
        "accounts": [account for account in accounts if account.retired_on],
    }


def _form(request: HttpRequest, form: BaseForm, title: str, deed: str, **more: str) -> HttpResponse:
    return form_page(
        request, form, title=title, deed=deed, back=reverse("directory:company"),
        back_words=_("Back to the company"), **more,
    )  # fmt: skip


def _done(request: HttpRequest, deed: Callable[[], object], said: str) -> HttpResponse:
    return done_or_said(request, deed, reverse("directory:company"), said)
