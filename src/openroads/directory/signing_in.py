"""How people sign in: allauth's adapters with their traps closed."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from openroads.directory import encryption
from openroads.directory.sessions import end_other_sessions

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
        return bool(settings.OPENROADS.oidc_open)
