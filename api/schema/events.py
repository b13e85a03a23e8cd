"""Events: normalised rows with their original records."""

from typing import Any

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.scalars import DateTime


@strawberry.type(name="Event", description="A normalised row, and the original record.")
class EventType:
    """An event."""

    id: strawberry.ID = strawberry.field(description="Names the event wherever evidence is told.")
    table: str = strawberry.field(description="The event table it is in.")
    time: DateTime = strawberry.field(description="When it happened.")
    code: str | None = strawberry.field(description="The kind of record, such as Security/4624.")
    row: JSON = strawberry.field(description="Its columns by name, those that are known.")
    raw: str | None = strawberry.field(description="The original record, verbatim; null where none was kept.")
    raw_missing: str | None = strawberry.field(description="Why there is no original record.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "EventType":
        """Show an event."""
        shown = {name: value for name, value in row.items() if value is not None and name not in ("raw", "raw_missing")}
        return cls(
            id=strawberry.ID(row["event_id"]),
            table=row["table"],
            time=DateTime(row["time"]),
            code=row.get("code"),
            row=JSON(shown),
            raw=row.get("raw"),
            raw_missing=row.get("raw_missing"),
        )
