"""The tags that an organisation gives to its users, hosts and addresses: populations, zones, what is critical.

[critical]
hosts = ["dc*.corp.example", "sql01"]

[vip]
users = ["CORP\\\\ann", "*@board.corp.example"]
departments = ["Finance"]

[vpn]
addresses = ["10.99.0.0/16"]
shared = true     # many machines behind them: they never stand for one host
"""

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from graph_hunt.errors import InputError

_KEYS = {"users": list, "hosts": list, "addresses": list, "departments": list, "shared": bool}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and whom it is for; patterns (`*`, `?`, `[…]`) and names are in lower case."""

    name: str
    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    shared: bool = False
    """Its addresses stand for many machines."""


@dataclass(frozen=True, slots=True)
class Tags:
    """All tags, in the order of their names."""

    tags: tuple[Tag, ...] = field(default=())

    def of_user(self, names: list[str], department: str | None) -> set[str]:
        """Give the tags of a user, by any of its identifiers and its department."""
        folded, home = [name.casefold() for name in names], (department or "").casefold()
        return {tag.name for tag in self.tags if _matches(tag.users, folded) or home in tag.departments}

    def of_host(self, names: list[str], addresses: list[IPv4Address | IPv6Address]) -> set[str]:
        """Give the tags of a host, by any of its names, or the zone that an address of its is in."""
        folded = [name.casefold() for name in names]
        return {
            tag.name
            for tag in self.tags
            if _matches(tag.hosts, folded) or (not tag.shared and any(_within(tag, found) for found in addresses))
        }

    def of_address(self, found: IPv4Address | IPv6Address) -> set[str]:
        """Give the tags of an address."""
        return {tag.name for tag in self.tags if _within(tag, found)}

    def shared(self, found: IPv4Address | IPv6Address) -> bool:
        """Tell whether an address is known to stand for many machines."""
        return any(tag.shared and _within(tag, found) for tag in self.tags)


def _matches(patterns: tuple[str, ...], names: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _within(tag: Tag, found: IPv4Address | IPv6Address) -> bool:
    return any(found.version == network.version and found in network for network in tag.addresses)


def read_tags(path: Path) -> Tags:
    """Read a tags file; nothing where there is none."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Tags()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), expected="TOML") from error
    return Tags(tuple(_tag(name, table, path) for name, table in sorted(raw.items())))


def _tag(name: str, table: Any, path: Path) -> Tag:
    where = f"{path}: [{name}]"
    if not isinstance(table, dict):
        raise InputError(f"{name} is no table", where=str(path), expected=f"[{name}] with users, hosts or addresses")
    if "," in name:
        raise InputError("a tag's name holds no comma", where=where)
    for key, value in table.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            raise InputError(f"{key} = {value!r}", where=where, expected="users, hosts, addresses, departments; shared")
    try:
        networks = tuple(ip_network(text, strict=False) for text in table.get("addresses", []))
    except ValueError as error:
        raise InputError(str(error), where=where, expected="addresses or networks such as 10.0.0.0/8") from error
    texts = {
        key: tuple(str(text).casefold() for text in table.get(key, [])) for key in ("users", "hosts", "departments")
    }
    return Tag(name, addresses=networks, shared=table.get("shared", False), **texts)
