"""Where sign-ins came from, for the map."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import DateTime, refused
from graph_hunt.hunting.sign_ins import FromAddress, FromCountry, Tally, by_country, from_country
from graph_hunt.hunting.window import Window, resolve

MOST = 200


@strawberry.type(name="SignInTally", description="How often, and when.")
class TallyType:
    """A tally."""

    successes: int = strawberry.field(description="Let in.")
    failures: int = strawberry.field(description="Refused.")
    risky: int = strawberry.field(description="Called a medium or high risk by the identity provider.")
    first_seen: DateTime = strawberry.field(description="The first.")
    last_seen: DateTime = strawberry.field(description="The last.")

    @classmethod
    def of(cls, tally: Tally) -> "TallyType":
        """Show a tally."""
        return cls(
            successes=tally.successes,
            failures=tally.failures,
            risky=tally.risky,
            first_seen=DateTime(tally.first_seen),
            last_seen=DateTime(tally.last_seen),
        )


@strawberry.type(name="SignInCountry", description="Sign-ins from one country.")
class CountryType:
    """A country."""

    country: str = strawberry.field(description="ISO code; empty where it is not known.")
    high_risk: bool = strawberry.field(description="The organisation says so, or else the hunt high-risk-country.")
    users: int = strawberry.field(description="Accounts.")
    addresses: int = strawberry.field(description="Addresses.")
    tally: TallyType = strawberry.field(description="How often, and when.")

    @classmethod
    def of(cls, found: FromCountry) -> "CountryType":
        """Show a country."""
        return cls(
            country=found.country,
            high_risk=found.high_risk,
            users=found.users,
            addresses=found.addresses,
            tally=TallyType.of(found.tally),
        )


@strawberry.type(name="SignInPair", description="One account's sign-ins from one address.")
class PairType:
    """An account at an address."""

    account: EntityType = strawberry.field(description="Who.")
    address: EntityType = strawberry.field(description="Whence.")
    tally: TallyType = strawberry.field(description="How often, and when.")

    @classmethod
    def of(cls, found: FromAddress) -> "PairType":
        """Show a pair."""
        return cls(
            account=plain("User", *found.account),
            address=plain("IP", *found.address),
            tally=TallyType.of(found.tally),
        )


Since = Annotated[str | None, strawberry.argument(description="A time, or a span before the newest event.")]
Accounts = Annotated[list[str] | None, strawberry.argument(description="Accounts, by any of their names; else all.")]


@strawberry.type
class SignInQuery:
    """Asking where sign-ins came from."""

    @strawberry.field(description="Sign-ins by country, those with the most first.")
    async def sign_ins(
        self, info: Info, since: Since = None, until: Since = None, accounts: Accounts = None
    ) -> list[CountryType]:
        """Count by country."""
        workspace = info.context.workspace
        if not workspace.events.batches():
            return []
        window, keys = await _meant(info, since, until, accounts)
        return [CountryType.of(one) for one in await aside(lambda: by_country(workspace, window, keys), "since")]

    @strawberry.field(description="Who signed in from a country, the risky first, then those let in.")
    async def sign_ins_from(
        self,
        info: Info,
        country: Annotated[str, strawberry.argument(description="ISO code; empty: not known.")],
        since: Since = None,
        until: Since = None,
        accounts: Accounts = None,
        first: int = 50,
    ) -> list[PairType]:
        """List a country's."""
        if not 1 <= first <= MOST:
            raise refused(f"first must be from 1 to {MOST}, not {first}", "first")
        workspace = info.context.workspace
        window, keys = await _meant(info, since, until, accounts)
        found = await aside(lambda: from_country(workspace, window, country, keys, most=first), "country")
        return [PairType.of(one) for one in found]


async def _meant(
    info: Info, since: str | None, until: str | None, accounts: list[str] | None
) -> tuple[Window, list[str]]:
    workspace = info.context.workspace
    bucket = workspace.preferences.bucket
    window = await aside(lambda: resolve(*workspace.span(), bucket=bucket, since=since, until=until), "since")
    found = await aside(lambda: workspace.entities(accounts or []), "accounts")
    return window, [one.key for one in found]
