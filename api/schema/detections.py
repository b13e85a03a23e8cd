"""Detections: hunts and rules that run by themselves, proposed, kept, changed, switched, let pass."""

from dataclasses import replace
from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.hunts import FindingType
from graph_hunt.api.schema.scalars import DateTime, refused
from graph_hunt.casework.detections import repository
from graph_hunt.casework.detections.detection import SUPPRESS, Detection, Kind, Standing, now_ms
from graph_hunt.casework.detections.proposal import Proposal, propose
from graph_hunt.casework.detections.watch import Looked, Watch, all_standing
from graph_hunt.casework.notifications.channel import channels
from graph_hunt.casework.notifications.trial import try_out
from graph_hunt.errors import InputError
from graph_hunt.hunting import library
from graph_hunt.hunting.parameter import parse_duration

_MOST = 500
Parameters = Annotated[JSON | None, strawberry.argument(description="An object of the hunt's parameters.")]
Scope = Annotated[list[str] | None, strawberry.argument(description="Entities that findings must touch.")]
Since = Annotated[str | None, strawberry.argument(description="A span before the newest event; '' is all.")]
Schedule = Annotated[str | None, strawberry.argument(description="Cron's five fields, in UTC; '' is after each load.")]
Suppress = Annotated[str | None, strawberry.argument(description="How long a repeat is counted in; 24h, 0: never.")]
Channels = Annotated[list[str] | None, strawberry.argument(description="Channels of notify.toml that tell it.")]
Version = Annotated[
    int | None, strawberry.argument(description="Its version as it was read; refused where it is another now.")
]


@strawberry.type(name="Allowed", description="What a detection lets pass.")
class AllowedType:
    """What passes."""

    pattern: str = strawberry.field(description="The key or name of an entity, `*` for any text.")
    reason: str = strawberry.field(description="Why.")
    until: DateTime | None = strawberry.field(description="To when; null is for good.")
    everywhere: bool = strawberry.field(description="All detections let it pass.")


@strawberry.type(name="Detection", description="A hunt or a rule that runs by itself.")
class DetectionType:
    """A detection."""

    id: strawberry.ID = strawberry.field(description="Its name.")
    kind: str = strawberry.field(description="hunt, sigma or countries.")
    subject: str = strawberry.field(description="The hunt's id, or the Sigma rule's text.")
    title: str = strawberry.field(description="What it looks for, in a line.")
    parameters: JSON = strawberry.field(description="The hunt's parameters that were given.")
    scope: list[str] = strawberry.field(description="Keys of the entities that findings must touch; none: all.")
    since: str = strawberry.field(description="A span before the newest event; '' is all that is loaded.")
    schedule: str = strawberry.field(description="Cron's five fields, in UTC; '' is after each load.")
    suppress: int = strawberry.field(description="Seconds for which a repeat is counted into the same alert.")
    channels: list[str] = strawberry.field(description="Channels that tell its alerts.")
    enabled: bool = strawberry.field(description="It is switched on.")
    version: int = strawberry.field(description="Grows with each change.")
    last_run: DateTime | None = strawberry.field(description="When it ran last.")
    outcome: str | None = strawberry.field(description="done, cut, timed_out, cannot_see or failed.")
    notes: list[str] = strawberry.field(description="What to bear in mind of the last run.")
    next_run: DateTime | None = strawberry.field(description="When its schedule has it run.")
    alerts: int = strawberry.field(description="Alerts that it raised.")
    open: int = strawberry.field(description="Those that are not closed.")

    @strawberry.field(description="What it lets pass.")
    async def allowed(self, info: Info) -> list[AllowedType]:
        """List what passes."""

        def work() -> list[repository.Allowed]:
            with info.context.state.read() as connection:
                return repository.allowed(connection, str(self.id), now_ms())

        return [
            AllowedType(
                pattern=one.pattern,
                reason=one.reason,
                until=None if one.until is None else DateTime(one.until),
                everywhere=one.detection == repository.EVERY,
            )
            for one in await aside(work)
        ]

    @classmethod
    def of(cls, one: Standing) -> "DetectionType":
        """Show a detection."""
        kept = one.detection
        return cls(
            id=strawberry.ID(kept.id),
            kind=kept.kind.value,
            subject=kept.subject,
            title=kept.title,
            parameters=cast("JSON", dict(kept.parameters)),
            scope=list(kept.scope),
            since=kept.since,
            schedule=kept.schedule,
            suppress=kept.suppress // 1000,
            channels=list(kept.channels),
            enabled=kept.enabled,
            version=kept.version,
            last_run=None if one.ran is None else DateTime(one.ran),
            outcome=one.outcome or None,
            notes=list(one.notes),
            next_run=None if one.due is None else DateTime(one.due),
            alerts=one.alerts,
            open=one.open,
        )


@strawberry.type(name="Channel", description="A way to tell alerts, from the workspace's notify.toml.")
class ChannelType:
    """A channel."""

    name: str = strawberry.field(description="Its name.")
    kind: str = strawberry.field(description="webhook, email, syslog or file.")
    level: str = strawberry.field(description="The least grave alert that it tells.")


@strawberry.type(name="LevelCount", description="How many there are of a level.")
class LevelCount:
    """A level's count."""

    level: str = strawberry.field(description="The level.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(name="DetectionProposal", description="The detection that would have caught a finding; not kept.")
class ProposalType:
    """A proposal."""

    hunt: str = strawberry.field(description="The hunt's id.")
    parameters: JSON = strawberry.field(description="Its parameters.")
    finding: FindingType = strawberry.field(description="The finding.")
    caught: bool = strawberry.field(description="It catches the finding.")
    state: str = strawberry.field(description="What became of its run over the past.")
    notes: list[str] = strawberry.field(description="What to bear in mind of that.")
    subjects: int = strawberry.field(description="How many different ones the others are about.")
    levels: list[LevelCount] = strawberry.field(description="The others, by level.")
    total: int = strawberry.field(description="How many others it would have raised in the past.")
    others: list[FindingType] = strawberry.field(description="The gravest of them.")

    @classmethod
    def of(cls, one: Proposal, first: int) -> "ProposalType":
        """Show a proposal."""
        return cls(
            hunt=one.detection.subject,
            parameters=cast("JSON", dict(one.detection.parameters)),
            finding=FindingType.of(one.finding),
            caught=one.caught,
            state=one.state,
            notes=list(one.notes),
            subjects=one.subjects,
            levels=[LevelCount(level=level, count=number) for level, number in one.by_level.items()],
            total=len(one.others),
            others=[FindingType.of(other) for other in one.others[:first]],
        )


@strawberry.type(name="DetectionRun", description="What one look had run.")
class RanType:
    """A detection that ran."""

    detection: str = strawberry.field(description="The detection.")
    outcome: str = strawberry.field(description="done, cut, timed_out, cannot_see or failed.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")
    findings: int = strawberry.field(description="How much it found.")
    new: list[str] = strawberry.field(description="Ids of the alerts that it raised.")
    repeated: int = strawberry.field(description="Findings that were counted into earlier alerts.")
    let_pass: int = strawberry.field(description="Findings that were let pass.")


@strawberry.type
class DetectionQuery:
    """Asking after detections."""

    @strawberry.field(description="The detections, by name.")
    async def detections(self, info: Info) -> list[DetectionType]:
        """List detections."""
        return [DetectionType.of(one) for one in await aside(lambda: all_standing(info.context.state))]

    @strawberry.field(description="A detection by its name.")
    async def detection(self, info: Info, id: strawberry.ID) -> DetectionType | None:
        """Find a detection."""
        return await shown(info.context, id)

    @strawberry.field(description="The detection that would have caught a finding, and what else it would have raised.")
    async def detection_proposal(
        self,
        info: Info,
        finding: Annotated[strawberry.ID, strawberry.argument(description="A finding's id.")],
        hunts: Annotated[list[str] | None, strawberry.argument(description="Hunts that may have found it.")] = None,
        first: int = 25,
    ) -> ProposalType | None:
        """Propose a detection."""
        if not 0 <= first <= _MOST:
            raise refused(f"first must be from 0 to {_MOST}, not {first}", "first")
        context = info.context
        found = await aside(lambda: propose(context.workspace, context.state, finding, hunts=hunts or []), "finding")
        return ProposalType.of(found, first)

    @strawberry.field(description="The channels that alerts can be told by.")
    async def channels(self, info: Info) -> list[ChannelType]:
        """List channels."""
        found = await aside(lambda: channels(info.context.workspace.root))
        return [ChannelType(name=one.name, kind=one.kind, level=one.level.value) for one in found.values()]


@strawberry.type
class DetectionMutation:
    """Keeping detections."""

    @strawberry.mutation(description="Keep a hunt as a detection; its first run looks at what is loaded already.")
    async def add_detection(
        self,
        info: Info,
        id: strawberry.ID,
        hunt: str,
        parameters: Parameters = None,
        scope: Scope = None,
        since: Since = None,
        schedule: Schedule = None,
        suppress: Suppress = None,
        channels: Channels = None,
        enabled: bool = True,
        past_known: Annotated[
            bool, strawberry.argument(description="What it finds at first was known before: no alert is told of it.")
        ] = False,
    ) -> DetectionType | None:
        """Add a detection."""
        context = info.context

        def work() -> None:
            (found,) = library.find([hunt])
            one = Detection(str(id), Kind.HUNT, found.id, found.title, {}, enabled=enabled)
            given = values(context, parameters, scope, since, schedule, suppress, channels)
            repository.add(context.state, replace(one, **given), who=context.who, quiet=past_known)

        await aside(work, "id")
        return await shown(context, id)

    @strawberry.mutation(description="Change a detection: what is given replaces what was.")
    async def change_detection(
        self,
        info: Info,
        id: strawberry.ID,
        parameters: Parameters = None,
        scope: Scope = None,
        since: Since = None,
        schedule: Schedule = None,
        suppress: Suppress = None,
        channels: Channels = None,
        enabled: bool | None = None,
        version: Version = None,
    ) -> DetectionType | None:
        """Change a detection."""
        context = info.context

        def work() -> None:
            given = values(context, parameters, scope, since, schedule, suppress, channels)
            if enabled is not None:
                given["enabled"] = enabled
            repository.change(context.state, str(id), who=context.who, version=version, **given)

        await aside(work, "id")
        return await shown(context, id)

    @strawberry.mutation(description="Remove a detection; its alerts stay.")
    async def remove_detection(self, info: Info, id: strawberry.ID) -> strawberry.ID | None:
        """Remove a detection."""
        await aside(lambda: repository.remove(info.context.state, str(id), who=info.context.who), "id")
        return id

    @strawberry.mutation(description="Let findings pass that have an entity of this key or name; id '*' is for all.")
    async def allow_in_detection(
        self,
        info: Info,
        id: strawberry.ID,
        pattern: str,
        reason: str,
        until: DateTime | None = None,
    ) -> bool | None:
        """Let pass."""
        context, end = info.context, None if until is None else int(until)
        said = {"reason": reason, "who": context.who}
        await aside(lambda: repository.allow(context.state, str(id), pattern, until=end, **said), "pattern")
        return True

    @strawberry.mutation(description="Let it no longer pass; what did meanwhile is looked at again.")
    async def forbid_in_detection(self, info: Info, id: strawberry.ID, pattern: str) -> bool | None:
        """Let it no longer pass."""
        context = info.context
        await aside(lambda: repository.forbid(context.state, str(id), pattern, who=context.who), "pattern")
        return True

    @strawberry.mutation(description="Tell a made-up alert by a channel.")
    async def try_channel(self, info: Info, name: str) -> bool | None:
        """Try a channel."""

        def work() -> None:
            known = channels(info.context.workspace.root)
            if name not in known:
                raise InputError(f"there is no channel {name!r}", expected=", ".join(known) or "one in notify.toml")
            try_out(known[name])

        await aside(work, "name")
        return True

    @strawberry.mutation(description="Run the detections that are due, and tell the alerts that wait, at once.")
    async def detect(self, info: Info) -> list[RanType]:
        """Look."""
        context = info.context
        watch = Watch(context.state, lambda: context.workspace, context.workspace.root)
        looked: Looked = await aside(watch.look)
        return [
            RanType(
                detection=one.detection,
                outcome=one.done.state,
                notes=list(one.done.notes),
                findings=len(one.done.findings),
                new=list(one.raised.new),
                repeated=one.raised.repeated,
                let_pass=one.raised.passed,
            )
            for one in looked.ran
        ]


def values(
    context: Context,
    parameters: JSON | None,
    scope: list[str] | None,
    since: str | None,
    schedule: str | None,
    suppress: str | None,
    named: list[str] | None,
) -> dict[str, Any]:
    """What was given, as a detection keeps it."""
    found: dict[str, Any] = {}
    if parameters is not None:
        if not isinstance(parameters, dict):
            raise InputError("must be an object of their values", where="parameters")
        found["parameters"] = cast("dict[str, Any]", parameters)
    if scope is not None:
        found["scope"] = tuple(one.key for one in context.workspace.entities(scope))
    if suppress is not None:
        found["suppress"] = _span(suppress)
    if named is not None:
        known = channels(context.workspace.root)
        if unknown := [name for name in named if name not in known]:
            raise InputError(f"there is no channel {', '.join(unknown)}", expected=", ".join(known))
        found["channels"] = tuple(named)
    return found | {key: value for key, value in (("since", since), ("schedule", schedule)) if value is not None}


def _span(text: str) -> int:
    try:
        return 0 if text == "0" else parse_duration(text) if text else SUPPRESS
    except (ValueError, TypeError) as error:
        raise InputError(f"{text!r} is no span", where="suppress", expected="such as 24h, or 0") from error


async def shown(context: Context, id: str) -> DetectionType:
    """Show a detection as it stands."""

    def work() -> Standing:
        repository.get(context.state, id)
        return next(one for one in all_standing(context.state) if one.detection.id == id)

    return DetectionType.of(await aside(work, "id"))
