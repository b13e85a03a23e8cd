"""Syslog of Unix machines and mail servers: sshd, sudo, su, PAM, accounts, Postfix, Dovecot; text or journal.

`line` and `journal` read what all lines have in common, `programs` finds what a program's words mean.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._mail import own_domains
from graph_hunt.loaders.syslog import journal, reading
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.programs import Reader

__all__ = ["LOADER"]


class _Syslog:
    name = "syslog"

    def claims(self, source: Source) -> bool:
        """Tell by the lines' beginnings, or by the names of a journal's fields."""
        return reading.is_log(source.head) or journal.is_journal(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        book = Book(rows)
        reader = Reader(book, own_domains(options))
        zone = ZoneInfo(options.timezone)
        read = reading.read if reading.is_log(source.head) else journal.read
        yield from read(source, options.year, zone, rows, book, reader)


LOADER: Loader = _Syslog()
