"""A mail server by others (pymap), with a certificate of a test."""

import datetime
import imaplib
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openroads.connectors.http import Guarded


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """A certificate of a host and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own, so that who trusts two of them knows them apart.
    serial = x509.random_serial_number()
    who = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Test {serial}"[:60]),
        ]
    )
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, private


class MailServer:
    """Where mail arrives for a test, and is read by the house."""

    def __init__(self, port: int, cert: Path) -> None:
        self.port = port
        self.address = f"localhost:{port}"
        self.context = ssl.create_default_context(cafile=str(cert))

    def client(self) -> Guarded:
        """The house's own client, which trusts this server's certificate and may speak to it."""
        return Guarded([self.address], context=self.context)

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail there, as it came in now."""
        with self.signed_in() as imap:
            kind, told = imap.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)
            assert kind == "OK", told

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("localhost", self.port) as imap:
            imap.starttls(self.context)
            imap.login("marloes", "app-word")
            yield imap


@contextmanager
def running(programs: Path, folder: Path, port: int) -> Iterator[MailServer]:
    """The server, with one mailbox that is empty."""
    cert, key = certificate(folder)
    server = MailServer(port, cert)
    with subprocess.Popen(
        [
            programs / "pymap", "--no-service", "admin", "--host", "localhost", "--port", str(port),
            "--cert", cert, "--key", key,
            "dict", "--demo-data", "--demo-user", "marloes", "--demo-password", "app-word",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError):
                with server.signed_in():
                    break
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        yield server
        process.kill()
