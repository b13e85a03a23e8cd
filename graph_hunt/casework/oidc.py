"""OpenID Connect: who a JWT of the organisation's issuer names, and the role that its claim gives."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from jwt import PyJWKClient, PyJWKClientConnectionError

from graph_hunt.casework.access import Caller, Role
from graph_hunt.errors import InputError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key; never HMAC, for which the issuer's public key would be the secret, never none."""
_LEEWAY = 30
_PATIENCE = 10
_DEEP = 8
_AWAY = 15
"""Seconds for which an issuer that does not answer is left alone."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer, for whom its tokens must be, and how a claim becomes a role."""

    issuer: str
    audience: str
    jwks: str = ""
    """Where its keys are; else its discovery document says."""
    claim: str = "roles"
    """The claim that holds roles or groups; a dot leads into an object, as in realm_access.roles."""
    roles: Mapping[str, Role] = field(default_factory=lambda: {role.value: role for role in Role})

    def __post_init__(self) -> None:
        if not self.audience:
            raise InputError("a token for any audience is not taken", where="OIDC", expected="--oidc-audience")
        for one in filter(None, (self.issuer, self.jwks)):
            place = urlsplit(one)
            # Keys that came in the clear could be anyone's.
            if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost", "::1"):
                raise InputError(f"{one} is not https", where="OIDC", expected="https://…")


class Verifier:
    """Verifies tokens of a provider; its keys are fetched when needed, and kept."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._keys: PyJWKClient | None = None
        self._down_until = 0.0

    def verify(self, text: str) -> Caller | None:
        """Tell who sends a token, or nothing; blocks while keys are fetched."""
        one = self._provider
        try:
            if jwt.get_unverified_header(text).get("alg") not in ALGORITHMS:
                return None
            key = self._key(text)
            claims = jwt.decode(
                text,
                key,
                algorithms=_algorithms(key),
                audience=one.audience,
                issuer=one.issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, httpx.HTTPError, InputError, ValueError, TypeError, RecursionError):
            return None
        role = _highest(one, claims)
        if role is None:
            return None
        name = claims.get("preferred_username") or claims.get("email")
        subject = f"oidc:{claims['sub']}"
        return Caller(f"{subject} ({name})" if isinstance(name, str) else subject, role, subject)

    def _key(self, text: str) -> jwt.PyJWK:
        if time.monotonic() < self._down_until:
            raise InputError("does not answer", where=self._provider.issuer)
        try:
            return self._client().get_signing_key_from_jwt(text)
        except (PyJWKClientConnectionError, httpx.HTTPError):
            # While the issuer is away, forged tokens must not hold every thread in waiting for it.
            self._down_until = time.monotonic() + _AWAY
            raise

    def _client(self) -> PyJWKClient:
        if self._keys is None:
            place = self._provider.jwks or _discovered(self._provider.issuer)
            # A key that is not known is asked for again, but not as often as forged tokens come.
            self._keys = PyJWKClient(place, cache_jwk_set=True, lifespan=300, timeout=_PATIENCE)
        return self._keys


def _discovered(issuer: str) -> str:
    answer = httpx.get(issuer.rstrip("/") + "/.well-known/openid-configuration", timeout=_PATIENCE)
    found = answer.raise_for_status().json()
    if not isinstance(found, dict) or found.get("issuer") != issuer or not isinstance(found.get("jwks_uri"), str):
        raise InputError("its discovery document names another issuer, or no keys", where=issuer)
    Provider(issuer, "-", found["jwks_uri"])
    return str(found["jwks_uri"])


def _algorithms(key: jwt.PyJWK) -> list[str]:
    """The algorithms that a key of its type signs with: the header of a token does not choose among others."""
    kinds = {"RSA": ("RS", "PS"), "EC": ("ES",), "OKP": ("Ed",)}
    return [one for one in ALGORITHMS if one.startswith(kinds.get(str(key.key_type), ()))]


def _highest(provider: Provider, claims: Mapping[str, Any]) -> Role | None:
    found: Any = claims
    # A claim whose own name holds dots (https://hunt.example/roles) is tried before its parts.
    for part in [provider.claim] if provider.claim in claims else provider.claim.split(".")[:_DEEP]:
        found = found.get(part) if isinstance(found, dict) else None
    given = found.split() if isinstance(found, str) else found if isinstance(found, list) else []
    roles = [provider.roles[one] for one in given if isinstance(one, str) and one in provider.roles]
    return max(roles, key=list(Role).index) if roles else None
