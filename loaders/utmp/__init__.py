"""Unix's login records: utmp, wtmp and btmp, and lastlog, as glibc writes them."""

from collections.abc import Iterator

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders._values import text
from graph_hunt.loaders.utmp import lastlog
from graph_hunt.loaders.utmp.layout import Layout, login_layout, login_of
from graph_hunt.loaders.utmp.logins import FAILED, Logins

__all__ = ["LOADER"]


class _Utmp:
    name = "utmp"

    def claims(self, source: Source) -> bool:
        """Tell by records whose types, times and texts make sense in one of the layouts."""
        return login_layout(source.head) is not None or lastlog.find_layout(source) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        machine = text(options.extra.get("host"))
        layout = login_layout(source.head)
        if layout is not None:
            logins = Logins(rows, machine, failed=FAILED.search(source.name) is not None)
            yield from batches(_records(source, layout), rows, lambda one: _keep(*one, layout, rows, logins))
        elif (found := lastlog.find_layout(source)) is not None:
            yield from lastlog.read(source, found, rows, machine)
        else:
            yield from batches(_records(source, Layout.usual()), rows, lambda one: _reject(*one, rows))


def _records(source: Source, layout: Layout) -> Iterator[tuple[int, bytes]]:
    number = 0
    with source.open() as stream:
        while record := stream.read(layout.size):
            # A stream may give less than there is.
            while len(record) < layout.size and (more := stream.read(layout.size - len(record))):
                record += more
            number += 1
            yield number, record
        # Where content breaks off, a stream ends first, and says so when it is read once more.
        stream.read(1)


def _keep(number: int, record: bytes, layout: Layout, rows: Rows, logins: Logins) -> None:
    if len(record) < layout.size:
        rows.reject(number, f"cut after {len(record)} of {layout.size} bytes", record.hex())
        return
    try:
        login = login_of(record, layout)
    except ValueError as error:
        rows.reject(number, str(error), record.hex())
        return
    logins.keep(number, login)


def _reject(number: int, record: bytes, rows: Rows) -> None:
    rows.reject(number, "no record of utmp, wtmp, btmp or lastlog", record.hex())


LOADER: Loader = _Utmp()
