"""The gate before every route: who asks, from where, how often, and whether the role allows the route."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graph_hunt.api import permissions
from graph_hunt.api.answer import said
from graph_hunt.casework.access import PREFIX, Caller, Role, verify
from graph_hunt.casework.oidc import Provider, Verifier
from graph_hunt.casework.state import State
from graph_hunt.graph.store import asking

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What `Host` calls this machine."""
LOCAL = Caller("local", Role.ADMIN, "local")
"""Whoever asks where no tokens are demanded: only this machine's own users can."""
RATE = 6000
_CALLER = "graph_hunt.caller"
_LONGEST = 16_384
_CALLERS = 10_000

Verify = Callable[[str], Caller | None]


@dataclass(frozen=True, slots=True)
class Access:
    """How the API is reached: by anyone on this machine, or by those with a token."""

    demanded: bool = False
    hosts: tuple[str, ...] = ()
    """More names that `Host` may have."""
    rate: int = RATE
    """Requests a minute for one token; 0 is without bound."""
    provider: Provider | None = None
    """Who else's tokens are taken."""
    cypher: bool = False
    """Admins may ask the graph in Cypher."""

    @property
    def names(self) -> list[str]:
        """All names that `Host` may have."""
        return [*NAMES, *self.hosts]


def verifier(state: State, provider: Provider | None) -> Verify:
    """What tells the sender of a token, be it one of ours or the provider's."""
    other = None if provider is None else Verifier(provider)

    def told(text: str) -> Caller | None:
        if text.startswith(PREFIX) or other is None:
            return verify(state, text)
        return other.verify(text)

    return told


def is_loopback(host: str) -> bool:
    """An address that only this machine reaches."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def caller_of(connection: HTTPConnection) -> Caller | None:
    """Who the gate found to ask."""
    found: Caller | None = connection.scope.get(_CALLER)
    return found


class Rate:
    """A bucket a caller: so many requests a minute, a tenth of them at once."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._refill, self._most, self._clock = a_minute / 60, max(1.0, a_minute / 10), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one of a caller's requests: nought, or the seconds until there is one."""
        if not self._refill:
            return 0
        now = self._clock()
        left, at = self._left.pop(key, (self._most, now))
        left = min(self._most, left + (now - at) * self._refill)
        wait = 0.0 if left >= 1 else (1 - left) / self._refill
        self._left[key] = (left if wait else left - 1, now)
        if len(self._left) > _CALLERS:
            self._left.popitem(last=False)
        return wait


class Gate:
    """Lets through who may; as ASGI middleware, so that it stands before websockets too."""

    def __init__(self, app: ASGIApp, access: Access, verify: Verify) -> None:
        self._app, self._access, self._verify = app, access, verify
        self._rate = Rate(access.rate if access.demanded else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on with the caller in the scope."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        refusal = await self._refusal(scope)
        if refusal is None:
            caller = scope.get(_CALLER)
            with asking(caller.who if caller else ""):
                return await self._app(scope, receive, send)
        # Before a websocket is accepted, this is an answer to its handshake.
        await refusal(scope, receive, send)

    async def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers, path = Headers(scope=scope), scope["path"]
        if scope["type"] == "http" and permissions.is_public(scope["method"], path):
            return None
        if not self._from_here(headers):
            return said(403, "another site's page may not ask here")
        caller = LOCAL if not self._access.demanded else await self._bearer(headers)
        scope[_CALLER] = caller
        if caller is None:
            # A browser's websocket cannot carry the header: GraphQL's own first message brings the token.
            if scope["type"] == "websocket" and "authorization" not in headers:
                return None
            return unauthenticated(given="authorization" in headers)
        if wait := self._rate.take(caller.key):
            return said(429, "too many requests for one token", {"Retry-After": str(int(wait) + 1)})
        wanted = permissions.of_route(scope.get("method", "WEBSOCKET"), path)
        if not caller.role.covers(wanted):
            return said(403, f"this is for the role {wanted.value}; you have {caller.role.value}")
        return None

    def _from_here(self, headers: Headers) -> bool:
        """A browser says which page asks; it must be one that this server may have given."""
        if (origin := headers.get("origin")) is None:
            return True
        try:
            place = urlsplit(origin)
            return bool(place.netloc) and (place.netloc == headers.get("host") or place.hostname in self._access.hosts)
        except ValueError:
            return False

    async def _bearer(self, headers: Headers) -> Caller | None:
        given = headers.getlist("authorization")
        if len(given) != 1 or len(given[0]) > _LONGEST:
            return None
        kind, _, text = given[0].partition(" ")
        if kind.lower() != "bearer":
            return None
        return await asyncio.to_thread(self._verify, text.strip(" "))


def unauthenticated(*, given: bool) -> JSONResponse:
    """Say that a token is needed, or that the one given is none."""
    challenge = 'Bearer realm="graph-hunt"' + (', error="invalid_token"' if given else "")
    words = "the token is unknown, expired or revoked" if given else "send Authorization: Bearer and a token"
    return said(401, words, {"WWW-Authenticate": challenge})
