"""The names the house looks for and the company's own accounts, kept up after the first start."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from openroads.directory import queries
from openroads.directory.actions import company as actions
from openroads.directory.company import COMPANY, Brand, Company, Product, spellings
from openroads.directory.models import Account, TrailEntry


@pytest.fixture
def windmee(db):
    Company.objects.create(pk=COMPANY, name="Windmee", customers_en="riders")
    brand = Brand.objects.create(name="Windmee", forms=["windmee.example"])
    Product.objects.create(brand=brand, name="Kade")
    Product.objects.create(brand=brand, name="Gracht", forms=["=Windmee Gracht", "=mijn Gracht"])
    return brand


def _page(name, *given):
    return reverse(f"directory:{name}", args=given)


def _looked_for():
    brands = {form for brand in queries.brands_looked_for() for form in brand.every_form()}
    return brands | {form for each in queries.products_looked_for() for form in each.every_form()}


# --------------------------------------------------------------------------------------- actions
def test_only_who_keeps_the_company_changes_its_names(cast, windmee):
    product, account = Product.objects.first(), Account.objects.create(network="x", handle="w")
    deeds = {
        "company": lambda by: actions.change_company(
            by=by, name="W", languages=["nl"], customers_en="", customers_nl=""
        ),
        "add": lambda by: actions.add_brand(by=by, name="Other", forms=[], own=False),
        "change": lambda by: actions.change_brand(
            by=by, brand=windmee, name="W", forms=[], own=True
        ),
        "end": lambda by: actions.end_brand(by=by, brand=windmee),
        "back": lambda by: actions.bring_back_brand(by=by, brand=windmee),
        "product": lambda by: actions.add_product(by=by, brand=windmee, name="P", forms=[]),
        "change product": lambda by: actions.change_product(
            by=by, product=product, name="P", forms=[]
        ),
        "end product": lambda by: actions.end_product(by=by, product=product),
        "product back": lambda by: actions.bring_back_product(by=by, product=product),
        "account": lambda by: actions.add_account(by=by, network="x", handle="other"),
        "change account": lambda by: actions.change_account(
            by=by, account=account, network="x", handle="other"
        ),
        "close": lambda by: actions.close_account(by=by, account=account),
        "reopen": lambda by: actions.reopen_account(by=by, account=account),
        "remove": lambda by: actions.remove_account(by=by, account=account),
    }
    before = TrailEntry.objects.count()
    for name, person in cast.items():
        if name in ("ada", "noor"):
            continue
        for deed, do in deeds.items():
            with pytest.raises(PermissionDenied):
                do(person)
                pytest.fail(f"{name} may {deed}")
    assert TrailEntry.objects.count() == before


def test_a_change_says_in_the_trail_what_it_was_and_what_it_is(noor, windmee):
    actions.change_company(
        by=noor, name="Windmee BV", languages=["nl", "en"], customers_en="riders", customers_nl=""
    )
    entry = TrailEntry.objects.first()
    assert entry.verb == "changed company"
    assert entry.facts == {"name": {"was": "Windmee", "now": "Windmee BV"}}
    actions.change_brand(
        by=noor, brand=windmee, name="Windmee", forms=["windmee.example"], own=True
    )
    assert TrailEntry.objects.first() == entry, "nothing changed, so nothing is written"


def test_an_ended_name_is_no_longer_looked_for_and_comes_back_whole(noor, windmee):
    rival = actions.add_brand(by=noor, name="Stroomfiets", forms=["stroom fiets"], own=False)
    actions.add_product(by=noor, brand=rival, name="Volt", forms=[])
    before = _looked_for()
    assert {"Stroomfiets", "stroom fiets", "Volt"} <= before
    actions.end_brand(by=noor, brand=rival)
    assert _looked_for() == before - {"Stroomfiets", "stroom fiets", "Volt"}
    actions.bring_back_brand(by=noor, brand=Brand.objects.get(pk=rival.pk))
    assert _looked_for() == before
    product = Product.objects.get(name="Volt")
    actions.end_product(by=noor, product=product)
    assert _looked_for() == before - {"Volt"}


def test_a_name_that_is_an_ordinary_word_is_looked_for_in_its_other_spellings_only(windmee):
    assert {"Windmee Gracht", "mijn Gracht"} <= _looked_for()
    assert "Gracht" not in _looked_for()


@pytest.mark.parametrize(
    ("name", "forms", "field"),
    [
        ("windmee", [], "name"),
        ("Other", ["WINDMEE.example"], "forms"),
        ("Other", ["kade"], "forms"),
        ("Other", ["x"], "forms"),
        ("Other", ["y" * 81], "forms"),
        ("Other", [f"form {n}" for n in range(201)], "forms"),
        ("  ", [], "name"),
    ],
)
def test_a_name_that_would_confuse_is_refused_with_the_reason(noor, windmee, name, forms, field):
    with pytest.raises(ValidationError) as problem:
        actions.add_brand(by=noor, name=name, forms=forms, own=False)
    assert field in problem.value.message_dict
    assert Brand.objects.count() == 1


def test_a_spelling_taken_meanwhile_keeps_an_ended_name_from_coming_back(noor, windmee):
    kade = Product.objects.get(name="Kade")
    actions.end_product(by=noor, product=kade)
    rival = actions.add_brand(by=noor, name="Rival", forms=[], own=False)
    actions.add_product(by=noor, brand=rival, name="Kade", forms=[])
    with pytest.raises(ValidationError, match="Kade"):
        actions.bring_back_product(by=noor, product=Product.objects.get(pk=kade.pk))


def test_the_gap_keeps_one_brand_of_ours(noor, windmee):
    with pytest.raises(ValidationError, match="only brand of ours"):
        actions.end_brand(by=noor, brand=windmee)
    with pytest.raises(ValidationError, match="only brand of ours"):
        actions.change_brand(by=noor, brand=windmee, name="Windmee", forms=[], own=False)


def test_an_account_is_closed_and_opened_and_what_it_posted_stays_ours(noor, windmee):
    from openroads.listening.queries import own_handles

    account = actions.add_account(by=noor, network="x", handle="@Windmee_NL", owner=noor)
    assert (account.handle, account.owner) == ("Windmee_NL", noor)
    actions.close_account(by=noor, account=account)
    assert "windmee_nl" in own_handles()
    actions.reopen_account(by=noor, account=account)
    assert account.retired_on is None
    with pytest.raises(ValidationError, match="already"):
        actions.add_account(by=noor, network="x", handle="windmee_nl")
    actions.remove_account(by=noor, account=account)
    assert own_handles() == frozenset()
    verbs = [entry.verb for entry in TrailEntry.objects.all()[:4]]
    assert verbs == ["removed account", "reopened account", "closed account", "added account"]


def test_spellings_are_parted_by_commas_and_lines_without_doubles():
    assert spellings(" a b ,\nc\n\n A  B,=,d") == ["a b", "c", "d"]


# ----------------------------------------------------------------------------------------- pages
def test_every_reader_sees_the_names_and_only_a_keeper_changes_them(cast, windmee, signed_in):
    for name, person in cast.items():
        browser = signed_in(person)
        seen = browser.get(_page("company"))
        assert seen.status_code == (403 if name in ("ida", "marloes") else 200), name
        may = browser.get(_page("add_brand")).status_code == 200
        assert may is (name in ("ada", "noor")), name
        if seen.status_code == 200:
            assert ("Add a brand" in seen.content.decode()) is may


def test_a_brand_a_product_and_an_account_are_added_in_the_browser(noor, windmee, signed_in):
    browser = signed_in(noor)
    told = {"name": "Stroomfiets", "own": "0", "spelled": "stroom fiets\r\nStroomfietsje"}
    assert browser.post(_page("add_brand"), told).url == _page("company")
    rival = Brand.objects.get(name="Stroomfiets")
    assert (rival.own, rival.forms) == (False, ["stroom fiets", "Stroomfietsje"])
    told = {"name": "Ampère", "spelled": "stroom ampère", "ordinary": "on"}
    browser.post(_page("add_product", rival.pk), told)
    assert Product.objects.get(name="Ampère").forms == ["=stroom ampère"]
    told = {"network": "x", "handle": "@windmee", "url": "https://x.com/windmee", "owner": noor.pk}
    browser.post(_page("add_account"), told)
    page = browser.get(_page("company")).content.decode()
    for shown in ("Stroomfietsje", "stroom ampère", "windmee", "Noor Verbeek"):
        assert shown in page
    assert "import its file again" in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(noor, windmee, signed_in):
    told = {"name": "Windmee", "own": "0", "spelled": "kade", "ordinary": ""}
    answer = signed_in(noor).post(_page("add_brand"), told)
    assert answer.status_code == 400
    assert "here already" in str(answer.context["form"].errors["name"])
    answer = signed_in(noor).post(_page("add_brand"), told | {"name": "Rival"})
    assert "spelling of Kade" in str(answer.context["form"].errors["spelled"])
    assert answer.context["form"]["spelled"].value() == "kade"
    answer = signed_in(noor).post(_page("add_brand"), {"name": "X1", "own": "0", "ordinary": "on"})
    assert "proof" in str(answer.context["form"].errors["spelled"])


def test_a_product_is_changed_ended_and_brought_back_in_the_browser(noor, windmee, signed_in):
    kade, browser = Product.objects.get(name="Kade"), signed_in(noor)
    shown = browser.get(_page("product", Product.objects.get(name="Gracht").pk))
    assert shown.context["form"]["ordinary"].value() is True
    browser.post(_page("product", kade.pk), {"name": "Kade 2", "spelled": "kaatje"})
    browser.post(_page("end_product", kade.pk))
    kade.refresh_from_db()
    assert (kade.name, kade.forms, bool(kade.ended_on)) == ("Kade 2", ["kaatje"], True)
    assert "Bring back" in browser.get(_page("company")).content.decode()
    browser.post(_page("bring_back_product", kade.pk))
    kade.refresh_from_db()
    assert kade.ended_on is None


def test_taking_an_account_out_names_the_loss_first(noor, windmee, signed_in):
    account = actions.add_account(by=noor, network="x", handle="windmee")
    page = signed_in(noor).get(_page("remove_account", account.pk)).content.decode()
    assert "what customers say" in page and Account.objects.exists()
    signed_in(noor).post(_page("remove_account", account.pk))
    assert not Account.objects.exists()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example/", "//x"])
def test_an_account_has_an_address_of_the_web_or_none(noor, windmee, signed_in, address):
    told = {"network": "x", "handle": "windmee", "url": address}
    answer = signed_in(noor).post(_page("add_account"), told)
    assert answer.status_code == 400 or Account.objects.get().url.startswith("http")


def test_the_page_costs_the_same_with_many_names(
    noor, windmee, signed_in, django_assert_max_num_queries
):
    for number in range(40):
        brand = Brand.objects.create(name=f"Brand {number}", own=False)
        Product.objects.create(brand=brand, name=f"Product {number}")
        Account.objects.create(network="x", handle=f"h{number}", owner=noor, brand=brand)
    browser = signed_in(noor)
    with django_assert_max_num_queries(9):
        assert browser.get(_page("company")).status_code == 200
