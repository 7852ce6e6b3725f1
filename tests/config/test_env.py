"""Settings: each declared once, read strictly, wrong ones answered with the mend."""

from pathlib import Path

import pytest

from openroads.config.env import (
    SETTINGS,
    WrongSettings,
    read_environment,
)
from openroads.config.reference import settings_reference

ROOT = Path(__file__).parents[2]


def _read(**given):
    return read_environment({f"OPENROADS_{name}": value for name, value in given.items()})


def _mend(**given):
    with pytest.raises(WrongSettings) as wrong:
        _read(**given)
    return str(wrong.value)


def test_nothing_needs_to_be_set():
    values = read_environment({}).values
    assert values.url == "http://127.0.0.1:8000"
    assert values.data == Path("data").absolute()
    assert values.archive_memory == 1_200_000_000
    assert values.worker_threads == 2
    assert values.demo is False


def test_the_page_of_settings_is_the_list_of_settings():
    page = ROOT / "docs" / "reference" / "settings.md"
    assert page.read_text(encoding="utf-8") == settings_reference()


def test_names_are_declared_once():
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ({"PORT": "eight"}, "OPENROADS_PORT is 'eight'. Write a whole number."),
        ({"PORT": "70000"}, "at most 65535"),
        ({"URL": "roads.example"}, "https://roads.example"),
        ({"URL": "https://roads.example/app"}, "no path is possible"),
        ({"TIME_ZONE": "Europe/Amsterdm"}, "Write a zone such as Europe/Amsterdam."),
        ({"LANGUAGE": "fr"}, "Write en or nl."),
        ({"DEMO": "perhaps"}, "Write yes or no."),
        ({"ARCHIVE_MEMORY": "lots"}, "1200M"),
        ({"ARCHIVE_MEMORY": "10M"}, "at least 200M"),
        ({"LOG_FORMAT": "xml"}, "console or json"),
        ({"DATABASE_URL": "mysql://x/y"}, "postgresql://user:password@host:5432/name"),
        ({"MAIL_URL": "pigeon://x"}, "smtp://user:password@host:587"),
        ({"ARCHIVE_URL": "tcp://x"}, "http(s)://"),
        ({"DATA": __file__}, "Name a folder"),
        ({"MAIL_FROM": "a\nBcc: b"}, "line break"),
        ({"WORKER_THREADS": "0"}, "nobody else does the jobs"),
        (
            {
                "OIDC_ISSUER": "http://id.example",
                "OIDC_CLIENT_ID": "openroads",
                "OIDC_CLIENT_SECRET": "x",
            },
            "https",
        ),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID and OPENROADS_OIDC_CLIENT_SECRET"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_the_mend(given, mend):
    assert mend in _mend(**given)


def test_all_that_is_wrong_is_told_at_once():
    assert len(_mend(PORT="x", DEMO="x", LANGUAGE="x").splitlines()) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "mysql://root:hunter2@db/roads"},
        {"DATABASE_URL": "postgresql://root:hunter2@db:port/roads"},
        {"DATABASE_URL": "postgresql://root:hun/ter2@db/roads"},
        {"MAIL_URL": "smtp://root:hunter2@mail:port"},
        {"ARCHIVE_URL": "tcp://root:hunter2@ch"},
    ],
)
def test_a_complaint_never_repeats_a_password(given):
    assert "ter2" not in _mend(**given)


def test_an_unknown_name_is_met_with_the_nearest_one():
    warnings = read_environment({"OPENROADS_TIMEZONE": "UTC", "OPENROADS_QQ": ""}).warnings
    assert warnings == (
        "OPENROADS_QQ is not a setting of Openroads. It does nothing.",
        "OPENROADS_TIMEZONE is not a setting of Openroads. Did you mean OPENROADS_TIME_ZONE?",
    )


def test_a_secret_can_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    assert _read(SECRET_KEY_FILE=str(file)).values.secret_key == "from a file"
    assert "keep one of the two" in _mend(SECRET_KEY_FILE=str(file), SECRET_KEY="x")
    assert "Check the path" in _mend(SECRET_KEY_FILE=str(tmp_path / "nothing"))


def test_what_is_no_secret_has_no_file():
    assert _read(PORT_FILE="/etc/hostname").warnings


def test_a_database_address_is_taken_apart():
    database = _read(
        DATABASE_URL="postgresql://ro%40ot:p%2Fw@db:5433/roads?sslmode=require"
        "&options=-c%20synchronous_commit%3Doff"
    )
    assert database.values.database_url == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "roads",
        "USER": "ro@ot",
        "PASSWORD": "p/w",
        "HOST": "db",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "options": "-c synchronous_commit=off"},
    }


@pytest.mark.parametrize(
    ("address", "tls", "ssl", "port"),
    [
        ("smtp://mail.example:587", True, False, 587),
        ("smtp://mail.example:25", False, False, 25),
        ("smtp://mail.example:25?tls=yes", True, False, 25),
        ("smtp://mail.example:587?tls=no", False, False, 587),
        ("smtps://mail.example", False, True, 465),
    ],
)
def test_a_mail_address_is_taken_apart(address, tls, ssl, port):
    mail = _read(MAIL_URL=address).values.mail_url
    assert (mail["USE_TLS"], mail["USE_SSL"], mail["PORT"]) == (tls, ssl, port)
