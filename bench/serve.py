"""Drives a server on generated LANL telemetry: how long answers take at a steady rate, and which rate it holds.

    python bench/serve.py --events 10_000_000 [--seconds 60] [--rate 100] [--clients 32]

Requests are sent when they are due, answered or not (an open loop), and their time counts from when they were due, so
that a stall is not hidden by the requests that it kept from being sent. The driver shares the machine's processors.
"""

import argparse
import asyncio
import json
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import telemetry

from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

NEIGHBOURS = """query ($name: String!) { entity(name: $name) { id key label name firstSeen lastSeen
    relations { kind outgoing label total }
    neighbors(first: 25) { totalCount pageInfo { endCursor } edges { node {
        entity { id key label name } kind outgoing firstSeen lastSeen count } } } } }"""
BLAST = """query ($name: String!, $at: DateTime!) { blastRadius(entity: $name, at: $at, first: 50) {
    total reached { likelihood reached { name } path { at words } } } }"""
_MIX = (("entity and neighbours", 19), ("blast radius", 1))
_HOLDS = 0.25
"""Seconds of p95 beyond which a rate is not held."""


@dataclass(slots=True)
class Times:
    """What one kind of request took, in ms, and how many failed."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0

    def at(self, share: float) -> float:
        """A percentile."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server under test, and what can be asked of it."""

    port: int
    names: Sequence[str]
    at: str


class Connection:
    """One kept connection: no more of HTTP than this server speaks, for the driver must cost little."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, content: bytes, kind: str = "application/json") -> tuple[int, bytes]:
        """Send a request; give its status and body."""
        if self._wire is None:
            self._wire = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._wire
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        length = next(int(line[16:]) for line in lines if line.lower().startswith(b"content-length: "))
        return int(lines[0].split()[1]), await reader.readexactly(length)

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Send a document; give the answer's data, and raise where there is an error in it."""
        content = json.dumps({"query": document, "variables": variables}).encode()
        status, body = await self.post("/graphql", content)
        answer = json.loads(body)
        if status != 200 or answer.get("errors"):
            raise RuntimeError(f"{status}: {answer.get('errors')}")
        return dict(answer["data"])


def workspace(events: int) -> Path:
    """A loaded workspace of about so many events, made once."""
    folder = telemetry.CACHE / f"serve-{events}-{telemetry.SEED}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with Workspace.open(Settings(folder)) as opened:
            opened.load([_auth(telemetry.lanl(events))])
        (folder / "done").touch()
    return folder


def _auth(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.name.startswith("auth"))


@contextmanager
def serving(root: Path) -> Iterator[int]:
    """A server of a workspace in a process of its own; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    start = "from graph_hunt.cli import main; main()"
    command = [sys.executable, "-c", start, "serve", "--port", str(port), "-w", str(root)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _ready(port, process)
            yield port
        finally:
            process.terminate()


def _ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


async def met(port: int) -> Server:
    """Learn what can be asked."""
    wire, names = Connection(port), []
    for label in ("User", "Host"):
        after = None
        for _ in range(5):
            document = "query ($l: String!, $a: String) { entities(label: $l, first: 100, after: $a) "
            document += "{ pageInfo { endCursor } edges { node { key } } } }"
            found = (await wire.ask(document, l=label, a=after))["entities"]
            after = found["pageInfo"]["endCursor"]
            names += [f"{label}:{edge['node']['key']}" for edge in found["edges"]]
            if after is None:
                break
    first = (await wire.ask("{ status { first } }"))["status"]["first"]
    server = Server(port, names, first)
    for name in names[:3]:
        # What is kept from the first answer on is made before anything is measured.
        await _one(wire, server, "blast radius", name)
    return server


async def _one(wire: Connection, server: Server, kind: str, name: str) -> None:
    if kind == "blast radius":
        await wire.ask(BLAST, name=name, at=server.at)
    else:
        await wire.ask(NEIGHBOURS, name=name)


async def drive(server: Server, rate: float, seconds: float, clients: int) -> dict[str, Times]:
    """Ask at a rate for so long, over so many connections."""
    chance, found = random.Random(1), defaultdict(Times)
    kinds = [kind for kind, weight in _MIX for _ in range(weight)]
    begin = time.perf_counter() + 0.1
    due = iter(
        [(begin + n / rate, chance.choice(kinds), chance.choice(server.names)) for n in range(int(rate * seconds))]
    )

    async def client() -> None:
        wire = Connection(server.port)
        for at, kind, name in due:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            try:
                await _one(wire, server, kind, name)
            except (RuntimeError, OSError, asyncio.IncompleteReadError):
                found[kind].failed += 1
                wire = Connection(server.port)
            found[kind].taken.append(1000 * (time.perf_counter() - at))

    await asyncio.gather(*(client() for _ in range(clients)))
    return found


@asynccontextmanager
async def loading(server: Server, file: Path) -> AsyncIterator[list[float]]:
    """Have the server load a file meanwhile; gives, at the end, how many seconds that took."""
    wire, took = Connection(server.port), []
    begun = time.perf_counter()
    content = await asyncio.to_thread(file.read_bytes)
    status, body = await wire.post(f"/load?name={file.name}", content, "application/octet-stream")
    if status != 202:
        raise SystemExit(f"{status}: {body.decode()}")
    id = json.loads(body)["id"]

    async def over() -> None:
        state = "running"
        while state in ("queued", "running"):
            await asyncio.sleep(1)
            state = (await wire.ask("query ($id: ID!) { upload(id: $id) { state } }", id=id))["upload"]["state"]
        took.append(time.perf_counter() - begun)
        if state != "done":
            raise SystemExit(f"the load is {state}")

    task = asyncio.create_task(over())
    yield took
    await task


async def held(server: Server, clients: int, rate: float) -> float:
    """The highest rate, by steps of a quarter, at which p95 stays below a bound and nothing fails."""
    best = 0.0
    while True:
        found = await drive(server, rate, 10, clients)
        taken = Times([one for times in found.values() for one in times.taken])
        if any(times.failed for times in found.values()) or taken.at(0.95) > 1000 * _HOLDS:
            return best
        best, rate = rate, rate * 1.25


def rows(title: str, found: dict[str, Times]) -> str:
    """The measurement as lines of a table."""
    return "".join(
        f"| {title} | {kind} | {len(times.taken):,} | {times.at(0.5):.0f} ms | {times.at(0.95):.0f} ms "
        f"| {max(times.taken):.0f} ms | {times.failed} |\n"
        for kind, times in sorted(found.items(), reverse=True)
    )


async def measure(port: int, rate: float, seconds: float, clients: int, more: Path) -> str:
    """Measure a server."""
    server = await met(port)
    told = "| at | asked | requests | p50 | p95 | worst | errors |\n|---|---|---|---|---|---|---|\n"
    await drive(server, rate, min(5, seconds), clients)
    told += rows(f"{rate:g}/s", await drive(server, rate, seconds, clients))
    best = await held(server, clients, rate)
    async with loading(server, more) as took:
        meanwhile = await drive(server, rate, seconds, clients)
    told += rows(f"{rate:g}/s, while a file of {more.stat().st_size >> 20} MB loads ({took[0]:.0f} s)", meanwhile)
    return told + f"\nHighest rate held (p95 up to {1000 * _HOLDS:g} ms, no error, 10 s each): {best:.0f}/s.\n"


def table(events: int, rate: float = 100, seconds: float = 60, clients: int = 32) -> str:
    """Measure on a copy of the workspace, which the load changes."""
    kept, more = workspace(events), _auth(telemetry.lanl(1_000_000, seed=telemetry.SEED + 1))
    with TemporaryDirectory(dir=telemetry.CACHE) as folder:
        copy = Path(folder) / "w"
        shutil.copytree(kept, copy)
        with serving(copy) as port:
            return asyncio.run(measure(port, rate, seconds, clients, more))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", default="10_000_000", type=lambda text: int(text.replace("_", "")))
    parser.add_argument("--rate", default=100.0, type=float)
    parser.add_argument("--seconds", default=60.0, type=float)
    parser.add_argument("--clients", default=32, type=int)
    chosen = parser.parse_args()
    print(table(chosen.events, chosen.rate, chosen.seconds, chosen.clients))
