"""Write into docs/loaders.md which hunts each loader's telemetry feeds, and which are lost without it.

Which loader gives a code is learnt from the samples under tests/samples; of a code that none has, by its first word.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from graph_hunt.events.inputs import find_sources
from graph_hunt.events.source import Options
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.loaders import all_loaders

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "loaders.md"
BEGIN, END = "<!-- loaders:hunts -->", "<!-- loaders:hunts-end -->"


@cache
def givers() -> Mapping[tuple[str, str], frozenset[str]]:
    """The loaders that give each table's codes, by the code and by its first word."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for loader in all_loaders():
        folder = ROOT / "tests" / "samples" / loader.name
        for source in find_sources([folder]) if folder.is_dir() else ():
            if isinstance(source, Exception) or not loader.claims(source):
                continue
            for batch in loader.read(source, Options()):
                for table, rows in batch.tables.items():
                    for code in rows["code"].unique().to_pylist():
                        for name in (code, code.partition("/")[0]):
                            found[table, name].add(loader.name)
    return {key: frozenset(names) for key, names in found.items()}


def sources_of(kind: str) -> frozenset[str]:
    """The loaders that give a kind of telemetry."""
    told = visibility.catalogue()[kind]
    names = (code if (told.table, code) in givers() else code.partition("/")[0] for code in told.codes)
    return frozenset().union(*(givers().get((told.table, name), ()) for name in names))


def section(hunts: tuple[Hunt, ...]) -> str:
    """What each loader's telemetry is worth, in words."""
    lost, fed, helped = (defaultdict[str, list[str]](list) for _ in range(3))
    for hunt in sorted(hunts, key=lambda one: one.id):
        groups = [frozenset().union(*map(sources_of, group)) for group in hunt.needs]
        for name in sorted(frozenset().union(*groups)):
            alone = any(group == {name} for group in groups)
            (lost if alone else fed)[name].append(hunt.id)
        for name in sorted(frozenset().union(*map(sources_of, hunt.helps)) - frozenset().union(*groups)):
            helped[name].append(hunt.id)
    lines = ["| source | lost without it, whatever else there is | sees by it, or by another | sharper with it |"]
    lines += ["|---|---|---|---|"]
    for name in sorted({*lost, *fed, *helped}):
        cells = (", ".join(found[name]) or "none" for found in (lost, fed, helped))
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    silent = sorted({loader.name for loader in all_loaders()} - {*lost, *fed, *helped} - {"mapped"})
    if silent:
        names = ", ".join(f"`{name}`" for name in silent)
        lines += ["", f"No hunt names telemetry of {names}: they feed identity, the graph and the ranking."]
    return "\n".join(lines)


def main() -> None:
    """Write the section; with `--check` say whether it is as written."""
    text = f"{BEGIN}\n{section(tuple(library.all_hunts()))}\n{END}"
    document = DOCUMENT.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(document):
        raise SystemExit(f"{DOCUMENT}: no marker {BEGIN}")
    written = pattern.sub(lambda _: text, document, count=1)
    if "--check" in sys.argv:
        raise SystemExit(0 if written == document else f"{DOCUMENT}: run scripts/sources")
    DOCUMENT.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
