"""A real OpenID Connect issuer on this machine: codes, PKCE, signed tokens; and every way to be wrong."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "openroads", "a-secret-of-the-client"


class Issuer:
    """`person` is who sits at the issuer's screen. What the tests bend: `claims` and `userinfo` are
    laid over the right ones, `describes` over the discovery document, `header` over the token's;
    `answers` replaces the answer of a path; `signs_with` is the key, `published` what it shows."""

    def __init__(self) -> None:
        self.keys = {name: rsa.generate_private_key(65537, 2048) for name in ("first", "other")}
        self.signs_with, self.published = "first", ["first"]
        self.person: dict[str, Any] = {"sub": "u-1", "email": "ida@windmee.example", "name": "Ida"}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.describes: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.codes: dict[str, dict[str, list[str]]] = {}
        self.tokens: set[str] = set()
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer._answer(self, "")

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                issuer._answer(self, self.rfile.read(length).decode())

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        path, query = handler.path.partition("?")[::2]
        told = parse_qs(body or query)
        self.asked.append((handler.command, path, told))
        routes = {
            "/.well-known/openid-configuration": self._describe,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/jwks": self._jwks,
        }
        try:
            if path in self.answers:
                self.answers[path](handler)
            elif path in routes:
                routes[path](handler, told)
            else:
                handler.send_error(404)
        except OSError:
            pass  # the house hung up, which some tests are about

    def _describe(self, handler: BaseHTTPRequestHandler, told: Any) -> None:
        places = {
            "authorization_endpoint": "authorize", "token_endpoint": "token",
            "userinfo_endpoint": "userinfo", "jwks_uri": "jwks",
        }  # fmt: skip
        config = {name: f"{self.url}/{place}" for name, place in places.items()}
        config |= {
            "issuer": self.url,
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        says(handler, config | self.describes)

    def _authorize(self, handler: BaseHTTPRequestHandler, told: dict[str, list[str]]) -> None:
        """Whoever comes is logged in here already, so it sends straight back."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = told
        back = urlencode({"code": code, "state": told["state"][0]})
        handler.send_response(302)
        handler.send_header("Location", f"{told['redirect_uri'][0]}?{back}")
        handler.end_headers()

    def _token(self, handler: BaseHTTPRequestHandler, told: dict[str, list[str]]) -> None:
        word = handler.headers.get("Authorization", "").removeprefix("Basic ")
        if base64.b64decode(word).decode() != f"{CLIENT}:{SECRET}":
            return says(handler, {"error": "invalid_client"}, 401)
        asked = self.codes.pop(told["code"][0], None)  # a code works once
        digest = hashlib.sha256(told.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["redirect_uri"] != told["redirect_uri"]
            or asked["code_challenge_method"] != ["S256"]
            or asked["code_challenge"] != [challenge]
        ):
            return says(handler, {"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        self.tokens.add(access)
        return says(
            handler, {"access_token": access, "token_type": "Bearer", "id_token": self.id_token()}
        )

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"kid": self.signs_with, **self.header}
        algorithm = header.pop("alg", "RS256")
        key: Any = self.keys[self.signs_with]
        if algorithm == "none":
            key = None
        if algorithm == "HS256":  # signed with what everybody knows: the public key
            key = json.dumps(self._jwk("first"))
        kid = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(claims, key, algorithm=algorithm, headers=kid)

    def _userinfo(self, handler: BaseHTTPRequestHandler, told: Any) -> None:
        access = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        if access not in self.tokens:
            return says(handler, {"error": "invalid_token"}, 401)
        shown = {**self.person, **self.userinfo}
        return says(handler, {name: value for name, value in shown.items() if value is not None})

    def _jwk(self, name: str) -> dict[str, Any]:
        public = self.keys[name].public_key()
        told: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True)
        return told | {"kid": name, "use": "sig", "alg": "RS256"}

    def _jwks(self, handler: BaseHTTPRequestHandler, told: Any) -> None:
        says(handler, {"keys": [self._jwk(name) for name in self.published]})


def says(handler: BaseHTTPRequestHandler, told: Any, status: int = 200) -> None:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def follow(address: str) -> str:
    """What the issuer's screen sends back to, as a browser would go."""
    import urllib.error
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **kwargs: Any) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(address)
    except urllib.error.HTTPError as answer:
        back = urlsplit(answer.headers["Location"])
        answer.close()
        return f"{back.path}?{back.query}"
    raise AssertionError("the issuer did not send back")
