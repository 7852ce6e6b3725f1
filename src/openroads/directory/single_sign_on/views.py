"""The two addresses of single sign-on: going to the issuer, and coming back."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from openroads.directory.single_sign_on.claims import one_person, verified_claims

WELL_KNOWN = "/.well-known/"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class CompanyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """What allauth asks about the issuer, with nothing taken on trust."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The issuer's own description of itself. Raises OAuth2Error when it is another's."""
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                told = session.get(self.get_provider().server_url).json()
            self._openid_config = _checked(told)
        config: dict[str, Any] = self._openid_config
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Who came back, by a signed ID token and the issuer's own word."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("The issuer sent no ID token.")
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            keys = session.get(config["jwks_uri"]).json()
        claims = verified_claims(id_token, keys, issuer=config["issuer"], audience=app.client_id)
        told = self._fetch_user_info(token.token) if config.get("userinfo_endpoint") else None
        person = one_person(claims, told)
        return self.get_provider().sociallogin_from_response(request, {"id_token": person})


def _checked(told: Any) -> dict[str, Any]:
    """OpenID Connect Discovery 4.3: the issuer must be the one that was asked."""
    asked = settings.OPENROADS.oidc_issuer.split(WELL_KNOWN)[0].rstrip("/")
    if not isinstance(told, dict) or str(told.get("issuer", "")).rstrip("/") != asked:
        raise OAuth2Error("The issuer calls itself otherwise than OPENROADS_OIDC_ISSUER.")
    safe = urlsplit(asked).scheme
    for name in NEEDED:
        address = told.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in ("https", safe):
            raise OAuth2Error(f"The issuer's {name} is missing or not safe.")
    return told


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the issuer."""
    return _answer(request, provider_id, OAuth2LoginView)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the issuer."""
    return _answer(request, provider_id, OAuth2CallbackView)


def _answer(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    adapter = CompanyAdapter(request, provider_id)
    try:
        answer: HttpResponse = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except OAuth2Error as problem:  # raised where allauth does not look for it
        error: HttpResponse = render_authentication_error(
            request, adapter.get_provider(), exception=problem
        )
        return error
    return answer
