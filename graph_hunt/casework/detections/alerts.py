"""Alerts: each new finding of a detection once, what repeats counted into it, and what people made of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    select,
    update,
)

from graph_hunt.casework.detections.detection import Detection, now_ms
from graph_hunt.casework.detections.repository import allowed, passes
from graph_hunt.casework.notifications.deliveries import Delivery, deliveries, post
from graph_hunt.casework.notifications.message import Told
from graph_hunt.casework.state import METADATA, Area, State, record, register
from graph_hunt.errors import Conflict, InputError, UnknownDetection
from graph_hunt.hunting.finding import Finding, restored

ALERTS = Table(
    "alert",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("detection", String(64), nullable=False, index=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("finding", JSON, nullable=False),
    Column("level", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("verdict", String(32)),
    Column("note", Text),
    Column("who", String(320)),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
WITHIN = Table(
    "alert_finding",
    METADATA,
    Column("detection", String(64), primary_key=True),
    Column("finding", String(64), primary_key=True),
    Column("alert", String(16), nullable=False, index=True),
)
register(Area("alerts", 1, (ALERTS, WITHIN)))


class AlertState(StrEnum):
    """How far people are with an alert."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What a closed alert was."""

    TRUE = "true_positive"
    FALSE = "false_positive"
    BENIGN = "benign"
    KNOWN = "known_before"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands; `number` grows with each new one, `repeats` counts later findings of the same subject."""

    number: int
    id: str
    detection: str
    finding: Finding
    state: AlertState
    verdict: Verdict | None
    note: str | None
    who: str | None
    created: int
    changed: int
    last: int
    repeats: int
    version: int
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of a run's findings."""

    new: tuple[str, ...] = ()
    repeated: int = 0
    passed: int = 0


def raise_alerts(
    connection: Connection, detection: Detection, findings: Sequence[Finding], *, quiet: bool = False, now: int
) -> Raised:
    """Keep what is new of a run's findings, in the run's transaction; `quiet` as known before, and told to nobody."""
    let_pass = allowed(connection, detection.id, now)
    mine = select(WITHIN.c.finding, WITHIN.c.alert).where(WITHIN.c.detection == detection.id)
    known = {row.finding: row.alert for row in connection.execute(mine)}
    new: list[str] = []
    repeated = passed = 0
    for one in sorted(findings, key=lambda finding: (finding.first_seen, finding.order)):
        if one.id in known:
            _grow(connection, known[one.id], one)
        elif passes(one, let_pass):
            passed += 1
        elif (alert := _repeated(connection, detection, one)) is not None:
            repeated += 1
            _keep(connection, detection, one, alert)
        else:
            alert = _insert(connection, detection, one, quiet, now)
            _keep(connection, detection, one, alert)
            if not quiet:
                post(connection, alert, detection.channels, now)
                new.append(alert)
    return Raised(tuple(new), repeated, passed)


def _grow(connection: Connection, alert: str, finding: Finding) -> None:
    """Show what was found as it is now: more telemetry may have come."""
    row = connection.execute(select(ALERTS.c.finding, ALERTS.c.last).where(ALERTS.c.id == alert)).one()
    values: dict[str, Any] = {"last": max(row.last, finding.last_seen)}
    if row.finding["id"] == finding.id:
        values["finding"] = asdict(finding)
    connection.execute(update(ALERTS).where(ALERTS.c.id == alert).values(**values))


def _repeated(connection: Connection, detection: Detection, finding: Finding) -> str | None:
    """Find the alert that a finding repeats: of the same subject, not longer ago than the detection suppresses."""
    if not detection.suppress or not finding.subject:
        return None
    near = and_(
        ALERTS.c.detection == detection.id,
        ALERTS.c.subject == finding.subject,
        ALERTS.c.last >= finding.first_seen - detection.suppress,
    )
    found = connection.execute(select(ALERTS.c.id, ALERTS.c.last).where(near).order_by(ALERTS.c.number.desc())).first()
    if found is None:
        return None
    values = {"repeats": ALERTS.c.repeats + 1, "last": max(found.last, finding.last_seen)}
    connection.execute(update(ALERTS).where(ALERTS.c.id == found.id).values(**values))
    return str(found.id)


def _insert(connection: Connection, detection: Detection, finding: Finding, quiet: bool, now: int) -> str:
    id = secrets.token_hex(8)
    state, verdict = (AlertState.CLOSED, Verdict.KNOWN) if quiet else (AlertState.NEW, None)
    row = {"id": id, "detection": detection.id, "subject": finding.subject, "finding": asdict(finding)}
    times = {"created": now, "changed": now, "last": finding.last_seen}
    said = {"level": finding.level.value, "state": state.value, "verdict": verdict and verdict.value}
    connection.execute(insert(ALERTS).values(**row, **times, **said, repeats=0, version=1))
    return id


def _keep(connection: Connection, detection: Detection, finding: Finding, alert: str) -> None:
    connection.execute(insert(WITHIN).values(detection=detection.id, finding=finding.id, alert=alert))


def settle(
    state: State,
    id: str,
    to: AlertState,
    *,
    who: str,
    verdict: Verdict | None = None,
    note: str | None = None,
    version: int | None = None,
    now: int | None = None,
) -> Alert:
    """Acknowledge, close or reopen an alert; with `version` only where nobody else changed it since."""
    if (verdict is not None) != (to is AlertState.CLOSED):
        raise InputError("a verdict goes with closing", expected=f"one of {', '.join(Verdict)}, when it is closed")
    with state.begin() as connection:
        before = _one(connection, id)
        if version is not None and version != before.version:
            raise Conflict(f"alert {id} was changed meanwhile: it is of version {before.version}, not {version}")
        values: dict[str, Any] = {"state": to.value, "verdict": verdict and verdict.value, "who": who[:320]}
        values |= {"note": note if note is not None else before.note, "changed": now_ms(now)}
        changed = update(ALERTS).where(ALERTS.c.id == id).values(**values, version=before.version + 1)
        connection.execute(changed)
        old = {"state": before.state, "verdict": before.verdict, "note": before.note}
        after = {"state": to.value, "verdict": values["verdict"], "note": values["note"]}
        record(connection, who=who, action=f"alert.{to.value}", subject=f"alert:{id}", before=old, after=after)
        return _one(connection, id)


def alert(state: State, id: str) -> Alert:
    """Give an alert."""
    with state.read() as connection:
        return _one(connection, id)


def alerts(
    state: State,
    *,
    detection: str | None = None,
    states: Sequence[AlertState] = (),
    after: int | None = None,
    limit: int = 100,
    skip: int = 0,
) -> tuple[list[Alert], int]:
    """Give a page of alerts, the newest first, and how many there are; `after` a number, then the oldest first."""
    chosen = []
    if detection is not None:
        chosen.append(ALERTS.c.detection == detection)
    if states:
        chosen.append(ALERTS.c.state.in_([one.value for one in states]))
    if after is not None:
        chosen.append(ALERTS.c.number > after)
    order = ALERTS.c.number.desc() if after is None else ALERTS.c.number
    with state.read() as connection:
        total = connection.execute(select(func.count()).select_from(ALERTS).where(*chosen)).scalar_one()
        wanted = select(ALERTS).where(*chosen).order_by(order).limit(limit).offset(skip)
        rows = connection.execute(wanted).all()
        sent = deliveries(connection, [row.id for row in rows])
    return [_alert(row, sent[row.id]) for row in rows], total


def counts(connection: Connection) -> Mapping[str, tuple[int, int]]:
    """Count the alerts of each detection, and those that are not closed."""
    opened = func.count().filter(ALERTS.c.state != "closed")
    wanted = select(ALERTS.c.detection, func.count(), opened).group_by(ALERTS.c.detection)
    return {name: (int(total), int(left)) for name, total, left in connection.execute(wanted)}


def newest(state: State) -> int:
    """Give the number of the newest alert, or 0."""
    with state.read() as connection:
        return connection.execute(select(func.max(ALERTS.c.number))).scalar() or 0


def told(state: State, delivery: str, id: str) -> Told | None:
    """Give what a channel is told of an alert."""
    with state.read() as connection:
        row = connection.execute(select(ALERTS).where(ALERTS.c.id == id)).first()
    return None if row is None else Told(delivery, row.id, row.detection, row.created, restored(row.finding))


def _one(connection: Connection, id: str) -> Alert:
    row = connection.execute(select(ALERTS).where(ALERTS.c.id == id)).first()
    if row is None:
        raise UnknownDetection(f"there is no alert {id!r}")
    return _alert(row, deliveries(connection, [id])[id])


def _alert(row: "Row[Any]", sent: Sequence[Delivery]) -> Alert:
    verdict = Verdict(row.verdict) if row.verdict else None
    times = row.created, row.changed, row.last
    said = row.note, row.who
    state, finding = AlertState(row.state), restored(row.finding)
    counted = row.repeats, row.version
    return Alert(row.number, row.id, row.detection, finding, state, verdict, *said, *times, *counted, tuple(sent))
