"""What makes identifiers one user, host or address, and why."""

import strawberry

from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.events.identity import Link, identifiers_of, links_of
from graph_hunt.workspace import Workspace


@strawberry.type(name="IdentityLink", description="Two identifiers that were seen as one, or together and kept apart.")
class LinkType:
    """A link."""

    kind: str = strawberry.field(description="What the identifiers name: accounts, hosts, domains or addresses.")
    left: str = strawberry.field(description="One identifier.")
    right: str = strawberry.field(description="The other.")
    reason: str = strawberry.field(description="What showed them together.")
    confidence: float = strawberry.field(description="From 0 to 1.")
    refused: str | None = strawberry.field(description="Why they are kept apart; null where they are one.")
    first: DateTime | None = strawberry.field(description="When first.")
    last: DateTime | None = strawberry.field(description="When last.")
    count: int = strawberry.field(description="How often.")
    sample: str | None = strawberry.field(description="An event's id, for `evidence`.")

    @classmethod
    def of(cls, link: Link) -> "LinkType":
        """Show a link."""
        return cls(
            kind=link.kind,
            left=link.left,
            right=link.right,
            reason=link.reason,
            confidence=link.confidence,
            refused=link.refused or None,
            first=DateTime(link.first) if link.first is not None else None,
            last=DateTime(link.last) if link.last is not None else None,
            count=link.count,
            sample=link.sample or None,
        )


def links(workspace: Workspace, of: str | None, refused: bool) -> list[Link]:
    """The links of the ledger, or those that concern one user, host, domain or address."""
    ledger = workspace.ledger()
    if of and not identifiers_of(ledger, of) and not links_of(ledger, of):
        of = workspace.entities([of])[0].key
    found = links_of(ledger, of) if of else list(ledger.links)
    return [link for link in found if link.refused or not refused]
