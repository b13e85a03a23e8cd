"""The ledger of hosts: whose telemetry is there, who is merely named, whom a person cleared."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graph_hunt.casework.cases import book
from graph_hunt.casework.cases.case import Case, Item
from graph_hunt.casework.cases.entries import Judged, Judgement, Ledger, Listed
from graph_hunt.casework.cases.filled import fill
from graph_hunt.casework.state import State, record
from graph_hunt.errors import InputError, UnknownCase
from graph_hunt.hunting.finding import restored
from graph_hunt.workspace import Workspace

_TIMEOUT = 60.0
MOST = 1_000
"""Hosts that a ledger lists of those that accounts were on."""


def list_hosts(state: State, workspace: Workspace, id: int, *, who: str) -> list[Item[Listed]]:
    """Enter the case's hosts into its ledger, or bring it up; what a person cleared stays cleared.

    A closed case's ledger stays as it is.
    """
    case = book.get(state, id)
    if case.head.closed:
        return case.each(Listed)
    found = dict(_named(case, workspace))
    collected = _collected(workspace)
    spans = _spans(workspace, list(found))
    entered = []
    with state.begin() as connection:
        book.hold(connection, id, who)
        for key, name in sorted(found.items()):
            since, until = spans.get(key, (0, 0))
            standing = Ledger.COLLECTED if key in collected else Ledger.REFERENCED
            made = Listed(key, name, standing.value, since, until)
            known = book.of_ref(connection, id, Listed, key)
            if known is None:
                book.write(connection, id, made, who, quiet=True)
                entered.append(key)
            elif not known.withdrawn:
                kept = known.entry.state == Ledger.CLEARED
                after = replace(made, state=known.entry.state, because=known.entry.because) if kept else made
                if after != known.entry:
                    book.rewrite(connection, id, known, after, who)
        if entered:
            record(connection, who=who, action="case.host.enter", subject=f"case:{id}", after={"hosts": entered})
    return book.get(state, id).each(Listed)


def clear(state: State, id: int, host: str, because: str, *, who: str, version: int | None = None) -> Item[Listed]:
    """Say that a host is clean, and why: only a person does."""
    known = _listed(state, id, host)
    if not because.strip():
        raise InputError("is empty", where="because", expected="why the host is clean")
    entry = replace(known.entry, state=Ledger.CLEARED.value, because=because)
    return book.alter(state, id, known.number, known.version if version is None else version, entry, who=who)


def suspect(state: State, workspace: Workspace, id: int, host: str, *, who: str) -> Item[Listed]:
    """Take back that a host is clean."""
    known = _listed(state, id, host)
    standing = Ledger.COLLECTED if known.entry.host in _collected(workspace) else Ledger.REFERENCED
    entry = replace(known.entry, state=standing.value, because="")
    return book.alter(state, id, known.number, known.version, entry, who=who)


def _listed(state: State, id: int, host: str) -> Item[Listed]:
    wanted = host.casefold()
    for one in book.get(state, id).each(Listed):
        if wanted in (one.entry.host, one.entry.name.casefold(), one.entry.host.partition(".")[0]):
            return one
    raise UnknownCase(f"case {id} has no host {host} in its ledger")


def _named(case: Case, workspace: Workspace) -> Iterator[tuple[str, str]]:
    """The hosts of the case: in its findings, given, and those that its accounts were on."""
    for one in case.each(Judged):
        if one.entry.judgement != Judgement.DISMISSED:
            yield from ((i.key, i.name) for i in restored(one.entry.finding).entities if i.label == "Host")
    filled = fill(workspace, case.head)
    yield from ((one.key, one.name) for one in filled.entities.get("hosts", ()))
    window = {"since": filled.window.since, "until": filled.window.until}
    text = (
        "MATCH (user:User)-[logon:LOGGED_ON]->(host:Host) WHERE user.key IN $keys AND logon.last_seen >= $since "
        f"AND logon.first_seen < $until RETURN DISTINCT host.key AS key, host.name AS name ORDER BY key LIMIT {MOST}"
    )
    given = {"keys": list(filled.accounts), **window}
    for row in workspace.graph.query(text, given, timeout=_TIMEOUT, limit=None):
        yield row["key"], row["name"] or row["key"]


def _collected(workspace: Workspace) -> set[str]:
    """The keys of those that recorded anything of what is loaded."""
    hosts = workspace.ledger().hosts
    recorders = {span.recorder for span in workspace.events.spans()}
    return {found.key for name in recorders if (found := hosts.get(name)) is not None and found.key}


def _spans(workspace: Workspace, keys: list[str]) -> dict[str, tuple[int, int]]:
    text = "MATCH (host:Host) WHERE host.key IN $keys RETURN host.key AS key, host.first_seen AS a, host.last_seen AS b"
    rows: list[dict[str, Any]] = workspace.graph.query(text, {"keys": keys}, timeout=_TIMEOUT, limit=None)
    return {row["key"]: (row["a"] or 0, row["b"] or 0) for row in rows}
