"""OpenVPN's server.

It says that a peer's connection is initiated once TLS stands, though the password be refused, or be looked at later:
the former is told before, and after the latter only an address that is given says that it was right.
"""

import re

from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import address, text
from graph_hunt.loaders.vpn.session import Sessions, Told, why

__all__ = ["Log", "is_log"]

_VOICE = re.compile(
    r"\bopenvpn(?:-\w+)?\b(?:\(\w+\))?(?:\[\d+\])?:|\[AF_INET6?\]|TLS(?: Auth)? Error: |TLS: "
    r"|VERIFY (?:OK|ERROR|KU|EKU)"
    r"|MULTI(?:_sva)?: |peer info: IV_|Data Channel|Control Channel: |Diffie-Hellman initialized|IFCONFIG POOL"
    r"|TUN/TAP device|SENT CONTROL |PUSH: |net_(?:iface|route|addr)_|link (?:local|remote)|Timers: ping"
    r"|Could not determine IPv4/IPv6|event_wait|ROUTE_GATEWAY|ifconfig_pool_|OpenVPN \d|Initialization Sequence"
    r"|client-instance|LDAP |ldap_bind|PLUGIN_|Authenticate/Decrypt|SIG(?:USR1|TERM|HUP|INT)\["
    r"|Connection reset, restarting|Inactivity timeout|TCP connection established|AUTH-PAM|primary virtual IP"
    r"|Peer Connection Initiated"
)
_OWN = re.compile(r"\[AF_INET6?\]|MULTI(?:_sva)?: |peer info: IV_|\bOpenVPN \d|\bopenvpn(?:-\w+)?(?:\[\d+\])?:")
_PEER = re.compile(
    r"(?:(?:^|[\s:])(?P<cn>[^/\s:\[\]]+)/)?(?:tcp[46]?(?:-server)?:|udp[46]?:)?"
    r"(?P<ip>\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:]+?\]?):(?P<port>\d{1,5}) "
)
_INITIATED = re.compile(r"\[(?P<cn>[^\]]*)\] Peer Connection Initiated with \[AF_INET6?\](?P<ip>\S+?):(?P<port>\d+)")
_DEFERRED = re.compile(r"Username/Password authentication deferred for username '(?P<user>[^']*)'")
_SUCCEEDED = re.compile(r"Username/Password authentication succeeded for username '(?P<user>[^']*)'")
_WRONG = re.compile(r"TLS Auth Error: |SENT CONTROL \[(?P<user>[^\]]*)\]: 'AUTH_FAILED")
_UNVERIFIED = re.compile(r"VERIFY ERROR: depth=0, error=(?P<why>[^:]*):.*?\bCN=(?P<user>[^,/]+)")
_FORGED = re.compile(r"TLS Error: incoming packet authentication failed from \[AF_INET6?\](?P<ip>\S+?):(?P<port>\d+)")
_LEARNT = re.compile(r"MULTI: Learn: (?P<inner>[0-9A-Fa-f.:]+) -> (?:(?P<cn>[^/]*)/)?(?P<ip>\S+):(?P<port>\d+)")


def is_log(lines: list[str]) -> bool:
    """Tell whether most of the lines are OpenVPN's."""
    spoken = sum(_VOICE.search(line) is not None for line in lines)
    return spoken * 2 > len(lines) and any(_OWN.search(line) for line in lines)


class Log:
    """Keeps the lines of a log."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._refused: set[tuple[str, str]] = set()
        self._deferred: dict[tuple[str, str], str] = {}
        self._named: dict[tuple[str, str], str] = {}

    def keep(self, line: Line) -> None:
        """Add what the line says, or count it as not used."""
        if line.fault or line.at is None:
            self._sessions.reject(line, line.fault or "it has no time that can be read")
            return
        self._sessions.seen(text(line.host), line.at)
        for known in (self._refused, self._deferred, self._named):
            if len(known) > 20_000:
                known.clear()
        if not (self._begun(line, line.at) or self._failed(line, line.at)):
            self._sessions.skip("OpenVPN/other")

    def _told(self, at: int, code: str, user: str | None, ip: str | None, line: Line, package: str) -> Told:
        # Syslog's host stands there only where the line came through syslog.
        gateway = text(line.host) if re.search(r"\bopenvpn\S*:", line.raw) else None
        return Told(at, f"OpenVPN/{code}", text(user), ip, gateway, package=package)

    def _begun(self, line: Line, at: int) -> bool:
        if (found := _INITIATED.search(line.raw)) is not None:
            peer = (found["ip"].strip("[]"), found["port"])
            if peer in self._refused or peer in self._deferred or found["cn"] in ("UNDEF", ""):
                self._sessions.skip("OpenVPN/not-yet-proven")
            else:
                package = "password" if peer in self._named else "certificate"
                user = self._named.pop(peer, "") or found["cn"]
                self._sessions.signed_in(line, self._told(at, "initiated", user, peer[0], line, package))
            return True
        if (found := _LEARNT.search(line.raw)) is None:
            return self._password(line)
        peer = (found["ip"].strip("[]"), found["port"])
        user = self._deferred.pop(peer, "")
        told = self._told(at, "learn", user or found["cn"], peer[0], line, "password")
        given = self._sessions.given(line, told, found["inner"])
        if user:
            self._sessions.signed_in(line, told)
        return given or bool(user)

    def _password(self, line: Line) -> bool:
        found = _DEFERRED.search(line.raw) or _SUCCEEDED.search(line.raw)
        peer = _peer(line.raw)
        if found is None or peer is None:
            return False
        # A session that is renewed proves itself again, and gets no address again.
        known = self._deferred if "deferred" in found[0] else self._named
        known[peer] = found["user"]
        self._sessions.skip("OpenVPN/password")
        return True

    def _failed(self, line: Line, at: int) -> bool:
        if (found := _FORGED.search(line.raw)) is not None:
            self._sessions.refused(
                line, self._told(at, "forged", None, found["ip"].strip("[]"), line, "tls-auth"), "other"
            )
            return True
        peer = _peer(line.raw)
        if (found := _UNVERIFIED.search(line.raw)) is not None and peer is not None:
            self._refused.add(peer)
            told = self._told(at, "verify", found["user"], peer[0], line, "certificate")
            self._sessions.refused(line, told, why(found["why"], "restricted"))
            return True
        if (found := _WRONG.search(line.raw)) is None or peer is None:
            return False
        if peer in self._refused:
            self._refused.discard(peer)
            self._sessions.skip("OpenVPN/repeated")
            return True
        self._refused.add(peer)
        prefix = _prefix(line.raw)
        user = (
            self._deferred.pop(peer, "")
            or self._named.pop(peer, "")
            or found["user"]
            or (prefix["cn"] if prefix else None)
        )
        self._sessions.refused(line, self._told(at, "auth", user, peer[0], line, "password"), "bad_password")
        return True


def _peer(raw: str) -> tuple[str, str] | None:
    found = _prefix(raw)
    return (found["ip"].strip("[]"), found["port"]) if found is not None else None


def _prefix(raw: str) -> re.Match[str] | None:
    """Whose connection a line is about; a time of day looks like one."""
    return next((found for found in _PEER.finditer(raw) if address(found["ip"].strip("[]")) is not None), None)
