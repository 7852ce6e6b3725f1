"""The page of how far listening reaches."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openroads.listening.culture import policy
from openroads.listening.culture.reach import LEAST_PEOPLE, reach_page
from openroads.listening.culture.views.readers import reader


@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """People of each department who read anything, by month."""
    person = reader(request)
    if not policy.may_see_reach(person):
        raise PermissionDenied
    context = {"page": reach_page(timezone.localdate()), "least": LEAST_PEOPLE}
    return render(request, "listening/culture/reach.html", context)
