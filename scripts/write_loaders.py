"""Read every file of the shared data folder with its loader, and write what came of it into docs/loaders.md."""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from graph_hunt import loaders
from graph_hunt.errors import InputError
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.source import Options

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("GRAPH_HUNT_SHARED", ROOT.parent / "shared")) / "data"
DOCUMENT = ROOT / "docs" / "loaders.md"
BEGIN, END = "<!-- loaders:table -->", "<!-- loaders:end -->"
# Descriptions and licences beside the telemetry.
_BESIDE = re.compile(
    r"MANIFEST|LICEN[CS]E|COPYING|README|NOTICE|manifest\.json|\.expected\.jsonl$|\.mmdb$|\.ya?ml$", re.IGNORECASE
)


@dataclass(slots=True)
class Account:
    """What one loader made of one source's files."""

    files: int = 0
    records: int = 0
    used: int = 0
    unused: int = 0
    quarantined: int = 0
    rows: Counter[str] = field(default_factory=Counter)

    def line(self, source: str, loader: str) -> str:
        """It as a row of the table."""
        rows = ", ".join(f"{table} {count:,}" for table, count in sorted(self.rows.items())) or "none"
        counts = (self.files, self.records, self.used, self.unused, self.quarantined)
        return f"| {source} | {loader} | {' | '.join(f'{count:,}' for count in counts)} | {rows} |\n"


def accounts() -> tuple[dict[tuple[str, str], Account], list[str]]:
    """Every source's account by loader, and the files that no loader claims."""
    found: dict[tuple[str, str], Account] = {}
    unclaimed: list[str] = []
    for source in find_sources([DATA]):
        if isinstance(source, InputError):
            where, _, said = str(source).replace(f"{DATA}/", "").partition(": ")
            unclaimed.append(f"`{where}`: {said}")
            continue
        name = source.name.removeprefix(f"{DATA}/")
        if _BESIDE.search(name.rpartition("/")[2]):
            continue
        loader = loaders.find(source)
        if loader is None:
            unclaimed.append(f"`{name}`: {loaders.refusal(source.head) or 'is of no kind that a loader knows'}")
            continue
        account = found.setdefault((name.partition("/")[0], loader.name), Account())
        account.files += 1
        for batch in loader.read(source, Options()):
            account.records += batch.records
            account.used += batch.used
            account.unused += sum(batch.unused.values())
            account.quarantined += len(batch.quarantined)
            account.rows.update({table: rows.num_rows for table, rows in batch.tables.items() if rows.num_rows})
    return found, unclaimed


def main() -> None:
    """Write the table."""
    found, unclaimed = accounts()
    head = "| source | loader | files | records | used | not used | quarantined | rows, repeated ones too |\n"
    table = head + "|---|---|---|---|---|---|---|---|\n"
    table += "".join(account.line(*key) for key, account in sorted(found.items()))
    named = "".join(f"- {name}\n" for name in unclaimed) or "none\n"
    text = f"{BEGIN}\n{table}\nClaimed by no loader:\n\n{named}{END}"
    document = DOCUMENT.read_text()
    pattern = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(document):
        raise SystemExit(f"{DOCUMENT}: no marker {BEGIN}")
    DOCUMENT.write_text(pattern.sub(lambda _: text, document, count=1))
    print(text)


if __name__ == "__main__":
    main()
