"""The query and mutation roots."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry import relay
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from graph_hunt.api.permissions import Permissions
from graph_hunt.api.schema.alerts import AlertSubscription
from graph_hunt.api.schema.budget import NodeBudget
from graph_hunt.api.schema.case_answers import CaseAnswerMutation, CaseTemplateQuery
from graph_hunt.api.schema.case_changes import CaseMutation
from graph_hunt.api.schema.cases import CaseQuery
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.cypher import CypherQuery
from graph_hunt.api.schema.entities import ENTITY_TYPES, EntityType, by_keys
from graph_hunt.api.schema.events import EventType
from graph_hunt.api.schema.hearing import BySocket
from graph_hunt.api.schema.hunts import HuntType
from graph_hunt.api.schema.identities import LinkType, links
from graph_hunt.api.schema.keeping import KeepMutation
from graph_hunt.api.schema.listing import ListingQuery
from graph_hunt.api.schema.runs import RunMutation, RunQuery, RunSubscription
from graph_hunt.api.schema.scalars import CONFIG, Connection, DateTime, page, refused, window_of
from graph_hunt.api.schema.search import SearchQuery
from graph_hunt.api.schema.seen import Seen
from graph_hunt.api.schema.sign_ins import SignInQuery
from graph_hunt.api.schema.spread import BlastRadiusType, ContainmentType, PathType
from graph_hunt.api.schema.text import WholeText
from graph_hunt.api.schema.timeline import TimelineQuery
from graph_hunt.api.schema.usual import UsualQuery
from graph_hunt.api.schema.watching import WatchMutation, WatchQuery
from graph_hunt.api.trail import Noted
from graph_hunt.graph.entity import find
from graph_hunt.hunting import library
from graph_hunt.hunting.parameter import parse_duration
from graph_hunt.hunting.path import path as find_path
from graph_hunt.hunting.spread import Direction, Entity, blast_radius, containment
from graph_hunt.hunting.spread.blast import LEAST
from graph_hunt.hunting.spread.containment import ABOVE
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace

EVIDENCE = 100
REACHED = 500


@strawberry.type(name="TableStatus", description="Rows of an event table.")
class TableStatus:
    """An event table's rows."""

    table: str = strawberry.field(description="The table's name.")
    rows: int = strawberry.field(description="Its rows.")


@strawberry.type(name="Status", description="What is loaded.")
class StatusType:
    """The workspace's account."""

    first: DateTime | None = strawberry.field(description="The first event.")
    last: DateTime | None = strawberry.field(description="The last event.")
    records: int = strawberry.field(description="Records that were read.")
    used: int = strawberry.field(description="Records that became events.")
    not_used: int = strawberry.field(description="Records that say nothing graph-hunt keeps.")
    quarantined: int = strawberry.field(description="Records that could not be read, kept with the reason.")
    tables: list[TableStatus] = strawberry.field(description="Rows by event table.")


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field(description="An entity by its global id.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="What `id` of an entity gave.")]
    ) -> relay.Node:
        """Find an entity."""
        try:
            label, key = relay.from_base64(id)
        except ValueError as error:
            raise refused(f"id must be an entity's, not {id!r}", "id") from error
        if label not in ENTITY_TYPES:
            raise refused(f"id must be an entity's, not {id!r}", "id")
        found = await aside(lambda: by_keys(info.context.workspace.graph, label, [key]), "id")
        if key not in found:
            raise refused(f"there is no {label} {key!r}", "id", "NOT_FOUND")
        return found[key]

    @strawberry.field(description="What is loaded.")
    async def status(self, info: Info) -> StatusType:
        """Give the workspace's account."""
        found = await aside(info.context.workspace.events.status)
        return StatusType(
            first=None if found.first is None else DateTime(found.first),
            last=None if found.last is None else DateTime(found.last),
            records=found.records,
            used=found.used,
            not_used=sum(found.unused.values()),
            quarantined=sum(found.quarantined.values()),
            tables=[TableStatus(table=name, rows=rows) for name, rows in found.tables.items()],
        )

    @strawberry.field(description=r"The one entity of a name: DOMAIN\name, name@domain, a host, an address, a SID.")
    async def entity(self, info: Info, name: str) -> EntityType | None:
        """Find an entity."""
        graph = info.context.workspace.graph

        def work() -> EntityType:
            found = find(graph, name)
            return by_keys(graph, found.label, [found.key])[found.key]

        return await aside(work, "name")

    @strawberry.field(description="The library, and what this workspace lets each hunt see.")
    async def hunts(self, info: Info, attack: str | None = None, visible: bool | None = None) -> list[HuntType]:
        """List the hunts."""
        codes = await aside(info.context.workspace.events.codes)
        chosen = library.of_technique(attack) if attack else library.all_hunts()
        shown = [HuntType.of(hunt, codes) for hunt in chosen]
        return [hunt for hunt in shown if visible is None or hunt.visible is visible]

    @strawberry.field(description="Events by their ids, with their original records.")
    async def evidence(self, info: Info, ids: list[str]) -> list[EventType]:
        """Show evidence."""
        if len(ids) > EVIDENCE:
            raise refused(f"at most {EVIDENCE} ids at once, not {len(ids)}", "ids")
        rows = await aside(lambda: info.context.workspace.events.evidence(ids), "ids")
        return [EventType.of(row) for row in rows]

    @strawberry.field(description="Everything that could be compromised after an entity, or before it, ranked.")
    async def blast_radius(
        self,
        info: Info,
        entity: str,
        at: DateTime,
        window: str = "7d",
        backward: bool = False,
        targets: list[str] | None = None,
        first: int = 50,
        minimum_likelihood: float = LEAST,
        contained: Annotated[
            list[str] | None, strawberry.argument(description="What is reset, isolated or blocked before.")
        ] = None,
    ) -> BlastRadiusType | None:
        """Trace a blast radius."""
        if not 1 <= first <= REACHED:
            raise refused(f"first must be from 1 to {REACHED}, not {first}", "first")
        length, workspace = _span(window), info.context.workspace
        direction = Direction.REACHED_BY if backward else Direction.REACHES

        def work() -> BlastRadiusType:
            start, *wanted = _entities(workspace, [entity, *(targets or [])])
            radius = blast_radius(
                activity_of(workspace),
                start,
                int(at),
                window=length,
                direction=direction,
                targets=wanted,
                limit=first,
                minimum_likelihood=minimum_likelihood,
                contained=_entities(workspace, contained or []),
            )
            return BlastRadiusType.of(radius)

        return await aside(work, "entity")

    @strawberry.field(description="What to reset and isolate so that the targets, or all that is likely, are saved.")
    async def containment(
        self,
        info: Info,
        entity: str,
        at: DateTime,
        window: str = "7d",
        targets: list[str] | None = None,
        above: float = ABOVE,
    ) -> ContainmentType | None:
        """Find a containment."""
        length, workspace = _span(window), info.context.workspace

        def work() -> ContainmentType:
            start, *wanted = _entities(workspace, [entity, *(targets or [])])
            return ContainmentType.of(
                containment(activity_of(workspace), start, int(at), window=length, targets=wanted, above=above)
            )

        return await aside(work, "entity")

    @strawberry.field(description="The most likely way from one entity to another that goes forward in time.")
    async def path(
        self,
        info: Info,
        start: Annotated[str, strawberry.argument(name="from")],
        to: str,
        since: DateTime | None = None,
        until: DateTime | None = None,
    ) -> PathType | None:
        """Find a path."""
        workspace = info.context.workspace

        def work() -> PathType:
            one, other = _entities(workspace, [start, to])
            window = resolve(*workspace.span(), bucket=1, since=since, until=until)
            return PathType.of(find_path(activity_of(workspace), one, other, window.since, window.until))

        return await aside(work, "to")

    @strawberry.field(description="What makes identifiers one, with reason and confidence; `refused`: kept apart only.")
    async def identities(
        self, info: Info, of: str | None = None, refused: bool = False, first: int = 25, after: str | None = None
    ) -> Connection[LinkType]:
        """List identity links."""
        offset, length = window_of(first, after)
        found = await aside(lambda: links(info.context.workspace, of, refused), "of")
        return page([LinkType.of(link) for link in found[offset : offset + length]], offset, len(found))


def _span(text: str) -> int:
    try:
        return parse_duration(text)
    except (ValueError, TypeError) as error:
        raise refused(f"window must be a span such as 7d, not {text!r}", "window") from error


def _entities(workspace: Workspace, names: Sequence[str]) -> list[Entity]:
    return [Entity(found.label, found.key) for found in workspace.entities(names)]


class _Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log what is a defect of ours; what a client did wrong is the client's to read."""
        defects = [error for error in errors if "code" not in (error.extensions or {})]
        super().process_errors(defects, execution_context)


def _root(name: str, description: str, *parts: type) -> type:
    made = merge_types(name, parts)
    made.__strawberry_definition__.description = description  # type: ignore[attr-defined]
    return made


SCHEMA = _Schema(
    query=_root(
        "Query",
        "What can be asked.",
        Query,
        ListingQuery,
        RunQuery,
        SearchQuery,
        SignInQuery,
        TimelineQuery,
        UsualQuery,
        CypherQuery,
        CaseQuery,
        CaseTemplateQuery,
        WatchQuery,
    ),
    mutation=_root(
        "Mutation",
        "What can be done.",
        RunMutation,
        CaseMutation,
        KeepMutation,
        CaseAnswerMutation,
        WatchMutation,
    ),
    subscription=_root("Subscription", "What can be heard as it happens.", RunSubscription, AlertSubscription),
    types=list(ENTITY_TYPES.values()),
    config=CONFIG,
    extensions=[
        Seen,
        Permissions,
        WholeText,
        BySocket,
        NodeBudget,
        Noted,
        lambda: QueryDepthLimiter(max_depth=12),
        lambda: MaxAliasesLimiter(max_alias_count=30),
        lambda: MaxTokensLimiter(max_token_count=4000),
    ],
)
