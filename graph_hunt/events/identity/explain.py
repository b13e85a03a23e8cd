"""Says why identifiers are one, or are not, and turns what a person names into a decision."""

from collections.abc import Iterator
from difflib import get_close_matches

from graph_hunt.errors import InputError, UnknownEntity
from graph_hunt.events.identity.edits import Edit
from graph_hunt.events.identity.hosts import fold
from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.links import Link
from graph_hunt.events.identity.names import address


def identifiers_of(ledger: Ledger, key: str) -> list[str]:
    """Give all identifiers of a user, host or address, by its key or any of them."""
    members = [text.rpartition("|")[2] for _, text in ledger.accounts.members.get(account_key(ledger, key) or "", [])]
    host = ledger.machines.keys.get(fold(key))
    names = sorted(ledger.machines.names[host]) if host else []
    held = sorted({i.ip for i in ledger.intervals if i.host == host} if host else set())
    found = address(key)
    hosts = sorted({i.host for i in ledger.intervals if i.ip == str(found)}) if found else []
    return list(dict.fromkeys([*sorted(members), *names, *held, *hosts]))


def links_of(ledger: Ledger, key: str) -> list[Link]:
    """Give the observed equalities that concern a user, host, domain or address, those that were refused too."""
    texts = {key, key.casefold(), *identifiers_of(ledger, key)}
    user = account_key(ledger, key)
    if user and "\\" in user:
        texts.add(user)
        home = user.partition("\\")[0]
        texts |= {name for name, canonical in ledger.domains.canonical.items() if canonical == home}
    if (found := address(key)) is not None:
        texts = {str(found)}
    return [link for link in ledger.links if _plain(link.left) in texts or _plain(link.right) in texts]


def _plain(text: str) -> str:
    return text.rpartition("|")[2]


def account_key(ledger: Ledger, text: str) -> str | None:
    """Give the key of the user that an identifier names, however its domain is written."""
    identifier = _account(ledger, text)
    return ledger.accounts.keys[identifier] if identifier else None


def _account(ledger: Ledger, text: str) -> tuple[str, str] | None:
    folded = text.casefold()
    domain, separator, name = folded.partition("\\")
    named = f"{ledger.domains.of(domain)}\\{name}" if separator else folded
    tried = (("name", named), ("name", folded), ("upn", folded), ("sid", text.upper()), ("object", folded))
    return next((identifier for identifier in tried if identifier in ledger.accounts.keys), None)


def decide(
    ledger: Ledger, action: str, left: str, right: str, *, reason: str = "", author: str = "", at: int = 0
) -> Edit:
    """Make a decision about two identifiers as a person wrote them; raise `UnknownEntity` where one was never seen."""
    one, other = (_known(ledger, text) for text in (left, right))
    if one[0] == "host" and other[0] == "address":
        one, other = other, one
    kinds = {one[0], other[0]}
    if kinds != {"address", "host"} and (len(kinds) > 1 or kinds == {"address"}):
        raise InputError(
            f"{left} is {_article(one[0])}, {right} {_article(other[0])}",
            expected="two accounts, two hosts, two domains, or an address and a host",
        )
    if one[1] == other[1]:
        raise InputError(f"{left} and {right} are two spellings of one identifier", expected="two identifiers")
    return Edit(action, one[0], one[1], other[1], reason, author, at)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] == 'a' else 'a'} {kind}"


def _known(ledger: Ledger, text: str) -> tuple[str, str]:
    if (found := address(text.strip())) is not None:
        return "address", str(found)
    if (identifier := _account(ledger, text.strip())) is not None:
        return "account", identifier[1]
    folded = fold(text)
    if folded in ledger.machines.keys:
        return "host", folded
    if folded in ledger.domains.canonical:
        return "domain", folded
    raise UnknownEntity(text, get_close_matches(folded, list(_names(ledger)), 3))


def _names(ledger: Ledger) -> Iterator[str]:
    yield from (text for _, text in ledger.accounts.keys)
    yield from ledger.machines.keys
    yield from ledger.domains.canonical
