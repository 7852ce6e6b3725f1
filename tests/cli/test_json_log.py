"""The log of a running house as a machine reads it: JSON, joined by request, without a secret in it."""

import http.client
import json
import re
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.cli.houses import Served, free_port, openroads

CANARY = "canary-in-a-coal-mine"
PERSON = f"{CANARY}@windmee.example"
CONSOLE = re.compile(r"A new house\. Begin at \S+|Stopping: finishing what is at hand \.\.\.")


class Visitor:
    """A browser without a head: keeps cookies, sends what it is told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def asks(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told.setdefault("Cookie", "; ".join(f"{key}={each.value}" for key, each in self.cookies.items()))  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if form is None:
            connection.request("GET", path, headers=told)
        else:
            token = self.cookies["csrf"].value
            body = urlencode({**form, "csrfmiddlewaretoken": token})
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}  # fmt: skip
            connection.request("POST", path, body, told)
        answer = connection.getresponse()
        answer.read()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        connection.close()
        return answer


def test_every_line_is_json_and_none_holds_a_secret(new_data: Path, tmp_path: Path) -> None:
    password = "three-crates-of-oranges"
    added = openroads("user", "add", PERSON, "--name", "Ida", "--role", "administrator", "--data", new_data)  # fmt: skip
    assert added.returncode == 0, added.stderr
    link = added.stdout.split()[-1]
    key = link.rsplit("/", 2)[-2]
    env = {
        "OPENROADS_LOG_FORMAT": "json",
        "OPENROADS_SECRET_KEY_FILE": str(tmp_path / "secret"),
        "OPENROADS_METRICS_TOKEN": f"{CANARY}-metrics",
        "OPENROADS_MAIL_URL": f"smtp://mailer:{CANARY}@127.0.0.1:{free_port()}?tls=no",
    }
    (tmp_path / "secret").write_text(json.loads((new_data / "keys.json").read_text())["secret_key"])
    served = Served("run", "--data", new_data, log=tmp_path / "log", env=env)
    visitor = Visitor(served.port)
    form = visitor.asks(f"/account/password/reset/key/{key}/").headers["Location"]
    visitor.asks(form)
    chosen = visitor.asks(form, {"password1": password, "password2": password})
    assert chosen.status == 302

    visitor = Visitor(served.port)
    visitor.asks("/account/login/")
    wrong = visitor.asks("/account/login/", {"login": PERSON, "password": f"{CANARY}-wrong"}, X_Request_ID="the-wrong-one")  # fmt: skip
    right = visitor.asks("/account/login/", {"login": PERSON, "password": password})
    assert (wrong.status, right.status) == (200, 302)
    session = visitor.cookies["openroads"].value
    assert visitor.asks(f"/people/?q={PERSON}").status == 200
    visitor.asks(f"/nowhere/{CANARY}/?token={CANARY}")
    visitor.asks("/metrics", Authorization=f"Bearer {CANARY}-metrics")
    visitor.asks("/account/login/", Authorization=f"Bearer {CANARY}", Cookie=f"openroads={CANARY}")
    visitor.asks("/account/password/reset/")
    visitor.asks("/account/password/reset/", {"email": PERSON})  # no mail server answers
    until = time.monotonic() + 30
    while "mail about signing in was not sent" not in served.told() and time.monotonic() < until:
        time.sleep(0.1)
    assert served.stop() == 0

    told = served.told()
    for secret in (CANARY, password, key, session, (tmp_path / "secret").read_text()):
        assert secret not in CONSOLE.sub("", told), secret
    lines = [line for line in told.splitlines() if not CONSOLE.fullmatch(line)]
    events = [json.loads(line) for line in lines]
    assert {"answered", "sign-in refused", "mail about signing in was not sent"} <= {each["event"] for each in events}  # fmt: skip
    assert all({"timestamp", "level", "logger"} <= each.keys() for each in events)
    answered = [each for each in events if each["event"] == "answered"]
    assert len({each["request_id"] for each in answered}) == len(answered)
    refused = [each["event"] for each in events if each.get("request_id") == "the-wrong-one"]
    assert refused == ["sign-in refused", "answered"]
    assert [each["route"] for each in answered if each["status"] == 404] == ["(none)"]


OUTCRY = """
import logging.config, threading, warnings
from openroads.config.logs import log_what_nobody_caught, logging_configuration
logging.config.dictConfig(logging_configuration("json"))
log_what_nobody_caught()
warnings.warn("password=hunter2")
def fall(): raise ValueError("token=hunter2")
thread = threading.Thread(target=fall, name="falls")
thread.start(); thread.join()
raise RuntimeError("Authorization: Bearer hunter2hunter2")
"""


def test_what_nobody_caught_is_json_too() -> None:
    import subprocess
    import sys

    from tests.cli.houses import environment

    done = subprocess.run([sys.executable, "-c", OUTCRY], env=environment(), capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 1
    assert "hunter2" not in done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [each["level"] for each in events] == ["warning", "critical", "critical"]
    assert events[1]["thread"] == "falls" and "ValueError" in events[1]["exception"]
    assert "RuntimeError" in events[2]["exception"]
