"""Addresses of people, departments and teams, the company, one's own account and the trail."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from openroads.directory.views import accounts, company, departments, people, trail


class PartConverter(StringConverter):
    """The two kinds of parts a company has."""

    regex = "department|team"


register_converter(PartConverter, "part")

app_name = "directory"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/me/", people.my_account, name="me"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/change/", people.change, name="change_person"),
    path("people/<int:person_id>/grant/", people.grant, name="grant"),
    path("people/<int:person_id>/revoke/<int:grant_id>/", people.revoke, name="revoke"),
    path("people/<int:person_id>/keep-out/", people.keep_out, name="keep_out"),
    path("people/<int:person_id>/let-in/", people.let_in, name="let_in"),
    path("people/<int:person_id>/link/", people.sign_in_link, name="sign_in_link"),
    path("departments/", departments.departments, name="departments"),
    path("departments/add/", departments.add_department, name="add_department"),
    path("departments/add-team/", departments.add_team, name="add_team"),
    path("departments/department/<int:part_id>/", departments.department, name="department"),
    path("departments/team/<int:part_id>/", departments.team, name="team"),
    path(
        "departments/department/<int:part_id>/change/",
        departments.change_department,
        name="change_department",
    ),
    path("departments/team/<int:part_id>/change/", departments.change_team, name="change_team"),
    path("departments/<part:kind>/<int:part_id>/join/", departments.join, name="join"),
    path(
        "departments/<part:kind>/<int:part_id>/leave/<int:person_id>/",
        departments.leave,
        name="leave",
    ),
    path("departments/<part:kind>/<int:part_id>/end/", departments.end, name="end_part"),
    path(
        "departments/<part:kind>/<int:part_id>/back/",
        departments.bring_back,
        name="bring_back_part",
    ),
    path("company/", company.company, name="company"),
    path("company/change/", company.change_company, name="change_company"),
    path("company/brands/add/", company.add_brand, name="add_brand"),
    path("company/brands/<int:brand_id>/", company.brand, name="brand"),
    path("company/brands/<int:brand_id>/end/", company.end_brand, name="end_brand"),
    path("company/brands/<int:brand_id>/back/", company.bring_back_brand, name="bring_back_brand"),
    path("company/brands/<int:brand_id>/products/", company.add_product, name="add_product"),
    path("company/products/<int:product_id>/", company.product, name="product"),
    path("company/products/<int:product_id>/end/", company.end_product, name="end_product"),
    path(
        "company/products/<int:product_id>/back/",
        company.bring_back_product,
        name="bring_back_product",
    ),
    path("company/accounts/add/", accounts.add_account, name="add_account"),
    path("company/accounts/<int:account_id>/", accounts.account, name="account"),
    path("company/accounts/<int:account_id>/close/", accounts.close_account, name="close_account"),
    path(
        "company/accounts/<int:account_id>/reopen/", accounts.reopen_account, name="reopen_account"
    ),
    path(
        "company/accounts/<int:account_id>/remove/", accounts.remove_account, name="remove_account"
    ),
    path("trail/", trail.trail_page, name="trail"),
    path("trail/entries.csv", trail.trail_csv, name="trail_csv"),
]
