"""Findings of Hayabusa and Chainsaw, in JSON, JSON lines and CSV, as alerts on users and hosts."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import batches, first_records, json_records
from graph_hunt.loaders._table import header, rows
from graph_hunt.loaders.alerts import chainsaw, hayabusa
from graph_hunt.loaders.alerts.clock import clock_of

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Alerts:
    name: str = "alerts"

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, or by the header."""
        return _tool(source.head) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        tool = _tool(source.head)
        clock = clock_of(source.head.decode("utf-8", "replace"), options.timezone)
        with source.open() as stream:
            if tool == "hayabusa json":
                yield from batches(json_records(stream, source.head), out, hayabusa.Reader(out, clock).record)
            elif tool == "hayabusa csv":
                yield from batches(rows(stream, source.head), out, hayabusa.Reader(out, clock).row)
            elif tool == "chainsaw json":
                yield from batches(json_records(stream, source.head), out, chainsaw.Reader(out, clock).record)
            elif tool == "chainsaw csv":
                yield from batches(rows(stream, source.head), out, chainsaw.Reader(out, clock).row)


def _tool(head: bytes) -> str | None:
    found = first_records(head)
    if any(hayabusa.is_finding(fields) for fields in found):
        return "hayabusa json"
    if any(chainsaw.is_detection(fields) for fields in found):
        return "chainsaw json"
    columns = header(head) if not found else ()
    if hayabusa.is_header(columns):
        return "hayabusa csv"
    return "chainsaw csv" if chainsaw.is_header(columns) else None


LOADER = _Alerts()
