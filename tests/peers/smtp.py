"""A mail server by others that takes mail (aiosmtpd): encrypted, for who signs in; run in its own environment."""

import email
import email.policy
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from socket import create_connection

from openroads.connectors.http import Guarded
from tests.peers.mail import certificate

PROGRAM = """
import asyncio, json, pathlib, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult
port, cert, key, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])

class Keeps:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 nobody of that name"
        if address.startswith("busy@"):
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 ok"
    async def handle_DATA(self, server, session, envelope):
        fault = folder / "fault"
        word = fault.read_text() if fault.exists() else ""
        if word == "refuses":
            return "554 5.7.1 not this"
        number = len(list(folder.glob("*.eml")))
        told = {"from": envelope.mail_from, "to": envelope.rcpt_tos}
        (folder / f"{number}.json").write_text(json.dumps(told))
        (folder / f"{number}.eml").write_bytes(envelope.content)
        if word == "hangs up":
            server.transport.abort()
        return "250 taken"

def lets_in(server, session, envelope, mechanism, data):
    right = data.login == b"hulp" and data.password == b"app-word"
    return AuthResult(success=right, handled=False)

async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    loop = asyncio.get_running_loop()
    made = lambda: SMTP(Keeps(), hostname="localhost", tls_context=context, require_starttls=True,
                        authenticator=lets_in, auth_required=True, loop=loop)
    server = await loop.create_server(made, "localhost", port)
    await server.serve_forever()
asyncio.run(main())
"""


class SmtpServer:
    """Where mail of the house arrives, for a test to read."""

    def __init__(self, port: int, cert: Path, folder: Path) -> None:
        import ssl

        self.address, self.folder = f"localhost:{port}", folder
        self.context = ssl.create_default_context(cafile=str(cert))

    def client(self, *also: str) -> Guarded:
        return Guarded([self.address, *also], context=self.context)

    def fault(self, word: str) -> None:
        """From now on it "refuses" mail, or "hangs up" when it took one; "" mends it."""
        (self.folder / "fault").write_text(word)

    def letters(self) -> list[tuple[dict[str, object], EmailMessage]]:
        """What it took: from and to whom, and the mail."""
        found = []
        for path in sorted(self.folder.glob("*.eml"), key=lambda path: int(path.stem)):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            found.append((json.loads(path.with_suffix(".json").read_text()), mail))
        return found


@contextmanager
def taking(programs: Path, folder: Path, port: int) -> Iterator[SmtpServer]:
    """The server, with nothing taken yet."""
    cert, key = certificate(folder)
    taken = folder / "taken"
    taken.mkdir()
    with subprocess.Popen(
        [programs / "python", "-c", PROGRAM, str(port), cert, key, taken],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError), create_connection(("localhost", port), 1):
                break
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
        yield SmtpServer(port, cert, taken)
        process.kill()
