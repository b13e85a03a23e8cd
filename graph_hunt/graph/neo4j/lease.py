"""The lease on a database: one process at a time brings the graph up to date, on whichever machine it runs.

A lease that its holder does not renew runs out by the server's clock, and another takes it over. That no two write at
once does not rest on clocks: a writing transaction first locks one of a few nodes and looks for its own name there.
Whoever takes over writes its name on all of them, which waits for what is being written; what the former holder sends
after that finds another's name, and writes nothing.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graph_hunt.errors import Overtaken, StoreBusy

if TYPE_CHECKING:
    import neo4j

LEASE_LABEL = "GraphHuntLease"
"""The label of the nodes that say who writes. They are no entities."""
SECONDS = 30.0
"""How long a lease holds that is not renewed."""
_RENEWALS = 6
"""Renewals within the time that a lease holds."""
_AGAIN = 0.5
"""Seconds between two tries to take a lease that another holds."""
_TAKE = (
    # Setting a property locks the node: what is read after it is what the last holder left.
    f"MERGE (lease:{LEASE_LABEL} {{key: 'lease'}}) SET lease.asked = $holder WITH lease, timestamp() AS now "
    "WHERE lease.holder IS NULL OR lease.until < now OR lease.name = $name "
    "SET lease.holder = $holder, lease.name = $name, lease.said = $said, lease.until = now + $length "
    "WITH lease UNWIND range(0, $writers - 1) AS number "
    f"MERGE (writer:{LEASE_LABEL} {{key: 'writer-' + toString(number)}}) SET writer.holder = $holder "
    "RETURN count(*) AS taken"
)
_SAID = f"MATCH (lease:{LEASE_LABEL} {{key: 'lease'}}) RETURN lease.said AS said"
_OWN = (
    f"MATCH (lease:{LEASE_LABEL} {{key: 'lease'}}) SET lease.asked = $holder WITH lease WHERE lease.holder = $holder "
)
_RENEW = f"{_OWN} SET lease.until = timestamp() + $length RETURN lease.until AS until"
_RELEASE = f"{_OWN} SET lease.holder = NULL, lease.name = NULL, lease.said = NULL"
_FENCE = (
    f"MATCH (writer:{LEASE_LABEL} {{key: $writer}}) SET writer.asked = $holder "
    "WITH writer WHERE writer.holder = $holder RETURN writer.holder AS holder"
)

Run = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]
"""Runs a text in a transaction of its own, which may write."""


class Lease:
    """A lease on a database, held within a `with` block, and renewed there by a thread.

    `name` is that of what only one process at a time can hold: who asks under it knows that a former holder is gone.
    """

    def __init__(self, run: Run, uri: str, name: str, writers: int, *, wait: bool, seconds: float = SECONDS) -> None:
        self._run, self._uri, self._name, self._writers = run, uri, name, writers
        self._wait, self._seconds = wait, seconds
        self._holder = token_hex(8)
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="neo4j-lease", daemon=True)

    def __enter__(self) -> Lease:
        """Take it; wait for another that holds it, or raise `StoreBusy`."""
        while not self._taken():
            if not self._wait:
                said = self._run(_SAID, {})
                raise StoreBusy(
                    f"{self._uri}: {said[0]['said'] if said else 'another process'} is writing to the graph"
                )
            time.sleep(_AGAIN)
        self._renewing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        self._ended.set()
        self._renewing.join()
        # Where the server is gone the lease runs out.
        with suppress(Exception):
            self._run(_RELEASE, {"holder": self._holder})

    def fence(self, transaction: neo4j.ManagedTransaction, writer: int) -> None:
        """Make sure in a transaction, until it ends, that no one has taken over; raise `Overtaken` where one has."""
        asked = {"writer": f"writer-{writer}", "holder": self._holder}
        if transaction.run(_FENCE, asked).single() is None:
            raise Overtaken(f"{self._uri}: this process was held up, and another goes on with the graph")

    def _taken(self) -> bool:
        length = int(self._seconds * 1000)
        said = f"process {os.getpid()} on {socket.gethostname()}"
        asked = {"holder": self._holder, "name": self._name, "said": said, "length": length, "writers": self._writers}
        return bool(self._run(_TAKE, asked)[0]["taken"])

    def _renew(self) -> None:
        while not self._ended.wait(self._seconds / _RENEWALS):
            # What hinders it now may have passed at the next time; whether it held, the fence tells.
            with suppress(Exception):
                self._run(_RENEW, {"holder": self._holder, "length": int(self._seconds * 1000)})
