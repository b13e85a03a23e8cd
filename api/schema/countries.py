"""What the organisation says of countries, and where accounts came from."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.casework.countries import habit
from graph_hunt.casework.countries.changing import change
from graph_hunt.events.countries import Countries, read_countries


@strawberry.type(name="NamedList", description="A list under a name.")
class NamedList:
    """A named list."""

    name: str = strawberry.field(description="The name.")
    values: list[str] = strawberry.field(description="The list.")


@strawberry.input(name="NamedListInput", description="A list under a name; an empty one takes it away.")
class NamedListInput:
    """A named list that is given."""

    name: str = strawberry.field(description="The name.")
    values: list[str] = strawberry.field(description="The list.")


@strawberry.type(name="Countries", description="What the organisation says of countries; ISO codes.")
class CountriesType:
    """The organisation's word."""

    high_risk: list[str] = strawberry.field(description="Told of at once: signed in from there, or tried to.")
    expected: list[str] = strawberry.field(description="Where its people work; none: everywhere.")
    populations: list[NamedList] = strawberry.field(description="More expected countries, by tag of users.")
    egress: list[NamedList] = strawberry.field(description="Ways out and VPNs, which say nothing of where one is.")

    @classmethod
    def of(cls, said: Countries) -> "CountriesType":
        """Show what is said."""
        return cls(
            high_risk=list(said.high_risk),
            expected=list(said.expected),
            populations=[NamedList(name=tag, values=list(codes)) for tag, codes in sorted(said.populations.items())],
            egress=[NamedList(name=name, values=list(map(str, one))) for name, one in sorted(said.egress.items())],
        )


@strawberry.type(name="CountryMet", description="A country that accounts came from, or tried to.")
class CountryMetType:
    """A country that was met."""

    country: str = strawberry.field(description="ISO code.")
    word: str | None = strawberry.field(description="high_risk, expected or unexpected, where the lists say so.")
    users: int = strawberry.field(description="How many accounts.")
    days: int = strawberry.field(description="On how many days they were let in.")
    successes: int = strawberry.field(description="How often they were let in.")
    failures: int = strawberry.field(description="How often they were refused.")
    first: DateTime = strawberry.field(description="When first.")
    last: DateTime = strawberry.field(description="When last.")


@strawberry.type
class CountryQuery:
    """Asking after countries."""

    @strawberry.field(description="What the organisation says of countries.")
    async def countries(self, info: Info) -> CountriesType | None:
        """Show what is said."""
        return CountriesType.of(await aside(lambda: read_countries(info.context.workspace.root)))

    @strawberry.field(description="The countries that accounts came from, or one account's habit.")
    async def countries_met(
        self,
        info: Info,
        user: Annotated[str | None, strawberry.argument(description="An account, by any of its names.")] = None,
    ) -> list[CountryMetType]:
        """List countries."""
        workspace = info.context.workspace

        def work() -> list[habit.Met]:
            return habit.met(workspace, workspace.entities([user])[0].key if user else None)

        return [
            CountryMetType(
                country=one.country,
                word=one.word or None,
                users=one.users,
                days=one.days,
                successes=one.successes,
                failures=one.failures,
                first=DateTime(one.first),
                last=DateTime(one.last),
            )
            for one in await aside(work, "user")
        ]


@strawberry.type
class CountryMutation:
    """Saying something of countries."""

    @strawberry.mutation(
        description="Say which countries are of high risk or expected; what is given replaces what was."
    )
    async def set_countries(
        self,
        info: Info,
        high_risk: list[str] | None = None,
        expected: list[str] | None = None,
        populations: list[NamedListInput] | None = None,
        egress: list[NamedListInput] | None = None,
    ) -> CountriesType | None:
        """Set the lists."""
        context = info.context
        after = await aside(
            lambda: change(
                context.state,
                context.workspace.root,
                who=context.who,
                high_risk=high_risk,
                expected=expected,
                populations={one.name: one.values for one in populations or ()},
                egress={one.name: one.values for one in egress or ()},
            )
        )
        return CountriesType.of(after)
