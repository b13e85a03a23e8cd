"""DHCP servers' logs: which machine was given which address. Windows' CSV, dhcpd, dnsmasq, Kea's log and lease file."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders._table import Row, header, rows
from graph_hunt.loaders._text_log import Line, lines
from graph_hunt.loaders.dhcp import kea, server, windows

__all__ = ["LOADER"]


class _Dhcp:
    name = "dhcp"

    def claims(self, source: Source) -> bool:
        """Tell by the header of a lease file or of Windows' log, or by what most of the lines say."""
        head = source.head
        return kea.is_lease_file(header(head)) or windows.is_log(head) or server.is_log(head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        with source.open() as stream:
            if kea.is_lease_file(header(source.head)):
                yield from _leases(stream, source.head, out)
            else:
                keep: Callable[[Line], None] = (
                    windows.Log(out, options).keep if windows.is_log(source.head) else server.Log(out).keep
                )
                yield from batches(lines(source, stream, options), out, keep)


def _leases(stream: BinaryIO, head: bytes, out: Rows) -> Iterator[Batch]:
    def keep(row: Row) -> None:
        kea.keep(row, out)

    yield from batches(rows(stream, head), out, keep)


LOADER: Loader = _Dhcp()
