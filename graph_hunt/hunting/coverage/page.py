"""`docs/attack.md`: the matrix of what has a hunt, and which telemetry each hunt needs."""

from collections.abc import Iterator

from graph_hunt.hunting import attack
from graph_hunt.hunting.attack import Tactic
from graph_hunt.hunting.coverage.coverage import Coverage, Covered, State, coverage
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.visibility import catalogue

_HEAD = """\
# The hunts in ATT&CK

Made by `python -m graph_hunt.hunting.coverage > docs/attack.md` from the hunts' headers and ATT&CK for Enterprise
{version}. Of your own workspace,

```sh
graph-hunt coverage -w case
graph-hunt coverage -w case --navigator layer.json
```

say what each hunt sees, which log (event ids, audit policy, export) would open what it cannot, and write that as a
layer for the ATT&CK Navigator.

{hunts} hunts look for {techniques} techniques and sub-techniques of {all}. What is done before anything of the
organisation's own is touched (reconnaissance, resource development) leaves no trace in its logs, and what an attacker
breaks at the end is seen without a hunt; the library is about what is between, from the first access to collection.
"""


def page() -> str:
    """The whole page."""
    # With no telemetry at all every hunt is blind, which leaves what has a hunt.
    known = coverage({})
    hunted = [one for one in known.techniques if one.hunts]
    hunts = {sight.hunt.id: sight.hunt for one in hunted for sight in one.hunts}
    head = _HEAD.format(version=attack.VERSION, hunts=len(hunts), techniques=len(hunted), all=len(known.techniques))
    return "\n".join(
        [head, *_overview(known), *(line for tactic in attack.tactics() for line in _tactic(known, tactic))]
    )


def _overview(known: Coverage) -> Iterator[str]:
    yield "| tactic | techniques | with a hunt |\n|---|---|---|"
    for tactic in attack.tactics():
        column = known.of_tactic(tactic)
        hunted = sum(one.state is not State.NO_HUNT for one in column)
        yield f"| {tactic.name} | {len(column)} | {hunted} |"
    yield ""


def _tactic(known: Coverage, tactic: Tactic) -> Iterator[str]:
    rows = [one for one in known.of_tactic(tactic) if one.hunts]
    if rows:
        yield f"## {tactic.name}\n\n| technique | hunts | telemetry |\n|---|---|---|"
        yield from (_row(one) for one in rows)
        yield ""


def _row(one: Covered) -> str:
    hunts = ", ".join(f"[{sight.hunt.id}](hunts.md#{sight.hunt.id})" for sight in one.hunts)
    needs = "; ".join(dict.fromkeys(_needs(sight.hunt) for sight in one.hunts))
    return f"| [{one.technique.id}]({one.technique.url}) {one.technique.name} | {hunts} | {needs} |"


def _needs(hunt: Hunt) -> str:
    return " and ".join(" or ".join(catalogue()[name].title for name in group) for group in hunt.needs)
