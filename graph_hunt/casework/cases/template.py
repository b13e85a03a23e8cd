"""A template: a kind of case laid out beforehand, as TOML: its hypotheses, and the steps that answer them.

Those that come with graph-hunt are in `templates/`; a SOC's own are in the workspace's folder `templates`, or any file.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_hunt.casework.cases.book import Opening
from graph_hunt.casework.cases.case import Form, Scope, Trigger
from graph_hunt.casework.cases.entries import Hypothesis
from graph_hunt.errors import HuntError, InputError
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.hunt import RESERVED_COLUMNS, Entity, Hunt, Level
from graph_hunt.hunting.summary import fields_of, render
from graph_hunt.hunting.visibility import Telemetry
from graph_hunt.schema import NODES, TABLES

LANGUAGES = ("en", "fr")
FIELDS = ("accounts", "senders", "ips", "hosts")
"""What a template may be filled with."""
FOLDER = "templates"
GIVEN = frozenset({*FIELDS, "addresses", "since", "until"})
"""The parameters of a look's SQL."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_USED = re.compile(r"\$([A-Za-z_]\w*)")
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """A question in SQL over the resolved events; what it finds are findings, as a hunt's are."""

    hunt: Hunt
    title: Words
    summary: Words
    asks: tuple[str, ...]
    """Fields, of which one must be filled for the question to make sense."""
    telemetry: tuple[Telemetry, ...]
    values: Mapping[str, str]
    """Words of the events, in French."""
    any_of: bool
    """One of the kinds of telemetry is enough."""
    parameters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """A question that hunts and looks answer together, or a blast radius."""

    id: str
    title: Words
    question: Words
    hypothesis: int | None
    hunts: tuple[str, ...]
    looks: tuple[Look, ...]
    scope: tuple[str, ...]
    radius: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of case."""

    id: str
    title: Words
    form: Form
    trigger: Trigger
    fields: Mapping[str, Words]
    hypotheses: tuple[Mapping[str, Any], ...]
    steps: tuple[Step, ...]

    def opening(
        self,
        given: Mapping[str, Sequence[str]],
        *,
        title: str = "",
        language: str = "en",
        since: int | None = None,
        until: int | None = None,
    ) -> Opening:
        """What a case begins with that is laid out by this template."""
        for field in given:
            if field not in self.fields:
                raise InputError(f"takes no {field}", where=f"template {self.id}", expected=", ".join(self.fields))
        kept = {field: tuple(given.get(field, ())) for field in self.fields}
        entities = tuple(dict.fromkeys(name for field in FIELDS if field != "senders" for name in kept.get(field, ())))
        return Opening(
            title=title or render(self.title[language], {field: list(names) for field, names in kept.items()}),
            trigger=self.trigger,
            form=self.form,
            scope=Scope(entities, (), since, until),
            template=self.id,
            given=kept,
            entries=tuple(self._hypothesis(one, language) for one in self.hypotheses),
        )

    def translated(self, text: str, language: str) -> str:
        """A text of the template in another language; any other text as it is."""
        for one in self.hypotheses:
            for part in ("text", "confirms", "refutes"):
                if text in one[part].values():
                    return str(one[part][language])
        return text

    def _hypothesis(self, one: Mapping[str, Any], language: str) -> Hypothesis:
        said = (str(one[part][language]) for part in ("text", "confirms", "refutes"))
        text, confirms, refutes = said
        return Hypothesis(text, tuple(one["techniques"]), confirms, refutes)


def find(name: str, folder: Path | None = None) -> Template:
    """The template of a name: one of the folder, or one that comes with graph-hunt."""
    found = _files(folder)
    if name not in found:
        raise InputError(f"no template is called {name!r}", expected=", ".join(sorted(found)))
    return read(found[name])


def names(folder: Path | None = None) -> list[str]:
    """What templates there are."""
    return sorted(_files(folder))


def read(path: Path) -> Template:
    """Read a template; an error names the file and the field."""
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HuntError(f"cannot be read as a template ({error})", file=path.name) from error
    return _Reading(path.name, fields).template()


def _files(folder: Path | None) -> dict[str, Path]:
    own = Path(__file__).parent / FOLDER
    places = [own, *([folder] if folder else [])]
    return {path.stem: path for place in places if place.is_dir() for path in sorted(place.glob("*.toml"))}


class _Reading:
    def __init__(self, file: str, fields: Mapping[str, Any]) -> None:
        self._file, self._fields = file, fields
        self._telemetry: dict[str, Telemetry] = dict(visibility.catalogue())
        self._looks: dict[str, Look] = {}

    def template(self) -> Template:
        """Put it together."""
        for name, one in self._table("telemetry").items():
            self._telemetry[name] = self._kind(name, one)
        for name, one in self._table("looks").items():
            self._looks[name] = self._look(name, one)
        id = self._fields.get("id")
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise self._error("must be small letters and digits between hyphens", "id")
        fields = {name: self._words({name: one}, name, "fields") for name, one in self._table("fields").items()}
        if unknown := set(fields) - set(FIELDS):
            raise self._error(f"{', '.join(sorted(unknown))}: a template takes {', '.join(FIELDS)}", "fields")
        hypotheses = tuple(self._hypothesis(one) for one in self._fields.get("hypotheses", ()))
        return Template(
            id=id,
            title=self._words(self._fields, "title", ""),
            form=Form(self._choice(self._fields, "form", [one.value for one in Form])),
            trigger=Trigger(self._choice(self._fields, "trigger", [one.value for one in Trigger])),
            fields=fields,
            hypotheses=hypotheses,
            steps=tuple(self._step(one, len(hypotheses)) for one in self._fields.get("steps", ())),
        )

    def _hypothesis(self, one: Mapping[str, Any]) -> Mapping[str, Any]:
        words = {part: self._words(one, part, "hypotheses") for part in ("text", "confirms", "refutes")}
        return {**words, "techniques": self._texts(one, "techniques", "hypotheses")}

    def _step(self, one: Mapping[str, Any], hypotheses: int) -> Step:
        where = f"steps.{one.get('id')}"
        looks = self._texts(one, "looks", where)
        if unknown := set(looks) - set(self._looks):
            raise self._error(f"{', '.join(sorted(unknown))} is none of its looks", where)
        supposed = one.get("hypothesis")
        if supposed is not None and supposed not in range(1, hypotheses + 1):
            raise self._error(f"hypothesis must be from 1 to {hypotheses}", where)
        hunts = self._texts(one, "hunts", where)
        try:
            library.find(hunts)
        except HuntError as error:
            raise self._error(str(error), f"{where}.hunts") from error
        fields = [self._texts(one, name, where) for name in ("scope", "radius")]
        for name in [name for names in fields for name in names]:
            if name not in FIELDS:
                raise self._error(f"{name!r} must be of {', '.join(FIELDS)}", where)
        id = self._text(one, "id", where)
        words = self._words(one, "title", where), self._words(one, "question", where)
        return Step(id, *words, supposed, hunts, tuple(self._looks[name] for name in looks), *fields)

    def _look(self, name: str, one: Mapping[str, Any]) -> Look:
        where = f"looks.{name}"
        sql = self._text(one, "sql", where)
        used = frozenset(_USED.findall(sql))
        if used - GIVEN:
            raise self._error(f"${', $'.join(sorted(used - GIVEN))}: SQL is given {', '.join(sorted(GIVEN))}", where)
        needs = self._texts(one, "needs", where)
        if unknown := set(needs) - set(self._telemetry):
            raise self._error(f"{', '.join(sorted(unknown))}: no such telemetry", f"{where}.needs")
        title, summary = self._words(one, "title", where), self._words(one, "summary", where)
        entities = tuple(self._entity(column, labels, where) for column, labels in one.get("entities", {}).items())
        if not entities:
            raise self._error("must name one column or more", f"{where}.entities")
        level = Level(self._choice(one, "level", list(Level)))
        id = f"{self._fields.get('id')}/{name}"
        columns = tuple({*RESERVED_COLUMNS, *(one.column for one in entities), *fields_of(summary["en"])})
        attack = self._texts(one, "attack", where)
        groups = (needs,) if one.get("any_of") else tuple((need,) for need in needs)
        none: tuple[str, ...] = ()
        hunt = Hunt(
            id, title["en"], "", "", attack, level, groups, none, False, (), entities, summary["en"],
            none, none, none, none, none, columns, sql, 0, "", self._file,
        )  # fmt: skip
        kinds = tuple(self._telemetry[need] for need in needs)
        values = self._table("values").get("fr", {})
        asks, any_of = self._texts(one, "asks", where), bool(one.get("any_of"))
        return Look(hunt, title, summary, asks, kinds, values, any_of, used)

    def _entity(self, column: str, labels: object, where: str) -> Entity:
        found = tuple(str(labels).split("|"))
        if not set(found) <= set(NODES):
            raise self._error(f"{labels!r} must be of the schema's labels", f"{where}.entities.{column}")
        return Entity(column, found, column)

    def _kind(self, name: str, one: Mapping[str, Any]) -> Telemetry:
        where = f"telemetry.{name}"
        table = self._choice(one, "table", list(TABLES))
        said = [self._text(one, field, where) for field in ("title", "opens")]
        return Telemetry(name, said[0], table, self._texts(one, "codes", where), said[1])

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self._fields.get(name, {})
        if not isinstance(found, dict):
            raise self._error("must be a table", name)
        return found

    def _words(self, one: Mapping[str, Any], name: str, where: str) -> Words:
        found = one.get(name)
        if isinstance(found, str):
            found = dict.fromkeys(LANGUAGES, found)
        if not isinstance(found, dict) or not all(isinstance(found.get(one), str) for one in LANGUAGES):
            raise self._error(
                f"must be text, or a text for each of {', '.join(LANGUAGES)}", f"{where}.{name}".strip(".")
            )
        return found

    def _text(self, one: Mapping[str, Any], name: str, where: str) -> str:
        found = one.get(name)
        if not isinstance(found, str) or not found.strip():
            raise self._error("must be text, and not empty", f"{where}.{name}")
        return found.strip()

    def _texts(self, one: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
        found = one.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self._error("must be a list of texts", f"{where}.{name}")
        return tuple(found)

    def _choice(self, one: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
        found = one.get(name)
        if found not in known:
            raise self._error(f"{found!r} must be one of {', '.join(known)}", name)
        return str(found)

    def _error(self, what: str, field: str) -> HuntError:
        return HuntError(what, file=self._file, field=field)
