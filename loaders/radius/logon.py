"""A RADIUS server's answer as a row, whichever server gave it.

Who asks is an access server (a VPN gateway, a switch, a radio cell): it is what is logged on to. Where it said from
which address its client came (`Calling-Station-Id` of VPNs), that is the source; a hardware address is the device.
"""

from dataclasses import dataclass, field
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import account, address, text

__all__ = ["Answer", "person"]

_HOST = "host/"


def person(written: str | None) -> dict[str, Any]:
    r"""An account's columns; `host/pc.corp.example` is a machine's.

    >>> person("host/pc1.corp.example")
    {'user': 'pc1$', 'user_domain': 'corp.example'}
    >>> person(r"CORP\ann"), person("ann@corp.example")["user_upn"]
    ({'user': 'ann', 'user_domain': 'CORP'}, 'ann@corp.example')
    """
    name, domain = account(written)
    if name is None:
        return {}
    if name.casefold().startswith(_HOST):
        machine, _, realm = name[len(_HOST) :].partition(".")
        return {"user": f"{machine}$", "user_domain": text(realm) or domain}
    if "@" in name:
        return {"user": name, "user_domain": domain, "user_upn": name}
    return {"user": name, "user_domain": domain}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, and to whose request."""

    at: int
    code: str
    outcome: str
    reason: str | None = None
    who: dict[str, Any] = field(default_factory=dict)
    server: str | None = None
    access_server: str | None = None
    station: str | None = None
    package: str | None = None
    policy: str | None = None
    names: tuple[object, ...] = ()
    """What names the event, its time apart."""

    def add(self, rows: Rows, line: Line) -> None:
        """Add its row."""
        ip = address(self.station)
        rows.add(
            "authentication",
            event_id=event_id(self.at, ["radius", self.server, self.code, *self.names, line.again]),
            time=self.at,
            code=self.code,
            recorder=self.server,
            record=line.number,
            raw=line.raw,
            kind="logon",
            outcome=self.outcome,
            reason=self.reason,
            source_ip=ip,
            target_host=self.access_server,
            target_service=self.policy,
            package=self.package,
            application="RADIUS",
            device=None if ip else text(self.station),
            **self.who,
        )
