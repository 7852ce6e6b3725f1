"""How people sign in: allauth's adapters with their traps closed."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from openroads.directory import encryption, trail
from openroads.directory.actions.people import grant_role
from openroads.directory.people import system_person
from openroads.directory.roles import Role
from openroads.directory.sessions import end_other_sessions
from openroads.directory.single_sign_on.transport import IssuerSession

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by e-mail address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by an administrator or the first-start wizard, never by themselves."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures are counted per person AND address: a stranger can lock out only himself.

        TRICKY: allauth's own key is the person alone, so that anybody who knows an e-mail address
        keeps its owner out (OWASP ASVS 6.1.1).
        """
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Besides that, a high limit per person from everywhere, against many machines at once."""
        super().pre_authenticate(request, **credentials)
        anywhere = DefaultAccountAdapter._get_login_attempts_cache_key(self, request, **credentials)
        self._anywhere = ratelimit.consume(
            request, app="allauth.account", action="login_failed_anywhere", key=anywhere
        )
        if not self._anywhere:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if anywhere := getattr(self, "_anywhere", None):
            anywhere.rollback()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("sign-in refused", ip=ratelimit.get_ip(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away is no error of the page (nor tells who has an account)."""
        if str(settings.EMAIL_BACKEND).endswith("dummy.EmailBackend"):
            return
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # smtplib's errors are OSErrors too
            log.exception("mail about signing in was not sent", template=template_prefix)

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kwargs: Any
    ) -> None:
        """allauth tells of every change here: after one of the second step, other sessions end.

        TRICKY: it does so itself after a new password only (OWASP ASVS 7.4.3 wants both).
        """
        if template_prefix.startswith("mfa/"):
            end_other_sessions(user, keep=self.request.session.session_key)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps: codes, passkeys, recovery codes. Their secrets stand encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)


class CompanyAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on by the company's own issuer."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Without an invitation only in a house that is open, for an address the issuer vouches for."""
        vouched = any(address.verified for address in sociallogin.email_addresses)
        return bool(settings.OPENROADS.oidc_open) and vouched

    def get_requests_session(self) -> IssuerSession:
        """The guarded client, in the place of one that would go anywhere."""
        return IssuerSession()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """A person of ours has one name, not two."""
        person = super().populate_user(request, sociallogin, data)
        names = (data.get("name"), data.get("username"), person.email.partition("@")[0])
        person.name = next((name for name in names if name), "")[:120]
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Who comes in without an invitation is an employee, and the trail says how they came."""
        with transaction.atomic():
            person = super().save_user(request, sociallogin, form)
            trail.record(system_person(), "let in by single sign-on", person, name=person.name)
            grant_role(by=system_person(), person=person, role=Role.EMPLOYEE)
        return person

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any
    ) -> None:
        """The page says little; the log says why."""
        log.warning(
            "single sign-on refused",
            ip=ratelimit.get_ip(request),
            why=str(kwargs.get("exception") or kwargs.get("error") or "unknown"),
        )
