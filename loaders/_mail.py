"""What mail sources have in common: whose a message is, and how its identifiers are written.

Not a loader.
"""

import re
from functools import lru_cache

from graph_hunt.events.source import Options
from graph_hunt.loaders._values import text

__all__ = ["bare_id", "direction", "guid", "own_domains"]

_GUID = re.compile(r"^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$")


def own_domains(options: Options) -> frozenset[str]:
    """The domains that the user calls the organisation's own, `a.example,b.example`."""
    written = options.extra.get("own_domains", "")
    return frozenset(one.strip().casefold().lstrip("@") for one in written.split(",") if one.strip())


def direction(sender: str | None, recipient: str | None, own: frozenset[str]) -> str | None:
    """Tell inbound, outbound or internal, where the organisation's own domains are known.

    >>> direction("a@x.example", "b@mail.y.example", frozenset({"y.example"}))
    'inbound'
    """
    if not own:
        return None
    ours = (_is_own(sender, own), _is_own(recipient, own))
    return {(True, True): "internal", (True, False): "outbound", (False, True): "inbound"}.get(ours)


def _is_own(who: str | None, own: frozenset[str]) -> bool:
    return who is not None and _is_under(who.rpartition("@")[2].casefold(), own)


@lru_cache(maxsize=8192)
def _is_under(domain: str, own: frozenset[str]) -> bool:
    return any(domain == one or domain.endswith("." + one) for one in own)


def bare_id(written: str | None) -> str | None:
    """A Message-ID without its angle brackets.

    >>> bare_id(" <a.b@c.example> (added by x)"), bare_id("<>")
    ('a.b@c.example', None)
    """
    return text(written.strip().removeprefix("<").partition(">")[0]) if written else None


@lru_cache(maxsize=8192)
def guid(written: str | None) -> str | None:
    """A transport's identifier as it is mostly written, in lower case and with hyphens.

    >>> guid("1341AC7B13FB42AB4D4408CF7F55890F"), guid("4F1C2")
    ('1341ac7b-13fb-42ab-4d44-08cf7f55890f', '4F1C2')
    """
    found = text(written)
    if found is None:
        return None
    parts = _GUID.match(found.lower())
    return "-".join(parts.groups()) if parts else found
