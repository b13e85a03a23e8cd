"""Scalars and paging: times are ISO 8601 in UTC, connections follow Relay's rules."""

import base64
import binascii
from typing import Generic, NewType, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from graph_hunt.hunting.parameter import parse_time
from graph_hunt.hunting.summary import iso

PAGE = 100
"""The most that one page may ask for."""

DateTime = NewType("DateTime", int)
"""Epoch milliseconds inside, ISO 8601 UTC outside."""

_DEFINITION = strawberry.scalar(
    name="DateTime",
    description="A moment in UTC, ISO 8601, such as 2020-08-06T06:27:08Z.",
    serialize=lambda at: iso(int(at)),
    parse_value=lambda text: DateTime(parse_moment(text)),
)
BigInt = NewType("BigInt", int)
"""A whole number that GraphQL's own, of 32 bits, may be too small for."""

_LARGE = strawberry.scalar(
    name="BigInt",
    description="A whole number, of more than 32 bits too; a JSON number.",
    serialize=int,
    parse_value=int,
)
CONFIG = StrawberryConfig(scalar_map={DateTime: _DEFINITION, BigInt: _LARGE})


def parse_moment(text: object) -> int:
    """Read ISO 8601; a time without a zone is UTC."""
    try:
        return parse_time(str(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time such as 2020-08-06T06:27:08Z") from error


def refused(what: str, argument: str, code: str = "BAD_USER_INPUT") -> GraphQLError:
    """An error that names the argument it is about."""
    return GraphQLError(what, extensions={"code": code, "argument": argument})


T = TypeVar("T")


@strawberry.type(description="Where a page stands in the whole.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description="There are things after this page.")
    has_previous_page: bool = strawberry.field(description="There are things before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first thing.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the page's last thing: ask `after` it for the next page."
    )


@strawberry.type(description="One thing of a page, with the cursor that continues after it.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Where it stands: ask `after` it.")
    node: T = strawberry.field(description="The thing itself.")


@strawberry.type(description="A page of things; `totalCount` counts those of other pages too.")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[Edge[T]] = strawberry.field(description="The page's things.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
    total_count: int = strawberry.field(description="How many things there are on all pages.")


def window_of(first: int, after: str | None) -> tuple[int, int]:
    """The offset and length of a page."""
    if not 1 <= first <= PAGE:
        raise refused(f"first must be from 1 to {PAGE}, not {first}", "first")
    if after is None:
        return 0, first
    try:
        kind, _, place = base64.b64decode(after, validate=True).decode().partition(":")
        if kind != "after":
            raise ValueError(kind)
        return int(place) + 1, first
    except (binascii.Error, ValueError, UnicodeDecodeError) as error:
        raise refused(f"after must be a cursor that a page gave, not {after!r}", "after") from error


def page(nodes: list[T], offset: int, total: int) -> Connection[T]:
    """Make a connection of a page's things."""
    edges = [Edge(cursor=_cursor(offset + place), node=node) for place, node in enumerate(nodes)]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=offset + len(nodes) < total,
            has_previous_page=offset > 0,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=total,
    )


def _cursor(place: int) -> str:
    return base64.b64encode(f"after:{place}".encode()).decode()
