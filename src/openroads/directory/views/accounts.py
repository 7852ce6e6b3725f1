"""The pages of the company's own accounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.directory import policy, queries
from openroads.directory.actions import company as actions
from openroads.directory.forms import AccountForm
from openroads.directory.models import Account, Person
from openroads.directory.views.answers import done, done_or_said, form_page, me


@require_http_methods(["GET", "POST"])
def add_account(request: HttpRequest) -> HttpResponse:
    """Another account of ours."""
    by, form = _keeper(request), AccountForm(request.POST or None)
    if done(form, lambda: actions.add_account(by=by, **form.cleaned_data)):
        return redirect("directory:company")
    return form_page(
        request, form, title=_("Add an account of ours"), deed=_("Add this account"),
        back=reverse("directory:company"), back_words=_("Back to the company"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account, to be changed, closed or taken out."""
    by = _keeper(request)
    account = _account(by, account_id)
    form = AccountForm(request.POST or None, instance=Account.objects.get(pk=account.pk))
    if done(form, lambda: actions.change_account(by=by, account=account, **form.cleaned_data)):
        return redirect("directory:company")
    return form_page(
        request, form, title=str(account), deed=_("Keep this"),
        back=reverse("directory:company"), back_words=_("Back to the company"),
        ends=reverse("directory:close_account", args=(account.pk,)) if not account.retired_on else "",
        end_deed=_("Close this account"),
        end_told=_("The company no longer uses it. What it posted stays what you said, and you can open it again."),
        removes=reverse("directory:remove_account", args=(account.pk,)),
        remove_words=_("Was it never yours? Take it out"),
    )  # fmt: skip


@require_POST
def close_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """The company no longer uses it."""
    by = _keeper(request)
    account = _account(by, account_id)
    return done_or_said(
        request,
        lambda: actions.close_account(by=by, account=account),
        reverse("directory:company"),
        _("%(handle)s is closed. It stands under “Ended”.") % {"handle": account.handle},
    )


@require_POST
def reopen_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """The company uses it again."""
    by = _keeper(request)
    account = _account(by, account_id)
    return done_or_said(
        request,
        lambda: actions.reopen_account(by=by, account=account),
        reverse("directory:company"),
        _("%(handle)s is in use again.") % {"handle": account.handle},
    )


@require_http_methods(["GET", "POST"])
def remove_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Take out an account that never was ours, after naming what that means."""
    by = _keeper(request)
    account = _account(by, account_id)
    if request.method == "GET":
        return render(request, "directory/remove_account.html", {"account": account})
    return done_or_said(
        request,
        lambda: actions.remove_account(by=by, account=account),
        reverse("directory:company"),
        _("%(handle)s no longer counts as yours.") % {"handle": account.handle},
    )


def _keeper(request: HttpRequest) -> Person:
    by = me(request)
    policy.require(by, policy.may_keep_company)
    return by


def _account(by: Person, account_id: int) -> Account:
    return get_object_or_404(queries.accounts_for(by), pk=account_id)
