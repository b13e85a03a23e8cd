"""Looking after a workspace: its loads, its soundness, the trail, tokens."""

import time
from collections import Counter
from typing import Annotated, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import BigInt, Connection, DateTime, page, refused, window_of
from graph_hunt.casework import access
from graph_hunt.casework.access import Role, Token
from graph_hunt.casework.state import Change, history
from graph_hunt.events.doctor import Complaint
from graph_hunt.events.journal import Entry
from graph_hunt.hunting.parameter import parse_duration

_FILES = 100


@strawberry.type(name="EventLoad", description="What one load brought, as `graph-hunt loads` lists it.")
class LoadType:
    """A load."""

    id: strawberry.ID = strawberry.field(description="What it is called, for `graph-hunt undo`.")
    at: DateTime = strawberry.field(description="When it was.")
    rows: BigInt = strawberry.field(description="Rows that it brought.")
    files: list[str] = strawberry.field(description=f"Names of what it read, up to {_FILES}.")
    file_count: int = strawberry.field(description="How many those are in all.")


def _loads(entries: list[Entry]) -> list[LoadType]:
    """Add entries up by load, the newest first."""
    rows, files, times = Counter[str](), dict[str, set[str]](), dict[str, int]()
    for entry in entries:
        rows[entry.load] += sum(part.rows for part in entry.parts)
        files.setdefault(entry.load, set()).update(reading.name for reading in entry.readings)
        times[entry.load] = min(entry.at, times.get(entry.load, entry.at))
    return [
        LoadType(
            id=strawberry.ID(load),
            at=DateTime(times[load]),
            rows=BigInt(rows[load]),
            files=sorted(files[load])[:_FILES],
            file_count=len(files[load]),
        )
        for load in sorted(times, key=lambda load: (-times[load], load))
    ]


@strawberry.type(name="Complaint", description="Something of the stored events that is not as it should be.")
class ComplaintType:
    """A complaint."""

    severity: str = strawberry.field(description="How bad it is.")
    path: str = strawberry.field(description="Where.")
    what: str = strawberry.field(description="What is wrong.")
    remedy: str = strawberry.field(description="What to do about it.")

    @classmethod
    def of(cls, one: Complaint) -> "ComplaintType":
        """Show a complaint."""
        return cls(severity=one.severity.value, path=one.path, what=one.what, remedy=one.remedy)


@strawberry.type(name="TrailLine", description="A line of the audit trail, with what it is about.")
class LineType:
    """A line."""

    at: DateTime = strawberry.field(description="When.")
    who: str = strawberry.field(description="Who.")
    action: str = strawberry.field(description="What was done.")
    subject: str = strawberry.field(description="To what, such as hunt:dcsync.")
    before: JSON | None = strawberry.field(description="What it was.")
    after: JSON | None = strawberry.field(description="What it became.")

    @classmethod
    def of(cls, line: Change) -> "LineType":
        """Show a line."""
        before, after = cast("JSON | None", line.before), cast("JSON | None", line.after)
        told = {"who": line.who, "action": line.action, "subject": line.subject}
        return cls(at=DateTime(line.at), **told, before=before, after=after)


@strawberry.type(name="Token", description="A token, without its secret.")
class TokenType:
    """A token."""

    id: strawberry.ID = strawberry.field(description="Names it.")
    name: str = strawberry.field(description="Whose it is.")
    role: str = strawberry.field(description="What its holder may do: reader, analyst, responder or admin.")
    state: str = strawberry.field(description="live, expired or revoked.")
    created: DateTime = strawberry.field(description="When it was made.")
    expires: DateTime | None = strawberry.field(description="When it ends.")
    last_used: DateTime | None = strawberry.field(description="When it was last used.")

    @classmethod
    def of(cls, one: Token) -> "TokenType":
        """Show a token."""
        return cls(
            id=strawberry.ID(one.id),
            name=one.name,
            role=one.role.value,
            state=one.state(),
            created=DateTime(one.created),
            expires=None if one.expires is None else DateTime(one.expires),
            last_used=None if one.last_used is None else DateTime(one.last_used),
        )


@strawberry.type(name="NewToken", description="A token that was just made, with its secret: it is shown only now.")
class NewTokenType:
    """A new token."""

    token: TokenType = strawberry.field(description="The token.")
    secret: str = strawberry.field(description="What to send as `Authorization: Bearer`.")


@strawberry.type
class UpkeepQuery:
    """Asking after the workspace's upkeep."""

    @strawberry.field(description="The loads, the newest first.")
    async def loads(self, info: Info, first: int = 25, after: str | None = None) -> Connection[LoadType]:
        """List loads."""
        offset, length = window_of(first, after)
        found = await aside(lambda: _loads(info.context.workspace.events.entries()))
        return page(found[offset : offset + length], offset, len(found))

    @strawberry.field(description="What of the stored events is not as it should be; none: all is.")
    async def doctor(
        self,
        info: Info,
        deep: Annotated[bool, strawberry.argument(description="Read every file against its digest, too.")] = False,
    ) -> list[ComplaintType]:
        """Examine the events."""
        found = await aside(lambda: list(info.context.workspace.events.doctor(deep=deep)))
        return [ComplaintType.of(one) for one in found]

    @strawberry.field(description="Who did what and when, the newest first; an admin's.")
    async def audit(
        self,
        info: Info,
        subject: Annotated[
            str | None, strawberry.argument(description="Only what was done to it: hunt:dcsync.")
        ] = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[LineType]:
        """Show the trail."""
        offset, length = window_of(first, after)

        def work() -> Connection[LineType]:
            with info.context.state.read() as connection:
                lines = list(history(connection, subject))[::-1]
            return page([LineType.of(one) for one in lines[offset : offset + length]], offset, len(lines))

        return await aside(work, "subject")

    @strawberry.field(description="The tokens, never their secrets; an admin's.")
    async def tokens(self, info: Info) -> list[TokenType]:
        """List tokens."""
        return [TokenType.of(one) for one in await aside(lambda: access.tokens(info.context.state))]


@strawberry.type
class UpkeepMutation:
    """Making and ending tokens."""

    @strawberry.mutation(description="Make a token; its secret is given this once. An admin's.")
    async def create_token(
        self,
        info: Info,
        role: Annotated[str, strawberry.argument(description="reader, analyst, responder or admin.")],
        expires: Annotated[str, strawberry.argument(description="A span from now, such as 90d, or never.")] = "90d",
        name: Annotated[str, strawberry.argument(description="Whose it is; the trail shows it.")] = "",
    ) -> NewTokenType | None:
        """Make a token."""
        if role not in list(Role):
            raise refused(f"{role!r} is no role; those are {', '.join(Role)}", "role")
        try:
            span = None if expires == "never" else parse_duration(expires)
        except ValueError as error:
            raise refused(f"expires must be a span such as 90d, or never, not {expires!r}", "expires") from error
        context = info.context

        def work() -> NewTokenType:
            end = None if span is None else time.time_ns() // 1_000_000 + span
            token, text = access.create(context.state, role=Role(role), expires=end, who=context.who, name=name)
            return NewTokenType(token=TokenType.of(token), secret=text)

        return await aside(work, "expires")

    @strawberry.mutation(description="End a token at once. An admin's.")
    async def revoke_token(self, info: Info, id: strawberry.ID) -> TokenType | None:
        """Revoke a token."""
        context = info.context

        def work() -> TokenType:
            access.revoke(context.state, id, who=context.who)
            return next(TokenType.of(one) for one in access.tokens(context.state) if one.id == id)

        return await aside(work, "id")
