"""The directory's entries as the ledger and the nodes take them."""

from collections.abc import Iterator
from typing import Any

from graph_hunt.events.directory import Directory, Entry
from graph_hunt.events.identity.accounts import Accounts, Stated
from graph_hunt.events.identity.hosts import Machines
from graph_hunt.events.identity.links import ALWAYS
from graph_hunt.events.identity.names import Person

_UNSEEN: dict[str, Any] = {"first": ALWAYS, "last": -ALWAYS, "count": 0}


def listed_accounts(entry: Entry) -> Iterator[Stated]:
    """Give what an entry says of one account: its identifiers together, and each of its mail addresses with them."""
    if entry.computer:
        return
    upn = entry.upn or next(iter(entry.mails), None)
    person = _person(entry, upn)
    yield Stated(person, **_UNSEEN, sample="", listed=True)
    for mail in entry.mails:
        if mail != upn:
            yield Stated(_person(entry, mail, named=not (entry.sid or entry.object_id)), **_UNSEEN, sample="")


def _person(entry: Entry, upn: str | None, *, named: bool = True) -> Person:
    name = entry.name if named and entry.domain else None
    return Person(name, entry.domain if name else None, entry.sid, _lower(entry.object_id), upn)


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def listed_machine(entry: Entry) -> Iterator[dict[str, Any]]:
    """Give a computer's names as sightings of an own machine at no time."""
    for name in (entry.dns_name, entry.name):
        if name:
            proof = {"role": "host", "vouched": True, "alone": True, "controller": False, "sid": entry.sid}
            yield {"name": name, **_UNSEEN, **proof}


def people(directory: Directory, accounts: Accounts) -> dict[str, Entry]:
    """Find the entry of each user, by key."""
    found: dict[str, Entry] = {}
    for entry in directory.entries:
        if not entry.computer:
            key = accounts.key(_person(entry, entry.upn or next(iter(entry.mails), None)))
            if key is not None:
                found[key] = _merged(found[key], entry) if key in found else entry
    return found


def computers(directory: Directory, machines: Machines) -> dict[str, Entry]:
    """Find the entry of each host, by key."""
    found: dict[str, Entry] = {}
    for entry in directory.entries:
        name = entry.dns_name or (entry.name or "").removesuffix("$")
        if entry.computer and name:
            key = machines.key(name)
            found[key] = _merged(found[key], entry) if key in found else entry
    return found


def _merged(one: Entry, other: Entry) -> Entry:
    """Take what either export says of one account."""
    return Entry(
        one.computer,
        job_title=one.job_title or other.job_title,
        department=one.department or other.department,
        service=one.service or other.service,
        privileged=one.privileged or other.privileged,
        role=one.role or other.role,
        tags=tuple(sorted({*one.tags, *other.tags})),
    )
