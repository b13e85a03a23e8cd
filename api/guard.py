"""Around every request: how much it may send and how long it may take, and what a browser must keep to.

A question whose asker has gone is ended: what the engine is at runs out by its own time-out, and nothing more is asked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LONGEST = 150.0
"""Seconds that the answer to a question may take."""
_QUESTIONS = ("/graphql", "/hunts/")
"""Where nothing is delivered: what is asked there may be given up."""


class TooLarge(ClientDisconnect):
    """The body is larger than the path takes; what was not read of it is not wanted."""


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, largest: Callable[[str], int], longest: float = LONGEST) -> None:
        self._app, self._largest, self._longest = app, largest, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        largest = self._largest(scope["path"])
        length = Headers(scope=scope).get("content-length", "0")
        call = _Call(receive, send, largest, ended=scope["method"] in ("GET", "HEAD"))
        if not length.isdecimal() or int(length) > largest:
            return await call.too_large(scope)
        if scope["path"].startswith(_QUESTIONS):
            await self._asked(scope, call)
        else:
            await call.answered(self._app, scope)

    async def _asked(self, scope: Scope, call: "_Call") -> None:
        work = asyncio.ensure_future(call.answered(self._app, scope))
        leaves = asyncio.ensure_future(call.leaves())
        try:
            await asyncio.wait({work, leaves}, timeout=self._longest, return_when=asyncio.FIRST_COMPLETED)
            late = not work.done() and not leaves.done()
            if not work.done():
                work.cancel()
            await asyncio.wait({work})
            if late and not call.begun:
                words = {"errors": [{"message": "it took too long", "extensions": {"code": "TIMEOUT"}}]}
                await JSONResponse(words, status_code=504)(scope, call.receive, call.send)
            elif not work.cancelled():
                work.result()
        finally:
            work.cancel()
            leaves.cancel()


@dataclass(slots=True)
class _Call:
    """One request: what is left of its body, and whether it was answered."""

    asgi_receive: Receive
    asgi_send: Send
    largest: int
    ended: bool
    """All of the body was handed on."""
    size: int = 0
    begun: bool = False
    handed: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        if self.ended:
            self.over.set()

    async def answered(self, app: ASGIApp, scope: Scope) -> None:
        """Have the application answer; a body that grew too large is told so."""
        try:
            await app(scope, self.receive, self.send)
        except TooLarge:
            if not self.begun:
                await self.too_large(scope)
        except ClientDisconnect:
            pass

    async def leaves(self) -> None:
        """Wait until the other end has gone; the body must be handed on before that can be told."""
        await self.over.wait()
        while not self.gone.is_set():
            if (await self.asgi_receive())["type"] == "http.disconnect":
                self.gone.set()

    async def receive(self) -> Message:
        """Give the next piece of the body, then the end."""
        if self.ended:
            if not self.handed:
                self.handed = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self.gone.wait()
            return {"type": "http.disconnect"}
        message = await self.asgi_receive()
        self.size += len(message.get("body", b""))
        if self.size > self.largest:
            raise TooLarge
        if message["type"] == "http.disconnect":
            self.gone.set()
        if not message.get("more_body"):
            self.ended = self.handed = True
            self.over.set()
        return message

    async def send(self, message: Message) -> None:
        """Send a piece of the answer, its head with what a browser must keep to."""
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self.asgi_send(message)

    async def too_large(self, scope: Scope) -> None:
        """Say how much may be sent."""
        words = f"a request may have up to {self.largest} bytes\n"
        await PlainTextResponse(words, status_code=413)(scope, self.receive, self.send)
