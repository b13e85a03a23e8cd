"""What an organisation says of countries: `countries.toml` in the workspace.

high_risk = ["KP", "IR"]           # told of at once: signed in from there, or tried to
expected = ["FR", "BE"]            # where its people work; a sign-in from elsewhere is told of too

[population.sales]                 # of the users with a tag (tags.toml): these as well
expected = ["US", "DE"]

[egress]                           # ways out of its own, and VPNs: they say nothing of where a person is
"head office" = ["203.0.113.0/24"]
"VPN provider" = ["198.51.100.0/25"]
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

from graph_hunt.errors import InputError, WorkspaceError
from graph_hunt.events.tags import Tag, Tags

FILE = "countries.toml"
EGRESS = "egress"
"""The tag that addresses of a way out get."""
_CODE = re.compile(r"[A-Z]{2}")
_KEYS = ("high_risk", "expected", "population", "egress")


@dataclass(frozen=True, slots=True)
class Countries:
    """The organisation's word on countries; ISO 3166-1 alpha-2 codes."""

    high_risk: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    populations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """More expected countries of those who have a tag."""
    egress: Mapping[str, tuple[IPv4Network | IPv6Network, ...]] = field(default_factory=dict)

    @property
    def said(self) -> bool:
        """There is something to watch for."""
        return bool(self.high_risk or self.expected)

    @property
    def digest(self) -> str:
        """Names what is said."""
        return blake2b(written(self).encode(), digest_size=8).hexdigest()

    def is_egress(self, address: str) -> bool:
        """An address is of a way out."""
        found = ip_address(address)
        return any(found.version == one.version and found in one for group in self.egress.values() for one in group)

    def expects(self, tags: Iterable[str], country: str) -> bool:
        """Somebody with these tags may come from a country; all may where no country is expected."""
        if not self.expected:
            return True
        return country in self.expected or any(country in self.populations.get(tag, ()) for tag in tags)


def read_countries(root: Path) -> Countries:
    """Read what a workspace's file says; nothing where there is none."""
    path = root / FILE
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Countries()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), expected="TOML") from error
    return parse(raw, str(path))


def parse(raw: Mapping[str, Any], where: str) -> Countries:
    """Read what is said, from a file's tables."""
    for key, value in raw.items():
        if key not in _KEYS or not isinstance(value, dict if key in ("population", "egress") else list):
            raise InputError(
                f"{key} = {value!r}", where=where, expected="high_risk, expected, [population.TAG], [egress]"
            )
    populations = {}
    for tag, table in raw.get("population", {}).items():
        if not isinstance(table, dict) or set(table) != {"expected"}:
            raise InputError(f"[population.{tag}]", where=where, expected='expected = ["DE"]')
        populations[tag] = _codes(table["expected"], where)
    egress = {name: _networks(texts, where) for name, texts in raw.get("egress", {}).items()}
    return Countries(
        _codes(raw.get("high_risk", []), where), _codes(raw.get("expected", []), where), populations, egress
    )


def _codes(given: Any, where: str) -> tuple[str, ...]:
    texts = given if isinstance(given, list) else [given]
    codes = [str(text).strip().upper() for text in texts]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise InputError(f"{code!r} is no country", where=where, expected="ISO codes of two letters, as FR")
    return tuple(sorted(set(codes)))


def _networks(given: Any, where: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(text, strict=False) for text in (given if isinstance(given, list) else [given]))
    except ValueError as error:
        raise InputError(str(error), where=where, expected="addresses or networks such as 203.0.113.0/24") from error


def written(said: Countries) -> str:
    """Write what is said as TOML that reads back the same."""
    lines = [f"high_risk = {_list(said.high_risk)}", f"expected = {_list(said.expected)}"]
    for tag, codes in sorted(said.populations.items()):
        lines += ["", f"[population.{_quoted(tag)}]", f"expected = {_list(codes)}"]
    if said.egress:
        lines += ["", "[egress]"]
        lines += [f"{_quoted(name)} = {_list(map(str, networks))}" for name, networks in sorted(said.egress.items())]
    return "\n".join(lines) + "\n"


def keep_countries(root: Path, said: Countries) -> None:
    """Write what is said to the workspace's file, in the place of what was."""
    unfinished = root / f"{FILE}.{os.getpid()}.unfinished"
    try:
        unfinished.write_text(written(said), "utf-8")
        unfinished.replace(root / FILE)
    except OSError as error:
        raise WorkspaceError(f"{root / FILE}: cannot be written ({error.strerror})") from error


def with_egress(tags: Tags, said: Countries) -> Tags:
    """Add the ways out to an organisation's tags, so that hunts know of them."""
    networks = tuple(one for group in said.egress.values() for one in group)
    if not networks:
        return tags
    known = {tag.name: tag for tag in tags.tags}
    given = known.get(EGRESS, Tag(EGRESS))
    known[EGRESS] = Tag(EGRESS, given.users, given.hosts, given.departments, (*given.addresses, *networks), shared=True)
    return Tags(tuple(known[name] for name in sorted(known)))


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
