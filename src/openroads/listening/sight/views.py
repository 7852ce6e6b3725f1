"""The page of who sees names."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openroads.directory import policy as directory_policy
from openroads.directory.models import Person
from openroads.listening.sight import actions, policy, queries
from openroads.listening.sight.forms import SightForm


def _keeper(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    directory_policy.require(person, policy.may_keep_sight)
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """Everybody who sees names, and a form to give it to one more."""
    by = _keeper(request)
    form = SightForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_sight(by=by, **form.cleaned_data)
        except ValidationError as problem:
            for field, told in problem.message_dict.items():
                form.add_error(field, told)
        else:
            messages.success(
                request, _("%(name)s sees names from now on.") % {"name": given.person}
            )
            return redirect("sight:names")
    context = {"form": form, "sighted": queries.sighted()}
    return render(
        request, "listening/sight/names.html", context, status=400 if form.errors else 200
    )


@require_POST
def take(request: HttpRequest, given_id: int) -> HttpResponse:
    """Take it away."""
    by = _keeper(request)
    given = get_object_or_404(queries.given_for(by), pk=given_id)
    actions.take_sight(by=by, given=given)
    messages.success(request, _("%(name)s sees pseudonyms from now on.") % {"name": given.person})
    return redirect("sight:names")
