"""What a gateway says of sessions, as rows: signed in, refused, ended, given an address."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import account, address, text

__all__ = ["Sessions", "Told", "person", "why"]

_TOGETHER = 10_000
"""Milliseconds within which two kinds of line tell of one attempt."""
_WHY = (
    ("unknown user", "unknown_user"),
    ("unknown_user", "unknown_user"),
    ("user was not found", "unknown_user"),
    ("no such user", "unknown_user"),
    ("invalid password", "bad_password"),
    ("bad password", "bad_password"),
    ("invalid username or password", "bad_password"),
    ("authentication failed", "bad_password"),
    ("aaa failure", "bad_password"),
    ("locked", "locked"),
    ("disabled", "disabled"),
    ("expired", "expired"),
    ("permission_denied", "restricted"),
    ("permission denied", "restricted"),
    ("not allowed", "restricted"),
    ("restrict", "restricted"),
    ("revoked", "restricted"),
)


def why(said: str | None, default: str = "other") -> str:
    """Why an attempt failed, by the gateway's words."""
    words = (said or "").casefold()
    return next((reason for known, reason in _WHY if known in words), default)


def person(written: str | None) -> dict[str, Any]:
    r"""An account's columns.

    >>> person(r"CORP\ann"), person("*****"), person("ann@corp.example")["user_upn"]
    ({'user': 'ann', 'user_domain': 'CORP'}, {}, 'ann@corp.example')
    """
    name, domain = account(written)
    if name is None or not name.strip("*") or name == "UNDEF":
        return {}
    found: dict[str, Any] = {"user": name}
    if domain is not None:
        found["user_domain"] = domain
    if "@" in name:
        found["user_upn"] = name
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says of a session."""

    at: int
    code: str
    user: str | None
    ip: str | None
    gateway: str | None = None
    client: str | None = None
    device: str | None = None
    service: str | None = None
    package: str | None = None


class Sessions:
    """Makes rows of what the lines of a log say; a second line about an attempt gives none.

    The gateway is the recorder and not the `target_host`: who signs in to it has no account of its own there.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._last: dict[tuple[str | None, str | None, str], tuple[int, str]] = {}

    def reject(self, line: Line, reason: str) -> None:
        """Quarantine a line."""
        self._rows.reject(line.number, reason, line.raw)

    def skip(self, code: str) -> None:
        """Count a line as not used."""
        self._rows.skip(code)

    def seen(self, gateway: str | None, at: int) -> None:
        """Note that the gateway's log reaches to that time."""
        self._rows.seen(gateway or "VPN gateway", "VPN", at)

    def signed_in(self, line: Line, told: Told) -> None:
        """Someone signed in."""
        self._attempt(line, told, "success", None)

    def refused(self, line: Line, told: Told, reason: str) -> None:
        """Someone was refused."""
        self._attempt(line, told, "failure", reason)

    def _attempt(self, line: Line, told: Told, outcome: str, reason: str | None) -> None:
        key = (told.user, told.ip, outcome)
        at, code = self._last.get(key, (-_TOGETHER - 1, told.code))
        if code != told.code and 0 <= told.at - at <= _TOGETHER:
            self.skip(f"{told.code}-repeated")
            return
        if len(self._last) > 10_000:
            self._last.clear()
        self._last[key] = (told.at, told.code)
        self._add(line, told, kind="sign_in", outcome=outcome, reason=reason)

    def ended(self, line: Line, told: Told, duration: int | None) -> None:
        """A session came to its end."""
        self._add(line, told, kind="disconnect", duration=duration)

    def _add(self, line: Line, told: Told, **columns: Any) -> None:
        self._rows.add(
            "authentication",
            event_id=event_id(told.at, ["vpn", told.gateway, told.code, line.message or line.raw, line.again]),
            time=told.at,
            code=told.code,
            recorder=told.gateway,
            record=line.number,
            raw=line.raw,
            application="VPN",
            source_ip=address(told.ip),
            client=text(told.client),
            device=text(told.device),
            target_service=text(told.service),
            package=text(told.package),
            **person(told.user),
            **columns,
        )

    def given(self, line: Line, told: Told, inner: str | None, host: str | None = None) -> bool:
        """A client was given an address inside; `host` is the machine's name where the gateway knows it."""
        ip = address(inner)
        if ip is None or ipaddress.ip_address(ip).is_multicast:
            return False
        self._rows.add(
            "network",
            event_id=event_id(told.at, ["vpn", told.gateway, told.code, line.message or line.raw, line.again, ip]),
            time=told.at,
            code=told.code,
            recorder=told.gateway,
            record=line.number,
            raw=line.raw,
            kind="lease",
            outcome="success",
            protocol="vpn",
            source_ip=ip,
            source_host=text(host),
            **person(told.user),
        )
        return True
