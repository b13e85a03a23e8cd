"""A graph as the CSV files that `neo4j-admin database import full` reads, for the first hundred million edges.

A projection writes to it as to any store, so the workspace goes on from there once the server has imported it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from graph_hunt.errors import InputError
from graph_hunt.graph.neo4j.migrations import SCHEMA_LABEL
from graph_hunt.graph.store import MARK_LABEL, Ends, GraphWriter, Mark

SCRIPT = "import.sh"
_BETWEEN = "\x1f"
"""Stands between the elements of a list: no event id and no name of a batch has it."""
_TYPES = {pa.int64(): "long", pa.bool_(): "boolean", pa.string(): "string"}
_QUOTED = csv.WriteOptions(include_header=False, quoting_style="all_valid")
_IMPORT = """\
#!/bin/sh
# Run it on the server, while the database is not there or stopped: NEO4J_HOME/bin must be in PATH.
# Afterwards start the server; `graph-hunt load --neo4j …` goes on from what was imported.
set -eu
cd "$(dirname "$0")"
exec neo4j-admin database import full "${{1:-neo4j}}" --overwrite-destination --id-type=string \\
{files}
  --array-delimiter={between} --multiline-fields=true
"""


class AdminFiles:
    """A graph store that can only be written, once, into an empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if folder.exists() and any(folder.iterdir()):
            raise InputError("the folder is not empty", where=str(folder), expected="an empty folder, or none yet")

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Give no rows: nothing is there before it is written."""
        return []

    def alone(self, name: str, *, wait: bool = False) -> AbstractContextManager[object]:
        """Keep others from writing: no one else knows of the folder."""
        return nullcontext()

    @contextmanager
    def writing(self, *, anew: bool = False) -> Iterator[GraphWriter]:
        """Write the files, and last the script that imports them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            writer = _Writer(self._folder, files)
            yield writer
        script = self._folder / SCRIPT
        script.write_text(_IMPORT.format(between=r"U+001F", files="\n".join(writer.arguments())))
        script.chmod(0o755)

    def close(self) -> None:
        """Do nothing: the files are closed."""


class _Writer:
    def __init__(self, folder: Path, files: ExitStack) -> None:
        self._folder, self._files = folder, files
        self._open: dict[str, csv.CSVWriter] = {}
        self._given: list[tuple[str, str, str]] = []

    def arguments(self) -> Iterator[str]:
        """Give the tool's arguments: each kind of node and edge with its header and rows."""
        for option, names, name in self._given:
            files = shlex.quote(f"{option}={names}={name}-header.csv,{name}.csv")
            yield f"  {files} \\"

    def nodes(self, label: str, tables: Iterable[pa.Table]) -> None:
        for table in tables:
            head = [f"{name}:ID({label})" if name == "key" else _typed(table, name) for name in table.column_names]
            self._add("--nodes", label, f"node-{label}", head, table)

    def edges(self, ends: Ends, tables: Iterable[pa.Table], *, known: bool) -> None:
        special = {"source_key": f":START_ID({ends.source})", "target_key": f":END_ID({ends.target})"}
        name = f"edge-{ends.type}-{ends.source}-{ends.target}"
        for table in tables:
            head = [special.get(column) or _typed(table, column) for column in table.column_names]
            self._add("--relationships", ends.type, name, head, table)

    def mark(self, mark: Mark) -> None:
        row = {
            name: pa.array([list(value) if isinstance(value, tuple) else value]) for name, value in asdict(mark).items()
        }
        row["key"] = row.pop("load")
        self.nodes(MARK_LABEL, [pa.table(row)])
        # The tool makes no constraints: the first opening does, by all migrations.
        schema = {"key": ["schema"], "version": [0], "writing": [False]}
        self.nodes(SCHEMA_LABEL, [pa.table(schema)])

    def _add(self, option: str, names: str, name: str, head: list[str], table: pa.Table) -> None:
        flat = _flat(table)
        if name not in self._open:
            (self._folder / f"{name}-header.csv").write_text(",".join(head) + "\n", "utf-8")
            self._given.append((option, names, name))
            path = str(self._folder / f"{name}.csv")
            self._open[name] = self._files.enter_context(csv.CSVWriter(path, flat.schema, write_options=_QUOTED))
        self._open[name].write_table(flat)


def _typed(table: pa.Table, name: str) -> str:
    kind = table.schema.field(name).type
    return f"{name}:string[]" if pa.types.is_list(kind) else f"{name}:{_TYPES[kind]}"


def _flat(table: pa.Table) -> pa.Table:
    columns = {
        name: pc.binary_join(column, _BETWEEN) if pa.types.is_list(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)
