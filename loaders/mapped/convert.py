"""What a field's value becomes in a column of each type; a value that does not fit is refused, never guessed at."""

import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import orjson

from graph_hunt.loaders._values import account, at, endpoint, flag, integer, is_sid, text
from graph_hunt.schema import Type

__all__ = [
    *("ACCOUNT_PARTS", "ADDRESSES", "EPOCHS", "Converter", "Refused", "account_part", "converter", "extracted"),
    *("plain", "time_reader"),
]

Converter = Callable[[Any], Any]

ADDRESSES = frozenset({"source_ip", "target_ip", "client_ip"})
EPOCHS = {"epoch_s": 1000.0, "epoch_ms": 1.0, "epoch_us": 0.001, "epoch_ns": 0.000001}
"""Times counted from 1970, and by what each is multiplied to become milliseconds."""
ACCOUNT_PARTS = ("user", "user_domain", "user_sid", "user_upn")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Refused(ValueError):
    """A value that is not of its column's type; says what was expected."""


def _shown(value: Any) -> str:
    return repr(value)[:80]


def plain(value: Any) -> str | None:
    """A value as conditions and maps of values see it: JSON's true is `true`."""
    if type(value) is bool:
        return "true" if value else "false"
    return _text(value)


def _text(value: Any) -> str | None:
    if type(value) is list:
        return text(", ".join(part for item in value if (part := text(item)) is not None))
    if type(value) is dict:
        return orjson.dumps(value).decode() if value else None
    return text(value)


def _integer(value: Any) -> int | None:
    if text(value) is None:
        return None
    found = integer(value)
    if found is None and type(value) is float and value.is_integer():
        return int(value)
    if found is None or not -(1 << 63) <= found < 1 << 63:
        raise Refused(f"not a whole number: {_shown(value)}")
    return found


def _flag(value: Any) -> bool | None:
    if text(value) is None:
        return None
    found = flag(value)
    if found is None:
        raise Refused(f"neither true nor false: {_shown(value)}")
    return found


def _address(value: Any) -> str | None:
    written = text(value)
    if written is None:
        return None
    found, _ = endpoint(written)
    if found is None:
        # Loopback and the unspecified address are the machine itself.
        bare = written.strip("[]").partition("%")[0]
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            raise Refused(f"not an IP address: {_shown(value)}") from None
    return found


def _texts(split: str) -> Converter:
    def texts(value: Any) -> list[str] | None:
        if type(value) is list:
            parts = value
        else:
            found = text(value)
            parts = [] if found is None else found.split(split) if split else [found]
        return [part for item in parts if (part := _text(item)) is not None] or None

    return texts


def time_reader(format: str, zone: tzinfo) -> Converter:
    """Read times in a format of strptime's, an epoch's, or any usual one where it is ''."""
    if format in EPOCHS:
        factor = EPOCHS[format]

        def counted(value: Any) -> int | None:
            written = text(value)
            if written is None:
                return None
            try:
                return int(float(written) * factor) if "." in written else int(int(written) * factor)
            except (ValueError, OverflowError):
                raise Refused(f"not a number of {format.removeprefix('epoch_')} since 1970: {_shown(value)}") from None

        return counted
    if format:

        def formatted(value: Any) -> int | None:
            written = text(value)
            if written is None:
                return None
            try:
                moment = datetime.strptime(written, format)
            except ValueError:
                raise Refused(f"not a time as {format}: {_shown(value)}") from None
            return ((moment if moment.tzinfo else moment.replace(tzinfo=zone)) - _EPOCH) // _MILLISECOND

        return formatted

    def usual(value: Any) -> int | None:
        if text(value) is None:
            return None
        found = at(value, zone)
        if found is None:
            raise Refused(f"not a time (give its format): {_shown(value)}")
        return found

    return usual


def converter(column: str, type_: Type, split: str = "") -> Converter:
    """How a value becomes one of a column, times apart."""
    if type_ is Type.INTEGER:
        return _integer
    if type_ is Type.FLAG:
        return _flag
    if type_ is Type.TEXTS:
        return _texts(split)
    return _address if column in ADDRESSES else _text


def account_part(part: str) -> Converter:
    r"""Take a part of an account written as `DOMAIN\name`, `name@domain`, a SID or a name alone."""

    def taken(value: Any) -> str | None:
        name, domain = account(value)
        if name is None:
            return None
        if is_sid(name):
            return name if part == "user_sid" else None
        if domain is None and "@" in name:
            return name if part == "user_upn" else None
        return {"user": name, "user_domain": domain}.get(part)

    return taken


def extracted(pattern: re.Pattern[str], value: Any) -> str | None:
    """What a pattern finds in a value: its first group, or all of it."""
    found = pattern.search(str(value)) if value is not None else None
    return None if found is None else found.group(1) if pattern.groups else found.group(0)
