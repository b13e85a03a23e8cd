"""Which program's lines are taken down by what; the others' are counted as not used, by program.

To read another program's lines, give it a function here: it takes the line and the book.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from graph_hunt.loaders.syslog import accounts, dovecot, pam, sshd, sudo
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.dovecot import Dovecot
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.postfix import Postfix

__all__ = ["Reader", "is_known"]

_FUNCTIONS: tuple[tuple[tuple[str, ...], Callable[[Line, Book], None]], ...] = (
    (sshd.PROGRAMS, sshd.told),
    (sudo.PROGRAMS, sudo.told),
    (accounts.PROGRAMS, accounts.told),
)
_KNOWN = frozenset(name for names, _ in _FUNCTIONS for name in names) | dovecot.PROGRAMS
_REPEATED = re.compile(r"last message repeated (\d{1,6}) times?$")
_NAME = re.compile(r"[\w.@%-][\w.@%/-]{0,39}$")


def is_known(program: str) -> bool:
    """Tell whether a program's lines are read here."""
    return program in _KNOWN or program.startswith("postfix")


@lru_cache(maxsize=4096)
def _code(program: str) -> str:
    """The code of lines that are not used; names that are none share one."""
    return f"Syslog/{program}" if _NAME.match(program) and not program.startswith("-") else "Syslog/other"


def _bound(function: Callable[[Line, Book], None], book: Book) -> Callable[[Line], None]:
    return lambda line: function(line, book)


class Reader:
    """Gives each line to what takes it down."""

    def __init__(self, book: Book, own: frozenset[str]) -> None:
        self._book = book
        logins = Dovecot(book)
        self._postfix = Postfix(book, logins, own).told
        self._told: dict[str, Callable[[Line], None]] = {
            name: _bound(function, book) for names, function in _FUNCTIONS for name in names
        }
        self._told |= dict.fromkeys(dovecot.PROGRAMS, logins.told)
        self._last: dict[str | None, Line] = {}

    def read(self, line: Line) -> None:
        """Take down a line."""
        if not line.program and (repeated := _REPEATED.match(line.message)) is not None:
            before = self._last.get(line.host)
            if before is None:
                self._book.skip(line, "Syslog/repeated")
                return
            line = replace(before, number=line.number, raw=line.raw, at=line.at, times=int(repeated[1]))
        function = self._told.get(line.program)
        if function is None and line.program.startswith("postfix"):
            function = self._postfix
        if function is not None:
            self._last[line.host] = line
            self._book.number(line)
            function(line)
            return
        self._last.pop(line.host, None)
        if line.message.startswith("pam_") or line.arguments.startswith("(pam_"):
            self._book.number(line)
            if pam.told(line, self._book):
                return
        self._book.skip(line, _code(line.program))
