"""Where in the world an address is, from MaxMind DB files: the country file that comes with the program, or the user's.

The bundled file is ip-location-db's geo-whois-asn-country (CC0; its NRO statistics CC BY 4.0, see NRO_LICENSE).
`countries.csv` has the middle of each country's largest piece of land, and how far, in km, that reaches from there,
both reckoned from the outlines of Natural Earth (public domain).
"""

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import maxminddb

from graph_hunt.errors import InputError

BUNDLED = Path(__file__).parent / "geo-whois-asn-country.mmdb"
_COUNTRIES = Path(__file__).parent / "countries.csv"
_USUAL_RADIUS = 100
"""How far off, in km, a place within a country may be where its file does not say."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of an address's place; null where nothing is."""

    country: str | None = None
    """ISO 3166-1 alpha-2 code."""
    asn: str | None = None
    """The number of the network it is announced by, such as AS15169."""
    network: str | None = None
    """That network's name."""
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius: int | None = None
    """How far, in km, it may really be from that point."""


NOWHERE = Place()


def scope(address: IPv4Address | IPv6Address) -> str:
    """Say how far an address reaches: loopback, link_local, multicast, private or public.

    Shared address space (100.64.0.0/10, carriers' NAT) counts as private.

    >>> scope(ip_address("192.168.1.1")), scope(ip_address("8.8.8.8")), scope(ip_address("100.64.0.1"))
    ('private', 'public', 'private')
    """
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link_local"
    if address.is_multicast:
        return "multicast"
    return "public" if address.is_global else "private"


def locate(addresses: Iterable[str], files: Iterable[Path] = ()) -> dict[str, Place]:
    """Find the place of each public address; the first file that knows a thing says it, the bundled one last."""
    with ExitStack() as stack:
        readers = [stack.enter_context(_reader(path)) for path in [*files, BUNDLED]]
        return {text: _pinned(_place(text, readers)) for text in addresses}


def _pinned(place: Place) -> Place:
    """Put a place that is known by its country alone in the country's middle."""
    if place.latitude is not None or place.country not in _middles():
        return place
    latitude, longitude, radius = _middles()[place.country]
    return replace(place, latitude=latitude, longitude=longitude, radius=radius)


@cache
def _middles() -> Mapping[str | None, tuple[float, float, int]]:
    with _COUNTRIES.open(encoding="utf-8", newline="") as lines:
        return {
            row["country"]: (float(row["latitude"]), float(row["longitude"]), int(row["radius"]))
            for row in csv.DictReader(lines)
        }


def _reader(path: Path) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(path, maxminddb.MODE_AUTO)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), expected="a MaxMind DB (.mmdb) file") from error


def _place(text: str, readers: Iterable[maxminddb.Reader]) -> Place:
    address = ip_address(text)
    if scope(address) != "public":
        return NOWHERE
    found = NOWHERE
    for reader in readers:
        if address.version == 6 and reader.metadata().ip_version == 4:
            continue
        record = reader.get(address)
        if isinstance(record, Mapping):
            said = _read(record)
            found = replace(
                said, **{name: known for name in Place.__slots__ if (known := getattr(found, name)) is not None}
            )
    return found


def _read(record: Mapping[str, Any]) -> Place:
    """Read one record, in the shape of ip-location-db or of GeoLite2, DB-IP and IPinfo."""
    country, city = record.get("country"), record.get("city")
    code = record.get("country_code") or (country.get("iso_code") if isinstance(country, Mapping) else country)
    if isinstance(city, Mapping):
        city = city.get("names", {}).get("en")
    number = record.get("autonomous_system_number") or record.get("asn")
    location = record.get("location")
    spot = location if isinstance(location, Mapping) else record
    latitude, longitude = spot.get("latitude"), spot.get("longitude")
    point = None if latitude is None or longitude is None else (float(latitude), float(longitude))
    return Place(
        code if isinstance(code, str) and len(code) == 2 else None,
        f"AS{str(number).upper().removeprefix('AS')}" if number else None,
        record.get("autonomous_system_organization") or record.get("as_name") or record.get("name"),
        city if isinstance(city, str) else None,
        point[0] if point else None,
        point[1] if point else None,
        int(spot.get("accuracy_radius") or _USUAL_RADIUS) if point else None,
    )
