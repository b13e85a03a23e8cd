"""Shares, directory objects and other objects that were opened, as the Security log tells them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.codes import DIRECTORY_RIGHTS
from graph_hunt.loaders.windows.event import Event, Mapper, Row

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def subject(event: Event) -> dict[str, Any]:
    """The columns of the account that did it."""
    return {
        "user": event.text("SubjectUserName"),
        "user_domain": event.text("SubjectDomainName"),
        "user_sid": event.sid("SubjectUserSid"),
        "logon_id": event.logon_id("SubjectLogonId"),
    }


def share_name(value: str | None) -> str | None:
    r"""A share's own name: `\\*\ADMIN$` is `ADMIN$`."""
    return value.rstrip("\\").rpartition("\\")[2] or None if value else None


def share_opened(event: Event) -> list[Row]:
    """5140, 5145: a share, or a file or pipe under one, was opened from another machine."""
    share = share_name(event.text("ShareName"))
    under = event.text("RelativeTargetName")
    under = None if under in ("\\", ".") else under
    pipe = bool(share and under and share.upper() == "IPC$")
    return [
        (
            "access",
            {
                "kind": "pipe" if pipe else "share",
                "outcome": "failure" if event.failed else "success",
                "host": event.computer,
                **subject(event),
                "source_ip": event.address("IpAddress"),
                "object": under.lstrip("\\") if pipe and under else share,
                "path": rf"{share}\{under}" if pipe else under,
                "rights": event.text("AccessMask"),
            },
        )
    ]


def directory_object_used(event: Event) -> list[Row]:
    """4662: an operation on a directory object; its properties tell the rights used, as GUIDs."""
    found = dict.fromkeys(guid.lower() for guid in _GUID.findall(event.text("Properties") or ""))
    rights = ", ".join(DIRECTORY_RIGHTS.get(guid, guid) for guid in found)
    return [
        (
            "access",
            {
                "kind": "directory",
                "outcome": "failure" if event.failed else "success",
                "host": event.computer,
                **subject(event),
                "object": (event.text("ObjectName") or "").strip("%{}") or None,
                "path": (event.text("ObjectType") or "").strip("%{}") or None,
                "rights": rights or event.text("AccessMask"),
            },
        )
    ]


def process_opened(event: Event) -> list[Row]:
    """4656, 4663: a handle to a process was asked for, or used; other kinds of object give no row."""
    if (event.text("ObjectType") or "").casefold() != "process":
        return []
    return [
        (
            "access",
            {
                "kind": "process",
                "outcome": "failure" if event.failed else "success",
                "host": event.computer,
                **subject(event),
                "object": event.text("ObjectName"),
                "rights": event.text("AccessMask"),
                "process": event.text("ProcessName"),
                "pid": event.number_of("ProcessId"),
                "target_process": event.text("ObjectName"),
            },
        )
    ]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4656): process_opened,
        ("Security", 4662): directory_object_used,
        ("Security", 4663): process_opened,
        ("Security", 5140): share_opened,
        ("Security", 5145): share_opened,
    }
)
