"""Findings of who came, or tried to come, from where the organisation's list says: high risk, or not expected."""

from collections.abc import Iterator

from graph_hunt.casework.countries.arrivals import Arrival, arrivals
from graph_hunt.events.countries import Countries, read_countries
from graph_hunt.hunting.finding import Finding, Involved, named_by
from graph_hunt.hunting.hunt import Level
from graph_hunt.workspace import Workspace

HUNT = "countries"
"""What these findings name in the place of a hunt."""
_ATTACK = ("T1078.004",)
_SHOWN = 10


def findings(workspace: Workspace, since: int | None = None) -> Iterator[Finding]:
    """Give a finding a user, country and day; failed attempts count from high-risk countries only."""
    said = read_countries(workspace.root)
    if not said.said:
        return

    def wanted(country: str) -> bool:
        return country in said.high_risk or not said.expects((), country)

    for one in arrivals(workspace, leave_out=said.is_egress, wanted=wanted, since=since):
        if one.country in said.high_risk or (one.successes and not said.expects(one.tags, one.country)):
            yield _finding(one, said)


def _finding(one: Arrival, said: Countries) -> Finding:
    risky = one.country in said.high_risk
    level = (Level.HIGH if one.successes else Level.MEDIUM) if risky else Level.MEDIUM
    what = "signed in" if one.successes else "tried to sign in"
    kind = "a high-risk country" if risky else "a country that is not expected"
    numbers = f"let in: {one.successes}, refused: {one.failures}"
    shown = ", ".join(one.addresses[:_SHOWN])
    subject = (HUNT, one.user, one.country)
    return Finding(
        id=named_by(*subject, str(one.day)),
        hunt=HUNT,
        title="Sign-in from a high-risk country" if risky else "Sign-in from a country that is not expected",
        level=level,
        attack=_ATTACK,
        summary=f"{one.name} {what} from {one.country}, {kind} ({shown}); {numbers}",
        entities=(
            Involved("User", one.user, one.name, "account"),
            *(Involved("IP", address, address, "source") for address in one.addresses[:_SHOWN]),
        ),
        first_seen=one.first,
        last_seen=one.last,
        score=70.0 if one.successes else 40.0,
        evidence=one.evidence,
        details={"country": one.country, "successes": one.successes, "failures": one.failures, "high_risk": risky},
        subject=named_by(*subject),
    )
