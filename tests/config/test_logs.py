"""The log: secrets masked, one line per event whatever a stranger typed, a request id on each."""

import json
import logging
import logging.config

import pytest
import structlog

from openroads.config.logs import hide_secrets_in, logging_configuration


@pytest.fixture
def lines(capsys):
    """Writes through a logger of its own; gives back the lines on stderr."""

    def write(log_format, *what, **facts):
        configuration = logging_configuration(log_format)
        formatter = configuration["formatters"]["line"]
        made = structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
        logger = logging.Logger("test")
        handler = logging.StreamHandler()
        handler.setFormatter(made)
        logger.addHandler(handler)
        if facts:
            structlog.stdlib.BoundLogger(logger, structlog.get_config()["processors"], {}).warning(
                *what, **facts
            )
        else:
            logger.warning(*what)
        handler.close()
        return capsys.readouterr().err.splitlines()

    return write


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("typed", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x00b", "a\x85b"])
def test_what_a_stranger_typed_stays_on_one_line(lines, log_format, typed):
    written = lines(log_format, "searched for %s", typed)
    assert len(written) == 1
    assert "\x1b" not in written[0]
    assert "\x00" not in written[0]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_secrets_are_masked_by_name_at_any_depth(lines, log_format):
    written = lines(
        log_format,
        "called",
        password="hunter2",
        headers={"Authorization": "Bearer hunter2hunter2", "Cookie": "hunter2", "Accept": "x"},
        tokens=["hunter2"],
        number=5,
    )
    assert "hunter2" not in "".join(written)
    assert "5" in written[0]


@pytest.mark.parametrize(
    "text",
    [
        "GET with Authorization: Bearer hunter2.hunter2",
        "postgresql://root:hunter2@db/roads is away",
        "https://api.example/?access_token=hunter2&x=1",
        '{"password": "hunter2"}',
        "set-cookie: sessionid=hunter2; Path=/",
        "GET /account/password/reset/key/2-hunter2/",
        "Begin at http://127.0.0.1:8000/welcome/?key=hunter2",
        "mail to hunter2@windmee.example was refused",
        "To: Hunter <first.hunter2+tag@mail.windmee.example>, x",
    ],
)
def test_secrets_are_masked_inside_texts(text):
    assert "hunter2" not in hide_secrets_in(text)


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_secrets_are_masked_in_errors_and_in_what_is_logged_of_people(lines, log_format, capsys):
    try:
        raise ConnectionError("smtp://mailer:hunter2@mail:587 refused hunter2@windmee.example")
    except ConnectionError:
        written = lines(
            log_format, "sending to %s failed", exc_info=True, to="hunter2@windmee.example",
            recipients=["hunter2@windmee.example"], account={"owner": "hunter2@windmee.example"},
        )  # fmt: skip
    assert "ConnectionError" in "".join(written)
    assert "hunter2" not in "".join(written)


def test_a_handle_is_no_address():
    assert hide_secrets_in("posts by @windmee and @ida.b") == "posts by @windmee and @ida.b"


def test_a_harmless_text_is_left_alone():
    text = "The token of our appreciation: 300 posts from https://windmee.example/kade?page=2"
    assert hide_secrets_in(text).startswith("The token of our appreciation")
    assert "page=2" in hide_secrets_in(text)


def test_json_lines_are_json_with_the_id_of_the_request(lines):
    with structlog.contextvars.bound_contextvars(request_id="abc12345"):
        written = json.loads(lines("json", "answered", status=200)[0])
    assert written["request_id"] == "abc12345"
    assert written["status"] == 200
    assert written["level"] == "warning"
    assert written["event"] == "answered"
