"""What the issuer says of a person: its signature checked, and no more kept than is needed."""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")  # fmt: skip
"""Signatures with a key pair. Never "none", never a shared secret: whoever knows the public key could
sign with it."""

CLOCKS_APART = 60
"""Seconds the issuer's clock may be off."""

KEPT = ("sub", "email", "name", "preferred_username", "given_name", "family_name")


def verified_claims(
    token: str, keys: Mapping[str, Any], *, issuer: str, audience: str
) -> dict[str, Any]:
    """The claims of an ID token that this issuer signed for this client, now.

    As OpenID Connect Core 1.0, section 3.1.3.7 asks. Raises OAuth2Error with a sentence otherwise.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The issuer signs in a way that is not accepted.")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(header, keys),
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_APART,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as problem:
        raise OAuth2Error(f"The issuer's ID token is not valid: {problem}") from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if several and claims.get("azp") != audience:
        raise OAuth2Error("The issuer's ID token was made for another client.")
    return claims


def one_person(claims: Mapping[str, Any], told: Any) -> dict[str, Any]:
    """What is kept: claims of the ID token, with those of the user-info address before them.

    TRICKY: the two must name the same subject (OpenID Connect Core 5.3.2), or a token of somebody
    else would log in. And `email_verified` comes as true, as "false", or not at all: an issuer that
    says no more than the address vouches for it, as an administrator does; one that says no does not.
    """
    if told is not None and (not isinstance(told, dict) or told.get("sub") != claims["sub"]):
        raise OAuth2Error("The issuer speaks of two different people.")
    both = {**claims, **(told or {})}
    kept: dict[str, Any] = {name: str(both[name])[:254] for name in KEPT if both.get(name)}
    vouched = both.get("email_verified", True)
    kept["email_verified"] = vouched is True or str(vouched).lower() == "true"
    return kept


def _key(header: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
    """The public key the token names; the only one when it names none."""
    known = [
        key
        for key in jwt.PyJWKSet.from_dict(dict(keys)).keys
        if key.public_key_use in (None, "sig")
    ]
    if "kid" in header:
        known = [key for key in known if key.key_id == header["kid"]]
    if len(known) != 1:
        raise OAuth2Error("The issuer's ID token is signed with a key it does not publish.")
    return known[0].key
