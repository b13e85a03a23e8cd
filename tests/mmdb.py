"""Writes small MaxMind DB files: the format of version 2.0, IPv4, 24-bit records."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path

_UINT16, _UINT32, _UINT64 = 5, 6, 9
_MARK = b"\xab\xcd\xefMaxMind.com"


def write(path: Path, networks: Mapping[str, Mapping[str, object]]) -> Path:
    """Write a file that says something of each network."""
    nodes: list[list[int | None]] = [[None, None]]
    data, places = b"", []
    for text, record in networks.items():
        places.append(len(data))
        data += _encoded(dict(record))
        network, node = IPv4Network(text), 0
        bits = [int(network.network_address) >> (31 - depth) & 1 for depth in range(network.prefixlen)]
        for bit in bits[:-1]:
            if (found := nodes[node][bit]) is None:
                nodes.append([None, None])
                found = nodes[node][bit] = len(nodes) - 1
            node = found
        nodes[node][bits[-1]] = -len(places)
    total = len(nodes)
    values = (
        total if one is None else total + 16 + places[-one - 1] if one < 0 else one for node in nodes for one in node
    )
    tree = b"".join(value.to_bytes(3, "big") for value in values)
    metadata = {
        "binary_format_major_version": (2, _UINT16), "binary_format_minor_version": (0, _UINT16),
        "build_epoch": (1_700_000_000, _UINT64), "database_type": "Test-ASN", "description": {"en": "test"},
        "ip_version": (4, _UINT16), "languages": ["en"], "node_count": total, "record_size": (24, _UINT16),
    }  # fmt: skip
    path.write_bytes(tree + bytes(16) + data + _MARK + _encoded(metadata))
    return path


def _encoded(value: object) -> bytes:
    if isinstance(value, dict):
        return _control(7, len(value)) + b"".join(_encoded(key) + _encoded(one) for key, one in value.items())
    if isinstance(value, list):
        return _control(11, len(value)) + b"".join(map(_encoded, value))
    if isinstance(value, tuple):
        # A number and its type: readers insist on the metadata's types.
        number, kind = value
        content = int(number).to_bytes((int(number).bit_length() + 7) // 8, "big")
        return _control(kind, len(content)) + content
    if isinstance(value, int):
        return _encoded((value, _UINT32))
    text = str(value).encode()
    return _control(2, len(text)) + text


def _control(kind: int, size: int) -> bytes:
    """The byte of a value's type and size; larger types go on in a byte of their own, sizes above 28 too."""
    first, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    return bytes([kind << 5 | first]) + more if kind < 8 else bytes([first, kind - 7]) + more
