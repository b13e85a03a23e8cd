"""Reads Sigma rules, and says of each what becomes of it here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from graph_hunt.casework.sigma.backend import condition
from graph_hunt.casework.sigma.sources import Source, source_of
from graph_hunt.errors import InputError
from graph_hunt.hunting.hunt import Level

SUFFIXES = (".yml", ".yaml")
LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that runs here: its events and their SQL condition."""

    id: str
    title: str
    level: Level
    attack: tuple[str, ...]
    source: Source
    condition: str
    where: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule that does not, and why: `not_kept`, `not_converted` or `malformed`."""

    where: str
    kind: str
    why: str


def read_files(paths: Iterable[Path]) -> Iterator[Rule | Refused]:
    """Read the rules of files and folders."""
    for path in paths:
        if path.is_dir():
            yield from read_files(sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file()))
            continue
        try:
            if path.stat().st_size > LARGEST:
                raise InputError(f"is larger than {LARGEST} bytes")
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError, InputError) as error:
            yield Refused(str(path), "malformed", str(error))
            continue
        yield from read(text, str(path))


def read(text: str, where: str) -> Iterator[Rule | Refused]:
    """Read the rules of a text."""
    try:
        found = SigmaCollection.from_yaml(text, collect_errors=True, collect_filters=True)
    except Exception as error:
        # pySigma raises what its YAML reader does, and more; a rule of somebody else's must not end a run of thousands.
        yield Refused(where, "malformed", f"{type(error).__name__}: {error}")
        return
    of_rules = {str(problem) for rule in found.rules for problem in rule.errors}
    for problem in dict.fromkeys(map(str, found.errors)):
        if problem not in of_rules:
            yield Refused(where, "malformed", problem)
    for rule in found.rules:
        yield _rule(rule, where)


def one(text: str, where: str = "rule") -> Rule:
    """Read the one rule of a text; raises why it does not run here."""
    found = list(read(text, where))
    if len(found) != 1:
        raise InputError(f"holds {len(found)} rules", where=where, expected="one")
    if isinstance(found[0], Refused):
        raise InputError(found[0].why, where=where, expected="a Sigma rule of events that are kept")
    return found[0]


def outcomes(found: Iterable[Rule | Refused]) -> Counter[str]:
    """Count what became of rules."""
    return Counter("converted" if isinstance(one, Rule) else one.kind for one in found)


def _rule(rule: SigmaRule | SigmaCorrelationRule, where: str) -> Rule | Refused:
    name = f"{where}: {rule.title}" if rule.title else where
    if isinstance(rule, SigmaCorrelationRule):
        return Refused(name, "not_converted", "correlations of rules do not run here")
    if rule.errors:
        return Refused(name, "malformed", "; ".join(map(str, rule.errors)))
    log = rule.logsource
    source = source_of(log.product, log.category, log.service)
    if source is None:
        said = "/".join(part or "*" for part in (log.product, log.category, log.service))
        return Refused(name, "not_kept", f"no events of {said} are kept")
    try:
        sql = condition(rule, source)
    except (SigmaError, NotImplementedError, InputError, ValueError, TypeError) as error:
        return Refused(name, "not_converted", f"{error or type(error).__name__}")
    level = Level(str(rule.level).lower()) if rule.level else Level.MEDIUM
    techniques = [tag.name.upper() for tag in rule.tags if tag.namespace == "attack" and tag.name[:2].lower() == "t1"]
    id = str(rule.id) if rule.id else rule.title
    return Rule(id, rule.title, level, tuple(sorted(techniques)), source, sql, where)
