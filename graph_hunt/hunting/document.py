"""`docs/hunts.md`, made from the hunts' headers: `python -m graph_hunt.hunting > docs/hunts.md`."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from graph_hunt.hunting import attack, library, visibility
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.parameter import Parameter, ParameterType
from graph_hunt.hunting.summary import duration
from graph_hunt.hunting.visibility import Telemetry

_HEAD = """\
# Hunts

Made from the hunts' headers by `python -m graph_hunt.hunting > docs/hunts.md`; `queries/README.md` says how to write
one.

`graph-hunt hunts` lists them with what a workspace's telemetry lets each of them see, and `graph-hunt hunt NAME` or
`--all` runs them. A hunt whose telemetry was never loaded answers 'cannot see' and names what is missing: it needs all
of what stands under 'needs'. A hunt that compares with history lowers its level and its scores while there is less than
a day of it.
"""


def document() -> str:
    """The whole document."""
    hunts = library.all_hunts()
    return "\n".join([_HEAD, *_overview(hunts), *_hunts(hunts), *_telemetry(visibility.catalogue().values())])


def _overview(hunts: Iterable[Hunt]) -> Iterator[str]:
    yield "| hunt | level | ATT&CK | finds |\n|---|---|---|---|"
    for hunt in hunts:
        yield f"| [{hunt.id}](#{hunt.id}) | {hunt.level} | {', '.join(hunt.attack)} | {_cell(hunt.title)} |"
    yield ""


def _hunts(hunts: Iterable[Hunt]) -> Iterator[str]:
    for tactic, group in groupby(hunts, key=lambda hunt: hunt.tactic):
        yield f"## {tactic.replace('_', ' ').capitalize()}\n"
        for hunt in group:
            yield from _hunt(hunt)


def _hunt(hunt: Hunt) -> Iterator[str]:
    yield f"### {hunt.id}\n\n**{hunt.title}** ({hunt.level}). {hunt.hypothesis}\n\n{hunt.description}\n"
    known = attack.techniques()
    yield "ATT&CK: " + ", ".join(f"[{one} {known[one].name}]({known[one].url})" for one in hunt.attack) + "\n"
    needs = "; ".join(" or ".join(_link(name) for name in group) for group in hunt.needs)
    helps = f" Sharper with {', '.join(_link(name) for name in hunt.helps)}." if hunt.helps else ""
    history = " Compares with history." if hunt.baseline else ""
    yield f"Needs {needs}.{helps}{history}\n"
    if hunt.parameters:
        yield "| parameter | default | what it is |\n|---|---|---|"
        yield from (f"| `{one.name}` | {_default(one)} | {_cell(one.help)} |" for one in hunt.parameters)
        yield ""
    for title, items in (
        ("Could be benign if", hunt.benign),
        ("To rule that out", hunt.rule_out),
        ("Known to fire it in a sound network", hunt.false_positives),
        ("Then", hunt.response),
    ):
        if items:
            yield f"{title}:\n"
            yield from (f"- {item}" for item in items)
            yield ""


def _telemetry(kinds: Iterable[Telemetry]) -> Iterator[str]:
    yield "## Telemetry\n"
    yield "The kinds that hunts need, which events give them, and how to turn them on (`queries/telemetry.toml`).\n"
    for kind in kinds:
        codes = ", ".join(kind.codes)
        yield f"### {kind.name}\n\n{kind.title.capitalize()}; table `{kind.table}`: {codes}. {kind.opens}.\n"


def _link(name: str) -> str:
    return f"[{visibility.catalogue()[name].title}](#{name})"


def _default(one: Parameter) -> str:
    value = one.default
    if one.type is ParameterType.DURATION and isinstance(value, int):
        return duration(value)
    if isinstance(value, list):
        return ", ".join(f"`{_cell(item)}`" for item in value)
    return f"`{_cell(str(value))}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
