"""Google Workspace: sign-ins, what administrators and users changed, consents, groups, files; in every export."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import batches, first_records, json_records, sound
from graph_hunt.loaders.google_workspace import directory, gmail, signins
from graph_hunt.loaders.google_workspace.forms import Activity, Event, activity_of

__all__ = ["LOADER"]

Mapper = Callable[[Activity, Event], list[tuple[str, dict[str, Any]]]]

_SAME = ("object", "target_user_upn", "value", "mailbox", "target_service")
"""What tells two events of one activity and name apart, in forms that give each a record of its own."""
_LOGIN: Mapping[str, Mapper] = MappingProxyType(
    {
        "login_success": signins.signed_in,
        "login_failure": signins.signed_in,
        "login_challenge": signins.verified,
        "login_verification": signins.verified,
        "logout": signins.logged_out,
        "email_forwarding_out_of_domain": directory.forwarded,
    }
)
_MOBILE: Mapping[str, Mapper] = MappingProxyType(
    {
        "DEVICE_REGISTER_UNREGISTER_EVENT": directory.device_changed,
        "DEVICE_COMPROMISED_EVENT": directory.warned,
        "SUSPICIOUS_ACTIVITY_EVENT": directory.warned,
    }
)
_TOKEN: Mapping[str, Mapper] = MappingProxyType({"authorize": signins.token, "revoke": signins.token})
_ACCESS: Mapping[str, Mapper] = MappingProxyType({"ACCESS_DENY_EVENT": signins.denied})
_DRIVE = ("access", "acl_change")


@dataclass(frozen=True, slots=True)
class _GoogleWorkspace:
    name: str = "google_workspace"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records."""
        return any(activity_of(fields) is not None for fields in first_records(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        with source.open() as stream:
            yield from batches(json_records(stream, source.head), out, sound(out, _keep))


def _keep(fields: Mapping[str, Any], out: Rows, number: int, raw: str) -> None:
    activity = activity_of(fields)
    if activity is None:
        out.reject(number, "not a Google Workspace event", raw)
        return
    if activity.at is None:
        out.reject(number, f"id.time is not a time: {activity.written!r}", raw)
        return
    made = [(event, mapper(activity, event)) for event in activity.events if (mapper := _mapper(activity, event))]
    code = f"GoogleWorkspace/{activity.application}"
    out.seen("Google Workspace", code, activity.at)
    if not any(rows for _, rows in made):
        names = [event.name for event in activity.events if event.name]
        out.skip(f"{code}/{names[0]}" if names else code)
        return
    identity = activity.identity or orjson.dumps(fields, option=orjson.OPT_SORT_KEYS, default=str).decode()
    seen: dict[tuple[str, ...], int] = {}
    for event, rows in made:
        for table, columns in rows:
            same = [str(columns.get(name) or "").casefold() for name in _SAME]
            names = ["google workspace", activity.application, identity, event.name, *same]
            # An activity may say the very same thing twice.
            place = seen[tuple(names)] = seen.get(tuple(names), -1) + 1
            out.put(
                table,
                {
                    "event_id": event_id(activity.at, names, place),
                    "time": activity.at,
                    "code": f"{code}/{event.name}" if event.name else code,
                    "recorder": "Google Workspace",
                    "record": number,
                    "raw": raw,
                    **columns,
                },
            )


def _mapper(activity: Activity, event: Event) -> Mapper | None:
    application = activity.application
    if application in ("login", "user_accounts"):
        return _LOGIN.get(event.name) or (directory.warned if event.name in directory.WARNINGS else directory.of_own)
    if application == "admin":
        return directory.administered
    if application == "saml":
        return signins.signed_in_by_saml if event.name in ("login_success", "login_failure") else None
    if application in ("groups", "groups_enterprise"):
        return directory.group_changed
    if application == "drive":
        return signins.file_used if event.kind in _DRIVE else None
    if application == "gmail":
        return gmail.happened
    if application == "rules":
        return directory.warned if event.name != "rule_match" else None
    found = {"token": _TOKEN, "mobile": _MOBILE, "context_aware_access": _ACCESS}.get(application, {})
    return found.get(event.name)


LOADER = _GoogleWorkspace()
