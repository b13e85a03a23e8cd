"""LANL's columns as columns of the event tables; each distinct text is worked on once."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.loaders.lanl.kind import Kind
from graph_hunt.loaders.lanl.lines import Parsed

_ORIENTATIONS = MappingProxyType(
    {
        "LogOn": "logon",
        "LogOff": "logoff",
        "TGT": "ticket_granting",
        "TGS": "ticket_service",
        "ScreenUnlock": "logon",
    }
)
"""All others (AuthMap, ScreenLock …) are `session`: someone was there, but proved nothing."""

_LOGON_TYPES = MappingProxyType(
    {
        "Network": "network",
        "Interactive": "interactive",
        "RemoteInteractive": "remote_interactive",
        "Batch": "batch",
        "Service": "service",
        "Unlock": "unlock",
        "NetworkCleartext": "cleartext",
        "NewCredentials": "new_credentials",
        "CachedInteractive": "cached",
        "CachedRemoteInteractive": "cached",
        "CachedUnlock": "cached",
        "Proxy": "proxy",
    }
)

_PROTOCOLS = MappingProxyType({"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"})


def event_columns(kind: Kind, parsed: Parsed, file: str) -> dict[str, pa.Array]:
    """Everything that an event table's rows take from the lines, save their time and identity."""
    rows = len(parsed.numbers)
    columns = _COLUMNS[kind.name](parsed)
    columns["source"] = _constant("lanl", rows)
    columns["code"] = _constant(kind.code, rows)
    columns["file"] = _constant(file, rows)
    columns["record"] = pa.array(parsed.numbers)
    return columns


def _constant(value: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), rows)


def _mapped(column: pa.Array, word: Callable[[str], str | None]) -> pa.Array:
    words = [word(value) for value in column.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(column.indices)


def _known(value: str) -> str | None:
    return None if value in ("?", "") else value


def _user(account: str) -> str | None:
    return _known(account.rpartition("@")[0] or account)


def _domain(account: str) -> str | None:
    name, at, domain = account.rpartition("@")
    return _known(domain) if name and at else None


def _logon_type(word: str) -> str | None:
    return _LOGON_TYPES.get(word, word.casefold() if _known(word) else None)


def _package(word: str) -> str | None:
    # Real files hold this package's name cut at various lengths; it is the NTLM package.
    return "NTLM" if word.startswith("MICROSOFT_AUTH") else _known(word)


def _outcome(word: str) -> str | None:
    return {"Success": "success", "Fail": "failure"}.get(word)


def _is(column: pa.Array, claim: Callable[[str], bool]) -> np.ndarray:
    """Tell for every row whether its text is so."""
    flags = np.array([claim(value) for value in column.dictionary.to_pylist()], bool)
    chosen: np.ndarray = flags[column.indices.to_numpy()]
    return chosen


def _same(left: pa.Array, right: pa.Array) -> np.ndarray:
    """Tell for every row whether two columns hold the same text."""
    places = {value: place for place, value in enumerate(left.dictionary.to_pylist())}
    moved = np.array([places.get(value, -1) for value in right.dictionary.to_pylist()], np.int64)
    same: np.ndarray = left.indices.to_numpy() == moved[right.indices.to_numpy()]
    return same


def _auth(parsed: Parsed) -> dict[str, pa.Array]:
    source_user, target_user = parsed.column("user"), parsed.column("target_user")
    source, target = parsed.column("source"), parsed.column("target")
    orientation = parsed.column("orientation")
    other = ~_same(source_user, target_user) & _is(target_user, lambda account: account != "?")
    logon = _is(orientation, lambda word: word in ("LogOn", "ScreenUnlock"))
    ended = _is(orientation, lambda word: word == "LogOff")
    # A machine's own account, or nobody, as the asker: the machine logs the user on, as in a 4624.
    machine = _is(source_user, lambda account: account == "?" or account.partition("@")[0].endswith("$"))
    own = pa.array(other & ((logon & machine) | ended))
    two = pa.array(other & ~(logon & machine) & ~ended)
    kind = _mapped(orientation, lambda word: _ORIENTATIONS.get(word, "session"))
    computer = _mapped(target, _known)
    logon_type = _mapped(parsed.column("logon_type"), _logon_type)
    if (unlocked := _is(orientation, lambda word: word == "ScreenUnlock")).any():
        logon_type = pc.if_else(pa.array(unlocked), "unlock", logon_type)
    nothing = pa.scalar(None, pa.string())
    names = [_mapped(source_user, _user), _mapped(target_user, _user)]
    domains = [_mapped(source_user, _domain), _mapped(target_user, _domain)]
    return {
        "kind": pc.if_else(pa.array(other & logon & ~machine), "explicit", kind),
        "outcome": _mapped(parsed.column("outcome"), _outcome),
        "user": pc.if_else(own, names[1], names[0]),
        "user_domain": pc.if_else(own, domains[1], domains[0]),
        "target_user": pc.if_else(two, names[1], nothing),
        "target_user_domain": pc.if_else(two, domains[1], nothing),
        "source_host": pc.if_else(pa.array(_same(source, target)), nothing, _mapped(source, _known)),
        "target_host": computer,
        "recorder": computer,
        "logon_type": logon_type,
        "package": _mapped(parsed.column("package"), _package),
    }


def _proc(parsed: Parsed) -> dict[str, pa.Array]:
    user, host = parsed.column("user"), _mapped(parsed.column("host"), _known)
    return {
        "kind": _mapped(parsed.column("kind"), {"Start": "start", "End": "stop"}.get),
        "host": host,
        "recorder": host,
        "user": _mapped(user, _user),
        "user_domain": _mapped(user, _domain),
        "image": _mapped(parsed.column("image"), _known),
    }


def _port(column: pa.Array) -> pa.Array:
    """The port's number; LANL hides most of them behind names such as N46, which are none."""
    ports = [int(value) if value.isascii() and value.isdigit() else None for value in column.dictionary.to_pylist()]
    return pa.array(ports, pa.int64()).take(column.indices)


def _flows(parsed: Parsed) -> dict[str, pa.Array]:
    rows = len(parsed.numbers)
    return {
        "kind": _constant("connection", rows),
        "protocol": _mapped(parsed.column("protocol"), lambda number: _PROTOCOLS.get(number, _known(number))),
        "source_host": _mapped(parsed.column("source"), _known),
        "source_port": _port(parsed.column("source_port")),
        "target_host": _mapped(parsed.column("target"), _known),
        "target_port": _port(parsed.column("target_port")),
        "bytes_out": parsed.column("bytes"),
        "packets": parsed.column("packets"),
        "duration": parsed.column("duration"),
    }


def _dns(parsed: Parsed) -> dict[str, pa.Array]:
    rows = len(parsed.numbers)
    source = _mapped(parsed.column("source"), _known)
    return {
        "kind": _constant("lookup", rows),
        "protocol": _constant("dns", rows),
        "host": source,
        "source_host": source,
        "target_host": _mapped(parsed.column("target"), _known),
    }


def _redteam(parsed: Parsed) -> dict[str, pa.Array]:
    rows = len(parsed.numbers)
    user, host = parsed.column("user"), _mapped(parsed.column("target"), _known)
    words = [_mapped(parsed.column(name), str) for name in ("user", "source", "target")]
    return {
        "product": _constant("LANL", rows),
        "title": _constant("red team event", rows),
        "level": _constant("high", rows),
        "rule": _constant("redteam", rows),
        "host": host,
        "recorder": host,
        "user": _mapped(user, _user),
        "user_domain": _mapped(user, _domain),
        "details": pc.binary_join_element_wise(words[0], " from ", words[1], " to ", words[2], ""),
    }


_COLUMNS: Mapping[str, Callable[[Parsed], dict[str, pa.Array]]] = MappingProxyType(
    {"auth": _auth, "proc": _proc, "flows": _flows, "dns": _dns, "redteam": _redteam}
)
