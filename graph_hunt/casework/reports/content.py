"""What a report says, gathered from the case and the workspace in one language; how it looks is decided elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph_hunt.casework.cases import (
    Answer,
    Case,
    Evidence,
    Feedback,
    Hypothesis,
    Judged,
    Listed,
    Note,
    Recommendation,
    Response,
    advice,
    collection,
    pinning,
)
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.cases.template import Template
from graph_hunt.casework.custody import Brought
from graph_hunt.casework.reports.picture import draw
from graph_hunt.casework.reports.report import Report, Section, Table
from graph_hunt.casework.reports.words import Words, words
from graph_hunt.hunting import attack
from graph_hunt.hunting.finding import restored
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.parameter import parse_time
from graph_hunt.workspace import Workspace

_FILES = 40
"""Files that the account of the loads names."""
_HOPS = 6


def gather(
    case: Case,
    workspace: Workspace,
    template: Template | None,
    language: str,
    *,
    now: int,
    loaded: Sequence[Brought],
) -> Report:
    """Gather what a case's report says; `loaded`: what was loaded, and by whom."""
    said = words(language)
    made = _Gathering(case, workspace, template, said, loaded)
    head = case.head
    standing = said.term(head.verdict.value) if head.verdict else said["open"]
    scope = ", ".join([*head.scope.entities, *head.scope.tags]) or "—"
    whole = workspace.span() if workspace.events.batches() else (None, None)
    span = head.scope.since or whole[0], head.scope.until or whole[1]
    since, until = (said.moment(one) or "…" for one in span)
    facts = (
        (said["state"], standing),
        (said["trigger"], said.term(head.trigger.value)),
        (said["form"], said.term(head.form.value)),
        (said["opened"], f"{said.moment(head.created)} {said['by']} {head.who}"),
        (said["scope"], scope),
        (said["span"], f"{since} – {until}"),
        (said["written"], said.moment(now)),
    )
    return Report(
        language,
        said["report"],
        f"{said['case']} {head.id} – {head.title}",
        facts,
        tuple(made.sections()),
        said["page"],
    )


def defanged(value: str) -> str:
    """A value that no mail program or browser makes a link of."""
    text = re.sub(r"^http", "hxxp", value, flags=re.IGNORECASE)
    return text.replace("://", "[://]").replace(".", "[.]").replace("@", "[@]")


class _Gathering:
    def __init__(
        self, case: Case, workspace: Workspace, template: Template | None, said: Words, loaded: Sequence[Brought]
    ) -> None:
        self._case, self._workspace, self._template, self._said = case, workspace, template, said
        self._loaded = loaded
        self._findings = advice.weighty(case)
        self._by_id = {one.entry.id: one.entry for one in case.each(Judged)}

    def sections(self) -> Iterator[Section]:
        """All sections, those without content left out unless that says something."""
        made = (
            self._summary(), self._hypotheses(), self._steps(), self._timeline(), self._picture(), self._spread(),
            self._attack(), self._found(), self._evidence(), self._indicators(), self._response(),
            self._recommendations(), self._learned(), self._blind(), self._hosts(), self._notes(), self._dismissed(),
            self._custody(),
        )  # fmt: skip
        yield from (one for one in made if one is not None)

    def _summary(self) -> Section:
        said, case = self._said, self._case
        judged = [one.entry.judgement for one in case.each(Judged)]
        responses = case.each(Response)
        figures = said["figures"].format(
            findings=len(self._findings),
            kept=judged.count(Judgement.KEPT),
            dismissed=judged.count(Judgement.DISMISSED),
            evidence=len(case.each(Evidence)),
            responses=len(responses),
            done=sum(one.entry.state == "done" for one in responses),
        )
        told = [part for part in case.head.summary.split("\n") if part.strip()] or [said["no_summary"]]
        return Section("summary", said["summary"], (*told, figures))

    def _hypotheses(self) -> Section | None:
        said, rows = self._said, []
        for one in self._case.each(Hypothesis):
            entry = one.entry
            parts = [self._translated(entry.text)]
            for name, text in (("confirms", entry.confirms), ("refutes", entry.refutes), ("because", entry.because)):
                parts += [f"{said[name]}{self._colon} {self._translated(text)}"] if text else []
            rows.append((str(one.number), said.term(entry.status), "\n".join(parts), ", ".join(entry.techniques)))
        heads = said["number"], said["state"], said["hypotheses"], "ATT&CK"
        return self._table("hypotheses", "hypotheses", heads, rows, (6, 14, 62, 18))

    def _steps(self) -> Section | None:
        if self._template is None:
            return None
        said, rows = self._said, []
        answers = {one.entry.step: one.entry for one in self._case.each(Answer)}
        for step in self._template.steps:
            answer = answers.get(step.id)
            found = [self._by_id[id] for id in answer.findings if id in self._by_id] if answer else []
            told = [restored(one.finding) for one in found if one.judgement != Judgement.DISMISSED]
            told = sorted((one for one in told if one.level is not Level.INFORMATIONAL), key=lambda one: one.order)
            lines = [said.sentence(one) for one in told[:4]]
            lines += [f"… +{len(told) - 4}"] if len(told) > 4 else []
            state = said.term(answer.state) if answer else "—"
            if answer and answer.missing:
                lines.append(f"{said['blind']}{self._colon} {self._missing(answer.missing)}")
            question = f"{step.title[said.language]}\n{step.question[said.language]}"
            rows.append((question, state, "\n".join(lines)))
        return self._table("steps", "steps", (said["step"], said["answer"], said["remarks"]), rows, (34, 13, 53))

    def _timeline(self) -> Section | None:
        said = self._said
        rows = [
            (one.first_seen, (said.moment(one.first_seen), said.sentence(one), said.term(one.level.value)))
            for one in self._findings
        ]
        for one in self._case.each(Evidence):
            if one.entry.caption:
                told = said.moment(one.entry.at), f"{one.entry.caption} ({one.entry.what})"
                rows.append((one.entry.at, (*told, f"{said['number']} {one.number}")))
        heads = said["when"], said["what"], said["level"]
        return self._table("timeline", "timeline", heads, [row for _, row in sorted(rows)], (22, 64, 14))

    def _picture(self) -> Section | None:
        said = self._said
        picture = draw(self._workspace.graph, self._findings, said)
        if picture is None:
            return None
        more = [said["picture_more"].format(more=picture.left_out)] if picture.left_out else []
        return Section("picture", said["picture"], (said["picture_caption"], *more), picture=picture)

    def _spread(self) -> Section | None:
        said, rows, told = self._said, [], []
        for answer in self._case.each(Answer):
            for radius in (answer.entry.details or {}).get("radius", ()):
                counted = said.counted(radius["total"]) or said["spread_none"]
                at = said.moment(_epoch(radius["at"]))
                told.append(said["spread_from"].format(name=radius["start"]["name"], at=at, count=counted))
                rows += [self._reached(one) for one in radius["reached"]]
        heads = said["entity"], said["kind"], said["first"], said["likelihood"], said["path"]
        section = self._table("spread", "spread", heads, rows, (25, 13, 16, 14, 32))
        if section is None:
            return Section("spread", said["spread"], tuple(told)) if told else None
        return Section("spread", said["spread"], tuple(told), section.table)

    def _reached(self, one: Mapping[str, Any]) -> tuple[str, ...]:
        said = self._said
        hops = [f"{hop['source']['name']} → {hop['target']['name']}" for hop in one["path"][:_HOPS]]
        at = said.moment(_epoch(one["first_time"]))
        return one["name"], said.kind(one["label"]), at, f"{one['likelihood']:.2g}", "\n".join(hops)

    def _attack(self) -> Section | None:
        said, known = self._said, attack.techniques()
        counted: dict[str, int] = {}
        for finding in self._findings:
            for id in finding.attack:
                counted[id] = counted.get(id, 0) + 1
        rows = []
        for id, number in sorted(counted.items()):
            technique = known.get(id)
            tactics = ", ".join(technique.tactics) if technique else ""
            rows.append((id, technique.name if technique else "", tactics, str(number)))
        heads = said["technique"], "", said["tactic"], said["findings"]
        return self._table("attack", "attack", heads, rows, (14, 42, 30, 14), (0,))

    def _found(self) -> Section | None:
        said = self._said
        rows = [
            (said.term(one.level.value), said.sentence(one), ", ".join(one.attack), self._judgement(one.id))
            for one in self._findings
        ]
        heads = said["level"], said["finding"], "ATT&CK", said["remarks"]
        return self._table("findings", "findings", heads, rows, (12, 54, 14, 20))

    def _judgement(self, id: str) -> str:
        entry = self._by_id.get(id)
        return entry.because if entry else ""

    def _dismissed(self) -> Section | None:
        said = self._said
        gone = [one.entry for one in self._case.each(Judged) if one.entry.judgement == Judgement.DISMISSED]
        rows = [(said.sentence(restored(one.finding)), one.because) for one in gone]
        return self._table("dismissed", "dismissed", (said["finding"], said["because"]), rows, (60, 40))

    def _evidence(self) -> Section | None:
        said = self._said
        now = {one.item.number: said.term(one.state) for one in pinning.check(self._case, self._workspace)}
        rows = []
        for one in self._case.each(Evidence):
            entry = one.entry
            what = f"{entry.what}\n{entry.subject}" + (f"\n{entry.caption}" if entry.caption else "")
            digest = f"{entry.sha256[:32]}\n{entry.sha256[32:]}\n({entry.basis})"
            rows.append((str(one.number), said.moment(entry.at), what, digest, now.get(one.number, "")))
        heads = said["number"], said["when"], said["what"], "SHA-256", said["now"]
        section = self._table("evidence", "evidence", heads, rows, (6, 16, 32, 36, 10), (3,))
        if section is None:
            return None
        return Section("evidence", said["evidence"], (said["digest_note"],), section.table)

    def _indicators(self) -> Section | None:
        said = self._said
        rows = [
            (said.kind(label), defanged(key), said.title(finding) if finding else "")
            for (label, key), finding in advice.hostile(self._case).items()
        ]
        heads = said["kind"], said["value"], said["source"]
        section = self._table("indicators", "indicators", heads, rows, (18, 50, 32), (1,))
        if section is None:
            return None
        return Section("indicators", said["indicators"], (said["indicators_note"],), section.table)

    def _response(self) -> Section | None:
        said = self._said
        # What a finding proposed bears the finding's sentence.
        known = {one.summary[: advice.REMARK]: said.sentence(one) for one in self._findings}
        rows = []
        for one in (item.entry for item in self._case.each(Response)):
            remark = known.get(one.remark, one.remark)
            rows.append((said.term(one.action), one.target, one.owner, said.term(one.state), remark))
        heads = said["action"], said["target"], said["owner"], said["state"], said["remark"]
        return self._table("response", "response", heads, rows, (18, 30, 14, 12, 26))

    def _recommendations(self) -> Section | None:
        said = self._said
        chosen = [one.entry for one in self._case.each(Recommendation)]
        listed = chosen or advice.recommended(self._case)
        told = tuple(f"• {advice.in_words(one.what, said.language)}" for one in listed)
        if not told:
            return None
        note = () if chosen else (said["recommendations_note"],)
        return Section("recommendations", said["recommendations"], (*note, *told))

    def _learned(self) -> Section | None:
        said = self._said
        rows = [(said.term(one.entry.learned), one.entry.what, one.entry.remark) for one in self._case.each(Feedback)]
        return self._table("learned", "learned", (said["kind"], said["what"], said["remark"]), rows, (22, 44, 34))

    def _blind(self) -> Section:
        said = self._said
        needs = collection.check(self._case, self._workspace.events.codes(), self._template)
        rows = [
            (
                " / ".join(said.telemetry(kind) for kind in need.kinds),
                "\n".join(dict.fromkeys(said.opens(kind) for kind in need.kinds)),
                ", ".join(need.asked_by),
            )
            for need in needs
            if not need.there
        ]
        heads = said["telemetry"], said["opens"], said["asked_by"]
        section = self._table("blind", "blind", heads, rows, (30, 44, 26))
        if section is None:
            return Section("blind", said["blind"], (said["no_blind"],))
        return Section("blind", said["blind"], (said["blind_note"],), section.table)

    def _hosts(self) -> Section | None:
        said = self._said
        rows = [
            (
                one.entry.name,
                said.term(one.entry.state) + (f"{self._colon} {one.entry.because}" if one.entry.because else ""),
                said.moment(one.entry.since),
                said.moment(one.entry.until),
            )
            for one in self._case.each(Listed)
        ]
        heads = said["hosts"], said["state"], said["first"], "→"
        return self._table("hosts", "hosts", heads, rows, (34, 26, 20, 20))

    def _notes(self) -> Section | None:
        said = self._said
        rows = [(said.moment(one.at), one.who, one.entry.text) for one in self._case.each(Note)]
        return self._table("notes", "notes", (said["when"], said["by"], said["notes"]), rows, (18, 18, 64))

    def _custody(self) -> Section | None:
        said = self._said
        found = [one for one in self._loaded if not one.undone]
        rows = []
        for one in found[:_FILES]:
            who = f" {said['by']} {one.who}" if one.who else ""
            digest = f"{one.sha256[:32]}\n{one.sha256[32:]}" if len(one.sha256) == 64 else one.sha256
            rows.append((one.file, f"{one.records}", digest, said.moment(one.at) + who))
        more = (f"… +{len(found) - _FILES}",) if len(found) > _FILES else ()
        heads = said["file"], said["records"], "SHA-256", said["loaded"]
        section = self._table("custody", "custody", heads, rows, (31, 15, 35, 19), (2,))
        return None if section is None else Section("custody", said["custody"], more, section.table)

    @property
    def _colon(self) -> str:
        """French puts a space before it, one that does not break the line."""
        return "\u00a0:" if self._said.language == "fr" else ":"

    def _translated(self, text: str) -> str:
        return self._template.translated(text, self._said.language) if self._template else text

    def _missing(self, kinds: Sequence[str]) -> str:
        return ", ".join(self._said.telemetry(one) for one in self._telemetry(kinds))

    def _telemetry(self, names: Sequence[str]) -> list[Any]:
        known = {kind.name: kind for need in collection.check(self._case, {}, self._template) for kind in need.kinds}
        return [known[name] for name in names if name in known]

    def _table(
        self,
        id: str,
        title: str,
        heads: tuple[str, ...],
        rows: Sequence[tuple[str, ...]],
        widths: tuple[int, ...],
        exact: tuple[int, ...] = (),
    ) -> Section | None:
        return Section(id, self._said[title], (), Table(heads, tuple(rows), widths, exact)) if rows else None


def _epoch(text: str) -> int:
    return parse_time(text)
