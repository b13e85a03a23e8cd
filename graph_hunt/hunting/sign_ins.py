"""Where sign-ins came from: how many by country, and who came from one."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_hunt.events.countries import read_countries
from graph_hunt.hunting import library
from graph_hunt.hunting.runner import TIMEOUT
from graph_hunt.hunting.window import Window
from graph_hunt.workspace import Workspace

RISK_HUNT = "high-risk-country"
"""The hunt whose list of countries counts where the organisation has none."""
_SIGN_INS = """
MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket >= $since AND entry.bucket < $until AND entry.outcome IN ['success', 'failure']
  AND (size($accounts) = 0 OR account.key IN $accounts)
WITH account, address, entry,
     CASE WHEN coalesce(entry.country, '') <> '' THEN entry.country ELSE coalesce(address.country, '') END AS country
"""
_COUNTED = """
     sum(CASE WHEN entry.outcome = 'success' THEN entry.count ELSE 0 END) AS successes,
     sum(CASE WHEN entry.outcome = 'success' THEN 0 ELSE entry.count END) AS failures,
     sum(CASE WHEN entry.risk IN ['medium', 'high'] THEN entry.count ELSE 0 END) AS risky,
     min(entry.first_seen) AS began, max(entry.last_seen) AS ended
"""
BY_COUNTRY = f"""{_SIGN_INS}
RETURN country AS country, count(DISTINCT account.key) AS users, count(DISTINCT address.key) AS addresses, {_COUNTED}
ORDER BY country
"""
FROM_ONE = f"""{_SIGN_INS}
WHERE country = $country
WITH account.key AS account, account.name AS account_name, address.key AS address, address.name AS address_name,
{_COUNTED}
RETURN account, account_name, address, address_name, successes, failures, risky, began, ended
ORDER BY risky DESC, successes DESC, ended DESC, account, address
LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, and when: let in, refused, and called risky by the provider."""

    successes: int
    failures: int
    risky: int
    first_seen: int
    last_seen: int


@dataclass(frozen=True, slots=True)
class FromCountry:
    """Sign-ins from one country; its code is empty where it is not known."""

    country: str
    high_risk: bool
    users: int
    addresses: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class FromAddress:
    """One account's sign-ins from one address."""

    account: tuple[str, str]
    """Key and name."""
    address: tuple[str, str]
    tally: Tally


def high_risk_countries(workspace: Workspace) -> tuple[str, ...]:
    """The countries that the organisation says are of high risk; where it says nothing, those of the library's hunt."""
    if said := read_countries(workspace.root).high_risk:
        return said
    (hunt,) = library.find([RISK_HUNT])
    (listed,) = (one.default for one in hunt.parameters if one.name == "countries")
    return tuple(listed) if isinstance(listed, list) else ()


def by_country(workspace: Workspace, window: Window, accounts: Sequence[str] = ()) -> list[FromCountry]:
    """Count sign-ins by country, those with the most first."""
    given = {"since": window.since, "until": window.until, "accounts": list(accounts)}
    risky = set(high_risk_countries(workspace))
    found = [
        FromCountry(row["country"], row["country"] in risky, row["users"], row["addresses"], _tally(row))
        for row in workspace.graph.query(BY_COUNTRY, given, timeout=TIMEOUT, limit=None)
    ]
    return sorted(found, key=lambda one: (-one.tally.successes - one.tally.failures, one.country))


def from_country(
    workspace: Workspace, window: Window, country: str, accounts: Sequence[str] = (), *, most: int = 50
) -> list[FromAddress]:
    """Tell who signed in from a country, the risky first, then those let in."""
    given = {
        "since": window.since,
        "until": window.until,
        "accounts": list(accounts),
        "country": country,
        "most": most,
    }
    return [
        FromAddress((row["account"], row["account_name"]), (row["address"], row["address_name"]), _tally(row))
        for row in workspace.graph.query(FROM_ONE, given, timeout=TIMEOUT, limit=None)
    ]


def _tally(row: dict[str, object]) -> Tally:
    return Tally(*(int(str(row[name])) for name in ("successes", "failures", "risky", "began", "ended")))
