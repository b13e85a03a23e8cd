"""Accounts and places as Unix programs write them."""

from typing import Any

from graph_hunt.loaders._values import account, endpoint, text

__all__ = ["place", "user"]


def user(written: str | None) -> dict[str, Any]:
    r"""The columns of an account: a plain name, `DOMAIN\name` or `name@domain`.

    >>> user(r"CORP\ann"), user("ann@corp.example"), user("<invalid username>")
    ({'user': 'ann', 'user_domain': 'CORP'}, {'user_upn': 'ann@corp.example'}, {})
    """
    name = text(written)
    if name is None or name == "<invalid username>":
        return {}
    if "@" in name and "\\" not in name:
        return {"user_upn": name}
    found, domain = account(name)
    return {"user": found, "user_domain": domain} if domain else {"user": found}


def place(written: str | None, port: str | None = None) -> dict[str, Any]:
    """The columns of where someone came from: an address, or a name.

    >>> place("203.0.113.9", "22"), place("gw.corp.example"), place("localhost")
    ({'source_ip': '203.0.113.9', 'source_port': 22}, {'source_host': 'gw.corp.example'}, {})
    """
    found: dict[str, Any] = {}
    if written:
        ip, _ = endpoint(written)
        if ip is not None:
            found["source_ip"] = ip
        elif ":" not in written and any(letter.isalpha() for letter in written) and written != "localhost":
            found["source_host"] = text(written)
    if port:
        found["source_port"] = int(port)
    return found
