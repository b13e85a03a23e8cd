"""SIDs in their binary form, as LDAP gives `objectSid`."""


def sid_of(raw: bytes) -> str | None:
    """Read a binary SID.

    >>> sid_of(bytes.fromhex("010500000000000515000000010000000200000003000000500400 00"))
    'S-1-5-21-1-2-3-1104'
    """
    if len(raw) < 8 or raw[0] != 1 or len(raw) != 8 + 4 * raw[1]:
        return None
    authority = int.from_bytes(raw[2:8], "big")
    parts = [int.from_bytes(raw[place : place + 4], "little") for place in range(8, len(raw), 4)]
    return "-".join(["S-1", str(authority), *map(str, parts)])
