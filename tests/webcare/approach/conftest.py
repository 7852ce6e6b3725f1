"""A mail server that really takes mail, a department, and a case to ask about."""

import re
from email import message_from_string, policy
from typing import Any

import pytest

from tests.delivery.mail_server import MailServer


@pytest.fixture
def post(settings: Any) -> Any:
    """A mail server on loopback, to which the house's mail really goes."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 3
        settings.OPENROADS.url = "https://house.windmee.example"
        yield server


def letters(server: MailServer) -> list[Any]:
    """What the server took, as mails."""
    return [message_from_string(one, policy=policy.default) for one in server.letters]


def way_in(letter: Any) -> str:
    """The path of the signed page in a mail."""
    found = re.search(r"https://house\.windmee\.example(/colleague/\S+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]
