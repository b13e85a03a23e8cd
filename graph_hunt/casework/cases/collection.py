"""The collection check: which telemetry a case's hypotheses need, what of it is there, and how to get the rest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph_hunt.casework.cases.case import Case
from graph_hunt.casework.cases.entries import Hypothesis, Run
from graph_hunt.casework.cases.template import Template
from graph_hunt.errors import HuntError
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.visibility import Codes, Telemetry


@dataclass(frozen=True, slots=True)
class Need:
    """Telemetry of which any one kind would do, who asks for it, and how many records of it are there."""

    kinds: tuple[Telemetry, ...]
    rows: int
    asked_by: tuple[str, ...]
    """Hunts and looks."""
    hypotheses: tuple[int, ...]

    @property
    def there(self) -> bool:
        """It was loaded."""
        return self.rows > 0


def check(case: Case, codes: Codes, template: Template | None = None) -> list[Need]:
    """Say what the hypotheses need: their techniques' hunts, what ran under them, and the template's steps."""
    found: dict[tuple[str, ...], tuple[tuple[Telemetry, ...], dict[str, None], dict[int, None]]] = {}
    for number, name, groups in _asked(case, template):
        for kinds in groups:
            _, names, hypotheses = found.setdefault(tuple(kind.name for kind in kinds), (kinds, {}, {}))
            names[name] = None
            if number is not None:
                hypotheses[number] = None
    needs = [
        Need(kinds, rows_of(kinds, codes), tuple(sorted(names)), tuple(sorted(hypotheses)))
        for kinds, names, hypotheses in found.values()
    ]
    return sorted(needs, key=lambda need: (need.there, -len(need.asked_by), need.kinds[0].name))


def rows_of(kinds: Sequence[Telemetry], codes: Codes) -> int:
    """How many records of some kinds there are; a kind without codes is a whole table."""
    wanted = {(kind.table, code) for kind in kinds for code in kind.codes}
    whole = {kind.table for kind in kinds if not kind.codes}
    return sum(rows for (table, code), rows in codes.items() if table in whole or (table, code) in wanted)


def _asked(case: Case, template: Template | None) -> Iterator[tuple[int | None, str, list[tuple[Telemetry, ...]]]]:
    for one in case.each(Hypothesis):
        for technique in one.entry.techniques:
            for hunt in library.of_technique(technique):
                yield one.number, hunt.id, _groups(hunt)
    for run in case.each(Run):
        for hunt in _known(run.entry.hunts):
            yield run.entry.hypothesis, hunt.id, _groups(hunt)
    for step in template.steps if template else ():
        for hunt in _known(step.hunts):
            yield step.hypothesis, hunt.id, _groups(hunt)
        for look in step.looks:
            each: list[tuple[Telemetry, ...]] = [(kind,) for kind in look.telemetry]
            yield step.hypothesis, look.hunt.id, [look.telemetry] if look.any_of else each


def _known(names: Iterable[str]) -> Iterator[Hunt]:
    for name in names:
        try:
            yield from library.find([name])
        except HuntError:
            # A look of a template, or a hunt that is no longer there.
            continue


def _groups(hunt: Hunt) -> list[tuple[Telemetry, ...]]:
    known = visibility.catalogue()
    return [tuple(known[name] for name in group) for group in hunt.needs]
