"""The countries that accounts come from: what is usual for one, and what was met at all."""

from dataclasses import dataclass

from graph_hunt.casework.countries.arrivals import Arrival, arrivals
from graph_hunt.events.countries import Countries, read_countries
from graph_hunt.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Met:
    """A country that accounts came from, or tried to; `word` is high_risk, expected, unexpected or ''."""

    country: str
    word: str
    users: int
    days: int
    successes: int
    failures: int
    first: int
    last: int


def met(workspace: Workspace, user: str | None = None) -> list[Met]:
    """Give the countries of all accounts, or of one by its key, those with the most days first."""
    said = read_countries(workspace.root)
    groups: dict[str, list[Arrival]] = {}
    for one in arrivals(workspace, leave_out=said.is_egress, user=user):
        groups.setdefault(one.country, []).append(one)
    found = [_met(country, group, said) for country, group in groups.items()]
    return sorted(found, key=lambda one: (-one.days, -one.successes, one.country))


def _met(country: str, group: list[Arrival], said: Countries) -> Met:
    everywhere = {tag for one in group for tag in one.tags}
    expected = said.expects(everywhere, country)
    word = (
        "high_risk"
        if country in said.high_risk
        else ""
        if not said.expected
        else "expected"
        if expected
        else "unexpected"
    )
    return Met(
        country,
        word,
        len({one.user for one in group}),
        len({one.day for one in group if one.successes}),
        sum(one.successes for one in group),
        sum(one.failures for one in group),
        min(one.first for one in group),
        max(one.last for one in group),
    )
