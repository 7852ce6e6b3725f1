"""The issuer as allauth knows it. The setting SOCIALACCOUNT_PROVIDERS names this class."""

from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from openroads.directory.single_sign_on.views import CompanyAdapter


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The company's own issuer. Its addresses stand in this package's urls.py."""

    oauth2_adapter_class = CompanyAdapter

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the issuer, by way of a page.

        TRICKY: `form-action 'self'` of the content policy also holds for where a form's answer sends
        on to, and for every host the issuer sends on to itself: Chromium would stop there.
        """
        answer: HttpResponse = super().redirect(request, *args, **kwargs)
        if request.method == "POST" and isinstance(answer, HttpResponseRedirect):
            told = {"provider": self.name, "redirect_to": answer.url}
            return render(request, "socialaccount/login_redirect.html", told)
        return answer
