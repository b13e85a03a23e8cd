"""Takes findings that were made elsewhere, by a run or an alert, into a case, judged at once."""

from dataclasses import asdict, replace

from graph_hunt.casework.cases import book
from graph_hunt.casework.cases.case import Item
from graph_hunt.casework.cases.entries import Judged, Judgement
from graph_hunt.casework.state import State
from graph_hunt.hunting.finding import Finding


def take(state: State, id: int, finding: Finding, judgement: Judgement, because: str = "", *, who: str) -> Item[Judged]:
    """Have a case keep a finding or dismiss it; one that it has already is judged anew."""
    with state.begin() as connection:
        known = book.of_ref(connection, id, Judged, finding.id)
        if known is None or known.withdrawn:
            return book.write(connection, id, Judged(finding.id, asdict(finding), judgement.value, because), who)
    entry = replace(known.entry, finding=asdict(finding), judgement=judgement.value, because=because)
    return book.alter(state, id, known.number, known.version, entry, who=who)
